#!/usr/bin/env bash
# Publishes each package whose version the registry does not have, in the order of their dependencies. In GitHub Actions npm takes
# the workflow's identity for the sign-in (trusted publishing) and records the provenance; both ask that a package names the repository
# that it is published from, so that is filled in from the run.
#   scripts/release/publish.sh [--dry-run]
set -euo pipefail
cd "$(dirname "$0")/../.."
dry=()
[ "${1:-}" = "--dry-run" ] && dry=(--dry-run)
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

# What is sent names the repository; the tree stays as it is.
publish() {
  local package=$1 code=0
  cp "$package/package.json" "$kept/package.json"
  if [ -n "${GITHUB_REPOSITORY:-}" ]; then
    node scripts/release/name-repository.mjs "$package" "${GITHUB_SERVER_URL:?}/$GITHUB_REPOSITORY"
  fi
  npm publish --workspace "$package" --access public "${dry[@]}" || code=$?
  cp "$kept/package.json" "$package/package.json"
  return "$code"
}

node scripts/release/packages.mjs | while IFS= read -r package; do
  name=$(node -p "require('./$package/package.json').name")
  version=$(node -p "require('./$package/package.json').version")
  if [ ${#dry[@]} -eq 0 ] && [ -n "$(npm view "$name@$version" version 2>/dev/null)" ]; then
    echo "$name@$version is published already"
    continue
  fi
  publish "$package" < /dev/null
done
