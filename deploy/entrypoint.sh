#!/bin/sh
# Prepares what a container writes, then becomes its command. Keys and invoices are for this user alone.
set -eu
umask 077
mkdir -p "$DAGSTER_HOME" "$MELTANO_SYS_DIR_ROOT"
# Kubernetes mounts the settings of the instance, and they win: they cannot be written.
settings=$DAGSTER_HOME/dagster.yaml
if [ ! -e "$settings" ] || [ -w "$settings" ]; then cp orchestration/dagster.yaml "$settings"; fi
exec "$@"
