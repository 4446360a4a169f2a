#!/bin/sh
# Prepares what a container writes, then becomes its command. Keys and invoices are for this user alone.
set -eu
umask 077
mkdir -p "$DAGSTER_HOME" "$MELTANO_SYS_DIR_ROOT"
cp orchestration/dagster.yaml "$DAGSTER_HOME/dagster.yaml"
exec "$@"
