"""TIMESTAMP_TZ values: an instant and the offset in minutes that it was written with, as a DuckDB struct.

Snowflake compares them as instants and shows, casts and truncates them in their own offset. So what becomes an answer, a
column or the argument of what only passes a value on keeps the struct; everything else is given the instant, or the wall
clock at the value's offset. The macros take a TIMESTAMPTZ as well: its offset is the session's.
"""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.casts import kind_of
from local_snowflake.library import done_cast
from local_snowflake.nodes import call
from local_snowflake.trees import find_all, nodes, nodes_in_order

# What gives value and offset, and what gives the instant alone of the same arguments.
_INSTANTS = {
    "_tz_text_with_offset": "_tz_text",
    "_tz_by_with_offset": "_timestamp_tz_by",
    "_zoned_with_offset": "_zoned",
    "_with_offset": "_same",
    "_in_zone": "_same",
}
# Macros that take the whole value.
_WHOLE = {"_to_zoned", "_shorter_tz", "_instant", "_wall", "_unzoned", "_unzoned_text", "_fit", "_with_offset", "_offset_shown", "_rezoned", "_variant_type", "_type_name"}  # fmt: skip
# Functions that only pass a value on.
_PASSED = {"try", "any_value"}
# Functions of the wall clock, whose result has no offset.
_WALL = {
    "_part", "_date", "_time", "_timestamp_ntz", "_week", "_week_iso", "_year_of_week", "_year_of_week_iso", "_day_of_week", "_day_of_week_iso", "_dayname",
    "_monthname", "_months_between", "_next_day", "_previous_day", "_date_and_time", "_last_day", "strftime",
}  # fmt: skip
# Functions of the wall clock that give a TIMESTAMP_TZ of the same offset.
_REZONED = {
    "_date_add",
    "_time_add",
    "_truncated",
    "_truncated_to_week",
    "_sliced",
    "_sliced_timestamp",
    "_add_months",
    "_timestamp_months_added",
    "date_trunc",
}
_TEXTS = {
    "_text": "_offset_shown",
    "_tz_shown": "_offset_shown",
    "_to_char": "_format_zoned",
    "_format_time": "_format_zoned",
}
_JSON = {"_variant", "to_json", "json_array", "json_object", "_json_text", "_json_shown"}
_TEXTUAL = (
    exp.DPipe, exp.Concat, exp.ConcatWs, exp.GroupConcat, exp.Length, exp.Upper, exp.Lower, exp.Trim, exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpReplace, exp.Replace,
    exp.Substring, exp.Left, exp.Right, exp.MD5, exp.SHA, exp.SHA2, exp.PropertyEQ, exp.JSONKeyValue, exp.ArrayAgg, exp.JSONArray, exp.JSONObject,
)  # fmt: skip
_BRANCHES = (exp.Coalesce, exp.Greatest, exp.Least)
_CARRIERS = (
    exp.Paren, exp.Alias, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.Max, exp.Min, exp.AnyValue, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead, exp.ArgMax,
    exp.ArgMin, exp.Nullif,
)  # fmt: skip
_DAYS = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}


def rewrite_zoned(expression: Expr) -> Expr:
    """The statement with each TIMESTAMP_TZ value as what reads it needs it. Its casts and functions are rewritten already."""
    stars = [select for select in find_all(expression, exp.Select) if select.meta.get("zoned")]
    for select in stars:
        _star_of_instants(select)
    if not any(_may_be_zoned(node) and kind_of(node) == "zoned" for node in nodes(expression)):
        return expression
    for node in find_all(expression, exp.Nullif):
        if kind_of(node.this) == "zoned":
            same = exp.If(this=exp.EQ(this=node.this.copy(), expression=node.expression.copy()), true=exp.Null())
            node.replace(exp.Case(ifs=[same], default=node.this.copy()))
    for select in find_all(expression, exp.Select):
        _name_columns(select)
        _name_grouped(select)
        _compared(select)
    values = [node for node in nodes_in_order(expression) if _may_be_zoned(node)]
    for node in reversed(values):
        if (node.parent is not None or node is expression) and kind_of(node) == "zoned":
            made = _adapted(node)
            if node is expression:
                expression = made
    for select in find_all(expression, exp.Select):
        _group(select)
        _distinct(select)
    for operation in find_all(expression, exp.SetOperation):
        _align(operation)
    return expression


def _may_be_zoned(node: Expr) -> bool:
    return isinstance(
        node, (exp.Column, exp.Anonymous, exp.Case, exp.If, exp.Subquery, *_BRANCHES, *_CARRIERS)
    ) and not isinstance(node, exp.Alias)


def _instant(node: Expr) -> Expr:
    """The instant of a copy of `node`."""
    made = node.copy()
    if isinstance(made, exp.Anonymous) and (twin := _INSTANTS.get(made.name)):
        return made.expressions[-1] if twin == "_same" else call(twin, *made.expressions)
    return call("_instant", made)


def _wall(node: Expr) -> Expr:
    if _is_in_utc(node):  # its wall clock needs no offset
        return call("timezone", *(argument.copy() for argument in node.expressions))
    made = call("_wall", node.copy())
    return done_cast(made, "TIMESTAMP") if node.find(exp.AggFunc) else made  # a macro does not see an aggregate's type


