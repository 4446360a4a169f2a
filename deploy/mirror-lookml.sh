#!/usr/bin/env bash
# Pushes looker/ with its history to the repository that a Looker instance reads. Does nothing, and says so, without one.
# Environment: LOOKML_MIRROR_URL (a Git address), LOOKML_MIRROR_KEY (deploy key with write access; not needed for a local path)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${LOOKML_MIRROR_URL:-}" ]; then
  echo "LOOKML_MIRROR_URL is not set: no mirror is kept"
  exit 0
fi
if [ -n "${LOOKML_MIRROR_KEY:-}" ]; then
  keys=$(mktemp -d)
  trap 'rm -rf "$keys"' EXIT
  (umask 077 && printf '%s\n' "$LOOKML_MIRROR_KEY" > "$keys/key")
  export GIT_SSH_COMMAND="ssh -i $keys/key -o BatchMode=yes -o StrictHostKeyChecking=accept-new"
fi
commit=$(git subtree split -q --prefix looker HEAD)
git push --quiet "$LOOKML_MIRROR_URL" "$commit:refs/heads/main"
echo "looker/ is mirrored at $commit"
