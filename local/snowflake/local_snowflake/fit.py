"""Values on their way into columns: VARCHAR(n) refuses longer text, a DECFLOAT column makes DECFLOATs of numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.catalog import Column
from local_snowflake.names import identifier_text, object_name
from local_snowflake.sessions import Session
from local_snowflake.types import MAX_TEXT


@dataclass(frozen=True)
class Fit:
    """The macro that a value goes through on its way into a column, and the macro's further arguments."""

    macro: str
    arguments: tuple[int, ...] = ()

    def sql(self, value: str) -> str:
        return f"{self.macro}({', '.join([value, *map(str, self.arguments)])})"

    def expression(self, value: Expr) -> Expr:
        return exp.Anonymous(this=self.macro, expressions=[value, *map(exp.Literal.number, self.arguments)])


def fit_of(column: Column) -> Fit | None:
    """How a value is fitted to the column; None where DuckDB's own conversion does it."""
    kind = column.type
    if kind.name == "DECFLOAT":
        return Fit("_to_decfloat")
    if kind.name == "VARCHAR" and kind.length is not None and kind.length < MAX_TEXT:
        return Fit("_fit", (kind.length,))
    return None


def fits(session: Session, table: Expr) -> dict[str, Fit | None]:
    """The fits of a written table's columns, by name, in the table's order; empty where it has none."""
    relation = catalog.find(session, object_name(session, table))
    found = {c.name: fit_of(c) for c in catalog.columns(session, relation)} if relation else {}
    return found if any(found.values()) else {}


def fitted(value: Expr, fit: Fit | None) -> Expr:
    return value if fit is None else fit.expression(value)


def fit_insert(session: Session, expression: exp.Insert) -> exp.Insert:
    """The INSERT with its source's texts checked."""
    target, source = expression.this, expression.expression
    found = fits(session, target)
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


def fit_assignments(session: Session, assignments: list[Expr], found: dict[str, Fit | None]) -> None:
    """Checks `SET column = value`."""
    for assignment in assignments:
        fit = found.get(identifier_text(session, assignment.this.this))
        if fit is not None:
            assignment.set("expression", fit.expression(assignment.expression.copy()))
