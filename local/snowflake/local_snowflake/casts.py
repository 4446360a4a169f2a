"""Casts: Snowflake's types and what a cast from one to another means."""

from __future__ import annotations

import functools

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError
from local_snowflake.nodes import call, duckdb_type
from local_snowflake.types import from_expression, shorter_seconds

_KINDS = {
    "json_extract_string": "text", "_text": "text", "_date_shown": "text", "_ntz_shown": "text", "_tz_shown": "text", "_json_shown": "text", "_parse_date": "date", "_date": "date", "_date_text": "date", "_date_parts": "date",
    "_timestamp_ntz_by": "ntz", "_timestamp_tz_by": "tz", "_timestamp_parts": "ntz", "_scaled_timestamp_ntz": "ntz", "_scaled_timestamp_tz": "tz",
    "_between_zones": "ntz", "_zoned": "tz", "_json": "json", "_regexp_replace": "text", "_regexp_substr": "text", "_split_part": "text",
    "_to_json_text": "text", "trim": "text", "ltrim": "text", "rtrim": "text", "regexp_replace": "text", "strftime": "text", "_show_time": "text",
    "_week_truncated": "date",  "left": "text", "_format_time": "text", "_ntz_text": "ntz", "_timestamp_ntz": "ntz",
    "_tz_text_with_offset": "zoned", "_tz_by_with_offset": "zoned", "_zoned_with_offset": "zoned", "_with_offset": "zoned", "_to_zoned": "zoned",
    "_rezoned": "zoned", "_in_zone": "zoned", "_sliced_timestamp": "ntz", "_timestamp_months_added": "ntz", "_wall_at": "ntz", "_instant": "tz", "_wall": "ntz", "_offset_shown": "text", "_format_zoned": "text", "_sysdate": "ntz", "_shorter_ntz": "ntz", "_shorter_ltz": "tz", "_shorter_tz": "zoned", "_tz_text": "tz", "_timestamp_tz": "tz", "json_extract": "json", "_variant": "json", "_parse_json": "json",
}  # fmt: skip


_TYPES = {
    "TIMESTAMP": "ntz", "TIMESTAMPTZ": "tz", "TIMESTAMP WITH TIME ZONE": "tz", "DATE": "date", "TEXT": "text", "VARCHAR": "text", "JSON": "json",
    "DOUBLE": "double",
}  # fmt: skip


@functools.cache
def _kind_of_plain(type_: exp.DataType.Type) -> str | None:
    return _TYPES.get(exp.DataType(this=type_).sql("duckdb").upper())


def _kind_of_type(data_type: exp.DataType) -> str | None:
    plain = isinstance(data_type.this, exp.DataType.Type) and not any(
        data_type.args[key] for key in data_type.args if key != "this"
    )
    return _kind_of_plain(data_type.this) if plain else _TYPES.get(data_type.sql("duckdb").upper())


# Where a query stands for rows, not for a value.
_RELATIONS = (
    exp.From,
    exp.Join,
    exp.CTE,
    exp.SetOperation,
    exp.Insert,
    exp.Create,
    exp.In,
    exp.Any,
    exp.All,
    exp.Lateral,
    exp.Merge,
    exp.Exists,
    exp.Subquery,
)


def kind_of(node: Expr) -> str | None:
    """`text`, `ntz`, `tz` (an instant), `zoned` (a TIMESTAMP_TZ with its offset), `date`, `double`, `number`, `boolean` or `json` where the expression itself tells; None where only its columns would."""
    match node:
        case exp.Paren():
            return kind_of(node.this)
        case exp.Literal() if node.is_string:
            return "text"
        case exp.Nullif():
            return kind_of(node.this)
        case exp.Coalesce() | exp.Greatest() | exp.Least():
            return _common([node.this, *node.expressions])
        case exp.Case():
            found = _common([*(branch.args.get("true") for branch in node.args["ifs"]), node.args.get("default")])
            return found if found == "zoned" else None
        case exp.If() if not isinstance(node.parent, exp.Case):
            found = _common([node.args.get("true"), node.args.get("false")])
            return found if found == "zoned" else None
        case exp.Subquery() if isinstance(node.this, exp.Select) and not isinstance(node.parent, _RELATIONS):
            items = node.this.expressions
            found = kind_of(items[0].unalias()) if len(items) == 1 else None
            return found if found == "zoned" else None
        case exp.Lag() | exp.Lead():
            found = kind_of(node.this)
            return found if found == "zoned" and node.args.get("default") is None else None
        case exp.IgnoreNulls() | exp.RespectNulls() | exp.NthValue() | exp.ArgMax() | exp.ArgMin():
            found = kind_of(node.this)
            return found if found == "zoned" else None
        case exp.Window() | exp.Max() | exp.Min() | exp.AnyValue() | exp.FirstValue() | exp.LastValue():
            return kind_of(node.this) if isinstance(node.this, Expr) else None
        case exp.Column() if "kind" in node.meta:
            return str(node.meta["kind"])
        case exp.Anonymous() if node.name == "timezone":
            return "ntz" if isinstance(node.expressions[1], exp.Anonymous) else None
        case exp.Anonymous() if node.name in ("try", "any_value"):
            return kind_of(node.expressions[0])
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
        case exp.Cast() if node.to.this == exp.DataType.Type.TIMESTAMPTZ and not node.args.get("_done"):
            return "zoned"
        case exp.Cast():
            return _kind_of_type(node.to)
    return None


def _common(nodes: list[Expr | None]) -> str | None:
    """The kind that all of them are, but for nulls."""
    kinds = {kind_of(node) for node in nodes if node is not None and not isinstance(node, exp.Null)}
    return kinds.pop() if len(kinds) == 1 else None