def _is_in_utc(node: Expr) -> bool:
    return (
        isinstance(node, exp.Anonymous)
        and node.name == "_in_zone"
        and node.expressions[0].name == "UTC"
        and node.expressions[0].is_string
    )


def _adapted(node: Expr) -> Expr:
    """Puts into the place of a zoned value what its reader takes; the statement's own root is given back as it is to be."""
    parent = node.parent
    if parent is None or _passes(node, parent):
        return node
    if isinstance(parent, exp.Anonymous):
        return _argument(node, parent)
    if isinstance(parent, exp.Cast):
        wanted = parent.to.sql("duckdb").upper()
        node.replace(_instant(node) if "TZ" in wanted or "ZONE" in wanted else _wall(node))
    elif isinstance(parent, exp.Extract):
        _extract(node, parent)
    elif isinstance(parent, exp.LastDay):
        node.replace(_wall(node))
    elif (
        isinstance(parent, _TEXTUAL)
        or isinstance(parent, exp.Order)
        and isinstance(parent.parent, exp.GroupConcat)
        and node.arg_key == "this"
    ):
        node.replace(call("_offset_shown", node.copy()))
    elif isinstance(parent, (exp.Add, exp.Sub)) and isinstance(parent.expression, exp.Interval):
        _rezone(node, parent)
    elif isinstance(parent, exp.DateDiff):
        _differ(node, parent)
    else:
        node.replace(_instant(node))
    return node


def _passes(node: Expr, parent: Expr) -> bool:
    """Whether the value goes on as a whole, or is no value but a column's name."""
    if isinstance(parent, (exp.Star, exp.Pivot)):
        return True
    if isinstance(parent, (exp.Select, exp.Alias)) and node.arg_key in ("expressions", "this"):
        return isinstance(parent, exp.Alias) or node.arg_key == "expressions"
    if isinstance(parent, exp.Anonymous) and parent.name in _WHOLE | _PASSED:
        return True
    if isinstance(parent, exp.EQ) and isinstance(parent.parent, exp.Update) and parent.arg_key == "expressions":
        return True
    if isinstance(parent, exp.Tuple) and isinstance(parent.parent, (exp.Values, exp.Insert)):
        return True
    if isinstance(parent, exp.If) and node.arg_key in ("true", "false"):
        case = parent.parent if isinstance(parent.parent, exp.Case) else parent
        return kind_of(case) == "zoned"
    if isinstance(parent, exp.Case) and node.arg_key == "default":
        return kind_of(parent) == "zoned"
    if isinstance(parent, _BRANCHES):
        return kind_of(parent) == "zoned"
    if isinstance(parent, _CARRIERS) and node.arg_key == "this":
        return kind_of(parent) == "zoned"
    return False


def _argument(node: Expr, parent: exp.Anonymous) -> Expr:
    name = parent.name
    if name in _TEXTS:
        parent.set("this", _TEXTS[name])
    elif name in _JSON:
        node.replace(call("_offset_shown", node.copy()))
    elif name == "_part" and str(parent.expressions[0].name).startswith("epoch"):
        node.replace(_instant(node))
    elif name in _WALL:
        node.replace(_wall(node))
    elif name in _REZONED:
        _rezone(node, parent)
    else:
        node.replace(_instant(node))
    return node


def _rezone(node: Expr, parent: Expr) -> None:
    """`parent` works on the wall clock, and its result is a value of the same offset; what reads that is looked at next."""
    own = node.copy()
    node.replace(_wall(node))
    place, key, index = parent.parent, parent.arg_key, parent.index
    made = call("_rezoned", parent.copy(), own)
    if place is None:
        raise AssertionError("an expression stands in a statement")
    place.set(key, made, index)
    _adapted(made)


def _extract(node: Expr, parent: exp.Extract) -> None:
    part = parent.this.name.lower()
    if part.startswith("epoch"):
        node.replace(_instant(node))
    elif part in ("timezone_hour", "timezone_minute"):
        offset = call("_offset_of", node.copy())
        part_of = exp.IntDiv if part == "timezone_hour" else exp.Mod
        parent.replace(exp.Paren(this=part_of(this=offset, expression=exp.Literal.number(60))))
    else:
        node.replace(_wall(node))


def _differ(node: Expr, parent: exp.DateDiff) -> None:
    """Days and more are counted between the values' own dates; hours and less between instants, at the first one's offset."""
    start, end = parent.expression, parent.this
    unit = parent.args.get("unit")
    if unit is not None and unit.name.upper() in _DAYS:
        node.replace(_wall(node))
    elif kind_of(start) == "zoned" and kind_of(end) == "zoned":
        offset = call("_offset_of", start.copy())
        end.replace(call("_wall_at", _instant(end), offset.copy()))
        start.replace(call("_wall_at", _instant(start), offset))
    else:
        node.replace(_instant(node))


# -- groups and distinct rows: equal instants are one, whatever their offsets


