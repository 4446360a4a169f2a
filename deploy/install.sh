#!/usr/bin/env bash
# Puts a release on this host and switches to it; goes back by itself when the platform is not healthy afterwards.
#
#   deploy/install.sh ARCHIVE.tar.gz     install and switch
#   deploy/install.sh --rollback         switch back to the release before the current one
#
# Run as root: the release belongs to root, and the service user, who owns shared/, can only read it. What runs write lies in shared/.
#
# Settings (environment):
#   SEVDESK_PLATFORM_DIR   where releases live (default /opt/sevdesk-platform): releases/<revision>, current -> one of them,
#                          shared/ (.env and what runs keep; never replaced)
#   SERVICE_USER           who owns shared/ when it is not there yet (default sevdesk, if there is such a user)
#   RESTART_COMMAND        how the services are restarted (default: the release's units are copied, enabled and restarted)
#   SYSTEMD_UNIT_DIR       where to (default /etc/systemd/system)
#   HEALTH_COMMAND         run in the new release as the service user; must exit with 0 (default: npm run doctor -- --services)
#   INSTALL_COMMAND        run in the new release before it is switched to (default: npm's and Python's packages, pinned)
#   KEEP_RELEASES          how many are kept (default 5)
set -euo pipefail
base=${SEVDESK_PLATFORM_DIR:-/opt/sevdesk-platform}
units=${SYSTEMD_UNIT_DIR:-/etc/systemd/system}
# The units are the release's own; the code location is restarted with the daemon.
restart=${RESTART_COMMAND:-cp deploy/systemd/*.service "$units"/ && systemctl daemon-reload &&
  systemctl enable --quiet sevdesk-code-location sevdesk-dagster-daemon sevdesk-dagster-webserver sevdesk-webhook &&
  systemctl restart sevdesk-dagster-webserver sevdesk-dagster-daemon sevdesk-webhook}
# With the settings that the units give; .env, the later file, wins.
health=${HEALTH_COMMAND:-node --env-file=deploy/systemd/platform.env --env-file=.env scripts/doctor.mjs --environment prod --services}
install=${INSTALL_COMMAND:-npm ci --omit=dev --no-audit --no-fund --silent && node scripts/python.mjs sync meltano dbt orchestration}
keep=${KEEP_RELEASES:-5}
export NODE_ENV=production
# The release is readable for the service user, whatever root's own umask is.
umask 022

mkdir -p "$base/releases"
exec 9> "$base/.deploy.lock"
flock -n 9 || { echo "another deploy is running on this host" >&2; exit 1; }

is_root=$([ "$(id -u)" = 0 ] && echo yes || echo no)
if [ ! -d "$base/shared" ]; then
  mkdir -m 0700 "$base/shared"
  user=${SERVICE_USER:-sevdesk}
  if [ "$is_root" = yes ] && id -u "$user" > /dev/null 2>&1; then chown "$user:" "$base/shared"; fi
fi
owner=$(stat -c %u "$base/shared")
group=$(stat -c %g "$base/shared")

# Runs a command as who owns shared/.
as_service() {
  local settings=("HOME=$base/shared")
  if [ "$is_root" = yes ] && [ "$owner" != 0 ]; then
    setpriv --reuid "$owner" --regid "$group" --clear-groups env "${settings[@]}" bash -c "umask 077; $1"
  else
    env "${settings[@]}" bash -c "umask 077; $1"
  fi
}

# A folder in shared/ that the service user alone may write and read.
private() {
  if [ "$is_root" = yes ]; then install -d -m 0700 -o "$owner" -g "$group" "$@"; else install -d -m 0700 "$@"; fi
}
private "$base/shared/state" "$base/shared/meltano" "$base/shared/dbt" "$base/shared/dagster"

current() { readlink "$base/current" 2>/dev/null || true; }

# One rename, so that there is no moment without a release.
switch_to() {
  ln -sfn "$1" "$base/.next"
  mv -T "$base/.next" "$base/current"
}

healthy() { (cd "$base/current" && bash -c "$restart" && as_service "$health"); }

if [ "${1:-}" = "--rollback" ]; then
  previous=$(cat "$base/.previous" 2>/dev/null || true)
  [ -n "$previous" ] && [ -d "$base/$previous" ] || {
    echo "there is no release to go back to: none was there before the current one, or its folder is gone" >&2
    exit 1
  }
  left=$(current)
  switch_to "$previous"
  echo "$left" > "$base/.previous"
  healthy || { echo "rolled back to $previous, but it is not healthy either" >&2; exit 1; }
  echo "rolled back to $previous"
  exit 0
fi

archive=${1:-}
[ -n "$archive" ] || { echo "usage: deploy/install.sh ARCHIVE.tar.gz | --rollback" >&2; exit 2; }
[ -r "$archive" ] || { echo "$archive is not there or cannot be read" >&2; exit 1; }
gzip -t "$archive" 2> /dev/null || { echo "$archive is cut off, or no .tar.gz: copy it again" >&2; exit 1; }
revision=$(tar -tzf "$archive" | head -n 1 | cut -d/ -f1) || true
[[ "$revision" =~ ^[0-9a-f]{40}$ ]] || { echo "$archive is no release: it holds no folder named by a revision" >&2; exit 1; }
release="releases/$revision"

# Installed where it will run, since Python environments hold their own path. The mark says that it is whole; what has none is
# the left-over of a deploy that broke, and `current` never pointed to it.
if [ ! -e "$base/$release/.complete" ]; then
  rm -rf "${base:?}/$release"
  mkdir "$base/$release"
  tar -xzf "$archive" -C "$base/$release" --strip-components=1
  sed -i "s#/opt/sevdesk-platform#$base#g" "$base/$release"/deploy/systemd/*
  (cd "$base/$release" && bash -c "$install")
  # Settings and state outlive releases.
  ln -sfn "$base/shared/.env" "$base/$release/.env"
  ln -sfn "$base/shared" "$base/$release/.local"
  # Meltano's own folder: its database, and the plugins' configuration while a run lasts.
  rm -rf "${base:?}/$release/.meltano"
  ln -sfn "$base/shared/meltano" "$base/$release/.meltano"
  touch "$base/$release/.complete"
fi

before=$(current)
switch_to "$release"
if healthy; then
  [ -n "$before" ] && [ "$before" != "$release" ] && echo "$before" > "$base/.previous"
  echo "deployed $revision"
else
  echo "$revision is not healthy" >&2
  if [ -n "$before" ] && [ "$before" != "$release" ]; then
    switch_to "$before"
    healthy || { echo "went back to $before, but it is not healthy either" >&2; exit 1; }
    echo "went back to $before" >&2
  fi
  exit 1
fi

# The newest stay; the current one and the one to go back to always do.
cd "$base/releases"
# shellcheck disable=SC2012 # names are revisions: hexadecimal
ls -1t | tail -n "+$((keep + 1))" | while IFS= read -r old; do
  case "releases/$old" in "$(current)" | "$(cat "$base/.previous" 2>/dev/null || true)") continue ;; esac
  rm -rf "${base:?}/releases/$old"
done
