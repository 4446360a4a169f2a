"""INSERT, UPDATE, DELETE, MERGE and TRUNCATE, with Snowflake's counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import Expr, exp

from local_snowflake.errors import unsupported
from local_snowflake.fit import fit_assignments, fit_insert, fits, fitted
from local_snowflake.names import identifier_text, object_name
from local_snowflake.results import Result, counts, status
from local_snowflake.sessions import Session
from local_snowflake.staged_reader import read_stage
from local_snowflake.translate import Translation
from local_snowflake.trees import find_all, find_in_order


def translation(session: Session) -> Translation:
    return Translation(session, lambda table: read_stage(session, table, None))


def _require(session: Session, table: Expr, *privileges: str) -> None:
    for privilege in privileges:
        session.access.require(privilege, "TABLE", object_name(session, table))


def target_key(session: Session, table: Expr) -> list[str]:
    """What to lock: the written table, unless only this session sees it."""
    name = object_name(session, table)
    return [] if session.is_temporary(name) else [str(name)]


def _run(session: Session, statements: list[str], keys: list[str]) -> int:
    def work(cursor: duckdb.DuckDBPyConnection) -> int:
        changed = 0
        for sql in statements:
            changed = cursor.execute(sql).fetchall()[0][0]
        return changed

    return session.write(work, keys)


def insert(session: Session, expression: exp.Insert) -> Result:
    if expression.args.get("overwrite"):
        expression.set("overwrite", None)
        target = expression.this.this if isinstance(expression.this, exp.Schema) else expression.this
        emptied = [exp.delete(target.copy())]
        keys = target_key(session, target)
        _require(session, target, "INSERT", "DELETE")
    else:
        emptied, keys = [], []
        _require(session, expression.this, "INSERT")
    made = translation(session)
    try:
        statements = [made.sql(e) for e in [*emptied, fit_insert(session, expression)]]
        return counts("INSERT", inserted=_run(session, statements, keys))
    finally:
        made.close()


def insert_batch(session: Session, expression: exp.Insert, rows: list[list[Any]]) -> Result:
    """INSERT … VALUES (?, …) with a list of values per placeholder, as one statement."""
    values = expression.expression
    if not isinstance(values, exp.Values) or len(values.expressions) != 1:
        raise unsupported("array binds for anything but INSERT … VALUES (…)")
    _require(session, expression.this, "INSERT")
    name = f"_binds_{session.next_number()}"
    table = pa.table(
        [pa.array([row[i] for row in rows]) for i in range(len(rows[0]))],
        names=[f"B{i + 1}" for i in range(len(rows[0]))],
    )
    table = table.cast(
        pa.schema([pa.field(f.name, pa.string()) if pa.types.is_null(f.type) else f for f in table.schema])
    )
    items = list(expression.expression.expressions[0].expressions)
    position = 0
    holder = exp.Tuple(expressions=items)
    for node in find_in_order(holder, exp.Placeholder):
        position = int(node.this) if node.this and str(node.this).isdigit() else position + 1
        column = exp.column(exp.to_identifier(f"B{position}", quoted=True), table=exp.to_identifier(name, quoted=True))
        for identifier in find_all(column, exp.Identifier):
            identifier.args["_done"] = True
        node.replace(column)
    source = exp.Table(this=exp.to_identifier(name, quoted=True))
    source.this.args["_done"] = True
    target = expression.this
    kinds = fits(session, target, expression)
    names = (
        [identifier_text(session, node) for node in target.expressions]
        if isinstance(target, exp.Schema)
        else list(kinds)
    )
    if kinds and len(names) == len(holder.expressions):
        holder = exp.Tuple(
            expressions=[fitted(v, kinds.get(name)) for v, name in zip(holder.expressions, names, strict=True)]
        )
    expression.set("expression", exp.Select(expressions=holder.expressions, from_=exp.From(this=source)))
    session.transactions.provide(name, table)
    made = translation(session)
    try:
        return counts("INSERT", inserted=_run(session, [made.sql(expression)], []))
    finally:
        made.close()
        session.transactions.withdraw([name])


def update(session: Session, expression: exp.Update) -> Result:
    _require(session, expression.this, "UPDATE")
    for assignment in expression.expressions:
        assignment.set("this", exp.Column(this=assignment.this.this))
    fit_assignments(session, expression.expressions, fits(session, expression.this, expression))
    keys = target_key(session, expression.this)
    made = translation(session)
    try:
        changed = _run(session, [made.sql(expression)], keys)
        return counts("UPDATE", updated=changed, multi_joined_updated=0)
    finally:
        made.close()


def delete(session: Session, expression: exp.Delete) -> Result:
    _require(session, expression.this, "DELETE")
    keys = target_key(session, expression.this)
    made = translation(session)
    try:
        return counts("DELETE", deleted=_run(session, [made.sql(expression)], keys))
    finally:
        made.close()


def truncate(session: Session, expression: exp.TruncateTable) -> Result:
    table = expression.expressions[0]
    name = object_name(session, table)
    if expression.args.get("exists"):
        from local_snowflake import catalog

        if catalog.find(session, name) is None:
            return status()
    session.access.require("TRUNCATE", "TABLE", name)
    made = translation(session)
    _run(session, [made.sql(exp.delete(table.copy()))], target_key(session, table))
    return status()


_ACTIONS = {exp.Insert: "INSERT", exp.Update: "UPDATE"}
_COUNTED = {"INSERT": "inserted", "UPDATE": "updated", "DELETE": "deleted"}


def merge(session: Session, expression: exp.Merge) -> Result:
    """One atomic MERGE. A target row matched by several source rows is error 100090 unless the session allows it."""
    _require(session, expression.this, "SELECT")
    actions = set()
    found = fits(session, expression.this, expression)
    for when in expression.args["whens"].expressions:
        then = when.args["then"]
        action = _ACTIONS.get(type(then), "DELETE")
        actions.add(action)
        _require(session, expression.this, action)
        if action == "UPDATE":
            for assignment in then.expressions:
                assignment.set("this", exp.Column(this=assignment.this.this))
            fit_assignments(session, then.expressions, found)
        elif action == "INSERT" and isinstance(then.this, exp.Tuple):
            for column in then.this.expressions:
                if isinstance(column, exp.Column):
                    column.set("table", None)
            if found and isinstance(then.expression, exp.Tuple):
                names = [
                    identifier_text(session, column.this if isinstance(column, exp.Column) else column)
                    for column in then.this.expressions
                ]
                values = zip(then.expression.expressions, names, strict=True)
                then.expression.set("expressions", [fitted(value, found.get(name)) for value, name in values])
    expression.set("returning", exp.Returning(expressions=[exp.column("merge_action")]))
    for identifier in find_all(expression.args["returning"], exp.Identifier):
        identifier.args["_done"] = True
    keys = target_key(session, expression.this)
    made = translation(session)
    try:
        sql = made.sql(expression)

        def work(cursor: duckdb.DuckDBPyConnection) -> Counter[str]:
            return Counter(action for (action,) in cursor.execute(sql).fetchall())

        done = session.write(work, keys)
    finally:
        made.close()
    return counts("MERGE", **{name: done.get(action, 0) for action, name in _COUNTED.items() if action in actions})
