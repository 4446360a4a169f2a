#!/usr/bin/env bash
# Opens or updates the pull request that raises versions by the changesets on main. Needs GH_TOKEN (GitHub's own client).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "$(find .changeset -name "*.md" -not -name README.md -print -quit)" ]; then
  echo "no changesets: nothing to release"
  exit 0
fi
branch=release/next
git config user.name 'github-actions[bot]'
git config user.email '41898282+github-actions[bot]@users.noreply.github.com'
git switch -C "$branch"
npx --no-install changeset version
npm install --package-lock-only --ignore-scripts
git commit -am 'Raise versions' || { echo "nothing to release"; exit 0; }
git push --force origin "$branch"
# What the workflow's own token pushes starts no workflow; a started one counts as the pull request's check all the same.
gh workflow run ci.yml --ref "$branch"
gh pr view "$branch" --json state --jq .state 2>/dev/null | grep -q OPEN ||
  gh pr create --head "$branch" --base main --title 'Release' --body 'Merging this publishes the packages below to npm.'
