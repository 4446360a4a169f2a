"""The names of data types that Snowflake documents, and which take parameters."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError, syntax_error
from local_snowflake.trees import find_all

TEXT = "snowflake_text"

_NONE, _PRECISION, _LENGTH, _FRACTION, _ELEMENTS = range(5)
_TAKES = {
    **dict.fromkeys(["NUMBER", "DECIMAL", "DEC", "NUMERIC"], _PRECISION),
    **dict.fromkeys(["INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL", "DECFLOAT", "BOOLEAN", "DATE"], _NONE),
    **dict.fromkeys(("CHAR VARYING", "CHARACTER VARYING", "NCHAR VARYING"), _LENGTH), "DOUBLE PRECISION": _NONE,
    **dict.fromkeys(["VARCHAR", "CHAR", "CHARACTER", "NCHAR", "STRING", "TEXT", "NVARCHAR", "NVARCHAR2", "BINARY", "VARBINARY"], _LENGTH),
    **dict.fromkeys(["DATETIME", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TIMESTAMP_TZ", "TIMESTAMPLTZ", "TIMESTAMPNTZ", "TIMESTAMPTZ"], _FRACTION),
    **dict.fromkeys(["VARIANT", "OBJECT", "ARRAY", "MAP", "GEOGRAPHY", "GEOMETRY", "VECTOR"], _ELEMENTS),
}  # fmt: skip


def _refuse(name: str, detail: str) -> None:
    raise SnowflakeError(2040, "42601", f"SQL compilation error:\nUnsupported data type '{name}': {detail}")


def check_types(expression: Expr) -> None:
    """Raises where the statement names a type that Snowflake does not have, or gives it what it does not take."""
    for node in find_all(expression, exp.DataType):
        name = node.meta.get(TEXT)
        if name is None:
            continue
        name = " ".join(name.split())
        if name not in _TAKES:
            _refuse(name, "there is no such type")
        if name != "ARRAY" and node.this == exp.DataType.Type.ARRAY:
            raise syntax_error("syntax error line 1 at position 0 unexpected '['.")
        sizes = [part for part in node.expressions if isinstance(part, exp.DataTypeParam)]
        takes = _TAKES[name]
        if sizes and (takes == _NONE or takes in (_LENGTH, _FRACTION) and len(sizes) > 1 or len(sizes) > 2):
            raise syntax_error("syntax error line 1 at position 0 unexpected '('.")
        if takes == _FRACTION and sizes and not 0 <= int(sizes[0].name) <= 9:
            _refuse(f"{name}({sizes[0].name})", "the precision of fractional seconds is 0 to 9")
