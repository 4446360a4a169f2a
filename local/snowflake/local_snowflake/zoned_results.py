"""TIMESTAMP_TZ values that a query makes itself are answered with the offset that they were written with.

DuckDB keeps an instant only, so a stored value has the session's offset; but where the outermost SELECT makes the value of
a text, of parts or by CONVERT_TIMEZONE, the offset is known, and answered beside the instant.
"""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.nodes import call

# The macros that make such values, and those that give value and offset.
_WITH_OFFSET = {
    "_tz_text": "_tz_text_with_offset", "_timestamp_tz_by": "_tz_by_with_offset", "_zoned": "_zoned_with_offset", "_in_zone": "_in_zone_with_offset",
}  # fmt: skip


# The macros that make text of a timestamp.
_SHOWN = ("_text", "_ntz_shown", "_tz_shown")


def keep_offsets(expression: Expr) -> Expr:
    """The query with value and offset in place of such values, in its own projections and where they become text."""
    for node in list(expression.find_all(exp.Anonymous)):
        made = node.expressions[0].unnest() if node.expressions else None
        if node.name in _SHOWN and isinstance(made, exp.Anonymous) and made.name in _WITH_OFFSET:
            node.replace(call("_offset_shown", call(_WITH_OFFSET[made.name], *(a.copy() for a in made.expressions))))
    if not isinstance(expression, exp.Select) or expression.args.get("distinct") or expression.args.get("group"):
        return expression
    for item in expression.expressions:
        value = item.this if isinstance(item, exp.Alias) else item
        if isinstance(value, exp.Anonymous) and value.name in _WITH_OFFSET:
            value.replace(call(_WITH_OFFSET[value.name], *value.expressions))
    return expression
