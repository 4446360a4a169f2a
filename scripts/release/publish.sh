#!/usr/bin/env bash
# Publishes each package whose version npm does not have, in the order of their dependencies. In GitHub Actions npm takes
# the workflow's identity for the sign-in (trusted publishing) and records the provenance.
#   scripts/release/publish.sh [--dry-run]
set -euo pipefail
cd "$(dirname "$0")/../.."
dry=()
[ "${1:-}" = "--dry-run" ] && dry=(--dry-run)
for package in packages/sdk packages/tap-sevdesk packages/tap-ecb packages/snowflake-session packages/target-snowflake-ts packages/create-singer; do
  [ -f "$package/package.json" ] || continue
  name=$(node -p "require('./$package/package.json').name")
  version=$(node -p "require('./$package/package.json').version")
  if [ ${#dry[@]} -eq 0 ] && [ -n "$(npm view "$name@$version" version 2>/dev/null)" ]; then
    echo "$name@$version is published already"
    continue
  fi
  npm publish --workspace "$package" --access public "${dry[@]}"
done
