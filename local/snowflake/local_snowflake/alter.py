"""ALTER TABLE and ALTER VIEW; what Snowflake refuses to change in place is refused here too."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.comments import set_column_comment, set_comment
from local_snowflake.definitions import write
from local_snowflake.errors import SnowflakeError, already_exists, unsupported
from local_snowflake.identifiers import ObjectName, physical, quote
from local_snowflake.names import identifier_text, object_name, split_name
from local_snowflake.relations import Column, Relation, column_properties, comment_on
from local_snowflake.results import Result, status
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.sql_text import split
from local_snowflake.tables import TableDefinition, column_comments, column_sql, define_column
from local_snowflake.types import SnowflakeType, from_expression


def alter(session: Session, expression: exp.Alter) -> Result:
    kind = str(expression.args.get("kind")).upper()
    if kind not in ("TABLE", "VIEW"):
        raise unsupported(f"ALTER {kind}")
    name = object_name(session, expression.this)
    relation = catalog.find(session, name)
    if relation is None and expression.args.get("exists"):
        return status()
    session.access.require("OWNERSHIP", kind, name)
    if relation is None:
        relation = catalog.get(session, name, kind.title())
    for action in expression.args["actions"]:
        _act(session, relation, action)
        relation = catalog.find(session, relation.name) or relation
    return status()


def _write(session: Session, relation: Relation, statements: list[str], *changed: ObjectName) -> None:
    """Alters `relation`, and makes or alters the tables of the names `changed`."""
    keys = [] if relation.properties.get("temporary") else [str(relation.name)]
    write(session, statements, [relation.sql, *(name.sql for name in changed)], keys)


def _act(session: Session, relation: Relation, action: Expr) -> None:
    match action:
        case exp.ColumnDef():
            _add_column(session, relation, action)
        case exp.RenameColumn():
            _rename_column(session, relation, action)
        case exp.AlterColumn():
            _alter_column(session, relation, action)
        case exp.Drop():
            _drop_columns(session, relation, action)
        case exp.AlterRename():
            _rename(session, relation, action.this)
        case exp.SwapTable():
            _swap(session, relation, action.this)
        case exp.AlterSet():
            comment = action.find(exp.SchemaCommentProperty)
            if comment is not None:
                set_comment(session, relation, comment.this.name)
        case exp.AddConstraint() | exp.Cluster():
            return
        case _:
            raise unsupported(f"ALTER {relation.kind} … {action.sql('snowflake')}")


def _column(session: Session, relation: Relation, node: Expr, exists: bool = False) -> Column | None:
    name = identifier_text(session, node.this if isinstance(node, exp.Column) else node)
    found = next((c for c in catalog.columns(session, relation) if c.name == name), None)
    if found is None and not exists:
        raise SnowflakeError(
            904, "42000", f"SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'"
        )
    return found


def _add_column(session: Session, relation: Relation, action: exp.ColumnDef) -> None:
    column = define_column(session, action, TableDefinition())
    if any(c.name == column.name for c in catalog.columns(session, relation)):
        if action.args.get("exists"):
            return
        raise SnowflakeError(1430, "42601", f"SQL compilation error:\ncolumn '{column.name}' already exists")
    if not column.nullable and column.default is None and catalog.count_rows(session, [relation]).get(relation.name):
        raise SnowflakeError(
            1442,
            "42601",
            f"SQL compilation error:\nNon-nullable column '{column.name}' cannot be added to non-empty table '{relation.name.name}' unless it has a non-null default value.",
        )
    loose = Column(column.name, column.type, True, column.default, column.comment)
    statements = [
        f"ALTER TABLE {relation.sql} ADD COLUMN {column_sql(session, loose)}",
        *column_comments(relation.sql, [column]),
    ]
    if not column.nullable:
        statements.append(f"ALTER TABLE {relation.sql} ALTER COLUMN {quote(physical(column.name))} SET NOT NULL")
    _write(session, relation, statements)


def _rename_column(session: Session, relation: Relation, action: exp.RenameColumn) -> None:
    column = _column(session, relation, action.this)
    new = identifier_text(
        session, action.args["to"].this if isinstance(action.args["to"], exp.Column) else action.args["to"]
    )
    if any(c.name == new for c in catalog.columns(session, relation)):
        raise SnowflakeError(1430, "42601", f"SQL compilation error:\ncolumn '{new}' already exists")
    statements = [f"ALTER TABLE {relation.sql} RENAME COLUMN {quote(physical(column.name))} TO {quote(physical(new))}"]
    key = relation.properties.get("clustering", {})
    if column.name in key.get("columns", []):
        renamed = {**key, "columns": [new if name == column.name else name for name in key["columns"]]}
        statements.append(comment_on("TABLE", relation.sql, {**relation.properties, "clustering": renamed}))
    _write(session, relation, statements)


def _drop_columns(session: Session, relation: Relation, action: exp.Drop) -> None:
    statements = []
    for node in action.args.get("tables") or [action.this]:
        column = _column(session, relation, node, bool(action.args.get("exists")))
        if column:
            if column.name in relation.properties.get("clustering", {}).get("columns", []):
                raise SnowflakeError(
                    1003,
                    "42000",
                    f"SQL compilation error:\nCannot drop column '{column.name}' which is part of a clustering key.",
                )
            statements.append(f"ALTER TABLE {relation.sql} DROP COLUMN {quote(physical(column.name))}")
    _write(session, relation, statements)


def _alter_column(session: Session, relation: Relation, action: exp.AlterColumn) -> None:
    column = _column(session, relation, action.this)
    target = f"{relation.sql}.{quote(physical(column.name))}"
    alter_sql = f"ALTER TABLE {relation.sql} ALTER COLUMN {quote(physical(column.name))}"
    if (dtype := action.args.get("dtype")) is not None:
        kind = from_expression(dtype)
        refuse_change(column, kind)
        statements = [] if kind.duckdb == column.type.duckdb else [f"{alter_sql} SET DATA TYPE {kind.duckdb}"]
        _write(
            session,
            relation,
            [*statements, comment_on("COLUMN", target, column_properties(kind, column.comment, column.default))],
        )
    elif "allow_null" in action.args and action.args["allow_null"] is not None:
        _write(session, relation, [f"{alter_sql} {'DROP' if action.args['allow_null'] else 'SET'} NOT NULL"])
    elif action.args.get("comment") is not None:
        set_column_comment(session, relation, column.name, action.args["comment"].name)
    elif action.args.get("default") is not None:
        raise SnowflakeError(2028, "42601", "SQL compilation error:\nColumn default cannot be changed.")
    elif action.args.get("drop"):
        _write(
            session,
            relation,
            [f"{alter_sql} DROP DEFAULT", comment_on("COLUMN", target, column_properties(column.type, column.comment))],
        )
    else:
        raise unsupported(action.sql("snowflake"))


def refuse_change(column: Column, new: SnowflakeType) -> None:
    """Raises unless Snowflake would change the column's type in place: only wider numbers of one scale and longer texts."""
    old = column.type
    same = old.name == new.name
    allowed = old == new
    if same and old.name == "NUMBER":
        allowed = old.scale == new.scale and new.precision >= old.precision
    elif same and old.name in ("VARCHAR", "BINARY"):
        allowed = new.length >= old.length
    if allowed:
        return
    if same and old.name == "VARCHAR":
        reason = "reducing the byte-length of a varchar is not supported"
    elif same and old.name == "NUMBER" and old.scale != new.scale:
        reason = "changing the scale of a number is not supported"
    elif same and old.name == "NUMBER":
        reason = "reducing the precision of a number is not supported"
    else:
        reason = "changing the data type is not supported"
    raise SnowflakeError(
        2108,
        "22000",
        f"SQL compilation error: cannot change column {column.name} from type {old.text} to {new.text} because {reason}.",
    )


