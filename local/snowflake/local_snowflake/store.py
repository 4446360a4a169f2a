"""The data folder: one DuckDB file, the stages' files, and the registry of databases, stages, file formats and users."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from local_snowflake import exact_numbers, functions_of_snowflake, python_functions  # noqa: F401 - the library registers itself
from local_snowflake.identifiers import ObjectName, literal, quote, schema_name
from local_snowflake.macros import all_macros
from local_snowflake.relations import Relations
from local_snowflake.stage_encryption import StageKeys

REGISTRY = '"$local"'
_REGISTRY_SQL = f"""
CREATE SCHEMA IF NOT EXISTS {REGISTRY};
CREATE TABLE IF NOT EXISTS {REGISTRY}.databases (name VARCHAR, comment VARCHAR, created TIMESTAMPTZ DEFAULT now());
CREATE TABLE IF NOT EXISTS {REGISTRY}.schemas (database VARCHAR, name VARCHAR, comment VARCHAR, created TIMESTAMPTZ DEFAULT now());
CREATE TABLE IF NOT EXISTS {REGISTRY}.stages (id VARCHAR, database VARCHAR, schema VARCHAR, name VARCHAR, format JSON, comment VARCHAR, created TIMESTAMPTZ DEFAULT now());
CREATE TABLE IF NOT EXISTS {REGISTRY}.file_formats (database VARCHAR, schema VARCHAR, name VARCHAR, options JSON, created TIMESTAMPTZ DEFAULT now());
CREATE TABLE IF NOT EXISTS {REGISTRY}.objects (kind VARCHAR, name VARCHAR, created TIMESTAMPTZ DEFAULT now());
ALTER TABLE {REGISTRY}.objects ADD COLUMN IF NOT EXISTS description VARCHAR;
CREATE TABLE IF NOT EXISTS {REGISTRY}.users (name VARCHAR, password VARCHAR, rsa_public_key VARCHAR, rsa_public_key_2 VARCHAR);
ALTER TABLE {REGISTRY}.users ADD COLUMN IF NOT EXISTS properties JSON;
CREATE TABLE IF NOT EXISTS {REGISTRY}.role_grants (role VARCHAR, kind VARCHAR, grantee VARCHAR);
CREATE TABLE IF NOT EXISTS {REGISTRY}.securables (space VARCHAR, path VARCHAR, kind VARCHAR, owner VARCHAR, grants JSON, created DOUBLE);
CREATE TABLE IF NOT EXISTS {REGISTRY}.future_grants (database VARCHAR, schema VARCHAR, kind VARCHAR, privilege VARCHAR, role VARCHAR, grant_option BOOLEAN);
"""


# It administers the account, with the privileges of one role at a time.
_BUILT_IN_USER = {"DEFAULT_ROLE": "ACCOUNTADMIN", "DEFAULT_WAREHOUSE": "LOCAL", "DEFAULT_SECONDARY_ROLES": "()"}


class StoreError(Exception):
    """The data folder cannot be used; the message is one line for a person."""


@dataclass
class Stage:
    """A place for staged files. A temporary stage is in its session's list only."""

    id: str
    name: ObjectName | None
    format: dict[str, Any] = field(default_factory=dict)
    prefix: str = ""


