"""meltanolabs-target-snowflake on a Singer file, with the network and all SQL left out: what it spends on records alone.

usage: peer_meltanolabs.py FILE
"""

import json
import os
import resource
import sys

import sqlalchemy
from snowflake.sqlalchemy import URL
from target_snowflake.connector import SnowflakeConnector
from target_snowflake.target import TargetSnowflake

CONFIG = {
    "account": "a",
    "user": "u",
    "password": "p",
    "database": "D",
    "default_target_schema": "RAW",
    "warehouse": "W",
}


def _nothing(*_args, **_kwargs):
    return 0


def _engine(_self):
    return sqlalchemy.create_engine(URL(account="a", user="u", password="p", database="D"))


for name in (
    "prepare_schema", "prepare_table", "create_file_format", "drop_file_format", "put_batches_to_stage",
    "merge_from_stage", "copy_from_stage", "remove_staged_files", "invalidate_table_cache",
):  # fmt: skip
    setattr(SnowflakeConnector, name, _nothing)
SnowflakeConnector.create_engine = _engine

with open(sys.argv[1], encoding="utf-8") as messages:
    TargetSnowflake(config=CONFIG).listen(messages)

used = resource.getrusage(resource.RUSAGE_SELF)
with open(os.environ["BENCH_USAGE"], "w", encoding="utf-8") as out:
    json.dump({"cpuSeconds": used.ru_utime + used.ru_stime, "maxRssMegabytes": used.ru_maxrss / 1024}, out)
