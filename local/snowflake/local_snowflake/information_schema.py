"""INFORMATION_SCHEMA: answers made from the catalog at the moment of the query."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from local_snowflake import catalog
from local_snowflake.errors import not_found
from local_snowflake.identifiers import ObjectName
from local_snowflake.securables import Key
from local_snowflake.sessions import Session


def _instant(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _tables(session: Session, database: str) -> tuple[dict[str, str], list[list[Any]]]:
    columns = {
        "TABLE_CATALOG": "VARCHAR", "TABLE_SCHEMA": "VARCHAR", "TABLE_NAME": "VARCHAR", "TABLE_OWNER": "VARCHAR", "TABLE_TYPE": "VARCHAR",
        "IS_TRANSIENT": "VARCHAR", "CLUSTERING_KEY": "VARCHAR", "ROW_COUNT": "DECIMAL(38,0)", "BYTES": "DECIMAL(38,0)", "RETENTION_TIME": "DECIMAL(38,0)",
        "CREATED": "TIMESTAMPTZ", "LAST_ALTERED": "TIMESTAMPTZ", "LAST_DDL": "TIMESTAMPTZ", "COMMENT": "VARCHAR", "IS_TEMPORARY": "VARCHAR",
        "IS_ICEBERG": "VARCHAR", "IS_DYNAMIC": "VARCHAR", "IS_IMMUTABLE": "VARCHAR", "IS_HYBRID": "VARCHAR", "AUTO_CLUSTERING_ON": "VARCHAR",
    }  # fmt: skip
    rows = []
    found = catalog.visible(session, catalog.relations(session, database))
    sizes = catalog.count_rows(session, found)
    for r in found:
        kind = "VIEW" if r.kind == "VIEW" else "TEMPORARY TABLE" if r.properties.get("temporary") else "BASE TABLE"
        size = sizes.get(r.name)
        made = _instant(r.created)
        transient = "YES" if r.properties.get("transient") else "NO"
        rows.append([
            r.name.database, r.name.schema, r.name.name, catalog.owner(session, r), kind, transient, r.properties.get("clustering", {}).get("text"), size, None if size is None else size * 64, 1,
            made, made, made, r.comment or None, "YES" if r.properties.get("temporary") else "NO", "NO", "NO", "NO", "NO", "NO",
        ])  # fmt: skip
    return columns, rows


def _columns(session: Session, database: str) -> tuple[dict[str, str], list[list[Any]]]:
    columns = {
        "TABLE_CATALOG": "VARCHAR", "TABLE_SCHEMA": "VARCHAR", "TABLE_NAME": "VARCHAR", "COLUMN_NAME": "VARCHAR", "ORDINAL_POSITION": "DECIMAL(38,0)",
        "COLUMN_DEFAULT": "VARCHAR", "IS_NULLABLE": "VARCHAR", "DATA_TYPE": "VARCHAR", "CHARACTER_MAXIMUM_LENGTH": "DECIMAL(38,0)",
        "CHARACTER_OCTET_LENGTH": "DECIMAL(38,0)", "NUMERIC_PRECISION": "DECIMAL(38,0)", "NUMERIC_PRECISION_RADIX": "DECIMAL(38,0)",
        "NUMERIC_SCALE": "DECIMAL(38,0)", "DATETIME_PRECISION": "DECIMAL(38,0)", "COLLATION_NAME": "VARCHAR", "IS_IDENTITY": "VARCHAR", "COMMENT": "VARCHAR",
    }  # fmt: skip
    rows = []
    for r in catalog.visible(session, catalog.relations(session, database)):
        for position, c in enumerate(catalog.columns(session, r), 1):
            kind = c.type
            number = kind.name == "NUMBER"
            octets = kind.length and (min(kind.length * 4, 16777216) if kind.name == "VARCHAR" else kind.length)
            rows.append([
                r.name.database, r.name.schema, r.name.name, c.name, position, c.default, "YES" if c.nullable else "NO", kind.data_type, kind.length, octets,
                kind.precision if number else None, 10 if number else None, kind.scale if number else None,
                None if number else kind.scale, None, "NO", c.comment or None,
            ])  # fmt: skip
    return columns, rows


def _views(session: Session, database: str) -> tuple[dict[str, str], list[list[Any]]]:
    columns = {
        "TABLE_CATALOG": "VARCHAR", "TABLE_SCHEMA": "VARCHAR", "TABLE_NAME": "VARCHAR", "TABLE_OWNER": "VARCHAR", "VIEW_DEFINITION": "VARCHAR",
        "IS_SECURE": "VARCHAR", "CREATED": "TIMESTAMPTZ", "LAST_ALTERED": "TIMESTAMPTZ", "LAST_DDL": "TIMESTAMPTZ", "COMMENT": "VARCHAR",
    }  # fmt: skip
    rows = [
        [
            r.name.database,
            r.name.schema,
            r.name.name,
            catalog.owner(session, r),
            r.properties.get("text"),
            "NO",
            *[_instant(r.created)] * 3,
            r.comment or None,
        ]
        for r in catalog.visible(session, catalog.relations(session, database))
        if r.kind == "VIEW"
    ]
    return columns, rows


def _schemata(session: Session, database: str) -> tuple[dict[str, str], list[list[Any]]]:
    columns = {
        "CATALOG_NAME": "VARCHAR",
        "SCHEMA_NAME": "VARCHAR",
        "SCHEMA_OWNER": "VARCHAR",
        "CREATED": "TIMESTAMPTZ",
        "LAST_ALTERED": "TIMESTAMPTZ",
        "COMMENT": "VARCHAR",
    }
    rows = [
        [database, name, session.access.owner(Key("SCHEMA", (database, name))), created, created, comment]
        for name, comment, created in session.store.schemas(database)
        if session.access.sees_path(database, name)
    ]
    return columns, [*rows, [database, "INFORMATION_SCHEMA", None, _instant(0), _instant(0), None]]


def _databases(session: Session, _database: str) -> tuple[dict[str, str], list[list[Any]]]:
    columns = {
        "DATABASE_NAME": "VARCHAR",
        "DATABASE_OWNER": "VARCHAR",
        "IS_TRANSIENT": "VARCHAR",
        "COMMENT": "VARCHAR",
        "CREATED": "TIMESTAMPTZ",
        "TYPE": "VARCHAR",
    }
    return columns, [
        [name, session.access.owner(Key("DATABASE", (name,))), "NO", comment, created, "STANDARD"]
        for name, comment, created in session.store.databases()
        if session.access.sees_path(name)
    ]


_VIEWS = {"TABLES": _tables, "COLUMNS": _columns, "VIEWS": _views, "SCHEMATA": _schemata, "DATABASES": _databases}


_ARROW = {"VARCHAR": pa.string(), "DECIMAL(38,0)": pa.decimal128(38, 0), "TIMESTAMPTZ": pa.timestamp("us", tz="UTC")}


def table(session: Session, name: ObjectName) -> pa.Table:
    """The rows of one INFORMATION_SCHEMA view."""
    if name.name not in _VIEWS:
        raise not_found("Object", str(name))
    session.access.require_path(name.database)
    if not session.store.has_database(name.database):
        raise not_found("Database", name.database)
    columns, rows = _VIEWS[name.name](session, name.database)
    arrays = [pa.array([_plain(row[i]) for row in rows], _ARROW[kind]) for i, kind in enumerate(columns.values())]
    return pa.table(arrays, names=list(columns))


def _plain(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
