"""CREATE and DROP of databases, schemas, tables, views and sequences; COMMENT."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import duckdb
from sqlglot import Expr, exp

from local_snowflake import catalog, stages
from local_snowflake.catalog import Column, column_properties, comment_on
from local_snowflake.dml import translation
from local_snowflake.errors import SnowflakeError, already_exists, not_found, unsupported
from local_snowflake.functions import rewrite_functions
from local_snowflake.identifiers import ObjectName, physical, quote
from local_snowflake.names import identifier_text, name_parts, object_name
from local_snowflake.options import properties
from local_snowflake.results import Result, status
from local_snowflake.sessions import Session
from local_snowflake.types import from_expression

_IGNORED = ("WAREHOUSE", "ROLE", "RESOURCE MONITOR", "NETWORK POLICY", "TAG", "MASKING POLICY")


@dataclass
class TableDefinition:
    columns: list[Column] = field(default_factory=list)
    primary_key: list[str] = field(default_factory=list)
    unique: list[list[str]] = field(default_factory=list)
    autoincrement: dict[str, tuple[int, int]] = field(default_factory=dict)


def _nodes(expression: Expr) -> list[Expr]:
    found = expression.args.get("properties")
    return found.expressions if found else []


def _comment(expression: Expr) -> str:
    node = next((n for n in _nodes(expression) if isinstance(n, exp.SchemaCommentProperty)), None)
    return node.this.name if node else ""


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
            verb = "CREATE OR REPLACE SEQUENCE" if expression.args.get("replace") else "CREATE SEQUENCE IF NOT EXISTS" if expression.args.get("exists") else "CREATE SEQUENCE"
            _write(session, [f"{verb} {name.sql}"])
            return status(f"Sequence {name.name} successfully created.")
    if kind in _IGNORED:
        return status(f"{kind.title()} successfully created.")
    raise unsupported(f"CREATE {kind}")


def _write(session: Session, statements: list[str], keys: list[str] | None = None) -> None:
    def work(cursor: duckdb.DuckDBPyConnection) -> None:
        for sql in statements:
            cursor.execute(sql)

    session.transactions.write(work, keys or [], session.parameters["LOCK_TIMEOUT"])


# -- databases and schemas


def create_database(session: Session, expression: exp.Create) -> Result:
    name = name_parts(session, expression.this)[-1]
    if session.store.has_database(name):
        if expression.args.get("exists"):
            return status(f"{name} already exists, statement succeeded.")
        if not expression.args.get("replace"):
            raise already_exists(name)
        session.store.drop_database(name)
    if "." in name:
        raise unsupported("a point in a database's name")
    session.store.create_database(name, _comment(expression))
    session.database, session.schema = name, "PUBLIC"
    return status(f"Database {name} successfully created.")


def _schema_parts(session: Session, table: Expr) -> tuple[str, str]:
    # A schema's name is parsed as db (with its database as catalog) or as a table's name.
    parts = name_parts(session, table)
    database = parts[-2] if len(parts) > 1 else session.database
    if database is None:
        raise SnowflakeError(90105, "22000", "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.")
    return database, parts[-1]


def create_schema(session: Session, expression: exp.Create) -> Result:
    database, name = _schema_parts(session, expression.this)
    if not session.store.has_database(database):
        raise not_found("Database", database)
    if session.store.has_schema(database, name):
        if expression.args.get("exists"):
            return status(f"{name} already exists, statement succeeded.")
        if not expression.args.get("replace"):
            raise already_exists(f"{database}.{name}")
        session.store.drop_schema(database, name)
    session.store.create_schema(database, name, _comment(expression))
    session.database, session.schema = database, name
    return status(f"Schema {name} successfully created.")


# -- tables


def define(session: Session, nodes: list[Expr]) -> TableDefinition:
    """The columns and declared keys of a CREATE TABLE. Keys are kept, not enforced, as in Snowflake."""
    made = TableDefinition()
    for node in nodes:
        if isinstance(node, exp.ColumnDef):
            made.columns.append(_column(session, node, made))
        else:
            _constraint(session, node, made)
    keys = set(made.primary_key)
    made.columns = [Column(c.name, c.type, c.nullable and c.name not in keys, c.default, c.comment) for c in made.columns]
    seen = set()
    for column in made.columns:
        if column.name in seen:
            raise SnowflakeError(2025, "42710", f"SQL compilation error:\nduplicate column name '{column.name}'")
        seen.add(column.name)
    return made


def _constraint(session: Session, node: Expr, made: TableDefinition) -> None:
    for part in node.expressions if isinstance(node, exp.Constraint) else [node]:
        if isinstance(part, exp.PrimaryKey):
            made.primary_key = [identifier_text(session, c.this if isinstance(c, exp.Ordered) else c) for c in part.expressions]
            made.primary_key = [n if n else "" for n in made.primary_key]
        elif isinstance(part, exp.UniqueColumnConstraint) and isinstance(part.this, exp.Schema):
            made.unique.append([identifier_text(session, c) for c in part.this.expressions])


def _column(session: Session, node: exp.ColumnDef, made: TableDefinition) -> Column:
    name = identifier_text(session, node.this)
    kind = from_expression(node.kind) if node.kind else None
    nullable, default, comment = True, None, ""
    for constraint in node.args.get("constraints") or []:
        what = constraint.kind
        if isinstance(what, exp.NotNullColumnConstraint):
            nullable = bool(what.args.get("allow_null"))
        elif isinstance(what, exp.DefaultColumnConstraint):
            default = what.this.sql("snowflake")
        elif isinstance(what, exp.PrimaryKeyColumnConstraint):
            made.primary_key.append(name)
        elif isinstance(what, exp.UniqueColumnConstraint):
            made.unique.append([name])
        elif isinstance(what, exp.CommentColumnConstraint):
            comment = what.this.name
        elif isinstance(what, (exp.AutoIncrementColumnConstraint, exp.GeneratedAsIdentityColumnConstraint)):
            start, step = what.args.get("start"), what.args.get("increment")
            made.autoincrement[name] = (int(start.name) if start else 1, int(step.name) if step else 1)
    if kind is None:
        raise SnowflakeError(1003, "42000", f"SQL compilation error:\ncolumn '{name}' has no type")
    return Column(name, kind, nullable, default, comment)


def default_sql(session: Session, default: str) -> str:
    import sqlglot

    return rewrite_functions(session, sqlglot.parse_one(default, read="snowflake")).sql("duckdb")


def column_sql(session: Session, column: Column) -> str:
    parts = [quote(physical(column.name)), column.type.duckdb]
    if column.default is not None:
        parts.append(f"DEFAULT {default_sql(session, column.default)}")
    if not column.nullable:
        parts.append("NOT NULL")
    return " ".join(parts)


def column_comments(table: str, columns: list[Column]) -> list[str]:
    """What keeps the columns' Snowflake properties with them."""
    made = []
    for column in columns:
        kept = column_properties(column.type, column.comment, column.default)
        if any(kept.values()):
            made.append(comment_on("COLUMN", f"{table}.{quote(physical(column.name))}", kept))
    return made


