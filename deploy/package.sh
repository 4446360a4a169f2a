#!/usr/bin/env bash
# Packs a release: the committed tree, the compiled packages and the dbt manifest, as one archive that a host unpacks.
# Usage: deploy/package.sh ARCHIVE.tar.gz
set -euo pipefail
archive=${1:?usage: deploy/package.sh ARCHIVE.tar.gz}
archive=$(cd "$(dirname "$archive")" && pwd)/$(basename "$archive")
cd "$(dirname "$0")/.."

revision=$(git rev-parse HEAD)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
release="$stage/$revision"
mkdir "$release"

git archive HEAD | tar -x -C "$release"
echo "$revision" > "$release/REVISION"
npm run build --silent
# Compiled here once, so that every host runs the same bytes and needs no compiler.
while IFS= read -r dist; do
  mkdir -p "$release/$(dirname "$dist")"
  cp -R "$dist" "$release/$dist"
done < <(find packages local dashboard -name dist -type d -not -path '*/node_modules/*' -prune)
node scripts/python.mjs sync dbt
# The manifest names what production runs; slim CI compares against it. Parsing needs no connection.
DBT_TARGET=local .venvs/dbt/bin/dbt --quiet parse --project-dir "$release/dbt" --profiles-dir "$release/dbt"

tar -czf "$archive" -C "$stage" "$revision"
echo "$archive holds $revision"
