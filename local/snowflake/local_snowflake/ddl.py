"""CREATE and DROP of databases, schemas, views and sequences; where other kinds go."""

from __future__ import annotations

import time

from sqlglot import Expr, exp

from local_snowflake import catalog, stages
from local_snowflake.definitions import check_schema, comment_of, nodes_of, write
from local_snowflake.dml import translation
from local_snowflake.errors import SnowflakeError, already_exists, not_found, unsupported
from local_snowflake.identifiers import ObjectName, physical, quote
from local_snowflake.names import identifier_text, name_parts, object_name
from local_snowflake.relations import comment_on
from local_snowflake.results import Result, status
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.tables import create_table

_IGNORED = ("TAG", "MASKING POLICY")


def create(session: Session, expression: exp.Create, text: str) -> Result:
    kind = str(expression.args.get("kind")).upper()
    match kind:
        case "TABLE":
            return create_table(session, expression)
        case "VIEW":
            return create_view(session, expression, text)
        case "SCHEMA":
            return create_schema(session, expression)
        case "DATABASE":
            return create_database(session, expression)
        case "STAGE":
            return stages.create_stage(session, expression)
        case "FILE FORMAT":
            return stages.create_file_format(session, expression)
        case "SEQUENCE":
            name = object_name(session, expression.this)
            verb = (
                "CREATE OR REPLACE SEQUENCE"
                if expression.args.get("replace")
                else "CREATE SEQUENCE IF NOT EXISTS"
                if expression.args.get("exists")
                else "CREATE SEQUENCE"
            )
            session.access.require_create("SEQUENCE", name.database, name.schema)
            write(session, [f"{verb} {name.sql}{_counting(expression)}"], [])
            session.account.securables.create("SEQUENCE", _key("SEQUENCE", name), session.role)
            return status(f"Sequence {name.name} successfully created.")
    if kind in _IGNORED:
        return status(f"{kind.title()} successfully created.")
    raise unsupported(f"CREATE {kind}")


# -- databases and schemas


def create_database(session: Session, expression: exp.Create) -> Result:
    name = name_parts(session, expression.this)[-1]
    session.access.require_account("CREATE DATABASE")
    if session.store.has_database(name):
        if expression.args.get("exists"):
            return status(f"{name} already exists, statement succeeded.")
        if not expression.args.get("replace"):
            raise already_exists(name)
        session.access.require_owner("DATABASE", name)
        session.store.drop_database(name)
    if "." in name:
        raise unsupported("a point in a database's name")
    session.store.create_database(name, comment_of(expression))
    securables = session.account.securables
    securables.drop(Key("DATABASE", (name,)))
    securables.create("DATABASE", Key("DATABASE", (name,)), session.role)
    securables.create("SCHEMA", Key("SCHEMA", (name, "PUBLIC")), session.role)
    session.database, session.schema = name, "PUBLIC"
    return status(f"Database {name} successfully created.")


def _schema_parts(session: Session, table: Expr) -> tuple[str, str]:
    # A schema's name is parsed as db (with its database as catalog) or as a table's name.
    parts = name_parts(session, table)
    database = parts[-2] if len(parts) > 1 else session.database
    if database is None:
        raise SnowflakeError(
            90105,
            "22000",
            "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.",
        )
    return database, parts[-1]


def create_schema(session: Session, expression: exp.Create) -> Result:
    database, name = _schema_parts(session, expression.this)
    session.access.require_path(database)
    if not session.store.has_database(database):
        raise not_found("Database", database)
    session.access.require_create_schema(database)
    if session.store.has_schema(database, name) or name == "INFORMATION_SCHEMA":
        if expression.args.get("exists"):
            return status(f"{name} already exists, statement succeeded.")
        if not expression.args.get("replace") or name == "INFORMATION_SCHEMA":
            raise already_exists(f"{database}.{name}")
        session.access.require_owner("SCHEMA", database, name)
        session.store.drop_schema(database, name)
        session.account.securables.drop(Key("SCHEMA", (database, name)))
    session.store.create_schema(database, name, comment_of(expression))
    session.account.securables.create("SCHEMA", Key("SCHEMA", (database, name)), session.role)
    session.database, session.schema = database, name
    return status(f"Schema {name} successfully created.")


# -- views


def _counting(expression: exp.Create) -> str:
    """How a sequence counts: START WITH and INCREMENT BY."""
    made = expression.find(exp.SequenceProperties)
    start, step = (made.args.get(key) for key in ("start", "increment")) if made is not None else (None, None)
    return "".join(
        f" {word} {value.sql()}" for word, value in (("START", start), ("INCREMENT", step)) if value is not None
    )