def table_properties(definition: TableDefinition, comment: str = "", **more: Any) -> dict[str, Any]:
    return {"created": time.time(), "comment": comment, "primary_key": definition.primary_key, "unique": definition.unique, **more}


def create_table(session: Session, expression: exp.Create) -> Result:
    nodes = _nodes(expression)
    temporary = any(isinstance(node, exp.TemporaryProperty) for node in nodes)
    transient = any(isinstance(node, exp.TransientProperty) for node in nodes)
    name = object_name(session, expression.this)
    _check_schema(session, name)
    existing = catalog.find(session, name)
    if existing and temporary and not existing.properties.get("temporary"):
        existing = None  # a temporary table may hide a permanent one
    if existing and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing and not expression.args.get("replace"):
        raise already_exists(name.name)
    like = next((node for node in nodes if isinstance(node, exp.LikeProperty)), None)
    clone = expression.args.get("clone")
    definition = TableDefinition()
    source: str | None = None
    made = translation(session)
    try:
        if like or clone:
            original = catalog.get(session, object_name(session, (like or clone).this), "Table")
            definition.columns = catalog.columns(session, original)
            definition.primary_key = original.properties.get("primary_key", [])
            if clone:
                source = f"SELECT * FROM {original.sql}"
        elif isinstance(expression.this, exp.Schema) and any(isinstance(n, exp.ColumnDef) and n.kind for n in expression.this.expressions):
            definition = define(session, expression.this.expressions)
        if expression.expression is not None:
            source = made.sql(expression.expression)
        names = [identifier_text(session, n) for n in expression.this.expressions] if isinstance(expression.this, exp.Schema) and not definition.columns else []
        target = session.new_temporary_table(name) if temporary else name.sql
        statements = [] if existing is None else [f"DROP {existing.kind} {existing.sql}"]
        statements += _create_statements(session, target, definition, names, source, temporary, name)
        statements.append(comment_on("TABLE", target, table_properties(definition, _comment(expression), transient=transient)))
        keys = [] if temporary else [str(name)]
        _write(session, statements, keys)
    finally:
        made.close()
    if temporary:
        session.temporary_tables[name] = target
    elif existing and existing.properties.get("temporary"):
        session.temporary_tables.pop(name, None)
    return status(f"Table {name.name} successfully created.")