def _rename(session: Session, relation: Relation, to: Expr) -> None:
    new = object_name(session, to)
    if catalog.find(session, new):
        raise already_exists(new.name)
    if relation.properties.get("temporary"):
        session.temporary_tables[new] = session.temporary_tables.pop(relation.name)
        return
    if new.duckdb_schema != relation.name.duckdb_schema:
        session.access.require_create(relation.kind, new.database, new.schema)
    _write(session, relation, _move(session, relation, new), new)
    session.account.securables.rename(_key(relation.name), _key(new))


def _key(name: ObjectName) -> Key:
    return Key.of("TABLE", name.database, name.schema, name.name)


def _move(session: Session, relation: Relation, new: ObjectName) -> list[str]:
    """DuckDB renames within a schema; to another one the table is copied."""
    if relation.name.duckdb_schema == new.duckdb_schema:
        return [f"ALTER {relation.kind} {relation.sql} RENAME TO {quote(physical(new.name))}"]
    if relation.kind == "VIEW":
        raise unsupported("renaming a view into another schema")
    columns = catalog.columns(session, relation)
    kept = {k: v for k, v in relation.properties.items() if k != "temporary"}
    return [
        f"CREATE TABLE {new.sql} ({', '.join(column_sql(session, c) for c in columns)})",
        *column_comments(new.sql, columns),
        comment_on("TABLE", new.sql, kept),
        f"INSERT INTO {new.sql} SELECT * FROM {relation.sql}",
        f"DROP TABLE {relation.sql}",
    ]


