"""Sequences: `name.NEXTVAL`, and SEQ1() to SEQ8() inside a window, where DuckDB takes nothing that counts rows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import Expr, exp

from local_snowflake.errors import unsupported
from local_snowflake.names import identifier_text
from local_snowflake.nodes import call, text
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all

_SEQUENCES = (exp.Seq1, exp.Seq2, exp.Seq4, exp.Seq8)
_COLUMN = "_SEQUENCE"


def next_value(session: Session, column: Expr) -> Expr:
    """The column, or for `sequence.NEXTVAL` a call that takes the sequence's next value."""
    if column.name.upper() != "NEXTVAL" or not column.args.get("table"):
        return column
    parts = [column.args[key] for key in ("catalog", "db", "table") if column.args.get(key)]
    made = call("nextval", text(session.resolve([identifier_text(session, part) for part in parts]).sql))
    return exp.alias_(made, "NEXTVAL", quoted=True) if isinstance(column.parent, exp.Select) else made


def number_rows_for_windows(expression: Expr, readers: Mapping[str, Expr]) -> None:
    """Gives the rows of a SELECT numbers before its windows are computed, and its windows those instead of SEQ8().

    `readers` holds what is going to read the files of a stage, by the name that stands for it.
    """
    for select in find_all(expression, exp.Select):
        calls = [
            found
            for window in find_all(select, exp.Window)
            for found in find_all(window, *_SEQUENCES)
            if found.find_ancestor(exp.Select) is select
        ]
        if not calls:
            continue
        source = select.args.get("from_")
        if source is None or select.args.get("joins") or any(item.is_star for item in select.expressions):
            raise unsupported("SEQ8() in a window of a query that joins, or selects all columns")
        for one in calls:
            one.replace(exp.Column(this=_own_name(_COLUMN)))
        _number(source, readers)


def _number(source: exp.From, readers: Mapping[str, Expr]) -> None:
    rows = source.this
    given = rows.args.get("alias")
    if given is not None:
        alias = given.copy()
    elif isinstance(rows, exp.Table):
        reader = readers.get(rows.name)
        alias = exp.TableAlias(this=_own_name(reader.alias) if reader is not None else rows.this.copy())
    else:
        alias = None
    numbered = exp.Alias(
        this=exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1)),
        alias=_own_name(_COLUMN),
    )
    inner = exp.Select(expressions=[exp.Star(), numbered], from_=exp.From(this=rows.copy()))
    source.set("this", exp.Subquery(this=inner, alias=alias))


def _own_name(name: str) -> exp.Identifier:
    """A name that is DuckDB's already."""
    node = exp.to_identifier(name, quoted=True)
    node.args["_done"] = True
    return node
