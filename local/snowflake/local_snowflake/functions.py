"""Snowflake's functions and casts where DuckDB's differ. Runs before names are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable

from fakesnow import transforms as fakesnow
from sqlglot import Expr, exp

from local_snowflake.casts import rewrite_cast
from local_snowflake.errors import unsupported
from local_snowflake.nodes import call, text
from local_snowflake.sessions import Session
from local_snowflake.text_functions import regexp_replace, regexp_substr, time_to_str, to_char, trim
from local_snowflake.variant_paths import rewrite_paths

# '2026-01-02 03:04:05 +02:00': DuckDB takes what follows a space for a zone's name
_SPACED_OFFSET = re.compile(r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) +([+-]\d\d:?\d\d|Z)$")

Rule = tuple[tuple[type, ...], Callable[[Expr], Expr]]


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
        "CURRENT_TRANSACTION": lambda: session.transactions.current and str(session.transactions.current.id),
        "LAST_TRANSACTION": lambda: session.transactions.last and str(session.transactions.last.id),
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
    if (
        name in ("TO_TIMESTAMP", "TO_TIMESTAMP_NTZ")
        and isinstance(node.expressions[1], exp.Literal)
        and not node.expressions[1].is_string
    ):
        return call("_scaled_timestamp", *node.expressions)
    return node


def _unix_to_time(node: Expr) -> Expr:
    scale = node.args.get("scale")
    return call("_scaled_timestamp", node.this, scale) if scale is not None else call("_timestamp_ntz", node.this)


def _to_number(node: Expr) -> Expr:
    """TO_NUMBER(x [, format] [, precision [, scale]]), its TRY_ form too; of a format only its group separators count."""
    rest = [node.args[name] for name in ("format", "precision", "scale") if node.args.get(name) is not None]
    sizes = [int(part.name) for part in rest if isinstance(part, exp.Literal) and not part.is_string] or [38, 0]
    value = node.this
    if len(rest) != len(sizes) and rest:
        value = call("replace", call("_text", value), text(","), text(""))
    precision, scale = (*sizes, 0)[:2]
    made = (exp.TryCast if node.args.get("safe") else exp.Cast)(
        this=value, to=exp.DataType.build(f"DECIMAL({precision},{scale})", dialect="duckdb")
    )
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


def _date_add(node: Expr) -> Expr:
    """DATEADD of days or more to a DATE is a DATE; of a TIMESTAMP a TIMESTAMP."""
    unit = node.args.get("unit")
    amount = node.expression
    if not isinstance(amount, exp.Literal):
        amount = exp.Paren(this=exp.cast(amount, exp.DataType.build("INT", dialect="duckdb")))
        amount.this.args["_done"] = True
    interval = exp.Interval(this=amount, unit=unit)
    whole_days = unit is not None and unit.name.upper() in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
    return call("_date_add" if whole_days else "_time_add", node.this, interval)


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
        return exp.Paren(
            this=exp.Div(
                this=exp.cast(inner.expressions[0].copy(), exp.DataType.build("DOUBLE")),
                expression=call("nullif", total, exp.Literal.number(0)),
            )
        )
    return node


def _rules(session: Session) -> list[Rule]:
    f = fakesnow
    return [
        ((exp.ParseJSON,), _parse_json),
        ((exp.Typeof,), _typeof),
        ((exp.Anonymous,), _anonymous),
        ((exp.ToChar,), to_char),
        ((exp.UnixToTime,), _unix_to_time),
        ((exp.IsNullValue,), lambda node: call("_is_null_value", node.this)),
        ((exp.Window,), _ratio_to_report),
        ((exp.Anonymous, exp.Func), _session_function(session)),
        ((exp.Split,), f.split),
        ((exp.Trim,), trim),
        ((exp.Lateral, exp.TableFromRows), _flatten),
        ((exp.Join,), _asof_join),
        ((exp.Array,), _array_literal),
        ((exp.TimeToStr,), time_to_str),
        ((exp.RegexpReplace,), regexp_replace),
        ((exp.RegexpExtract,), regexp_substr),
        ((exp.Values,), f.values_columns),
        ((exp.Anonymous,), f.to_date),
        ((exp.ToNumber,), _to_number),
        ((exp.ToDecfloat,), lambda node: call("_to_decfloat", node.this)),
        ((exp.ToVariant,), lambda node: call("_variant", node.this)),
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
        ((exp.DateAdd,), _date_add),
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
            expression = expression.transform(
                lambda node, kinds=kinds, rule=rule: rule(node) if isinstance(node, kinds) else node, copy=False
            )
    for node in expression.find_all(exp.Literal):
        if node.is_string and node.this and _SPACED_OFFSET.match(node.this):
            node.set("this", _SPACED_OFFSET.sub(r"\1\2", node.this))
    # inner casts first, so that a cast inside a replaced one is seen too
    casts = list(expression.find_all(exp.Cast, bfs=False))
    for node in reversed(casts):
        made = rewrite_cast(node)
        if made is not node:
            if node is expression:
                expression = made
            else:
                node.replace(made)
    _drop_done(expression)
    return expression
