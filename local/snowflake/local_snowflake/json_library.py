"""Reading and writing JSON, what kind of value a VARIANT holds, and the rows of FLATTEN."""

from __future__ import annotations

from typing import Any

from sqlglot import Expr, exp

from local_snowflake.casts import kind_of
from local_snowflake.errors import SnowflakeError
from local_snowflake.json_text import parse, write
from local_snowflake.library import LIBRARY, define
from local_snowflake.nodes import call
from local_snowflake.python_functions import scalar

# -- reading and writing

define("PARSE_JSON", "_parse_json", "s", texts=" t")
define("TRY_PARSE_JSON", "_try_parse_json", "s", texts=" t")
define("TO_JSON", "_to_json_text", texts="j")
define("STRIP_NULL_VALUE", "_strip_null", texts="j", result="json")
define("CHECK_JSON", "_check_json", texts="t")


@scalar("_to_json_text", ["VARCHAR"], "VARCHAR")
def to_json_text(text: str) -> str:
    return write(parse(text))


@scalar("_parse_json_text", ["VARCHAR", "VARCHAR"], "VARCHAR")
def parse_json_text(text: str, mode: str) -> str | None:
    """PARSE_JSON: an empty text is null, a key that comes twice an error unless the mode is `d`."""
    if mode not in ("s", "d"):
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {mode}. Reason: the mode is 's' or 'd'")
    return write(parse(text, keep_last=mode == "d")) if text.strip() else None


@scalar("_try_parse_json_text", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def try_parse_json_text(text: str | None, mode: str) -> str | None:
    try:
        return None if text is None else parse_json_text(text, mode)
    except SnowflakeError:
        return None


@scalar("_check_json", ["VARCHAR"], "VARCHAR", nulls=True)
def check_json(text: str | None) -> str | None:
    try:
        if text is not None and text.strip():
            parse(text, keep_last=False)
    except SnowflakeError as error:
        return error.message.removeprefix("Error parsing JSON: ")
    return None


@scalar("_strip_null", ["VARCHAR"], "VARCHAR")
def strip_null(text: str) -> str | None:
    return None if text == "null" else text


# -- what kind of value

for _name, _kinds in {
    "IS_ARRAY": "ARRAY", "IS_OBJECT": "OBJECT", "IS_BOOLEAN": "BOOLEAN", "IS_INTEGER": "INTEGER", "IS_DECIMAL": "INTEGER DECIMAL",
    "IS_DOUBLE": "INTEGER DECIMAL DOUBLE", "IS_REAL": "INTEGER DECIMAL DOUBLE", "IS_VARCHAR": "VARCHAR", "IS_CHAR": "VARCHAR", "IS_NULL_VALUE": "NULL_VALUE",
    "IS_DATE": "DATE", "IS_DATE_VALUE": "DATE", "IS_TIME": "TIME", "IS_BINARY": "BINARY",
    "IS_TIMESTAMP_NTZ": "TIMESTAMP_NTZ", "IS_TIMESTAMP_LTZ": "TIMESTAMP_LTZ", "IS_TIMESTAMP_TZ": "TIMESTAMP_TZ",
}.items():  # fmt: skip

    def _is_type(arguments: list[Expr], kinds: str = _kinds) -> Expr:
        value = arguments[0]
        if kinds == "NULL_VALUE" and kind_of(value) == "json":
            return call("_is_null_value", value)
        return exp.In(
            this=call("_variant_type", value), expressions=[exp.Literal.string(kind) for kind in kinds.split()]
        )

    LIBRARY[_name] = _is_type


# -- a VARIANT's value where it has the type, else null

for _name, _kinds, _type in (
    ("AS_INTEGER", "INTEGER", "NUMBER"), ("AS_NUMBER", "INTEGER DECIMAL", "NUMBER"), ("AS_DECIMAL", "INTEGER DECIMAL", "NUMBER"),
    ("AS_DOUBLE", "INTEGER DECIMAL DOUBLE", "DOUBLE"), ("AS_REAL", "INTEGER DECIMAL DOUBLE", "DOUBLE"), ("AS_BOOLEAN", "BOOLEAN", "BOOLEAN"),
    ("AS_VARCHAR", "VARCHAR", "VARCHAR"), ("AS_CHAR", "VARCHAR", "VARCHAR"), ("AS_ARRAY", "ARRAY", "VARIANT"), ("AS_OBJECT", "OBJECT", "VARIANT"),
    ("AS_DATE", "DATE", "DATE"), ("AS_TIME", "TIME", "TIME"),
):  # fmt: skip

    def _as_type(arguments: list[Expr], kinds: str = _kinds, type_: str = _type) -> Expr:
        value = arguments[0]
        sizes = ", ".join(size.name for size in arguments[1:])
        target = exp.DataType.build(f"{type_}({sizes})" if sizes else type_, dialect="snowflake")
        fits = exp.In(
            this=call("_variant_type", value.copy()), expressions=[exp.Literal.string(k) for k in kinds.split()]
        )
        return exp.Case(ifs=[exp.If(this=fits, true=exp.TryCast(this=value, to=target))])

    LIBRARY[_name] = _as_type


# -- FLATTEN into what lies deeper


@scalar("_deep_rows", ["VARCHAR", "BOOLEAN", "VARCHAR", "BOOLEAN", "VARCHAR"], "VARCHAR", nulls=True)
def deep_rows(text: str | None, with_empty: bool, prefix: str, recursive: bool, mode: str) -> str:
    """A JSON array of key, path, index, value and the element that holds it; `mode` is OBJECT, ARRAY or BOTH."""
    rows: list[Any] = []
    value = None if text is None else parse(text)
    _collect(value, prefix, recursive, mode, rows)
    return write(rows if rows or not with_empty else [dict.fromkeys("kpiv") | {"t": value}])


def _collect(holder: Any, path: str, recursive: bool, mode: str, rows: list[Any]) -> None:
    if isinstance(holder, dict) and mode in ("OBJECT", "BOTH"):
        found = [(key, None, f"{path}.{key}" if path else key, holder[key]) for key in sorted(holder)]
    elif isinstance(holder, list) and mode in ("ARRAY", "BOTH"):
        found = [(None, index, f"{path}[{index}]", value) for index, value in enumerate(holder)]
    else:
        return
    for key, index, place, value in found:
        rows.append({"k": key, "p": place, "i": index, "v": value, "t": holder})
        if recursive:
            _collect(value, place, recursive, mode, rows)
