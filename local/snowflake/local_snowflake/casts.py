"""Casts: Snowflake's types and what a cast from one to another means."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.nodes import call
from local_snowflake.types import SnowflakeType, from_expression


def duckdb_type(kind: SnowflakeType) -> exp.DataType:
    return exp.DataType.build(kind.duckdb, dialect="duckdb")


_KINDS = {
    "json_extract_string": "text", "_text": "text", "left": "text", "_format_time": "text", "_ntz_text": "ntz", "_timestamp_ntz": "ntz",
    "_scaled_timestamp": "ntz", "_sysdate": "ntz", "_tz_text": "tz", "_timestamp_tz": "tz", "json_extract": "json", "_variant": "json", "_parse_json": "json",
}  # fmt: skip


def kind_of(node: Expr) -> str | None:
    """`text`, `ntz`, `tz`, `date` or `json` where the expression itself tells; None where only its columns would."""
    match node:
        case exp.Paren():
            return kind_of(node.this)
        case exp.Literal() if node.is_string:
            return "text"
        case exp.Anonymous():
            return _KINDS.get(node.name)
        case exp.ConvertTimezone():
            return "ntz"
        case exp.CurrentTimestamp():
            return "ntz" if node.args.get("sysdate") else "tz"
        case (
            exp.DPipe()
            | exp.Concat()
            | exp.Upper()
            | exp.Lower()
            | exp.Trim()
            | exp.RegexpReplace()
            | exp.Replace()
            | exp.Substring()
        ):
            return "text"
        case exp.Bracket() if isinstance(node.this, exp.Column):
            return {"_texts": "text", "_variants": "json"}.get(node.this.name)
        case exp.Cast():
            kind = node.to.sql("duckdb").upper()
            return {
                "TIMESTAMP": "ntz",
                "TIMESTAMPTZ": "tz",
                "TIMESTAMP WITH TIME ZONE": "tz",
                "DATE": "date",
                "TEXT": "text",
                "VARCHAR": "text",
                "JSON": "json",
            }.get(kind)
    return None


def _plain_cast(inner: Expr, kind: str) -> Expr:
    made = exp.Cast(this=inner, to=exp.DataType.build(kind, dialect="duckdb"))
    made.args["_done"] = True
    return made


def _timestamp(inner: Expr, zoned: bool, safe: bool) -> Expr:
    name = "tz" if zoned else "ntz"
    kind = kind_of(inner)
    if kind == "text":
        made = call(f"_{name}_text", inner)
        return call("try", made) if safe else made
    if kind in ("ntz", "tz", "date"):
        return _plain_cast(inner, "TIMESTAMPTZ" if zoned else "TIMESTAMP")
    return call(f"_try_timestamp_{name}" if safe else f"_timestamp_{name}", inner)


def rewrite_cast(node: Expr) -> Expr:
    """Casts keep Snowflake's types: INT has 38 digits, FLOAT 64 bits, text gives a VARIANT's string without quotes."""
    if node.args.get("_done"):
        return node
    kind = from_expression(node.to)
    inner, safe = node.this, isinstance(node, exp.TryCast)
    if kind.name == "VARCHAR":
        shortened = kind.length < 16777216 and node.to.expressions
        made = inner if kind_of(inner) == "text" else call("_text", inner)
        return call("left", made, exp.Literal.number(kind.length)) if shortened else _plain_cast(made, "VARCHAR")
    if kind.name.startswith("TIMESTAMP"):
        return _timestamp(inner, kind.name != "TIMESTAMP_NTZ", safe)
    if kind.name in ("VARIANT", "OBJECT", "ARRAY"):
        if safe:
            return exp.TryCast(this=inner, to=exp.DataType.build("JSON"), _done=True)
        return inner if kind_of(inner) == "json" else call("_variant", inner)
    if kind.name == "BINARY":
        return call("_binary", inner)
    if kind.name == "DECFLOAT":
        made = call("_to_decfloat", inner)
        return call("try", made) if safe else made
    if kind.name in ("NUMBER", "FLOAT") and kind_of(inner) is None and not inner.find(exp.AggFunc):
        inner = call("_digits", inner)
    made = type(node)(this=inner, to=duckdb_type(kind))
    made.args["_done"] = True
    return made
