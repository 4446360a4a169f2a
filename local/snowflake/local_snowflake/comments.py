"""COMMENT ON, and comments that ALTER sets."""

from __future__ import annotations

from sqlglot import exp

from local_snowflake import catalog
from local_snowflake.definitions import write
from local_snowflake.errors import SnowflakeError, not_found
from local_snowflake.identifiers import physical, quote
from local_snowflake.names import identifier_text, name_parts, object_name
from local_snowflake.relations import Relation, column_properties, comment_on
from local_snowflake.results import Result, status
from local_snowflake.sessions import Session


def comment(session: Session, expression: exp.Comment) -> Result:
    kind = str(expression.args.get("kind")).upper()
    text = expression.args["expression"].name
    if kind == "COLUMN":
        column = expression.this
        parts = [identifier_text(session, p) for p in column.parts]
        name = session.resolve(parts[:-1])
        session.access.require("OWNERSHIP", "TABLE", name)
        relation = catalog.get(session, name)
        set_column_comment(session, relation, parts[-1], text)
    elif kind in ("TABLE", "VIEW"):
        relation = catalog.find(session, object_name(session, expression.this))
        if relation is None and expression.args.get("exists"):
            return status()
        session.access.require("OWNERSHIP", kind, object_name(session, expression.this))
        if relation is None:
            raise not_found(kind.title(), str(object_name(session, expression.this)))
        set_comment(session, relation, text)
    elif kind in ("SCHEMA", "DATABASE"):
        parts = name_parts(session, expression.this)
        if kind == "SCHEMA" and len(parts) == 1:
            parts = [session.database or "", *parts]
        session.access.require_owner(kind, *parts)
    return status()


def set_comment(session: Session, relation: Relation, text: str) -> None:
    kept = {k: v for k, v in relation.properties.items() if k != "temporary"} | {"comment": text}
    write(session, [comment_on(relation.kind, relation.sql, kept)], [relation.sql])


def set_column_comment(session: Session, relation: Relation, name: str, text: str) -> None:
    column = next((c for c in catalog.columns(session, relation) if c.name == name), None)
    if column is None:
        raise SnowflakeError(904, "42000", f"SQL compilation error:\ninvalid identifier '{name}'")
    if relation.kind == "VIEW":
        columns = relation.properties.get("columns", {}) | {name: {"comment": text}}
        write(session, [comment_on("VIEW", relation.sql, relation.properties | {"columns": columns})], [relation.sql])
        return
    kept = column_properties(column.type, text, column.default)
    write(session, [comment_on("COLUMN", f"{relation.sql}.{quote(physical(name))}", kept)], [relation.sql])
