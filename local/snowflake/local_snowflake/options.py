"""`NAME = value` lists of file formats, stages, PUT and COPY."""

from __future__ import annotations

from typing import Any

from sqlglot import Expr, exp


def value_of(node: Expr | None) -> Any:
    """A Python value: bool, int, str, or a list of strings."""
    match node:
        case None:
            return None
        case exp.Boolean():
            return bool(node.this)
        case exp.Literal():
            return node.name if node.is_string else int(node.name)
        case exp.Neg():
            return -value_of(node.this)
        case exp.Tuple() | exp.Array():
            return [value_of(item) for item in node.expressions]
        case exp.Paren():
            return [value_of(node.this)]
    return node.name


def properties(nodes: list[Expr]) -> dict[str, Any]:
    """Options by upper-case name; nested lists such as FILE_FORMAT = (…) are dictionaries."""
    found: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, exp.CopyParameter):
            if node.expressions:
                found[node.name.upper()] = properties(node.expressions)
            else:
                found[node.name.upper()] = value_of(node.args.get("expression"))
        elif isinstance(node, exp.FileFormatProperty):
            found["FILE_FORMAT"] = properties(node.expressions) or (
                {"FORMAT_NAME": value_of(node.this)} if node.this else {}
            )
        elif isinstance(node, exp.Property):
            value = node.args.get("value")
            found[node.name.upper()] = (
                properties(value.expressions) if isinstance(value, exp.Properties) else value_of(value)
            )
        elif isinstance(node, exp.EQ):
            found[node.this.name.upper()] = value_of(node.expression)
    return found
