"""pipelinewise-target-snowflake on a Singer file, with the network and all SQL left out: what it spends on records alone.

usage: peer_pipelinewise.py FILE
"""

import json
import os
import resource
import sys

import target_snowflake
from target_snowflake.db_sync import DbSync
from target_snowflake.file_format import FileFormatTypes

CONFIG = {
    "account": "a", "user": "u", "password": "p", "dbname": "D", "warehouse": "W", "file_format": "RAW.FF",
    "default_target_schema": "RAW", "validate_records": True, "add_metadata_columns": True,
}  # fmt: skip


def _nothing(*_args, **_kwargs):
    return ""


for name in ("query", "create_schema_if_not_exists", "sync_table", "put_to_stage", "load_file", "delete_from_stage"):
    setattr(DbSync, name, _nothing)

with open(sys.argv[1], encoding="utf-8") as messages:
    target_snowflake.persist_lines(CONFIG, messages, [], FileFormatTypes.CSV)

used = resource.getrusage(resource.RUSAGE_SELF)
with open(os.environ["BENCH_USAGE"], "w", encoding="utf-8") as out:
    json.dump({"cpuSeconds": used.ru_utime + used.ru_stime, "maxRssMegabytes": used.ru_maxrss / 1024}, out)
