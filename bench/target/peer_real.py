"""A Python target on a Singer file with its real SQL, against a Snowflake on this machine.

usage: peer_real.py meltanolabs|pipelinewise FILE PORT SCHEMA
"""

import sys

import snowflake.connector

name, path, port, schema = sys.argv[1:5]
_connect = snowflake.connector.connect


def _connect_locally(**options):
    # Neither target has a setting for the host.
    return _connect(**{**options, "account": "local", "host": "127.0.0.1", "port": int(port), "protocol": "http"})


snowflake.connector.connect = snowflake.connector.Connect = _connect_locally

if name == "meltanolabs":
    from target_snowflake.target import TargetSnowflake

    config = {
        "account": "local", "user": "local", "password": "local", "database": "BENCH", "warehouse": "LOCAL", "default_target_schema": schema,
    }  # fmt: skip
    with open(path, encoding="utf-8") as messages:
        TargetSnowflake(config=config).listen(messages)
else:
    import target_snowflake

    connection = _connect_locally(user="local", password="local", database="BENCH")
    connection.cursor().execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    connection.cursor().execute(
        f"""CREATE FILE FORMAT IF NOT EXISTS BENCH."{schema}".FF_{schema} TYPE = 'CSV' ESCAPE = '\\\\' FIELD_OPTIONALLY_ENCLOSED_BY = '"'"""
    )
    connection.close()
    config = {
        "account": "local", "user": "local", "password": "local", "dbname": "BENCH", "warehouse": "LOCAL", "file_format": f"BENCH.{schema}.FF_{schema}",
        "default_target_schema": schema, "validate_records": True, "add_metadata_columns": True,
    }  # fmt: skip
    table_cache, file_format_type = target_snowflake.get_snowflake_statics(config)
    with open(path, encoding="utf-8") as messages:
        target_snowflake.persist_lines(config, messages, table_cache, file_format_type)
