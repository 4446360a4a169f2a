"""TRIM and its relatives."""

from __future__ import annotations

from sqlglot import Expr

from local_snowflake.casts import as_text
from local_snowflake.nodes import call, text

_TRIMS = {"LEADING": "ltrim", "TRAILING": "rtrim"}


def trim(node: Expr) -> Expr:
    """TRIM, LTRIM and RTRIM take a set of characters; without one they take the blank."""
    name = _TRIMS.get(str(node.args.get("position") or "").upper(), "trim")
    characters = node.args.get("expression")
    taken = text(" ") if characters is None else as_text(characters)
    return call(name, as_text(node.this), taken)
