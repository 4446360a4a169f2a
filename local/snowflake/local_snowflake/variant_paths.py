"""Paths into VARIANT values: `v:a.b[0]`, `v['a']['b'][0]` and GET become JSON pointers, which take any key."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.sessions import Session
from local_snowflake.trees import find_all

_TEXT_CONSUMERS = (
    exp.Upper,
    exp.Lower,
    exp.Trim,
    exp.Like,
    exp.ILike,
    exp.DPipe,
    exp.Concat,
    exp.RegexpLike,
    exp.RegexpReplace,
    exp.Split,
    exp.SplitPart,
    exp.Initcap,
    exp.Replace,
)


def pointer(keys: list[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def path_of(node: Expr) -> tuple[Expr, list[str | int]] | None:
    """The base and the keys of a path; None for anything else."""
    keys: list[str | int] = []
    current = node
    while True:
        if isinstance(current, exp.JSONExtract) and isinstance(current.expression, exp.JSONPath):
            part: list[str | int] = []
            for step in current.expression.expressions:
                if isinstance(step, exp.JSONPathKey):
                    part.append(str(step.this))
                elif isinstance(step, exp.JSONPathSubscript) and isinstance(step.this, (int, str)):
                    part.append(step.this)
                elif not isinstance(step, exp.JSONPathRoot):
                    return None
            keys = part + keys
            current = current.this
        elif (
            isinstance(current, exp.Bracket)
            and len(current.expressions) == 1
            and isinstance(current.expressions[0], exp.Literal)
        ):
            index = current.expressions[0]
            keys = [index.this if index.is_string else int(index.this), *keys]
            current = current.this
        elif isinstance(current, exp.Paren) and isinstance(current.this, (exp.JSONExtract, exp.Bracket)):
            current = current.this
        else:
            break
    return (current, keys) if keys else None


def wants_text(node: Expr) -> bool:
    """Whether what reads the path wants its text rather than a VARIANT: a cast to anything else, a string function."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.Cast):
        return parent.to.this not in (exp.DataType.Type.VARIANT, exp.DataType.Type.OBJECT, exp.DataType.Type.ARRAY)
    return isinstance(parent, _TEXT_CONSUMERS)


def rewrite_paths(session: Session, expression: Expr) -> Expr:
    del session
    for node in find_all(expression, exp.JSONExtract, exp.Bracket):
        if (
            isinstance(node.parent, (exp.JSONExtract, exp.Bracket))
            and node.parent.this is node
            or node.root() is not expression
        ):
            continue
        if node.args.get("_done"):
            continue
        found = path_of(node)
        if (
            found is None
            or isinstance(found[0], (exp.Array, exp.Anonymous))
            and isinstance(node, exp.Bracket)
            and not isinstance(node.expressions[0].this, str)
        ):
            continue
        base, keys = found
        made = exp.Anonymous(
            this="json_extract_string" if wants_text(node) else "json_extract",
            expressions=[base.copy(), exp.Literal.string(pointer(keys))],
        )
        if node is expression:
            expression = made
        else:
            node.replace(made)
    return expression