def _create_statements(session: Session, target: str, definition: TableDefinition, names: list[str], source: str | None, temporary: bool, name: ObjectName) -> list[str]:
    verb = "CREATE TEMP TABLE" if temporary else "CREATE TABLE"
    if not definition.columns:
        renamed = f" ({', '.join(quote(physical(n)) for n in names)})" if names else ""
        selected = f"SELECT * FROM ({source}) AS _source{renamed}" if names else source
        return [f"{verb} {target} AS {selected}"]
    statements = []
    columns = [column_sql(session, c) for c in definition.columns]
    for index, column in enumerate(definition.columns):
        if column.name in definition.autoincrement:
            start, step = definition.autoincrement[column.name]
            sequence = f"{quote(name.duckdb_schema)}.{quote(physical(f'{name.name}${column.name}$sequence{session.next_number()}-{int(time.time() * 1000)}'))}"
            statements.append(f"CREATE SEQUENCE {sequence} START {start} INCREMENT {step}")
            columns[index] = f"{quote(physical(column.name))} {column.type.duckdb} DEFAULT nextval('{sequence}')"
    statements.append(f"{verb} {target} ({', '.join(columns)})")
    statements += column_comments(target, definition.columns)
    if source:
        statements.append(f"INSERT INTO {target} {source}")
    return statements


def _check_schema(session: Session, name: ObjectName) -> None:
    if not session.store.has_database(name.database):
        raise not_found("Database", name.database)
    if not session.store.has_schema(name.database, name.schema):
        raise not_found("Schema", f"{name.database}.{name.schema}")


# -- views


def create_view(session: Session, expression: exp.Create, text: str) -> Result:
    name = object_name(session, expression.this)
    _check_schema(session, name)
    existing = catalog.find(session, name)
    if existing and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing and (not expression.args.get("replace") or existing.kind != "VIEW"):
        raise already_exists(name.name)
    names, comments = [], {}
    if isinstance(expression.this, exp.Schema):
        for node in expression.this.expressions:
            column = identifier_text(session, node.this if isinstance(node, exp.ColumnDef) else node)
            names.append(column)
            for constraint in node.args.get("constraints") or []:
                if isinstance(constraint.kind, exp.CommentColumnConstraint):
                    comments[column] = {"comment": constraint.kind.this.name}
    made = translation(session)
    source = made.sql(expression.expression)
    listed = f" ({', '.join(quote(physical(n)) for n in names)})" if names else ""
    kept = {"created": time.time(), "comment": _comment(expression), "text": text, "columns": comments}
    _write(session, [f"CREATE OR REPLACE VIEW {name.sql}{listed} AS {source}", comment_on("VIEW", name.sql, kept)], [str(name)])
    return status(f"View {name.name} successfully created.")


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
            session.store.drop_schema(database, name)
            if (session.database, session.schema) == (database, name):
                session.schema = None
            return status(f"{name} successfully dropped.")
        case "DATABASE":
            name = name_parts(session, table)[-1]
            if not session.store.has_database(name):
                return _missing(expression, "Database", name)
            session.store.drop_database(name)
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
        _write(session, [f"DROP SEQUENCE {'IF EXISTS ' if expression.args.get('exists') else ''}{name.sql}"])
        return status(f"{name.name} successfully dropped.")
    found = catalog.find(session, name) if session.store.has_schema(name.database, name.schema) else None
    if found is None:
        return _missing(expression, kind.title(), str(name))
    if found.kind != kind:
        raise SnowflakeError(2203, "42809", f"SQL compilation error:\nObject found is of type '{found.kind}', not specified type '{kind}'.")
    temporary = session.is_temporary(name)
    _write(session, [f"DROP {kind} {found.sql}"], [] if temporary else [str(name)])
    if temporary:
        session.temporary_tables.pop(name)
    return status(f"{name.name} successfully dropped.")


# -- COMMENT ON


def comment(session: Session, expression: exp.Comment) -> Result:
    kind = str(expression.args.get("kind")).upper()
    text = expression.args["expression"].name
    if kind == "COLUMN":
        column = expression.this
        parts = [identifier_text(session, p) for p in column.parts]
        relation = catalog.get(session, session.resolve(parts[:-1]))
        set_column_comment(session, relation, parts[-1], text)
    elif kind in ("TABLE", "VIEW"):
        relation = catalog.find(session, object_name(session, expression.this))
        if relation is None:
            if expression.args.get("exists"):
                return status()
            raise not_found(kind.title(), str(object_name(session, expression.this)))
        set_comment(session, relation, text)
    return status()


def set_comment(session: Session, relation: catalog.Relation, text: str) -> None:
    kept = {k: v for k, v in relation.properties.items() if k != "temporary"} | {"comment": text}
    _write(session, [comment_on(relation.kind, relation.sql, kept)])


def set_column_comment(session: Session, relation: catalog.Relation, name: str, text: str) -> None:
    column = next((c for c in catalog.columns(session, relation) if c.name == name), None)
    if column is None:
        raise SnowflakeError(904, "42000", f"SQL compilation error:\ninvalid identifier '{name}'")
    if relation.kind == "VIEW":
        columns = relation.properties.get("columns", {}) | {name: {"comment": text}}
        _write(session, [comment_on("VIEW", relation.sql, relation.properties | {"columns": columns})])
        return
    kept = column_properties(column.type, text, column.default)
    _write(session, [comment_on("COLUMN", f"{relation.sql}.{quote(physical(name))}", kept)])


def comment_option(options: list[Expr]) -> str | None:
    return properties(options).get("COMMENT")
