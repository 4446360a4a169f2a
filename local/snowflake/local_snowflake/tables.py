"""CREATE TABLE, from columns, a query, another table's shape or its content."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.definitions import check_schema, comment_of, nodes_of, write
from local_snowflake.dml import translation
from local_snowflake.errors import SnowflakeError, already_exists, hidden
from local_snowflake.functions import rewrite_functions
from local_snowflake.identifiers import ObjectName, physical, quote
from local_snowflake.names import identifier_text, object_name, written_name
from local_snowflake.relations import Column, column_properties, comment_on
from local_snowflake.results import Result, status
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all
from local_snowflake.types import SnowflakeType, from_expression


@dataclass
class TableDefinition:
    columns: list[Column] = field(default_factory=list)
    primary_key: list[str] = field(default_factory=list)
    unique: list[list[str]] = field(default_factory=list)
    autoincrement: dict[str, tuple[int, int]] = field(default_factory=dict)


def define(session: Session, nodes: list[Expr]) -> TableDefinition:
    """The columns and declared keys of a CREATE TABLE. Keys are kept, not enforced, as in Snowflake."""
    made = TableDefinition()
    for node in nodes:
        if isinstance(node, exp.ColumnDef):
            made.columns.append(define_column(session, node, made))
        else:
            _constraint(session, node, made)
    keys = set(made.primary_key)
    made.columns = [
        Column(c.name, c.type, c.nullable and c.name not in keys, c.default, c.comment) for c in made.columns
    ]
    seen = set()
    for column in made.columns:
        if column.name in seen:
            raise SnowflakeError(2025, "42710", f"SQL compilation error:\nduplicate column name '{column.name}'")
        seen.add(column.name)
    for name in [*made.primary_key, *(name for key in made.unique for name in key)]:
        if name not in seen:
            raise SnowflakeError(2026, "42000", f"SQL compilation error:\ncolumn '{name}' does not exist")
    return made


def clustering_key(session: Session, nodes: list[Expr], columns: list[Column]) -> dict[str, Any]:
    """The key that CLUSTER BY gives, of columns of the table; nothing without one."""
    names = {column.name for column in columns}
    for node in nodes:
        if isinstance(node, exp.ClusterProperty):
            used = [(column, identifier_text(session, column.this)) for column in find_all(node, exp.Column)]
            for column, name in used:
                if name not in names:
                    raise SnowflakeError(
                        904, "42000", f"SQL compilation error:\ninvalid identifier '{column.name.upper()}'"
                    )
            text = ", ".join(part.sql("snowflake") for part in node.expressions)
            return {"text": f"LINEAR({text})", "columns": [name for _, name in used]}
    return {}


def check_retention(nodes: list[Expr], *, permanent: bool) -> None:
    """Only permanent tables keep what was changed for more than a day."""
    for node in nodes:
        if isinstance(node, exp.Property) and node.name.upper() == "DATA_RETENTION_TIME_IN_DAYS":
            days = node.args["value"].sql("snowflake")
            if not days.isdigit() or int(days) > (90 if permanent else 1):
                raise SnowflakeError(
                    1008,
                    "22023",
                    f"SQL compilation error:\ninvalid value [{days}] for parameter 'DATA_RETENTION_TIME_IN_DAYS'",
                )


def check_unique_names(session: Session, query: Expr) -> None:
    """A table made of a query has no two columns of one name."""
    seen = set()
    for item in query.selects if isinstance(query, exp.Query) else []:
        node = written_name(item)
        if not isinstance(item, (exp.Alias, exp.Column, exp.Star)) and not item.find(exp.Star):
            raise SnowflakeError(
                2022, "42601", f"SQL compilation error:\nMissing column specification '{item.sql('snowflake')[:60]}'"
            )
        if isinstance(node, exp.Identifier):
            name = identifier_text(session, node)
            if name in seen:
                raise SnowflakeError(2025, "42S21", f"SQL compilation error:\nduplicate column name '{name}'")
            seen.add(name)


def _constraint(session: Session, node: Expr, made: TableDefinition) -> None:
    for part in node.expressions if isinstance(node, exp.Constraint) else [node]:
        if isinstance(part, exp.PrimaryKey):
            made.primary_key = [
                identifier_text(session, c.this if isinstance(c, exp.Ordered) else c) for c in part.expressions
            ]
            made.primary_key = [n if n else "" for n in made.primary_key]
        elif isinstance(part, exp.UniqueColumnConstraint) and isinstance(part.this, exp.Schema):
            made.unique.append([identifier_text(session, c) for c in part.this.expressions])


def define_column(session: Session, node: exp.ColumnDef, made: TableDefinition) -> Column:
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


def default_sql(session: Session, default: str, kind: SnowflakeType) -> str:
    made = rewrite_functions(session, sqlglot.parse_one(default, read="snowflake")).sql("duckdb")
    if kind.name != "TIMESTAMP_TZ" or made.upper() == "NULL":
        return made
    if "CURRENT_TIMESTAMP" in made.upper():  # DuckDB takes no lambda in a default
        return f"CAST({{'tz': {made}, 'zone': _session_offset({made})}} AS {kind.duckdb})"
    ((found, offset),) = session.cursor.execute(
        f"SELECT CAST(v.tz AS VARCHAR), v.zone FROM (SELECT _to_zoned({made}) AS v)"
    ).fetchall()
    return (
        "NULL"
        if found is None
        else f"CAST({{'tz': CAST('{found}' AS TIMESTAMPTZ), 'zone': {offset}}} AS {kind.duckdb})"
    )


def column_sql(session: Session, column: Column) -> str:
    parts = [quote(physical(column.name)), column.type.duckdb]
    if column.default is not None:
        parts.append(f"DEFAULT {default_sql(session, column.default, column.type)}")
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
    return {
        "created": time.time(),
        "comment": comment,
        "primary_key": definition.primary_key,
        "unique": definition.unique,
        **more,
    }


def create_table(session: Session, expression: exp.Create) -> Result:
    nodes = nodes_of(expression)
    temporary = any(isinstance(node, exp.TemporaryProperty) for node in nodes)
    transient = any(isinstance(node, exp.TransientProperty) for node in nodes)
    name = object_name(session, expression.this)
    if temporary:  # needs no privilege but the way there
        session.access.require_path(name.database, name.schema)
    else:
        session.access.require_create("TABLE", name.database, name.schema)
    check_schema(session, name)
    existing = catalog.find(session, name)
    if existing and temporary and not existing.properties.get("temporary"):
        existing = None  # a temporary table may hide a permanent one
    if existing and not catalog.visible(session, [existing]):
        raise hidden(name.name)
    if existing and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing and not expression.args.get("replace"):
        raise already_exists(name.name)
    if existing:
        session.access.require("OWNERSHIP", existing.kind, name)
    like = next((node for node in nodes if isinstance(node, exp.LikeProperty)), None)
    clone = expression.args.get("clone")
    check_retention(nodes, permanent=not (temporary or transient))
    definition = TableDefinition()
    clustering: dict[str, Any] = {}
    source: str | None = None
    made = translation(session)
    try:
        if like or clone:
            session.access.require("SELECT", "TABLE", object_name(session, (like or clone).this))
            original = catalog.get(session, object_name(session, (like or clone).this), "Table")
            definition.columns = catalog.columns(session, original)
            definition.primary_key = original.properties.get("primary_key", [])
            clustering = original.properties.get("clustering", {})
            if clone:
                source = f"SELECT * FROM {original.sql}"
        elif isinstance(expression.this, exp.Schema) and any(
            isinstance(n, exp.ColumnDef) and n.kind for n in expression.this.expressions
        ):
            definition = define(session, expression.this.expressions)
        if definition.columns:
            clustering = clustering_key(session, nodes, definition.columns) or clustering
        if expression.expression is not None:
            if not isinstance(expression.this, exp.Schema):
                check_unique_names(session, expression.expression)
            source = made.sql(expression.expression.copy())
        names = (
            [identifier_text(session, n) for n in expression.this.expressions]
            if isinstance(expression.this, exp.Schema) and not definition.columns
            else []
        )
        target = session.new_temporary_table(name) if temporary else name.sql
        statements = [] if existing is None else [f"DROP {existing.kind} {existing.sql}"]
        scratch = None
        if existing and source and (name in made.tables or (clone and object_name(session, clone.this) == name)):
            scratch = session.new_temporary_table(name)  # what replaces a table may be made from it
            statements.insert(0, f"CREATE TEMP TABLE {scratch} AS {source}")
            source = f"SELECT * FROM {scratch}"
        statements += _create_statements(session, target, definition, names, source, temporary, name)
        if scratch:
            statements.append(f"DROP TABLE {scratch}")
        statements.append(
            comment_on(
                "TABLE",
                target,
                table_properties(definition, comment_of(expression), transient=transient, clustering=clustering),
            )
        )
        keys = [] if temporary else [str(name)]
        write(session, statements, [target] if existing is None else [target, existing.sql], keys)
    finally:
        made.close()
    if temporary:
        session.temporary_tables[name] = target
    elif existing and existing.properties.get("temporary"):
        session.temporary_tables.pop(name, None)
    if not temporary:
        key = Key.of("TABLE", name.database, name.schema, name.name)
        copied = any(isinstance(node, exp.CopyGrantsProperty) for node in nodes)
        session.account.securables.create("TABLE", key, session.role, copied)
    return status(f"Table {name.name} successfully created.")


def _create_statements(
    session: Session,
    target: str,
    definition: TableDefinition,
    names: list[str],
    source: str | None,
    temporary: bool,
    name: ObjectName,
) -> list[str]:
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
