"""Values bound to `?`, `:1` and `$variables`: they become literals of the statement."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all


@dataclass
class Binds:
    """`values` by position or name; `batch` where each was a list: one row of Python values per execution."""

    values: dict[str, Expr] = field(default_factory=dict)
    batch: list[list[Any]] | None = None


def from_wire(bindings: dict[str, dict[str, Any]] | None) -> Binds:
    if not bindings:
        return Binds()
    if any(isinstance(bind["value"], list) for bind in bindings.values()):
        columns = [
            [_python(b["type"], v) for v in b["value"]] for b in (bindings[str(i)] for i in range(1, len(bindings) + 1))
        ]
        return Binds(batch=[list(row) for row in zip(*columns, strict=True)])
    return Binds({name: _literal(b["type"], b["value"]) for name, b in bindings.items()})


def _python(kind: str, value: str | None) -> Any:
    if value is None:
        return None
    match kind:
        case "FIXED":
            return Decimal(value)
        case "REAL":
            return float(value)
        case "BOOLEAN":
            return value.lower() in ("true", "1")
        case "DATE":
            return datetime.date(1970, 1, 1) + datetime.timedelta(milliseconds=int(value))
        case "TIME":
            return (datetime.datetime.min + datetime.timedelta(microseconds=int(value) // 1000)).time()
        case "TIMESTAMP_NTZ":
            return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=int(value) // 1000)
        case "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
            instant, _, minutes = value.partition(" ")  # the minutes are a TIMESTAMP_TZ's offset, plus a day
            made = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
                microseconds=int(instant) // 1000
            )
            return made.astimezone(datetime.timezone(datetime.timedelta(minutes=int(minutes or 1440) - 1440)))
        case "BINARY":
            return bytes.fromhex(value)
    return value


def _literal(kind: str, value: str | None) -> Expr:
    made = _python(kind, value)
    match made:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=made)
        case Decimal():
            return (
                exp.Literal.number(value) if not value.startswith("-") else exp.Neg(this=exp.Literal.number(value[1:]))
            )
        case float():
            return exp.cast(exp.Literal.string(value), exp.DataType.build("DOUBLE"))
        case bytes():
            return exp.Anonymous(this="unhex", expressions=[exp.Literal.string(made.hex())])
        case datetime.datetime():
            return exp.cast(
                exp.Literal.string(made.isoformat(sep=" ")),
                exp.DataType.build("TIMESTAMPTZ" if made.tzinfo else "TIMESTAMPNTZ", dialect="snowflake"),
            )
        case datetime.date():
            return exp.cast(exp.Literal.string(made.isoformat()), exp.DataType.build("DATE"))
        case datetime.time():
            return exp.cast(exp.Literal.string(made.isoformat()), exp.DataType.build("TIME"))
    return exp.Literal.string(made)


def _variable(value: Any) -> Expr:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, (int, float, Decimal)):
        return exp.Literal.number(str(value))
    return exp.Literal.string(str(value))


def _placeholders(expression: Expr) -> Iterator[exp.Placeholder]:
    """The question marks in the order of the text; the parser hangs a WITH behind what follows it."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.Placeholder):
            yield node
        first = node.args.get("with_")
        rest = [child for child in node.iter_expressions() if child is not first]
        waiting += reversed([first, *rest] if isinstance(first, Expr) else rest)


def substitute(session: Session, expression: Expr, binds: Binds, describe_only: bool = False) -> Expr:
    """The statement with its binds and session variables written in."""
    position = 0
    for node in list(_placeholders(expression)):
        if node.this is None:
            position += 1
            key = str(position)
        else:
            key = str(node.this)
        if key not in binds.values:
            if not describe_only:
                raise SnowflakeError(2049, "42601", f"SQL compilation error:\nBind variable :{key} not set.")
            node.replace(exp.Null())  # a describe carries no values
            continue
        node.replace(binds.values[key].copy())
    for node in find_all(expression, exp.Parameter):
        name = node.name.upper()
        if name.isdigit():
            continue
        if name not in session.variables:
            raise SnowflakeError(
                2211,
                "02000",
                f"SQL compilation error: error line 1 at position 0\nSession variable '${name}' does not exist",
            )
        node.replace(_variable(session.variables[name]))
    return expression
