"""Snowflake's functions and casts where DuckDB's differ. Runs before names are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import Expr, exp

from local_snowflake.casts import as_text, kind_of, rewrite_cast
from local_snowflake.date_library import unit_of
from local_snowflake.errors import SnowflakeError
from local_snowflake.fakesnow_rewrites import transforms as fakesnow
from local_snowflake.library import LIBRARY, done_cast
from local_snowflake.nodes import call, text
from local_snowflake.sequences import next_value
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all, find_in_order, nodes
from local_snowflake.trim import trim
from local_snowflake.variant_paths import rewrite_paths
from local_snowflake.zoned_values import rewrite_zoned

# '2026-01-02 03:04:05 +02:00': DuckDB takes what follows a space for a zone's name
_SPACED_OFFSET = re.compile(r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) +([+-]\d\d:?\d\d|Z)$")

Rule = tuple[tuple[type, ...], Callable[[Expr], Expr]]


def _drop_done(expression: Expr) -> None:
    for node in find_all(expression, exp.Cast):
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
        if name == "GETVARIABLE":
            value = session.variables.get(node.expressions[0].name)
            return exp.Null() if value is None else text(str(value))
        if name not in values:
            return node
        value = values[name]()
        return exp.Null() if value is None else text(value)

    return rule


def _typeof(node: Expr) -> Expr:
    """A cast to VARIANT keeps the type, which JSON would lose."""
    value = node.this
    while (
        isinstance(value, exp.Cast) and value.to.this == exp.DataType.Type.VARIANT or isinstance(value, exp.ToVariant)
    ):
        value = value.this
    return call("_variant_type", value)


# Functions whose arguments go to a macro (see `macros`) as they are.
_MACROS = {
    "SYSTEM$TYPEOF": "_type_name",
    "SYSDATE": "_sysdate",
    "TRY_TO_BINARY": "_binary",
    "TO_OBJECT": "_to_object",
    "TO_ARRAY": "_to_array",
}


def _anonymous(node: Expr) -> Expr:
    name = node.name.upper()
    if name in LIBRARY:
        return LIBRARY[name](node.expressions)
    if name in _MACROS and len(node.expressions) <= 1:
        return call(_MACROS[name], *node.expressions)
    return node


def _regexp_like(node: Expr) -> Expr:
    """RLIKE and REGEXP between two values."""
    return LIBRARY["RLIKE"]([node.this, node.expression])


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
    for name in given:
        if name not in ("INPUT", "PATH", "OUTER", "RECURSIVE", "MODE"):
            raise SnowflakeError(938, "22023", f"SQL compilation error:\nUnknown argument {name} of FLATTEN")
    value, outer = given["INPUT"], given.get("OUTER", exp.false())
    path = given["PATH"].name if "PATH" in given else ""
    if path:
        value = call("json_extract", call("_variant", value), text(f"$.{path}"))
    mode = given["MODE"].name.upper() if "MODE" in given else "BOTH"
    recursive = "RECURSIVE" in given and given["RECURSIVE"].sql().upper() == "TRUE"
    if mode not in ("OBJECT", "ARRAY", "BOTH"):
        raise SnowflakeError(1008, "22023", f"SQL compilation error:\ninvalid value [{mode}] for parameter 'MODE'")
    made = call("_flatten", value, outer, text(path))
    if recursive or mode != "BOTH":
        made = call("_flatten_deep", value, outer, text(path), exp.true() if recursive else exp.false(), text(mode))
    return exp.Table(this=made, alias=node.args.get("alias"))


def _split_rows(node: Expr) -> Expr:
    """SPLIT_TO_TABLE and STRTOK_SPLIT_TO_TABLE, as TABLE(…) or LATERAL."""
    inner = node.this
    if isinstance(inner, exp.SplitToTable):
        made = call("_rows_of", call("string_split", as_text(inner.this), inner.expression))
    elif isinstance(inner, exp.Anonymous) and inner.name.upper() == "STRTOK_SPLIT_TO_TABLE":
        delimiters = inner.expressions[1] if len(inner.expressions) > 1 else text(" ")
        pieces = call("_strtok_to_array", as_text(inner.expressions[0]), delimiters)
        made = call("_rows_of", done_cast(done_cast(pieces, "JSON"), "VARCHAR[]"))
    else:
        return node
    return exp.Table(this=made, alias=node.args.get("alias"))


def _date_add(node: Expr) -> Expr:
    """DATEADD of days or more to a DATE is a DATE; of a TIMESTAMP a TIMESTAMP."""
    unit = node.args.get("unit")
    if unit is not None:
        unit_of(unit)
    amount = node.expression
    if not isinstance(amount, exp.Literal):
        amount = exp.Paren(this=exp.cast(amount, exp.DataType.build("INT", dialect="duckdb")))
        amount.this.args["_done"] = True
    interval = exp.Interval(this=amount, unit=unit)
    whole_days = unit is not None and unit.name.upper() in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
    kind = kind_of(node.this)
    if kind in ("date", "ntz", "tz", "zoned"):  # plainly, since macros do not see an aggregate's type
        made = exp.Add(this=node.this, expression=interval)
        return done_cast(made, "DATE") if kind == "date" and whole_days else exp.Paren(this=made)
    return call("_date_add" if whole_days else "_time_add", node.this, interval)


def _date_diff(node: Expr) -> Expr:
    unit = node.args.get("unit")
    if unit is not None:
        unit_of(unit)
    return node


# The parts of an interval, by their first letters, as DuckDB reads them.
_INTERVAL = re.compile(r"\s*([+-]?\d+)\s*([A-Za-z]*)\s*(?:,|$)")


def _interval(node: Expr) -> Expr:
    """INTERVAL '1 day, 2 hours'."""
    if node.args.get("unit") is not None or not isinstance(node.this, exp.Literal):
        return node
    text_, parts, position = node.this.name, [], 0
    while position < len(text_) and (match := _INTERVAL.match(text_, position)):
        unit = unit_of(exp.Var(this=match[2] or "second"))
        parts.append(f"{int(match[1]) * 3} month" if unit == "quarter" else f"{match[1]} {unit}")
        position = match.end()
    if position < len(text_) or not parts:
        raise SnowflakeError(1003, "42000", f"SQL compilation error:\nInvalid interval literal '{text_}'")
    node.set("this", text(" ".join(parts)))
    return node


def _list_agg(node: Expr) -> Expr:
    """Nothing stands between the values of LISTAGG unless it says what."""
    if node.args.get("separator") is None:
        node.set("separator", text(""))
    return node


def _date_and_interval(node: Expr) -> Expr:
    """A DATE stays one, unless hours or less are added."""
    interval = node.expression
    if (
        isinstance(node.parent, exp.Cast)
        and node.parent.args.get("_done")
        or kind_of(node.this) != "date"
        or not isinstance(interval, exp.Interval)
    ):
        return node
    if re.search("hour|minute|second", interval.sql("duckdb"), re.I):
        return node
    return done_cast(node.copy(), "DATE")


def _divide(node: Expr) -> Expr:
    """Division by its operands' scales; where those are not to be known, by the scale of the dividend that DuckDB has."""
    kind = node.meta.get("quotient")
    if kind is not None and kind.name == "FLOAT":
        return node
    if kind is not None:
        return exp.Paren(
            this=done_cast(
                call(
                    "_quotient",
                    done_cast(node.left, "VARCHAR"),
                    done_cast(node.right, "VARCHAR"),
                    exp.Literal.number(kind.scale),
                ),
                f"DECIMAL(38,{kind.scale})",
            )
        )
    return call("_divided", node.left, node.right)