def _swap(session: Session, relation: Relation, other: Expr) -> None:
    session.access.require("OWNERSHIP", "TABLE", object_name(session, other))
    second = catalog.get(session, object_name(session, other), "Table")
    if relation.properties.get("temporary") or second.properties.get("temporary"):
        raise unsupported("SWAP WITH a temporary table")
    aside = ObjectName(
        relation.name.database, relation.name.schema, f"{relation.name.name}$swap{session.next_number()}"
    )
    moved = Relation(aside, aside.sql, "TABLE", relation.properties)
    statements = [*_move(session, relation, aside), *_move(session, second, relation.name)]
    if aside.duckdb_schema == second.name.duckdb_schema:
        statements.append(f"ALTER TABLE {moved.sql} RENAME TO {quote(physical(second.name.name))}")
    else:
        columns = catalog.columns(session, relation)
        statements += [
            f"CREATE TABLE {second.name.sql} ({', '.join(column_sql(session, c) for c in columns)})",
            *column_comments(second.name.sql, columns),
            comment_on("TABLE", second.name.sql, relation.properties),
            f"INSERT INTO {second.name.sql} SELECT * FROM {moved.sql}",
            f"DROP TABLE {moved.sql}",
        ]
    _write(session, relation, statements, second.name)
    session.account.securables.swap(_key(relation.name), _key(second.name))


_KEYS = re.compile(
    r"\s*ALTER\s+TABLE\s+(IF\s+EXISTS\s+)?(\S+)\s+(DROP\s+PRIMARY\s+KEY|DROP\s+CLUSTERING\s+KEY|(?:SUSPEND|RESUME)\s+RECLUSTER|CLUSTER\s+BY\s*\((.*)\))\s*;?\s*$",
    re.I | re.S,
)


def alter_keys(session: Session, text: str) -> Result | None:
    """Declared and clustering keys: the first are kept, not enforced, of the second no column may be dropped."""
    match = _KEYS.match(text)
    if not match:
        return None
    name = session.resolve(split_name(session, match[2]))
    relation = catalog.find(session, name)
    if relation is None and match[1]:
        return status()
    relation = catalog.get(session, name, "Table")
    session.access.require("OWNERSHIP", relation.kind, name)
    clustering = relation.properties.get("clustering", {})
    if match[4] is not None:
        key = sqlglot.parse_one(f"SELECT {match[4]}", read="snowflake")
        names = [_column(session, relation, column).name for column in key.find_all(exp.Column)]
        clustering = {"text": f"LINEAR({', '.join(part.sql('snowflake') for part in key.selects)})", "columns": names}
    if match[3].upper().split()[:2] == ["DROP", "CLUSTERING"]:
        clustering = {}
    if clustering != relation.properties.get("clustering", {}):
        _write(
            session, relation, [comment_on("TABLE", relation.sql, {**relation.properties, "clustering": clustering})]
        )
    if match[3].upper().split()[:2] == ["DROP", "PRIMARY"]:
        _write(session, relation, [comment_on("TABLE", relation.sql, {**relation.properties, "primary_key": []})])
    return status()


_MANY = re.compile(r"\s*ALTER\s+(TABLE|VIEW)\s+(?:IF\s+EXISTS\s+)?(\S+)\s+(?:ALTER|MODIFY)\s+(.*)$", re.I | re.S)
_COMMENT = re.compile(r"""(?:COLUMN\s+)?("(?:[^"]|"")*"|[\w$]+)\s+COMMENT\s+(.*)$""", re.I | re.S)


def alter_text(session: Session, text: str) -> Result | None:
    """Several columns changed in one statement, which the parser gives up on; dbt writes comments so."""
    match = _MANY.match(text)
    if not match:
        return None
    kind, table, rest = match[1].upper(), match[2], match[3].strip().rstrip(";").strip()
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    for piece in map(str.strip, split(rest, ",")):
        if found := _COMMENT.match(piece):
            name = session.resolve(split_name(session, table))
            session.access.require("OWNERSHIP", kind, name)
            relation = catalog.get(session, name, kind.title())
            set_column_comment(
                session, relation, split_name(session, found[1])[0], sqlglot.parse_one(found[2], read="snowflake").name
            )
        else:
            node = sqlglot.parse_one(f"ALTER {kind} {table} ALTER {piece}", read="snowflake")
            if not isinstance(node, exp.Alter):
                raise unsupported(f"ALTER {kind} {table} ALTER {piece}"[:120])
            alter(session, node)
    return status()
