"""Snowflake's functions and casts where DuckDB's differ. Runs before names are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable

from fakesnow import transforms as fakesnow
from sqlglot import Expr, exp

from local_snowflake.errors import unsupported
from local_snowflake.sessions import Session
from local_snowflake.types import SnowflakeType, from_expression
from local_snowflake.variant_paths import rewrite_paths

# '2026-01-02 03:04:05 +02:00': DuckDB takes what follows a space for a zone's name
_SPACED_OFFSET = re.compile(r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) +([+-]\d\d:?\d\d|Z)$")

Rule = tuple[tuple[type, ...], Callable[[Expr], Expr]]


def call(name: str, *arguments: Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


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
        case exp.DPipe() | exp.Concat() | exp.Upper() | exp.Lower() | exp.Trim() | exp.RegexpReplace() | exp.Replace() | exp.Substring():
            return "text"
        case exp.Bracket() if isinstance(node.this, exp.Column):
            return {"_texts": "text", "_variants": "json"}.get(node.this.name)
        case exp.Cast():
            kind = node.to.sql("duckdb").upper()
            return {"TIMESTAMP": "ntz", "TIMESTAMPTZ": "tz", "TIMESTAMP WITH TIME ZONE": "tz", "DATE": "date", "TEXT": "text", "VARCHAR": "text", "JSON": "json"}.get(kind)
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


def _cast(node: Expr) -> Expr:
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
    made = type(node)(this=inner, to=duckdb_type(kind))
    made.args["_done"] = True
    return made


def _drop_done(expression: Expr) -> None:
    for node in expression.find_all(exp.Cast):
        node.args.pop("_done", None)


def _session_function(session: Session) -> Callable[[Expr], Expr]:
    values = {
        "CURRENT_WAREHOUSE": lambda: session.warehouse, "CURRENT_ROLE": lambda: session.role, "CURRENT_USER": lambda: session.user,
        "CURRENT_SESSION": lambda: str(session.id), "LAST_QUERY_ID": lambda: session.last_query_id, "CURRENT_ACCOUNT": lambda: "LOCAL",
        "CURRENT_REGION": lambda: "LOCAL", "CURRENT_DATABASE": lambda: session.database, "CURRENT_SCHEMA": lambda: session.schema,
        "CURRENT_VERSION": lambda: fakesnow.SERVER_VERSION, "CURRENT_ACCOUNT_NAME": lambda: "LOCAL", "CURRENT_ORGANIZATION_NAME": lambda: "LOCAL",
        "CURRENT_AVAILABLE_ROLES": lambda: f'["{session.role}"]', "CURRENT_SECONDARY_ROLES": lambda: '{"roles":"","value":""}',
        "CURRENT_TRANSACTION": lambda: str(session.id) if session.transactions.open else None,
    }  # fmt: skip

    def rule(node: Expr) -> Expr:
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name().upper()
        if name not in values:
            return node
        value = values[name]()
        return exp.Null() if value is None else text(value)

    return rule


def _parse_json(node: Expr) -> Expr:
    return call("_try_parse_json" if node.args.get("safe") else "_parse_json", node.this)


def _typeof(node: Expr) -> Expr:
    return call("_variant_type", node.this)


# Functions whose arguments go to a macro (see `macros`) as they are.
_MACROS = {
    "TO_TIMESTAMP": "_timestamp_ntz", "TO_TIMESTAMP_NTZ": "_timestamp_ntz", "TO_TIMESTAMP_TZ": "_timestamp_tz", "TO_TIMESTAMP_LTZ": "_timestamp_tz",
    "TRY_TO_TIMESTAMP": "_try_timestamp_ntz", "TRY_TO_TIMESTAMP_NTZ": "_try_timestamp_ntz", "TRY_TO_TIMESTAMP_TZ": "_try_timestamp_tz",
    "TRY_TO_TIMESTAMP_LTZ": "_try_timestamp_tz", "TRY_PARSE_JSON": "_try_parse_json", "IS_NULL_VALUE": "_is_null_value", "TYPEOF": "_variant_type",
    "SYSTEM$TYPEOF": "_type_name", "SYSDATE": "_sysdate", "TRY_TO_BINARY": "_binary", "AS_VARCHAR": "_text", "OBJECT_DELETE": "_object_delete",
    "TO_OBJECT": "_variant", "TO_ARRAY": "_variant",
}  # fmt: skip


def _anonymous(node: Expr) -> Expr:
    name = node.name.upper()
    if name in _MACROS and len(node.expressions) <= 1:
        return call(_MACROS[name], *node.expressions)
    if name in ("TO_TIMESTAMP", "TO_TIMESTAMP_NTZ") and isinstance(node.expressions[1], exp.Literal) and not node.expressions[1].is_string:
        return call("_scaled_timestamp", *node.expressions)
    return node


def _unix_to_time(node: Expr) -> Expr:
    scale = node.args.get("scale")
    return call("_scaled_timestamp", node.this, scale) if scale is not None else call("_timestamp_ntz", node.this)


_TIME_FORMAT = [
    ("YYYY", "%Y"), ("YY", "%y"), ("MMMM", "%B"), ("MON", "%b"), ("MM", "%m"), ("DD", "%d"), ("DY", "%a"), ("HH24", "%H"), ("HH12", "%I"), ("HH", "%H"),
    ("MI", "%M"), ("SS", "%S"), ("FF9", "%n"), ("FF6", "%f"), ("FF3", "%g"), ("FF", "%n"), ("AM", "%p"), ("PM", "%p"), ("TZH:TZM", "%z"), ("TZHTZM", "%z"),
]  # fmt: skip


def strftime_format(snowflake: str) -> str:
    """A date or time format of Snowflake's for DuckDB; text in double quotes stays."""
    made, index, upper = "", 0, snowflake.upper()
    while index < len(snowflake):
        if snowflake[index] == '"':
            end = snowflake.find('"', index + 1)
            end = len(snowflake) if end < 0 else end
            made += snowflake[index + 1 : end].replace("%", "%%")
            index = end + 1
            continue
        found = next((pair for pair in _TIME_FORMAT if upper.startswith(pair[0], index)), None)
        made += found[1] if found else snowflake[index].replace("%", "%%")
        index += len(found[0]) if found else 1
    return made


