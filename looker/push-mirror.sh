#!/usr/bin/env bash
# Pushes this folder, as it is at HEAD, to a repository of its own: Looker wants a project at the top of a repository.
#   looker/push-mirror.sh REMOTE [BRANCH]
# Adds one commit with what changed, or none. Never overwrites: a commit in the mirror that did not come from here ends it with 1.
set -euo pipefail

remote=${1:?usage: looker/push-mirror.sh REMOTE [BRANCH]}
branch=${2:-main}
cd "$(git -C "$(dirname "$0")" rev-parse --show-toplevel)"

tree=$(git rev-parse HEAD:looker)
parent=$(git ls-remote "$remote" "refs/heads/$branch" | cut -f1)
if [ -n "$parent" ]; then
  git fetch --quiet --depth 1 "$remote" "$branch"
  if [ "$(git rev-parse "$parent^{tree}")" = "$tree" ]; then
    echo "looker mirror: nothing changed"
    exit 0
  fi
  if ! git log -1 --format=%B "$parent" | grep -q '^Mirrored-From: '; then
    echo "looker mirror: $branch holds a commit that did not come from here ($parent). Bring it into looker/ first, then add the line 'Mirrored-From: by hand' to a commit on top of it." >&2
    exit 1
  fi
fi
commit=$(git commit-tree "$tree" ${parent:+-p "$parent"} -m "$(git log -1 --format=%s)" -m "Mirrored-From: $(git rev-parse HEAD)")
git push --quiet "$remote" "$commit:refs/heads/$branch"
echo "looker mirror: pushed $commit"
