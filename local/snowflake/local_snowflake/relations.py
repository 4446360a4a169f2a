"""Tables and views as DuckDB holds them, with the Snowflake properties that it does not know.

Those (a VARCHAR's length, LTZ or TZ, OBJECT or ARRAY, comments, declared keys, a view's text) are kept as JSON in DuckDB's
own comments, so that they follow every rename and rollback.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from local_snowflake.identifiers import ObjectName, literal, logical
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


@dataclass(frozen=True)
class Relation:
    """A table or a view; `sql` names it in DuckDB's dialect. The columns of a view are not among its properties."""

    name: ObjectName
    sql: str
    kind: str
    properties: dict[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()

    @property
    def comment(self) -> str:
        return self.properties.get("comment") or ""

    @property
    def created(self) -> float:
        return self.properties.get("created") or 0.0


def comment_on(kind: str, target: str, properties: dict[str, Any]) -> str:
    """The DuckDB statement that keeps `properties` with a table, view or column."""
    kept = {key: value for key, value in properties.items() if value not in (None, "", [], {})}
    return f"COMMENT ON {kind} {target} IS {literal(json.dumps(kept, ensure_ascii=False)) if kept else 'NULL'}"


def column_properties(kind: SnowflakeType, comment: str = "", default: str | None = None) -> dict[str, Any]:
    """What has to be remembered of a column beyond its DuckDB type."""
    shown = kind.text if from_duckdb(kind.duckdb) != kind else None
    return {"type": shown, "comment": comment, "default": default}


def _properties(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text and text.startswith("{") else {}


def make_column(name: str, data_type: str, nullable: bool, default: str | None, properties: dict[str, Any]) -> Column:
    """A column from what DuckDB knows of it and from what its comment keeps."""
    kind = from_text(properties["type"]) if properties.get("type") else from_duckdb(data_type)
    return Column(
        logical(name),
        kind,
        bool(nullable),
        properties.get("default") or default,
        properties.get("comment") or "",
        keeps_offset=kind.name != "TIMESTAMP_TZ" or data_type.startswith("STRUCT"),
    )


# The name of a relation in DuckDB's dialect, as `ObjectName.sql` and `Session.new_temporary_table` write it.
_NAMED = """'"' || replace(schema_name, '"', '""') || '"."' || replace(%s, '"', '""') || '"'"""
_TEMPORARY = """'temp.main."' || replace(%s, '"', '""') || '"'"""


class Relations:
    """The relations of one place, kept in memory: DuckDB looks through its whole catalog for each question about one.

    The place is either what is committed for all (`temporary` false), or a connection's own temporary tables. Whoever
    changes the definition of a relation says so with `changed`, after the change is committed and before it is answered.
    """

    def __init__(
        self, open_cursor: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]], temporary: bool = False
    ) -> None:
        self._open_cursor = open_cursor
        self._temporary = temporary
        self._known: dict[str, Relation] = {}
        self._stale: set[str] = set()
        self._all_stale = True
        self._guard = threading.Lock()

    def find(self, sql: str) -> Relation | None:
        """The relation of that name in DuckDB's dialect."""
        with self._guard:
            if self._all_stale or sql in self._stale:
                self._refresh()
            return self._known.get(sql)

    def all(self) -> list[Relation]:
        with self._guard:
            if self._all_stale or self._stale:
                self._refresh()
            return list(self._known.values())

    def changed(self, names: Iterable[str]) -> None:
        """The relations of these names were made, altered or dropped."""
        with self._guard:
            self._stale.update(names)

    def forget(self) -> None:
        """Anything may have changed."""
        with self._guard:
            self._all_stale = True

    def _refresh(self) -> None:
        """Reads what is stale, in one pass over DuckDB's catalog however much that is."""
        named = None if self._all_stale else self._stale
        found = self._read(named)
        if named is None:
            self._known = found
        else:
            for sql in named:
                self._known.pop(sql, None)
            self._known |= found
        self._stale, self._all_stale = set(), False

    def _read(self, names: set[str] | None) -> dict[str, Relation]:
        where = "database_name = 'temp'" if self._temporary else "database_name = current_database()"
        named = _TEMPORARY if self._temporary else _NAMED
        wanted = "" if names is None else f" AND named IN ({', '.join(map(literal, sorted(names)))})"
        with self._open_cursor() as cursor:
            rows = cursor.execute(
                f"SELECT {named % 'table_name'} AS named, schema_name, table_name, 'TABLE', comment FROM duckdb_tables() WHERE {where}{wanted}"
            ).fetchall()
            if not self._temporary:
                rows += cursor.execute(
                    f"SELECT {named % 'view_name'} AS named, schema_name, view_name, 'VIEW', comment FROM duckdb_views()"
                    f" WHERE NOT internal AND {where}{wanted}"
                ).fetchall()
            columns: dict[str, list[Column]] = {}
            for sql, name, data_type, nullable, default, comment in cursor.execute(
                f"SELECT {named % 'table_name'} AS named, column_name, data_type, is_nullable, column_default, comment"
                f" FROM duckdb_columns() WHERE {where}{wanted} ORDER BY named, column_index"
            ).fetchall():
                columns.setdefault(sql, []).append(
                    make_column(name, data_type, nullable, default, _properties(comment))
                )
        found = {}
        for sql, schema, name, kind, comment in rows:
            made = _relation(sql, schema, name, kind, comment, tuple(columns.get(sql, ())), self._temporary)
            if made is not None:
                found[sql] = made
        return found


def _relation(
    sql: str, schema: str, name: str, kind: str, comment: str | None, columns: tuple[Column, ...], temporary: bool
) -> Relation | None:
    """None for what is not Snowflake's, such as the registry."""
    properties = _properties(comment)
    if temporary:  # its session knows the name that it has there
        return Relation(ObjectName("", "", logical(name)), sql, kind, properties | {"temporary": True}, columns)
    database, _, rest = logical(schema).partition(".")
    if not rest:
        return None
    return Relation(
        ObjectName(database, rest, logical(name)), sql, kind, properties, columns if kind == "TABLE" else ()
    )