def _values_columns(node: Expr) -> Expr:
    """The columns of VALUES are COLUMN1, COLUMN2, …, unless they are named."""
    if not isinstance(node, exp.Values) or isinstance(node.parent, exp.Insert) or not node.expressions:
        return node
    first = node.expressions[0]
    count = len(first.expressions) if isinstance(first, exp.Tuple) else 1
    alias = node.args.get("alias")
    holder = node.parent if isinstance(node.parent, exp.Subquery) and alias is None else node
    alias = holder.args.get("alias")
    if alias is None or not alias.args.get("columns"):
        made = alias.copy() if alias is not None else exp.TableAlias(this=exp.to_identifier("_VALUES", quoted=True))
        made.set("columns", [exp.to_identifier(f"COLUMN{i + 1}", quoted=True) for i in range(count)])
        holder.set("alias", made)
    return node


def _count_star(node: Expr) -> Expr:
    """COUNT(t.*) counts the rows in which no column is null."""
    star = node.this
    if isinstance(star, exp.Column) and isinstance(star.this, exp.Star):
        row = exp.Column(this=star.args["table"].copy())
        return exp.CountIf(this=exp.Not(this=call("_has_null", call("to_json", row))))
    return node


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


def _event(node: Expr) -> Expr:
    """CONDITIONAL_TRUE_EVENT and CONDITIONAL_CHANGE_EVENT number the rows up to each at which something happens."""
    inner = node.this
    name = inner.name.upper() if isinstance(inner, exp.Anonymous) else ""
    if name not in ("CONDITIONAL_TRUE_EVENT", "CONDITIONAL_CHANGE_EVENT"):
        return node
    made, value = node.copy(), inner.expressions[0].copy()
    made.set("spec", exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"))
    if name == "CONDITIONAL_TRUE_EVENT":
        made.set("this", exp.CountIf(this=value))
        return made
    made.set("this", call("list", value))
    return call("_changes", made)


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


def _shown_value(node: Expr) -> Expr:
    """In an object, dates and times are texts."""
    if kind_of(node.expression) in ("date", "ntz", "tz", "zoned"):
        node.set("expression", as_text(node.expression.copy()))
    return node


def _rules(session: Session) -> list[Rule]:
    f = fakesnow
    return [
        ((exp.Typeof,), _typeof),
        ((exp.Anonymous,), _anonymous),
        ((exp.RegexpLike,), _regexp_like),
        ((exp.Window,), _ratio_to_report),
        ((exp.Anonymous, exp.Func), _session_function(session)),
        ((exp.Trim,), trim),
        ((exp.Lateral, exp.TableFromRows), _flatten),
        ((exp.Lateral, exp.TableFromRows), _split_rows),
        ((exp.Join,), _asof_join),
        ((exp.Array,), _array_literal),
        ((exp.Values,), _values_columns),
        ((exp.Div,), _divide),
        ((exp.Count,), _count_star),
        ((exp.ToDecfloat,), lambda node: call("_to_decfloat", node.this)),
        ((exp.ToVariant,), lambda node: call("_variant", node.this)),
        ((exp.PropertyEQ, exp.JSONKeyValue), _shown_value),
        ((exp.StarMap, exp.Struct, exp.JSONObject), f.object_construct),
        ((exp.TableSample,), f.sample),
        ((exp.Select,), f.random),
        ((exp.WithinGroup,), f.array_agg_within_group),
        ((exp.ArrayAgg, exp.Window), f.array_agg),
        ((exp.ObjectAgg,), f.object_agg),
        ((exp.DateAdd,), _date_add),
        ((exp.DateDiff,), _date_diff),
        ((exp.Interval,), _interval),
        ((exp.GroupConcat,), _list_agg),
        ((exp.Add, exp.Sub), _date_and_interval),
        ((exp.Column,), lambda node: next_value(session, node)),
        ((exp.Window,), _event),
        ((exp.DateDiff,), f.datediff_string_literal_timestamp_cast),
        ((exp.Anonymous,), f.haversine),
        ((exp.HexString,), f.hex_string),
        ((exp.Select,), f.alias_in_join),
    ]


def _apply(expression: Expr, kinds: tuple[type, ...], rule: Callable[[Expr], Expr]) -> Expr:
    """Replaces the nodes of these kinds, inner ones first, so that those within a replaced one are seen too."""
    for node in reversed(find_in_order(expression, *kinds)):
        parent, key, index = node.parent, node.arg_key, node.index  # a rule may put the node into what it makes
        made = rule(node)
        if made is node:
            continue
        if parent is None:
            expression = made
        elif key is not None:
            parent.set(key, made, index)
    return expression


def rewrite_functions(session: Session, expression: Expr) -> Expr:
    """The statement with DuckDB's functions in place of Snowflake's."""
    present = {type(node) for node in nodes(expression)}
    expression = rewrite_paths(session, expression)
    for kinds, rule in _rules(session):
        if any(issubclass(p, kinds) for p in present):
            expression = _apply(expression, kinds, rule)
    for node in find_all(expression, exp.Literal):
        if node.is_string and node.this and _SPACED_OFFSET.match(node.this):
            node.set("this", _SPACED_OFFSET.sub(r"\1\2", node.this))
    # inner casts first, so that a cast inside a replaced one is seen too
    casts = find_in_order(expression, exp.Cast)
    for node in reversed(casts):
        made = rewrite_cast(node)
        if made is not node:
            if node is expression:
                expression = made
            else:
                node.replace(made)
    expression = rewrite_zoned(expression)
    _drop_done(expression)
    return expression
