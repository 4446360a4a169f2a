"""What tables, views and columns there are for a session: what is committed, and its own temporary tables."""

from __future__ import annotations

from dataclasses import replace

from local_snowflake.errors import not_found
from local_snowflake.identifiers import ObjectName, literal, logical, physical
from local_snowflake.relations import Column, Relation, make_column
from local_snowflake.securables import Key
from local_snowflake.sessions import Session


def relations(
    session: Session, database: str | None = None, schema: str | None = None, name: str | None = None
) -> list[Relation]:
    """Tables and views, by name, of one schema, one database or everywhere; temporary ones of this session too."""
    temporary = {own: found for own in session.temporary_tables if (found := _temporary(session, own)) is not None}
    permanent = [r for r in session.store.relations.all() if r.name not in temporary]
    wanted = [
        r
        for r in [*permanent, *temporary.values()]
        if database in (None, r.name.database) and schema in (None, r.name.schema) and name in (None, r.name.name)
    ]
    return sorted(wanted, key=lambda r: (r.name.database, r.name.schema, r.name.name))


def _temporary(session: Session, name: ObjectName) -> Relation | None:
    found = session.temporary_relations.find(session.temporary_tables[name])
    return None if found is None else replace(found, name=name)


def _key(relation: Relation) -> Key:
    return Key.of(relation.kind, relation.name.database, relation.name.schema, relation.name.name)


def visible(session: Session, found: list[Relation]) -> list[Relation]:
    """Those that the session's roles have any privilege on."""
    return [r for r in found if session.access.sees(_key(r))]


def owner(session: Session, relation: Relation) -> str:
    return session.access.owner(_key(relation))


def count_rows(session: Session, counted: list[Relation]) -> dict[ObjectName, int]:
    """How many rows the tables among them have."""
    tables = [r for r in counted if r.kind == "TABLE"]
    found: dict[ObjectName, int] = {}
    for start in range(0, len(tables), 100):
        part = tables[start : start + 100]
        sql = " UNION ALL ".join(f"SELECT {i} AS i, count(*) AS n FROM {r.sql}" for i, r in enumerate(part))
        counts = session.transactions.read(lambda cursor, sql=sql: cursor.execute(sql).fetchall())
        found |= {part[i].name: n for i, n in counts}
    return found


def find(session: Session, name: ObjectName) -> Relation | None:
    """The table or view of that name."""
    if session.is_temporary(name) and (found := _temporary(session, name)) is not None:
        return found
    return session.store.relations.find(name.sql)


def get(session: Session, name: ObjectName, kind: str = "Object") -> Relation:
    relation = find(session, name)
    if relation is None:
        raise not_found(kind, str(name))
    return relation


def columns(session: Session, relation: Relation) -> list[Column]:
    """The columns in their order. Those of a view are asked for each time: DuckDB corrects their types when it is read."""
    if relation.kind == "TABLE":
        return list(relation.columns)
    sql = (
        "SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns() WHERE database_name=current_database()"
        f" AND schema_name={literal(relation.name.duckdb_schema)} AND table_name={literal(physical(relation.name.name))} ORDER BY column_index"
    )
    rows = session.transactions.read(lambda cursor: cursor.execute(sql).fetchall())
    kept = relation.properties.get("columns", {})
    return [make_column(name, *rest, kept.get(logical(name), {})) for name, *rest in rows]
