"""What the definitions of tables, views and schemas share."""

from __future__ import annotations

import duckdb
from sqlglot import Expr, exp

from local_snowflake.access import insufficient
from local_snowflake.errors import not_found
from local_snowflake.identifiers import ObjectName
from local_snowflake.sessions import Session


def nodes_of(expression: Expr) -> list[Expr]:
    found = expression.args.get("properties")
    return found.expressions if found else []


def comment_of(expression: Expr) -> str:
    node = next((n for n in nodes_of(expression) if isinstance(n, exp.SchemaCommentProperty)), None)
    return node.this.name if node else ""


def write(session: Session, statements: list[str], changed: list[str], keys: list[str] | None = None) -> None:
    """Runs the statements as one unit, holding the locks of `keys`; `changed` are the relations, by their names in DuckDB's
    dialect, whose definitions are others afterwards."""

    def work(cursor: duckdb.DuckDBPyConnection) -> None:
        for sql in statements:
            cursor.execute(sql)

    try:
        session.write(work, keys or [])
    finally:
        session.relations_changed(changed)


def check_schema(session: Session, name: ObjectName) -> None:
    """Refuses a name in a schema that is not there, or that is Snowflake's own."""
    if not session.store.has_database(name.database):
        raise not_found("Database", name.database)
    if name.schema == "INFORMATION_SCHEMA":
        raise insufficient("SCHEMA", name.schema)
    if not session.store.has_schema(name.database, name.schema):
        raise not_found("Schema", f"{name.database}.{name.schema}")
