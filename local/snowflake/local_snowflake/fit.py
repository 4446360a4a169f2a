"""Values on their way into columns: VARCHAR(n) and BINARY(n) refuse what is longer, TIME(n) and TIMESTAMP_*(n) cut digits off, DECFLOAT and TIMESTAMP_TZ are made of what is given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.errors import SnowflakeError
from local_snowflake.names import identifier_text, name_parts, object_name
from local_snowflake.relations import Column
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all
from local_snowflake.types import MAX_BINARY, MAX_TEXT, shorter_seconds


@dataclass(frozen=True)
class Fit:
    """The macro that a value goes through on its way into a column, and the macro's further arguments.

    `unzoned` is a macro that comes first, where the value may be a TIMESTAMP_TZ and the column is not.
    """

    macro: str
    arguments: tuple[int, ...] = ()
    unzoned: str | None = None

    def sql(self, value: str) -> str:
        value = f"{self.unzoned}({value})" if self.unzoned else value
        return f"{self.macro}({', '.join([value, *map(str, self.arguments)])})"

    def expression(self, value: Expr) -> Expr:
        value = exp.Anonymous(this=self.unzoned, expressions=[value]) if self.unzoned else value
        return exp.Anonymous(this=self.macro, expressions=[value, *map(exp.Literal.number, self.arguments)])


_UNZONED = {"TIMESTAMP_LTZ": "_instant", "TIMESTAMP_NTZ": "_unzoned", "DATE": "_unzoned", "TIME": "_unzoned"}


def fit_of(column: Column, zoned: bool = False) -> Fit | None:
    """How a value, which may be a TIMESTAMP_TZ if `zoned`, is fitted to the column; None where DuckDB's own conversion does it."""
    kind = column.held
    if kind.name == "DECFLOAT":
        return Fit("_to_decfloat")
    if kind.name == "BINARY" and kind.length is not None and kind.length < MAX_BINARY:
        return Fit("_fit_binary", (kind.length,))
    if shorter := shorter_seconds(kind):
        return Fit(shorter, (kind.scale or 0,), _UNZONED.get(kind.name) if zoned else None)
    if kind.name == "TIMESTAMP_TZ":
        return Fit("_to_zoned")
    if kind.name == "VARCHAR" and kind.length is not None and kind.length < MAX_TEXT:
        return Fit("_fit", (kind.length,), "_unzoned_text" if zoned else None)
    if not zoned:
        return None
    macro = "_unzoned_text" if kind.name == "VARCHAR" else _UNZONED.get(kind.name)
    return Fit(macro) if macro else None


def fits(session: Session, table: Expr, statement: Expr) -> dict[str, Fit | None]:
    """The fits of a written table's columns, by name, in the table's order; empty where it has none."""
    relation = catalog.find(session, object_name(session, table))
    zoned = reads_zoned(session, statement)
    found = {c.name: fit_of(c, zoned) for c in catalog.columns(session, relation)} if relation else {}
    return found if any(found.values()) else {}


def reads_zoned(session: Session, statement: Expr) -> bool:
    """Whether TIMESTAMP_TZ values may be among what a statement writes: it makes some, or reads a table that has some."""
    for node in find_all(statement, exp.Cast, exp.Anonymous):
        if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.TIMESTAMPTZ:
            return True
        name = node.name.upper()
        if isinstance(node, exp.Anonymous) and (
            "TIMESTAMP_TZ" in name or name in ("CONVERT_TIMEZONE", "TIMESTAMPTZFROMPARTS")
        ):
            return True
    for table in find_all(statement, exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue
        try:
            relation = catalog.find(session, session.resolve(name_parts(session, table)))
        except SnowflakeError:
            continue
        if relation and any(c.held.name == "TIMESTAMP_TZ" for c in catalog.columns(session, relation)):
            return True
    return False


def fitted(value: Expr, fit: Fit | None) -> Expr:
    return value if fit is None else fit.expression(value)


def _is_default(value: Expr) -> bool:
    return isinstance(value, exp.Var) and value.name.upper() == "DEFAULT"


def fit_insert(session: Session, expression: exp.Insert) -> exp.Insert:
    """The INSERT, its source's values fitted in place."""
    target, source = expression.this, expression.expression
    found = fits(session, target, expression)
    if not found or source is None:
        return expression
    names = (
        [identifier_text(session, node) for node in target.expressions]
        if isinstance(target, exp.Schema)
        else list(found)
    )
    if not any(found.get(name) for name in names):
        return expression
    if isinstance(source, exp.Values) and any(map(_is_default, find_all(source, exp.Var))):
        for row in expression.expression.expressions:
            values = row.expressions if isinstance(row, exp.Tuple) else [row]
            made = [
                value if _is_default(value) else fitted(value.copy(), found.get(name))
                for value, name in zip(values, names, strict=True)
            ]
            row.replace(exp.Tuple(expressions=made))
        return expression
    columns = [exp.to_identifier(f"V{i + 1}", quoted=True) for i in range(len(names))]
    values = [
        fitted(exp.Column(this=column.copy()), found.get(name)) for column, name in zip(columns, names, strict=True)
    ]
    alias = exp.TableAlias(this=exp.to_identifier("_SOURCE", quoted=True), columns=columns)
    rows = source
    if isinstance(rows, exp.Values):
        rows.set("alias", alias)
    else:
        rows = exp.Subquery(this=rows.this if isinstance(rows, exp.Subquery) else rows, alias=alias)
    expression.set("expression", exp.Select(expressions=values, from_=exp.From(this=rows)))
    return expression


def fit_assignments(session: Session, assignments: list[Expr], found: dict[str, Fit | None]) -> None:
    """Fits the values of `SET column = value`."""
    for assignment in assignments:
        fit = found.get(identifier_text(session, assignment.this.this))
        if fit is not None:
            assignment.set("expression", fit.expression(assignment.expression))
