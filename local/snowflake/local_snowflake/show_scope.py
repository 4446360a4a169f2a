"""What a SHOW is limited to, by its place and by LIKE, STARTS WITH and LIMIT, and the shape of its answer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from sqlglot import Expr, exp

from local_snowflake.errors import no_such_object
from local_snowflake.names import name_parts
from local_snowflake.results import Result, ResultColumn
from local_snowflake.sessions import Session
from local_snowflake.types import SnowflakeType, varchar


def listing(
    columns: Sequence[tuple[str, SnowflakeType | None]], rows: Sequence[Sequence[Any]], kind: str = "SHOW"
) -> Result:
    return Result([ResultColumn(name, type_ or varchar()) for name, type_ in columns], kind, rows=rows)


def like(pattern: str, name: str) -> bool:
    """Snowflake's LIKE in SHOW: without case, `%` and `_`."""
    escaped = re.sub(
        r"\\?[%_]|[^%_\\]+|\\", lambda m: {"%": ".*", "_": "."}.get(m[0], re.escape(m[0].lstrip("\\"))), pattern
    )
    return re.fullmatch(escaped, name, re.I | re.S) is not None


def when(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def scope_of(session: Session, expression: exp.Show) -> tuple[str | None, str | None, str | None]:
    """Database, schema and table that a SHOW is limited to."""
    kind = str(expression.args.get("scope_kind") or "").upper()
    scope = expression.args.get("scope")
    parts = name_parts(session, scope) if isinstance(scope, exp.Table) else []
    if kind == "ACCOUNT":
        return None, None, None
    if kind == "DATABASE":
        database = parts[-1] if parts else session.database
        if database is not None and not is_there(session, database):
            raise no_such_object()
        return database, None, None
    if kind in ("TABLE", "VIEW"):
        name = session.resolve(parts)
        return name.database, name.schema, name.name
    if kind == "SCHEMA" or parts:
        database = parts[-2] if len(parts) > 1 else session.database
        schema = parts[-1] if parts else session.schema
        if database is None or schema is None or not is_there(session, database, schema):
            raise no_such_object()
        return database, schema, None
    return session.database, session.schema, None


def is_there(session: Session, database: str, schema: str | None = None) -> bool:
    store = session.store
    exists = store.has_database(database) if schema is None else store.has_schema(database, schema)
    return exists and session.access.sees_path(database, schema)


def limited(expression: exp.Show, result: Result, name_index: int) -> Result:
    """LIKE, STARTS WITH and LIMIT."""
    rows = list(result.rows)
    if (pattern := expression.args.get("like")) is not None:
        rows = [
            row for row in rows if like(pattern.name if isinstance(pattern, Expr) else str(pattern), row[name_index])
        ]
    if (prefix := expression.args.get("starts_with")) not in (None, False):
        start = prefix.name if isinstance(prefix, Expr) else str(prefix)
        rows = [row for row in rows if row[name_index].startswith(start)]
    limit = expression.args.get("limit")
    if limit is not None:
        if (after := expression.args.get("from_")) not in (None, False):
            rows = [row for row in rows if row[name_index] > (after.name if isinstance(after, Expr) else str(after))]
        number = limit.expression if isinstance(limit, exp.Limit) else limit
        rows = rows[: int(number.name if isinstance(number, Expr) else number)]
    result.rows = rows
    return result
