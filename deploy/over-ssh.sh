#!/usr/bin/env bash
# Sends a release to a host and installs it there, or rolls the host back.
# Usage: deploy/over-ssh.sh ARCHIVE.tar.gz, or without an archive and with ROLLBACK=true
#   (environment: DEPLOY_HOST user@host, DEPLOY_KEY, DEPLOY_KNOWN_HOSTS; SUDO: how the user becomes root, default "sudo -n")
# shellcheck disable=SC2029 # the name of the remote folder is known on this side only
set -euo pipefail
: "${DEPLOY_HOST:?set DEPLOY_HOST to user@host}" "${DEPLOY_KEY:?set DEPLOY_KEY to the private key}"
: "${DEPLOY_KNOWN_HOSTS:?set DEPLOY_KNOWN_HOSTS to the line of the host in known_hosts}"
if [ "${ROLLBACK:-false}" != "true" ]; then archive=${1:?usage: deploy/over-ssh.sh ARCHIVE.tar.gz}; fi
sudo=${SUDO-sudo -n}
here=$(cd "$(dirname "$0")" && pwd)

keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
(umask 077 && printf '%s\n' "$DEPLOY_KEY" > "$keys/key")
printf '%s\n' "$DEPLOY_KNOWN_HOSTS" > "$keys/known_hosts"
options=(-i "$keys/key" -o "UserKnownHostsFile=$keys/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes)

remote=$(ssh "${options[@]}" "$DEPLOY_HOST" mktemp -d)
scp "${options[@]}" -q "$here/install.sh" "$DEPLOY_HOST:$remote/install.sh"
if [ "${ROLLBACK:-false}" = "true" ]; then
  ssh "${options[@]}" "$DEPLOY_HOST" "$sudo bash '$remote/install.sh' --rollback; code=\$?; rm -rf '$remote'; exit \$code"
else
  scp "${options[@]}" -q "$archive" "$DEPLOY_HOST:$remote/release.tar.gz"
  ssh "${options[@]}" "$DEPLOY_HOST" "$sudo bash '$remote/install.sh' '$remote/release.tar.gz'; code=\$?; rm -rf '$remote'; exit \$code"
fi