def _to_char(node: Expr) -> Expr:
    """TO_CHAR and TO_VARCHAR: with a date or time format, or the default text."""
    given = node.args.get("format")
    if given is None:
        return call("_text", node.this)
    given = _folded(given)
    if not isinstance(given, exp.Literal):
        raise unsupported("TO_VARCHAR with a format that is not a constant")
    if re.search(r"[09]", re.sub(r"FF[0-9]|HH(12|24)", "", given.this.upper())):
        return call("_format_number", node.this, text(given.this))
    return call("_format_time", node.this, text(strftime_format(given.this)))


def _time_to_str(node: Expr) -> Expr:
    given = node.args.get("format")
    if isinstance(given, exp.Literal):  # the parser has turned it into strftime's
        known = given.this
        for theirs, ours in (("%f_three", "%g"), ("%f_nine", "%n"), ("%f_zero", ""), ("%f_six", "%f")):
            known = known.replace(theirs, ours)
        return call("_format_time", node.this, text(known))
    folded = _folded(given)
    return call("_format_time", node.this, text(strftime_format(folded.this))) if isinstance(folded, exp.Literal) else node


def _folded(node: Expr | None) -> Expr | None:
    """'a' || 'b' is 'ab'."""
    parts = list(node.flatten()) if isinstance(node, (exp.DPipe, exp.Concat)) else []
    if parts and all(isinstance(part, exp.Literal) for part in parts):
        return text("".join(part.this for part in parts))
    return node


def _plain_number(node: Expr | None, default: int) -> int:
    if node is None:
        return default
    if isinstance(node, exp.Literal) and not node.is_string:
        return int(node.this)
    raise unsupported("a position or occurrence that is not a constant")


