"""Text from dates and numbers, and regular expressions."""

from __future__ import annotations

import re

from sqlglot import Expr, exp

from local_snowflake.errors import unsupported
from local_snowflake.nodes import call, text

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


def to_char(node: Expr) -> Expr:
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


def time_to_str(node: Expr) -> Expr:
    given = node.args.get("format")
    if isinstance(given, exp.Literal):  # the parser has turned it into strftime's
        known = given.this
        for theirs, ours in (("%f_three", "%g"), ("%f_nine", "%n"), ("%f_zero", ""), ("%f_six", "%f")):
            known = known.replace(theirs, ours)
        return call("_format_time", node.this, text(known))
    folded = _folded(given)
    return (
        call("_format_time", node.this, text(strftime_format(folded.this))) if isinstance(folded, exp.Literal) else node
    )


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


def regexp_replace(node: Expr) -> Expr:
    """All occurrences, unless one is named."""
    position, occurrence = _plain_number(node.args.get("position"), 1), _plain_number(node.args.get("occurrence"), 0)
    flags = _flags(node.args.get("modifiers") or node.args.get("parameters"))
    if position != 1 or occurrence > 1:
        raise unsupported("REGEXP_REPLACE from a position or of a later occurrence")
    replacement = node.args.get("replacement") or text("")
    options = "".join(letter for letter in flags if letter in "ims") + ("g" if occurrence == 0 else "")
    return call("regexp_replace", node.this, node.expression, replacement, text(options))


def regexp_substr(node: Expr) -> Expr:
    """The n-th match or its group; NULL where there is none."""
    position, occurrence = node.args.get("position"), _plain_number(node.args.get("occurrence"), 1)
    flags = _flags(node.args.get("parameters"))
    group = _plain_number(node.args.get("group"), 0)
    if group == 0 and "e" in flags:
        group = 1
    subject = node.this if position is None or position.name == "1" else call("substr", node.this, position)
    options = text("".join(letter for letter in flags if letter in "ims"))
    return call(
        "list_extract",
        call("regexp_extract_all", subject, node.expression, exp.Literal.number(group), options),
        exp.Literal.number(occurrence),
    )


_TRIMS = {"LEADING": "ltrim", "TRAILING": "rtrim"}


def trim(node: Expr) -> Expr:
    """TRIM, LTRIM and RTRIM take a set of characters; without one they take the blank."""
    name = _TRIMS.get(str(node.args.get("position") or "").upper(), "trim")
    characters = node.args.get("expression")
    taken = text(" ") if characters is None else call("_text", characters)
    return call(name, call("_text", node.this), taken)