def _value(item: Expr) -> Expr:
    return item.this if isinstance(item, exp.Alias) else item


def _star_of_instants(select: exp.Select) -> None:
    """The rows of DISTINCT * and of a UNION are compared as they are, so their stars give instants."""
    for item in select.expressions:
        star = item.this if isinstance(item, exp.Column) else item
        if isinstance(star, exp.Star) and not star.args.get("except_") and not star.args.get("replace"):
            star.set(
                "replace",
                [
                    exp.alias_(call("_instant", exp.Column(this=name.copy())), name.copy())
                    for name in select.meta["zoned"]
                ],
            )


def _name_columns(select: exp.Select) -> None:
    """A column keeps its name whatever is made of it."""
    for item in select.expressions:
        if isinstance(item, exp.Column) and isinstance(item.this, exp.Identifier) and kind_of(item) == "zoned":
            item.replace(exp.alias_(item.copy(), item.this.copy()))


def _compared(select: exp.Select) -> None:
    """A query whose rows are compared with a value gives instants."""
    parent = select.parent
    holder = parent.parent if isinstance(parent, exp.Subquery) else None
    if isinstance(holder, (exp.In, exp.Any, exp.All)) or isinstance(parent, exp.In):
        for item in select.expressions:
            if kind_of(_value(item)) == "zoned":
                _value(item).replace(_instant(_value(item)))


def _name_grouped(select: exp.Select) -> None:
    """GROUP BY 1, GROUP BY an alias and GROUP BY ALL are written out where they mean a TIMESTAMP_TZ value."""
    group = select.args.get("group")
    if group is None:
        return
    items = select.expressions
    zoned = [item for item in items if kind_of(_value(item)) == "zoned"]
    if not zoned:
        return
    if group.args.get("all"):
        group.set("all", None)
        group.set("expressions", [_value(item).copy() for item in items if not _value(item).find(exp.AggFunc)])
        return
    aliases = {item.alias.upper(): item.this for item in zoned if isinstance(item, exp.Alias)}
    made = []
    for key in group.expressions:
        if isinstance(key, exp.Literal) and not key.is_string and 0 < int(key.name) <= len(items):
            made.append(_value(items[int(key.name) - 1]).copy())
        elif (
            isinstance(key, exp.Column)
            and not key.args.get("table")
            and kind_of(key) in (None, "zoned")
            and key.name.upper() in aliases
        ):
            made.append(aliases[key.name.upper()].copy())
        else:
            made.append(key)
    group.set("expressions", made)


def _group(select: exp.Select) -> None:
    """Outside aggregates, a grouped value is any of its group's, which are one instant."""
    group = select.args.get("group")
    if group is None:
        return
    keys = {key.expressions[0].sql() for key in find_all(group, exp.Anonymous) if key.name == "_instant"}
    keys |= {value.sql() for key in group.expressions for name, twin in _INSTANTS.items() if twin != "_same" and isinstance(key, exp.Anonymous) and key.name == twin for value in [call(name, *key.expressions)]}  # fmt: skip
    if not keys:
        return
    places = [
        *select.expressions,
        *(select.args[name] for name in ("having", "qualify", "order") if select.args.get(name)),
    ]
    for place in places:
        for node in [n for n in nodes_in_order(place) if kind_of(n) == "zoned" and n.sql() in keys]:
            if (
                node.find_ancestor(exp.Select) is select
                and node.find_ancestor(exp.AggFunc) is None
                and not _is_any(node.parent)
            ):
                node.replace(call("any_value", node.copy()))


def _is_any(node: Expr | None) -> bool:
    return isinstance(node, exp.Anonymous) and node.name == "any_value"


def _distinct(select: exp.Select) -> None:
    distinct = select.args.get("distinct")
    if distinct is None or distinct.args.get("on") is not None:
        return
    values = [_value(item) for item in select.expressions]
    if any(kind_of(value) == "zoned" for value in values):
        keys = [_instant(value) if kind_of(value) == "zoned" else value.copy() for value in values]
        distinct.set("on", exp.Tuple(expressions=keys))


def _align(operation: exp.SetOperation) -> None:
    """Branches of UNION ALL keep offsets where all of them have one; other set operations compare instants."""
    if isinstance(operation.parent, exp.SetOperation):
        return
    branches = _branches(operation)
    keeps = all(isinstance(o, exp.Union) and not o.args.get("distinct") for o in find_all(operation, exp.SetOperation) if o.find_ancestor(exp.Select) is operation.find_ancestor(exp.Select))  # fmt: skip
    for index in range(min((len(b.expressions) for b in branches), default=0)):
        values = [_value(branch.expressions[index]) for branch in branches]
        zoned = [value for value in values if kind_of(value) == "zoned"]
        if zoned and not (keeps and all(kind_of(v) == "zoned" or isinstance(v, exp.Null) for v in values)):
            for value in zoned:
                value.replace(_instant(value))


def _branches(query: Expr) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return [*_branches(query.this), *_branches(query.expression)]
    if isinstance(query, (exp.Subquery, exp.Paren)):
        return _branches(query.this)
    return [query] if isinstance(query, exp.Select) else []