def create_view(session: Session, expression: exp.Create, text: str) -> Result:
    name = object_name(session, expression.this)
    session.access.require_create("VIEW", name.database, name.schema)
    check_schema(session, name)
    existing = catalog.find(session, name)
    if existing and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing and (not expression.args.get("replace") or existing.kind != "VIEW"):
        raise already_exists(name.name)
    if existing:
        session.access.require("OWNERSHIP", "VIEW", name)
    names, comments = [], {}
    if isinstance(expression.this, exp.Schema):
        for node in expression.this.expressions:
            column = identifier_text(session, node.this if isinstance(node, exp.ColumnDef) else node)
            names.append(column)
            for constraint in node.args.get("constraints") or []:
                if isinstance(constraint.kind, exp.CommentColumnConstraint):
                    comments[column] = {"comment": constraint.kind.this.name}
    made = translation(session)
    source = made.sql(expression.expression.copy())
    listed = f" ({', '.join(quote(physical(n)) for n in names)})" if names else ""
    kept = {"created": time.time(), "comment": comment_of(expression), "text": text, "columns": comments}
    kept["reads"] = sorted((read.database, read.schema, read.name) for read in made.tables)
    write(
        session,
        [f"CREATE OR REPLACE VIEW {name.sql}{listed} AS {source}", comment_on("VIEW", name.sql, kept)],
        [name.sql],
        [str(name)],
    )
    copied = any(isinstance(node, exp.CopyGrantsProperty) for node in nodes_of(expression))
    session.account.securables.create("VIEW", _key("VIEW", name), session.role, copied)
    return status(f"View {name.name} successfully created.")


def _key(kind: str, name: ObjectName) -> Key:
    return Key.of(kind, name.database, name.schema, name.name)


# -- DROP


def drop(session: Session, expression: exp.Drop) -> Result:
    kind = str(expression.args.get("kind")).upper()
    table = (expression.args.get("tables") or [expression.this])[0]
    if kind in _IGNORED:
        return status(f"{kind.title()} successfully dropped.")
    match kind:
        case "STAGE":
            return stages.drop_stage(session, expression, table)
        case "FILE FORMAT":
            return stages.drop_file_format(session, expression, table)
        case "SCHEMA":
            database, name = _schema_parts(session, table)
            if not session.store.has_schema(database, name):
                return _missing(expression, "Schema", f"{database}.{name}")
            session.access.require_owner("SCHEMA", database, name)
            session.store.drop_schema(database, name)
            session.account.securables.drop(Key("SCHEMA", (database, name)))
            if (session.database, session.schema) == (database, name):
                session.schema = None
            return status(f"{name} successfully dropped.")
        case "DATABASE":
            name = name_parts(session, table)[-1]
            if not session.store.has_database(name):
                return _missing(expression, "Database", name)
            session.access.require_owner("DATABASE", name)
            session.store.drop_database(name)
            session.account.securables.drop(Key("DATABASE", (name,)))
            if session.database == name:
                session.database = session.schema = None
            return status(f"{name} successfully dropped.")
        case "TABLE" | "VIEW" | "SEQUENCE":
            return _drop_relation(session, expression, kind, table)
    raise unsupported(f"DROP {kind}")


def _missing(expression: exp.Drop, kind: str, name: str) -> Result:
    if expression.args.get("exists"):
        return status(f"Drop statement executed successfully ({name} already dropped).")
    raise not_found(kind, name)


def _drop_relation(session: Session, expression: exp.Drop, kind: str, table: Expr) -> Result:
    name = object_name(session, table)
    if kind == "SEQUENCE":
        session.access.require("OWNERSHIP", kind, name)
        session.account.securables.drop(_key(kind, name))
        write(session, [f"DROP SEQUENCE {'IF EXISTS ' if expression.args.get('exists') else ''}{name.sql}"], [])
        return status(f"{name.name} successfully dropped.")
    found = catalog.find(session, name) if session.store.has_schema(name.database, name.schema) else None
    if found is None:
        return _missing(expression, kind.title(), str(name))
    session.access.require("OWNERSHIP", kind, name)
    if found.kind != kind:
        raise SnowflakeError(
            2203,
            "42809",
            f"SQL compilation error:\nObject found is of type '{found.kind}', not specified type '{kind}'.",
        )
    temporary = session.is_temporary(name)
    write(session, [f"DROP {kind} {found.sql}"], [found.sql], [] if temporary else [str(name)])
    if temporary:
        session.temporary_tables.pop(name)
    else:
        session.account.securables.drop(_key(kind, name))
    return status(f"{name.name} successfully dropped.")