def _flags(node: Expr | None) -> str:
    return node.name if isinstance(node, exp.Literal) else ""


def _regexp_replace(node: Expr) -> Expr:
    """All occurrences, unless one is named."""
    position, occurrence = _plain_number(node.args.get("position"), 1), _plain_number(node.args.get("occurrence"), 0)
    flags = _flags(node.args.get("modifiers") or node.args.get("parameters"))
    if position != 1 or occurrence > 1:
        raise unsupported("REGEXP_REPLACE from a position or of a later occurrence")
    replacement = node.args.get("replacement") or text("")
    options = "".join(letter for letter in flags if letter in "ims") + ("g" if occurrence == 0 else "")
    return call("regexp_replace", node.this, node.expression, replacement, text(options))


def _regexp_substr(node: Expr) -> Expr:
    """The n-th match or its group; NULL where there is none."""
    position, occurrence = node.args.get("position"), _plain_number(node.args.get("occurrence"), 1)
    flags = _flags(node.args.get("parameters"))
    group = _plain_number(node.args.get("group"), 0)
    if group == 0 and "e" in flags:
        group = 1
    subject = node.this if position is None or position.name == "1" else call("substr", node.this, position)
    options = text("".join(letter for letter in flags if letter in "ims"))
    return call("list_extract", call("regexp_extract_all", subject, node.expression, exp.Literal.number(group), options), exp.Literal.number(occurrence))


def _to_number(node: Expr) -> Expr:
    """TO_NUMBER(x [, format] [, precision [, scale]]), its TRY_ form too; of a format only its group separators count."""
    rest = [node.args[name] for name in ("format", "precision", "scale") if node.args.get(name) is not None]
    sizes = [int(part.name) for part in rest if isinstance(part, exp.Literal) and not part.is_string] or [38, 0]
    value = node.this
    if len(rest) != len(sizes) and rest:
        value = call("replace", call("_text", value), text(","), text(""))
    precision, scale = (*sizes, 0)[:2]
    made = (exp.TryCast if node.args.get("safe") else exp.Cast)(this=value, to=exp.DataType.build(f"DECIMAL({precision},{scale})", dialect="duckdb"))
    made.args["_done"] = True
    return made


def _array_literal(node: Expr) -> Expr:
    return call("json_array", *node.expressions)


def _flatten(node: Expr) -> Expr:
    """LATERAL FLATTEN(INPUT => v [, PATH => 'a.b'] [, OUTER => TRUE])."""
    explode = node.this
    if not isinstance(explode, exp.Explode):
        return node
    given = {"INPUT": explode.this}
    for argument in [explode.this, *explode.expressions]:
        if isinstance(argument, exp.Kwarg):
            given[argument.this.name.upper()] = argument.expression
    for name in ("RECURSIVE", "MODE"):
        if name in given and given[name].sql().upper() not in ("FALSE", "'BOTH'"):
            raise unsupported(f"FLATTEN with {name}")
    value = given["INPUT"]
    if "PATH" in given:
        value = call("json_extract", call("_variant", value), text("$." + given["PATH"].name))
    outer = given.get("OUTER", exp.false())
    return exp.Table(this=call("_flatten", value, outer), alias=node.args.get("alias"))


def _asof_join(node: Expr) -> Expr:
    """Snowflake's ASOF JOIN keeps left rows without a match; its MATCH_CONDITION is one more condition to DuckDB."""
    condition = node.args.get("match_condition")
    if condition is None:
        return node
    on = node.args.get("on")
    node.set("match_condition", None)
    node.set("side", "LEFT")
    node.set("on", exp.and_(on, condition) if on is not None else condition)
    return node