class Store:
    """Everything kept on disk. One process at a time: DuckDB's lock on the file says so."""

    def __init__(self, folder: Path, memory_limit: str, threads: int | None = None) -> None:
        self.folder = folder
        self.stages_folder = folder / "stages"
        self.stage_keys = StageKeys()
        try:
            self.stages_folder.mkdir(parents=True, exist_ok=True)
            (folder / "spill").mkdir(exist_ok=True)
            probe = folder / f".write-{uuid.uuid4().hex}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise StoreError(f"the data folder {folder} cannot be written: {error.strerror}") from error
        config: dict[str, Any] = {"lambda_syntax": "ENABLE_SINGLE_ARROW", "temp_directory": str(folder / "spill")}
        if threads:
            config["threads"] = threads
        try:
            self.duckdb = duckdb.connect(str(folder / "snowflake.duckdb"), config=config)
            self.duckdb.execute(f"SET memory_limit={literal(memory_limit)}").fetchall()
        except duckdb.IOException as error:
            reason = (
                "is in use by another process; stop that one, or choose another folder with --data or LOCAL_DIR"
                if "lock" in str(error).lower()
                else f"cannot be opened: {str(error).splitlines()[0]}"
            )
            raise StoreError(f"the data folder {folder} {reason}") from error
        except duckdb.Error as error:
            raise StoreError(f"the memory limit {memory_limit!r} is not understood; write for example 1GB") from error
        exact_numbers.register(self.duckdb)
        python_functions.register(self.duckdb)
        for sql in (
            "SET GLOBAL TimeZone='UTC'",
            "SET GLOBAL ieee_floating_point_ops=false",
            _REGISTRY_SQL,
            *all_macros(),
        ):
            self.duckdb.execute(sql).fetchall()
        self._lock_down()
        self.relations = Relations(self.cursor)
        self._databases = {name for name, *_ in self.databases()}
        self._schemas = {(database, name) for database in self._databases for name, *_ in self.schemas(database)}
        if not self.has_user("LOCAL"):
            self.rows(f"INSERT INTO {REGISTRY}.users (name, password) VALUES ('LOCAL', 'local')")
        self.rows(
            f"UPDATE {REGISTRY}.users SET properties=? WHERE name='LOCAL' AND properties IS NULL",
            json.dumps(_BUILT_IN_USER),
        )
        self._remove_orphans()

    def _lock_down(self) -> None:
        """SQL reaches the stages' files and nothing else of the machine, and cannot change how DuckDB is set up."""
        for sql in (
            f"SET allowed_directories=[{literal(str(self.stages_folder) + '/')}, {literal(str(self.folder / 'spill') + '/')}]",
            "SET allowed_configs=['TimeZone']",
            "SET enable_external_access=false",
            "SET lock_configuration=true",
        ):
            self.duckdb.execute(sql).fetchall()

    def close(self) -> None:
        with suppress(duckdb.Error):  # a statement that does not end holds it; what is committed is in the file
            self.duckdb.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        return self.duckdb.cursor()

    def rows(self, sql: str, *params: Any) -> list[tuple]:
        """Reads the registry, or writes it, beside whatever a session's transaction does."""
        with self.duckdb.cursor() as cursor:
            return cursor.execute(sql, list(params)).fetchall()

    # -- databases and schemas

    def databases(self) -> list[tuple]:
        return self.rows(f"SELECT name, comment, created FROM {REGISTRY}.databases ORDER BY name")

    def has_database(self, name: str) -> bool:
        return name in self._databases

    def create_database(self, name: str, comment: str = "") -> None:
        self.rows(f"INSERT INTO {REGISTRY}.databases (name, comment) VALUES (?, ?)", name, comment)
        self._databases.add(name)
        self.create_schema(name, "PUBLIC")

    def drop_database(self, name: str) -> None:
        for schema, *_ in self.schemas(name):
            self.drop_schema(name, schema)
        self.rows(f"DELETE FROM {REGISTRY}.databases WHERE name=?", name)
        self._databases.discard(name)

    def schemas(self, database: str) -> list[tuple]:
        return self.rows(
            f"SELECT name, comment, created FROM {REGISTRY}.schemas WHERE database=? ORDER BY name", database
        )

    def has_schema(self, database: str, name: str) -> bool:
        return (database, name) in self._schemas

    def create_schema(self, database: str, name: str, comment: str = "") -> None:
        self.rows(f"CREATE SCHEMA IF NOT EXISTS {quote(schema_name(database, name))}")
        self.rows(f"INSERT INTO {REGISTRY}.schemas (database, name, comment) VALUES (?, ?, ?)", database, name, comment)
        self._schemas.add((database, name))

    def drop_schema(self, database: str, name: str) -> None:
        self.rows(f"DROP SCHEMA IF EXISTS {quote(schema_name(database, name))} CASCADE")
        for (stage_id,) in self.rows(
            f"DELETE FROM {REGISTRY}.stages WHERE database=? AND schema=? RETURNING id", database, name
        ):
            self.remove_files(stage_id)
        self.rows(f"DELETE FROM {REGISTRY}.file_formats WHERE database=? AND schema=?", database, name)
        self.rows(f"DELETE FROM {REGISTRY}.schemas WHERE database=? AND name=?", database, name)
        self._schemas.discard((database, name))
        self.relations.forget()

    # -- stages and file formats

    def find_stage(self, name: ObjectName) -> Stage | None:
        found = self.rows(
            f"SELECT id, format FROM {REGISTRY}.stages WHERE database=? AND schema=? AND name=?",
            name.database,
            name.schema,
            name.name,
        )
        return Stage(found[0][0], name, json.loads(found[0][1]), f"{name.name.lower()}/") if found else None

    def list_stages(self) -> list[tuple]:
        return self.rows(
            f"SELECT created, name, database, schema, comment FROM {REGISTRY}.stages ORDER BY database, schema, name"
        )

    def create_stage(self, name: ObjectName, options: dict[str, Any]) -> None:
        self.rows(
            f"INSERT INTO {REGISTRY}.stages (id, database, schema, name, format) VALUES (?, ?, ?, ?, ?)",
            uuid.uuid4().hex, name.database, name.schema, name.name, json.dumps(options),
        )  # fmt: skip

    def drop_stage(self, name: ObjectName) -> bool:
        gone = self.rows(
            f"DELETE FROM {REGISTRY}.stages WHERE database=? AND schema=? AND name=? RETURNING id",
            name.database,
            name.schema,
            name.name,
        )
        for (stage_id,) in gone:
            self.remove_files(stage_id)
        return bool(gone)

    def remove_files(self, stage_id: str) -> None:
        shutil.rmtree(self.stages_folder / stage_id, ignore_errors=True)

    def _remove_orphans(self) -> None:
        """Files of temporary stages whose session a crash has ended."""
        kept = {row[0] for row in self.rows(f"SELECT id FROM {REGISTRY}.stages")}
        for entry in self.stages_folder.iterdir():
            if entry.name not in kept and not entry.name.startswith(("user-", "table-")):
                shutil.rmtree(entry, ignore_errors=True)

    def find_file_format(self, name: ObjectName) -> dict[str, Any] | None:
        found = self.rows(
            f"SELECT options FROM {REGISTRY}.file_formats WHERE database=? AND schema=? AND name=?",
            name.database,
            name.schema,
            name.name,
        )
        return json.loads(found[0][0]) if found else None

    def list_file_formats(self) -> list[tuple]:
        return self.rows(
            f"SELECT created, name, database, schema, options FROM {REGISTRY}.file_formats ORDER BY database, schema, name"
        )

    def create_file_format(self, name: ObjectName, options: dict[str, Any]) -> None:
        self.drop_file_format(name)
        self.rows(
            f"INSERT INTO {REGISTRY}.file_formats (database, schema, name, options) VALUES (?, ?, ?, ?)",
            name.database, name.schema, name.name, json.dumps(options),
        )  # fmt: skip

    def drop_file_format(self, name: ObjectName) -> bool:
        return bool(
            self.rows(
                f"DELETE FROM {REGISTRY}.file_formats WHERE database=? AND schema=? AND name=? RETURNING 1",
                name.database,
                name.schema,
                name.name,
            )
        )

    # -- roles, warehouses and network policies

    def has_object(self, kind: str, name: str) -> bool:
        return bool(self.rows(f"SELECT 1 FROM {REGISTRY}.objects WHERE kind=? AND name=?", kind, name))

    def add_object(self, kind: str, name: str) -> None:
        if not self.has_object(kind, name):
            self.rows(f"INSERT INTO {REGISTRY}.objects (kind, name) VALUES (?, ?)", kind, name)

    def drop_object(self, kind: str, name: str) -> None:
        self.rows(f"DELETE FROM {REGISTRY}.objects WHERE kind=? AND name=?", kind, name)

    def describe_object(self, kind: str, name: str, text: str) -> None:
        self.rows(f"UPDATE {REGISTRY}.objects SET description=? WHERE kind=? AND name=?", text, kind, name)

    def description(self, kind: str, name: str) -> str | None:
        found = self.rows(f"SELECT description FROM {REGISTRY}.objects WHERE kind=? AND name=?", kind, name)
        return found[0][0] if found else None

    # -- users

    def has_user(self, name: str) -> bool:
        return bool(self.rows(f"SELECT 1 FROM {REGISTRY}.users WHERE name=?", name))

    def alter_user(self, name: str, **changes: str | None) -> None:
        for column, value in changes.items():
            self.rows(f"UPDATE {REGISTRY}.users SET {quote(column)}=? WHERE name=?", value, name)

    def create_user(self, name: str) -> None:
        if not self.has_user(name):
            self.rows(f"INSERT INTO {REGISTRY}.users (name) VALUES (?)", name)

    def drop_user(self, name: str) -> None:
        self.rows(f"DELETE FROM {REGISTRY}.users WHERE name=?", name)
