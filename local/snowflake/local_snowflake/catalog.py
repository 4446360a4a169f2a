"""What tables, views and columns there are, with the Snowflake properties that DuckDB does not know.

Those (a VARCHAR's length, LTZ or TZ, OBJECT or ARRAY, comments, declared keys, a view's text) are kept as JSON in DuckDB's
own comments, so that they follow every rename and rollback.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from local_snowflake.errors import not_found
from local_snowflake.identifiers import ObjectName, literal, logical, physical, quote, schema_name
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.types import SnowflakeType, from_duckdb, from_text


@dataclass(frozen=True)
class Column:
    name: str
    type: SnowflakeType
    nullable: bool = True
    default: str | None = None
    comment: str = ""
    # a TIMESTAMP_TZ of a data folder from before offsets were kept: it holds instants
    keeps_offset: bool = True

    @property
    def held(self) -> SnowflakeType:
        """The type whose values DuckDB holds for it."""
        return self.type if self.keeps_offset else SnowflakeType("TIMESTAMP_LTZ", scale=self.type.scale)


@dataclass
class Relation:
    """A table or a view."""

    name: ObjectName
    sql: str
    kind: str
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def comment(self) -> str:
        return self.properties.get("comment") or ""

    @property
    def created(self) -> float:
        return self.properties.get("created") or 0.0


def _properties(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text and text.startswith("{") else {}


def comment_on(kind: str, target: str, properties: dict[str, Any]) -> str:
    """The DuckDB statement that keeps `properties` with a table, view or column."""
    kept = {key: value for key, value in properties.items() if value not in (None, "", [], {})}
    return f"COMMENT ON {kind} {target} IS {literal(json.dumps(kept, ensure_ascii=False)) if kept else 'NULL'}"


def column_properties(kind: SnowflakeType, comment: str = "", default: str | None = None) -> dict[str, Any]:
    """What has to be remembered of a column beyond its DuckDB type."""
    shown = kind.text if from_duckdb(kind.duckdb) != kind else None
    return {"type": shown, "comment": comment, "default": default}


def _temporary_name(session: Session, table_name: str) -> ObjectName | None:
    for name, sql in session.temporary_tables.items():
        if sql == f"temp.main.{quote(table_name)}":
            return name
    return None


def relations(
    session: Session, database: str | None = None, schema: str | None = None, name: str | None = None
) -> list[Relation]:
    """Tables and views, by name, of one schema, one database or everywhere; temporary ones of this session too."""
    cursor = session.cursor
    one = f" AND %s={literal(physical(name))}" if name is not None else ""
    if database is not None and schema is not None:
        one += f" AND schema_name={literal(schema_name(database, schema))}"
    found: list[Relation] = []
    tables = cursor.execute(
        "SELECT schema_name, table_name, comment, temporary FROM duckdb_tables() WHERE temporary"
        + f" OR database_name = current_database(){one.replace('%s', 'table_name')}"
    ).fetchall()
    for schema_name_, table_name, comment, temporary in tables:
        if temporary:
            found_name = _temporary_name(session, table_name)
            sql = f"temp.main.{quote(table_name)}"
        else:
            owner, _, rest = logical(schema_name_).partition(".")
            found_name = ObjectName(owner, rest, logical(table_name)) if rest else None
            sql = f"{quote(schema_name_)}.{quote(table_name)}"
        if found_name:
            properties = _properties(comment) | ({"temporary": True} if temporary else {})
            found.append(Relation(found_name, sql, "TABLE", properties))
    views = cursor.execute(
        "SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal AND database_name = current_database()"
        + one.replace("%s", "view_name")
    ).fetchall()
    for schema_name_, view_name, comment in views:
        owner, _, rest = logical(schema_name_).partition(".")
        if rest:
            found.append(
                Relation(
                    ObjectName(owner, rest, logical(view_name)),
                    f"{quote(schema_name_)}.{quote(view_name)}",
                    "VIEW",
                    _properties(comment),
                )
            )
    wanted = [
        r
        for r in found
        if database in (None, r.name.database) and schema in (None, r.name.schema) and name in (None, r.name.name)
    ]
    hidden = {r.name for r in wanted if r.properties.get("temporary")}
    wanted = [r for r in wanted if r.name not in hidden or r.properties.get("temporary")]
    return sorted(wanted, key=lambda r: (r.name.database, r.name.schema, r.name.name))


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
        found |= {part[i].name: n for i, n in session.cursor.execute(sql).fetchall()}
    return found


def find(session: Session, name: ObjectName) -> Relation | None:
    """The table or view of that name."""
    return next(iter(relations(session, name.database, name.schema, name.name)), None)


def get(session: Session, name: ObjectName, kind: str = "Object") -> Relation:
    relation = find(session, name)
    if relation is None:
        raise not_found(kind, str(name))
    return relation


def columns(session: Session, relation: Relation) -> list[Column]:
    """The columns in their order."""
    parts = relation.sql.split(".", 2)
    if relation.properties.get("temporary"):
        where = f"database_name='temp' AND table_name={literal(_unquote(parts[2]))}"
    else:
        where = (
            f"database_name=current_database() AND schema_name={literal(relation.name.duckdb_schema)} "
            f"AND table_name={literal(_unquote(relation.sql[len(quote(relation.name.duckdb_schema)) + 1 :]))}"
        )
    rows = session.cursor.execute(
        f"SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() WHERE {where} ORDER BY column_index"
    ).fetchall()
    return [_column(relation, *row) for row in rows]


def _unquote(name: str) -> str:
    return name[1:-1].replace('""', '"')


def _column(
    relation: Relation, name: str, data_type: str, nullable: bool, default: str | None, comment: str | None
) -> Column:
    properties = _properties(comment)
    if relation.kind == "VIEW":
        properties = relation.properties.get("columns", {}).get(logical(name), {})
    kind = from_text(properties["type"]) if properties.get("type") else from_duckdb(data_type)
    return Column(
        logical(name),
        kind,
        bool(nullable),
        properties.get("default") or default,
        properties.get("comment") or "",
        keeps_offset=kind.name != "TIMESTAMP_TZ" or data_type.startswith("STRUCT"),
    )