def _ratio_to_report(node: Expr) -> Expr:
    """RATIO_TO_REPORT(x) OVER w is x / SUM(x) OVER w."""
    inner = node.this
    if isinstance(inner, exp.Anonymous) and inner.name.upper() == "RATIO_TO_REPORT":
        total = node.copy()
        total.set("this", exp.Sum(this=inner.expressions[0].copy()))
        return exp.Paren(this=exp.Div(this=exp.cast(inner.expressions[0].copy(), exp.DataType.build("DOUBLE")), expression=call("nullif", total, exp.Literal.number(0))))
    return node


def _rules(session: Session) -> list[Rule]:
    f = fakesnow
    return [
        ((exp.ParseJSON,), _parse_json),
        ((exp.Typeof,), _typeof),
        ((exp.Anonymous,), _anonymous),
        ((exp.ToChar,), _to_char),
        ((exp.UnixToTime,), _unix_to_time),
        ((exp.IsNullValue,), lambda node: call("_is_null_value", node.this)),
        ((exp.Window,), _ratio_to_report),
        ((exp.Anonymous, exp.Func), _session_function(session)),
        ((exp.Split,), f.split),
        ((exp.Trim,), f.trim_cast_varchar),
        ((exp.Lateral, exp.TableFromRows), _flatten),
        ((exp.Join,), _asof_join),
        ((exp.Array,), _array_literal),
        ((exp.TimeToStr,), _time_to_str),
        ((exp.RegexpReplace,), _regexp_replace),
        ((exp.RegexpExtract,), _regexp_substr),
        ((exp.Values,), f.values_columns),
        ((exp.Anonymous,), f.to_date),
        ((exp.ToNumber,), _to_number),
        ((exp.ToVariant,), f.to_variant),
        ((exp.StarMap, exp.Struct, exp.JSONObject), f.object_construct),
        ((exp.TableSample,), f.sample),
        ((exp.ArraySize,), f.array_size),
        ((exp.Select,), f.random),
        ((exp.WithinGroup,), f.array_agg_within_group),
        ((exp.ArrayAgg, exp.Window), f.array_agg),
        ((exp.ObjectAgg,), f.object_agg),
        ((exp.ArrayContains,), lambda node: call("_array_contains", node.this, node.expression)),
        ((exp.ArrayToString,), lambda node: call("_array_to_string", node.this, node.expression)),
        ((exp.ArrayConcat,), lambda node: call("_array_concat", node.this, *node.expressions)),
        ((exp.ArrayAppend,), lambda node: call("_array_append", node.this, node.expression)),
        ((exp.JSONKeys,), lambda node: call("to_json", call("json_keys", node.this))),
        ((exp.DateAdd,), f.dateadd_date_cast),
        ((exp.DateAdd,), f.dateadd_string_literal_timestamp_cast),
        ((exp.DateDiff,), f.datediff_string_literal_timestamp_cast),
        ((exp.Anonymous,), f.haversine),
        ((exp.HexString,), f.hex_string),
        ((exp.SHA2, exp.SHA2Digest, exp.Anonymous), f.sha256),
        ((exp.Select,), f.alias_in_join),
    ]


def rewrite_functions(session: Session, expression: Expr) -> Expr:
    """The statement with DuckDB's functions in place of Snowflake's."""
    present = {type(node) for node in expression.walk()}
    expression = rewrite_paths(session, expression)
    for kinds, rule in _rules(session):
        if any(issubclass(p, kinds) for p in present):
            expression = expression.transform(lambda node, kinds=kinds, rule=rule: rule(node) if isinstance(node, kinds) else node, copy=False)
    for node in expression.find_all(exp.Literal):
        if node.is_string and node.this and _SPACED_OFFSET.match(node.this):
            node.set("this", _SPACED_OFFSET.sub(r"\1\2", node.this))
    # inner casts first, so that a cast inside a replaced one is seen too
    casts = list(expression.find_all(exp.Cast, bfs=False))
    for node in reversed(casts):
        made = _cast(node)
        if made is not node:
            if node is expression:
                expression = made
            else:
                node.replace(made)
    _drop_done(expression)
    return expression
