"""Session parameters that SQL reads: macros of the store take them from variables of the DuckDB connection."""

from __future__ import annotations

import duckdb

from local_snowflake.identifiers import literal
from local_snowflake.parameters import SessionParameters

# Those whose value the meaning of a cast, a function or a format depends on.
READ = (
    "DATE_INPUT_FORMAT", "TIME_INPUT_FORMAT", "TIMESTAMP_INPUT_FORMAT", "DATE_OUTPUT_FORMAT", "TIME_OUTPUT_FORMAT", "TIMESTAMP_OUTPUT_FORMAT",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT", "TIMESTAMP_TZ_OUTPUT_FORMAT", "TIMESTAMP_LTZ_OUTPUT_FORMAT", "WEEK_START", "WEEK_OF_YEAR_POLICY", "TWO_DIGIT_CENTURY_START",
    "BINARY_OUTPUT_FORMAT", "BINARY_INPUT_FORMAT",
)  # fmt: skip


def publish(cursor: duckdb.DuckDBPyConnection, parameters: SessionParameters) -> None:
    """Makes the parameters' values known to the cursor's SQL."""
    cursor.execute(f"SET TimeZone={literal(parameters['TIMEZONE'])}")
    values = {name: parameters[name] for name in READ}
    for name in ("TIMESTAMP_TZ_OUTPUT_FORMAT", "TIMESTAMP_LTZ_OUTPUT_FORMAT"):
        values[name] = values[name] or values["TIMESTAMP_OUTPUT_FORMAT"]
    values["TIMESTAMP_NTZ_OUTPUT_FORMAT"] = values["TIMESTAMP_NTZ_OUTPUT_FORMAT"] or values["TIMESTAMP_OUTPUT_FORMAT"]
    for name, value in values.items():
        shown = str(value) if isinstance(value, int) else literal(str(value))
        cursor.execute(f"SET VARIABLE {name}={shown}")
