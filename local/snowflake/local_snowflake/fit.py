"""VARCHAR(n) refuses longer text, as Snowflake does and DuckDB does not."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.catalog import Column
from local_snowflake.names import identifier_text, object_name
from local_snowflake.sessions import Session
from local_snowflake.types import MAX_TEXT


def limit_of(column: Column) -> int | None:
    """The most characters that a column takes, where its type says so."""
    kind = column.type
    return kind.length if kind.name == "VARCHAR" and kind.length is not None and kind.length < MAX_TEXT else None


def limits(session: Session, table: Expr) -> dict[str, int]:
    """The limits of a written table's columns, by name, in the table's order; empty where it has none."""
    relation = catalog.find(session, object_name(session, table))
    found = {c.name: limit_of(c) for c in catalog.columns(session, relation)} if relation else {}
    return found if any(found.values()) else {}


def fitted(value: Expr, limit: int | None) -> Expr:
    return value if limit is None else exp.Anonymous(this="_fit", expressions=[value, exp.Literal.number(limit)])


def fit_insert(session: Session, expression: exp.Insert) -> exp.Insert:
    """The INSERT with its source's texts checked."""
    target, source = expression.this, expression.expression
    found = limits(session, target)
    if not found or source is None or any(column.name.upper() == "DEFAULT" for column in source.find_all(exp.Column)):
        return expression
    names = (
        [identifier_text(session, node) for node in target.expressions]
        if isinstance(target, exp.Schema)
        else list(found)
    )
    if not any(found.get(name) for name in names):
        return expression
    columns = [exp.to_identifier(f"V{i + 1}", quoted=True) for i in range(len(names))]
    values = [
        fitted(exp.Column(this=column.copy()), found.get(name)) for column, name in zip(columns, names, strict=True)
    ]
    alias = exp.TableAlias(this=exp.to_identifier("_SOURCE", quoted=True), columns=columns)
    rows = source.copy()
    if isinstance(rows, exp.Values):
        rows.set("alias", alias)
    else:
        rows = exp.Subquery(this=rows.this if isinstance(rows, exp.Subquery) else rows, alias=alias)
    expression = expression.copy()
    expression.set("expression", exp.Select(expressions=values, from_=exp.From(this=rows)))
    return expression


def fit_assignments(session: Session, assignments: list[Expr], found: dict[str, int]) -> None:
    """Checks `SET column = value`."""
    for assignment in assignments:
        limit = found.get(identifier_text(session, assignment.this.this))
        if limit is not None:
            assignment.set("expression", fitted(assignment.expression.copy(), limit))