_SHOWN = {
    "date": "_date_shown",
    "ntz": "_ntz_shown",
    "tz": "_tz_shown",
    "zoned": "_offset_shown",
    "json": "_json_shown",
}


def as_text(value: Expr) -> Expr:
    """The value as Snowflake writes it; a macro looks at its type where the statement does not tell."""
    kind = kind_of(value)
    if kind == "text":
        return value
    if kind in ("number", "boolean"):
        return _plain_cast(value, "VARCHAR")
    return call(_SHOWN.get(kind or "", "_text"), value)


def _plain_cast(inner: Expr, kind: str) -> Expr:
    made = exp.Cast(this=inner, to=duckdb_type(kind))
    made.args["_done"] = True
    return made


def zoned(inner: Expr, safe: bool = False) -> Expr:
    """A TIMESTAMP_TZ of any value."""
    kind = kind_of(inner)
    if kind == "zoned":
        return inner
    if kind == "text":
        made = call("_tz_text_with_offset", inner)
    elif kind in ("ntz", "tz", "date"):
        made = call("_with_offset", _plain_cast(inner, "TIMESTAMPTZ"))
    else:
        made = call("_to_zoned", inner)
    return call("try", made) if safe else made


def _timestamp(inner: Expr, name: str, safe: bool) -> Expr:
    zoned = name == "tz"
    kind = kind_of(inner)
    if kind == "text":
        made = call(f"_{name}_text", inner)
        return call("try", made) if safe else made
    if kind in ("ntz", "tz", "zoned", "date"):
        return _plain_cast(inner, "TIMESTAMPTZ" if zoned else "TIMESTAMP")
    return call(f"_try_timestamp_{name}" if safe else f"_timestamp_{name}", inner)


def _by_macro(name: str, inner: Expr, safe: bool) -> Expr:
    """A cast to DATE, TIME or BOOLEAN, by the macro that looks at the value's type, or by the one for texts."""
    kind = kind_of(inner)
    if name == "DATE" and kind == "date" or name == "BOOLEAN" and kind == "boolean":
        return inner
    if name == "DATE" and kind in ("ntz", "tz", "zoned"):
        return _plain_cast(inner, "DATE")
    made = call("_date_text" if name == "DATE" and kind == "text" else f"_{name.lower()}", inner)
    return call("try", made) if safe else made


def _digits_of(inner: Expr, safe: bool) -> Expr:
    """DuckDB takes `1_000` for a number; Snowflake does not."""
    if isinstance(inner, exp.Literal):
        if "_" not in inner.name:
            return inner
        if not safe:
            raise SnowflakeError(100038, "22018", f"Numeric value '{inner.name}' is not recognized")
        return exp.Null()
    return call("_without_underscores", inner)


def rewrite_cast(node: Expr) -> Expr:
    """Casts keep Snowflake's types: INT has 38 digits, FLOAT 64 bits, text gives a VARIANT's string without quotes."""
    if node.args.get("_done"):
        return node
    kind = from_expression(node.to)
    inner, safe = node.this, isinstance(node, exp.TryCast)
    if isinstance(inner, exp.Null) and kind.name not in ("TIMESTAMP_TZ", "DECFLOAT"):
        return _plain_cast(inner, kind.duckdb)  # no macro has anything to look at
    if kind.name == "VARCHAR":
        shortened = kind.length < 16777216 and node.to.expressions
        made = as_text(inner)
        if not shortened:
            return _plain_cast(made, "VARCHAR")
        return call("_unless_longer" if safe else "left", made, exp.Literal.number(kind.length))
    if macro := shorter_seconds(kind):
        full = node.copy()
        full.set("to", exp.DataType(this=node.to.this))
        return call(macro, rewrite_cast(full), exp.Literal.number(kind.scale or 0))
    if kind.name == "TIMESTAMP_TZ":
        return zoned(inner, safe)
    if kind.name.startswith("TIMESTAMP"):
        return _timestamp(inner, "tz" if kind.name == "TIMESTAMP_LTZ" else "ntz", safe)
    if kind.name in ("VARIANT", "OBJECT", "ARRAY"):
        if safe:
            return exp.TryCast(this=inner, to=exp.DataType.build("JSON"), _done=True)
        if kind.name != "VARIANT" and kind_of(inner) not in ("text", "number", "boolean"):
            return call("_to_object" if kind.name == "OBJECT" else "_to_array", inner)
        if kind_of(inner) == "json":
            return inner
        return call("to_json" if kind_of(inner) in ("text", "number", "boolean") else "_variant", inner)
    if kind.name == "BINARY":
        return call("_binary", inner)
    if kind.name == "DECFLOAT":
        made = call("_to_decfloat", inner)
        return call("try", made) if safe else made
    if kind.name in ("DATE", "TIME", "BOOLEAN"):
        return _by_macro(kind.name, inner, safe)
    if kind.name in ("NUMBER", "FLOAT") and kind_of(inner) == "text":
        inner = _digits_of(inner, safe)
    if kind.name == "NUMBER" and kind.scale > 9 and kind_of(inner) == "double":
        inner = call("_exact_double", inner)
    if (
        kind.name in ("NUMBER", "FLOAT")
        and kind_of(inner) is None
        and not inner.find(exp.AggFunc)
        and not isinstance(inner, exp.Literal)
    ):
        inner = call("_digits", inner)
    made = type(node)(this=inner, to=duckdb_type(kind.duckdb))
    made.args["_done"] = True
    return made
