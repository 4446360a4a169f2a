"""SHOW."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlglot import exp

from local_snowflake import catalog
from local_snowflake.errors import no_such_object, syntax_error, unsupported
from local_snowflake.identifiers import ObjectName
from local_snowflake.names import name_parts
from local_snowflake.relations import Column
from local_snowflake.results import Result, text_result
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.show_scope import is_there, like, limited, listing, scope_of, when
from local_snowflake.types import SnowflakeType

_INSTANT = SnowflakeType("TIMESTAMP_LTZ", scale=9)
_NUMBER = SnowflakeType("NUMBER", 38, 0)

_PARAMETERS = re.compile(
    r"\s*SHOW\s+PARAMETERS(\s+LIKE\s+'[^']*')?(\s+(IN|FOR)\s+(SESSION|ACCOUNT|((USER|WAREHOUSE|DATABASE|SCHEMA|TASK|TABLE)(\s+[\w.\"$]+)?)))?\s*;?\s*$",
    re.I,
)
# Kinds of objects of which there are none here.
_NOTHING_OF = {
    "ROLES", "INTEGRATIONS", "FUTURE", "TASKS", "STREAMS", "PIPES", "SHARES", "TAGS", "REGIONS", "RESOURCE", "NETWORK", "MASKING", "ROW", "SESSION", "PASSWORD",
    "DYNAMIC", "EXTERNAL", "MATERIALIZED", "ICEBERG", "HYBRID", "EVENT", "ALERTS", "SECRETS", "STREAMLITS", "IMAGE", "COMPUTE", "SERVICES", "ORGANIZATION",
    "MANAGED", "REPLICATION", "FAILOVER", "CONNECTIONS", "DELEGATED", "DATABASE", "APPLICATION", "APPLICATIONS", "API", "CATALOG", "STORAGE", "SECURITY",
    "NOTIFICATION", "AGGREGATION", "PROJECTION", "AUTHENTICATION", "PACKAGES", "GIT", "NOTEBOOKS", "CHANNELS", "CLASSES", "MODELS", "FILE", "SEQUENCES", "CORTEX",
    "SEMANTIC", "DATASETS", "LISTINGS", "PROVISIONED",
}  # fmt: skip
_ROUTINE_COLUMNS = [
    "created_on", "name", "schema_name", "is_builtin", "is_aggregate", "is_ansi", "min_num_arguments", "max_num_arguments", "arguments", "description",
    "catalog_name", "is_table_function", "valid_for_clustering", "is_secure", "secrets", "external_access_integrations", "is_external_function", "language",
    "is_memoizable", "is_data_metric",
]  # fmt: skip


def show(session: Session, expression: exp.Show) -> Result:
    name = expression.name.upper()
    match name:
        case "TABLES" | "VIEWS" | "OBJECTS":
            return _objects(session, expression, name)
        case "COLUMNS":
            return _columns(session, expression)
        case "SCHEMAS":
            return _schemas(session, expression)
        case "DATABASES":
            rows = [
                [
                    created,
                    n,
                    "N",
                    "Y" if n == session.database else "N",
                    "",
                    session.access.owner(Key("DATABASE", (n,))),
                    c or "",
                    "",
                    "1",
                    "STANDARD",
                ]
                for n, c, created in session.store.databases()
                if session.access.sees_path(n)
            ]
            names = [
                "created_on",
                "name",
                "is_default",
                "is_current",
                "origin",
                "owner",
                "comment",
                "options",
                "retention_time",
                "kind",
            ]
            return limited(expression, listing([(n, _INSTANT if n == "created_on" else None) for n in names], rows), 1)
        case "PRIMARY KEYS" | "UNIQUE KEYS":
            return _keys(session, expression, name)
        case "IMPORTED KEYS":
            return text_result(
                [
                    "created_on",
                    "pk_database_name",
                    "pk_schema_name",
                    "pk_table_name",
                    "pk_column_name",
                    "fk_database_name",
                    "fk_schema_name",
                    "fk_table_name",
                    "fk_column_name",
                ],
                [],
            )
        case "STAGES":
            rows = [
                [
                    created,
                    n,
                    db,
                    sc,
                    "",
                    "N",
                    "N",
                    session.access.owner(Key("STAGE", (db, sc, n))),
                    c or "",
                    None,
                    "INTERNAL",
                ]
                for created, n, db, sc, c in session.store.list_stages()
                if session.access.sees(Key("STAGE", (db, sc, n)))
            ]
            rows += [
                [when(0), s.name, s.database, s.schema, "", "N", "N", session.role, "", None, "INTERNAL TEMPORARY"]
                for s in session.temporary_stages
            ]
            names = [
                "created_on",
                "name",
                "database_name",
                "schema_name",
                "url",
                "has_credentials",
                "has_encryption_key",
                "owner",
                "comment",
                "region",
                "type",
            ]
            return limited(expression, listing([(n, _INSTANT if n == "created_on" else None) for n in names], rows), 1)
        case "FILE FORMATS":
            return _file_formats(session, expression)
        case "FUNCTIONS" | "PROCEDURES" | "SEQUENCES":
            return text_result(_ROUTINE_COLUMNS, [])
    raise unsupported(f"SHOW {name}")


def show_text(session: Session, text: str) -> Result:
    """The forms of SHOW that the parser hands over as text."""
    words = text.strip().rstrip(";").split()
    match [w.upper() for w in words[:3]]:
        case ["SHOW", "PARAMETERS", *_]:
            if not _PARAMETERS.match(text):
                raise syntax_error("syntax error line 1 at position 16 unexpected.")
            pattern = re.search(r"LIKE\s+'((?:[^']|'')*)'", text, re.I)
            rows = [
                row for row in session.parameters.listed() if not pattern or like(pattern[1].replace("''", "'"), row[0])
            ]
            return text_result(["key", "value", "default", "level", "description", "type"], rows)
        case ["SHOW", "VARIABLES", *_]:
            return text_result(
                ["session_id", "name", "value", "type"],
                [[str(session.id), k, str(v), "text"] for k, v in session.variables.items()],
            )
        case ["SHOW", "USER" | "BUILTIN" | "EXTERNAL", "FUNCTIONS" | "PROCEDURES"]:
            return text_result(_ROUTINE_COLUMNS, [])
        case ["SHOW", kind, *_] if kind in _NOTHING_OF:
            return text_result(["created_on", "name"], [])
    raise syntax_error(f"syntax error line 1 at position 5 unexpected '{words[1] if len(words) > 1 else 'SHOW'}'.")


def _objects(session: Session, expression: exp.Show, which: str) -> Result:
    database, schema, _ = scope_of(session, expression)
    found = catalog.visible(session, catalog.relations(session, database, schema))
    wanted = {"TABLES": ("TABLE",), "VIEWS": ("VIEW",), "OBJECTS": ("TABLE", "VIEW")}[which]
    rows = []
    terse = bool(expression.args.get("terse"))
    sizes = {} if terse else catalog.count_rows(session, found)
    for r in found:
        if r.kind not in wanted:
            continue
        kind = r.kind
        if which == "TABLES":  # SHOW OBJECTS calls them all TABLE
            kind = (
                "TEMPORARY" if r.properties.get("temporary") else "TRANSIENT" if r.properties.get("transient") else kind
            )
        if terse:
            rows.append([when(r.created), r.name.name, kind, r.name.database, r.name.schema])
        elif which == "VIEWS":
            rows.append(
                [
                    when(r.created),
                    r.name.name,
                    "",
                    r.name.database,
                    r.name.schema,
                    catalog.owner(session, r),
                    r.comment,
                    r.properties.get("text") or "",
                    "false",
                    "false",
                ]
            )
        else:
            rows.append(
                [
                    when(r.created),
                    r.name.name,
                    r.name.database,
                    r.name.schema,
                    kind,
                    r.comment,
                    "",
                    sizes.get(r.name),
                    _bytes(sizes.get(r.name)),
                    catalog.owner(session, r),
                    "1",
                    "OFF",
                    "OFF",
                    "N",
                    "N",
                    "N",
                    "N",
                ]
            )
    if terse:
        names = ["created_on", "name", "kind", "database_name", "schema_name"]
    elif which == "VIEWS":
        names = [
            "created_on",
            "name",
            "reserved",
            "database_name",
            "schema_name",
            "owner",
            "comment",
            "text",
            "is_secure",
            "is_materialized",
        ]
    else:
        names = [
            "created_on",
            "name",
            "database_name",
            "schema_name",
            "kind",
            "comment",
            "cluster_by",
            "rows",
            "bytes",
            "owner",
            "retention_time",
            "automatic_clustering",
            "change_tracking",
            "is_external",
            "is_dynamic",
            "is_iceberg",
            "is_hybrid",
        ]
    kinds = {"created_on": _INSTANT, "rows": _NUMBER, "bytes": _NUMBER}
    return limited(expression, listing([(n, kinds.get(n)) for n in names], rows), 1)


def _file_formats(session: Session, expression: exp.Show) -> Result:
    database, schema, _ = scope_of(session, expression)
    if not expression.args.get("scope_kind"):  # Snowflake's default is the whole database
        schema = None
    rows = []
    for created, name, of_database, of_schema, options in session.store.list_file_formats():
        if (database or of_database, schema or of_schema) != (of_database, of_schema):
            continue
        key = Key("FILE FORMAT", (of_database, of_schema, name))
        if not session.access.sees(key):
            continue
        kind = str(json.loads(options).get("TYPE", "CSV")).upper()
        rows.append([created, name, of_database, of_schema, kind, session.access.owner(key), "", options, "ROLE"])
    names = "created_on name database_name schema_name type owner comment format_options owner_role_type".split()
    return limited(expression, listing([(n, _INSTANT if n == "created_on" else None) for n in names], rows), 1)


def _bytes(rows: int | None) -> int | None:
    return None if rows is None else rows * 64


def _schemas(session: Session, expression: exp.Show) -> Result:
    scope = expression.args.get("scope")
    kind = str(expression.args.get("scope_kind") or "").upper()
    databases = (
        [name_parts(session, scope)[-1]]
        if isinstance(scope, exp.Table)
        else [n for n, *_ in session.store.databases()]
        if kind == "ACCOUNT" or not session.database
        else [session.database]
    )
    rows = []
    for database in databases:
        if not is_there(session, database):
            raise no_such_object()
        for name, comment, created in [
            *session.store.schemas(database),
            ("INFORMATION_SCHEMA", "Views describing the contents of schemas in this database", when(0)),
        ]:
            if name != "INFORMATION_SCHEMA" and not session.access.sees_path(database, name):
                continue
            owner = "" if name == "INFORMATION_SCHEMA" else session.access.owner(Key("SCHEMA", (database, name)))
            current = "Y" if (database, name) == (session.database, session.schema) else "N"
            if expression.args.get("terse"):
                rows.append([created, name, None, database, None])
            else:
                rows.append([created, name, "N", current, database, owner, comment or "", "", "1"])
    names = (
        ["created_on", "name", "kind", "database_name", "schema_name"]
        if expression.args.get("terse")
        else [
            "created_on",
            "name",
            "is_default",
            "is_current",
            "database_name",
            "owner",
            "comment",
            "options",
            "retention_time",
        ]
    )
    return limited(expression, listing([(n, _INSTANT if n == "created_on" else None) for n in names], rows), 1)


def _type_json(column: Column) -> str:
    kind = column.type
    shown: dict[str, Any] = {"type": {"NUMBER": "FIXED", "FLOAT": "REAL", "VARCHAR": "TEXT"}.get(kind.name, kind.name)}
    if kind.name == "NUMBER":
        shown |= {"precision": kind.precision, "scale": kind.scale}
    elif kind.name == "VARCHAR":
        shown |= {"length": kind.length, "byteLength": min(kind.length * 4, 16777216)}
    elif kind.name == "BINARY":
        shown |= {"length": kind.length, "byteLength": kind.length}
    elif kind.scale is not None:
        shown |= {"precision": 0, "scale": kind.scale}
    shown["nullable"] = column.nullable
    if kind.name in ("VARCHAR", "BINARY"):
        shown["fixed"] = False
    return json.dumps(shown, separators=(",", ":"))


def _columns(session: Session, expression: exp.Show) -> Result:
    database, schema, table = scope_of(session, expression)
    if table is not None:
        relations = [catalog.get(session, ObjectName(database, schema, table), "Table")]
        session.access.require_any("TABLE", relations[0].name)
    else:
        relations = catalog.visible(session, catalog.relations(session, database, schema))
    rows = []
    for r in relations:
        for c in catalog.columns(session, r):
            rows.append(
                [
                    r.name.name,
                    r.name.schema,
                    c.name,
                    _type_json(c),
                    "true" if c.nullable else "NOT_NULL",
                    c.default or "",
                    "COLUMN",
                    "",
                    c.comment,
                    r.name.database,
                    "",
                    None,
                ]
            )
    names = [
        "table_name",
        "schema_name",
        "column_name",
        "data_type",
        "null?",
        "default",
        "kind",
        "expression",
        "comment",
        "database_name",
        "autoincrement",
        "schema_evolution_record",
    ]
    return limited(expression, text_result(names, rows), 2)


def _keys(session: Session, expression: exp.Show, which: str) -> Result:
    database, schema, table = scope_of(session, expression)
    names = [
        "created_on",
        "database_name",
        "schema_name",
        "table_name",
        "column_name",
        "key_sequence",
        "constraint_name",
        "rely",
        "comment",
    ]
    rows = []
    for r in catalog.visible(session, catalog.relations(session, database, schema)):
        if table is not None and r.name.name != table:
            continue
        keys = (
            [r.properties.get("primary_key") or []] if which.startswith("PRIMARY") else r.properties.get("unique") or []
        )
        for number, key in enumerate(keys):
            for position, column in enumerate(key, 1):
                rows.append(
                    [
                        when(r.created),
                        r.name.database,
                        r.name.schema,
                        r.name.name,
                        column,
                        position,
                        f"SYS_CONSTRAINT_{r.name.name}_{number}",
                        "false",
                        None,
                    ]
                )
    kinds = {"created_on": _INSTANT, "key_sequence": _NUMBER}
    return listing([(n, kinds.get(n)) for n in names], rows)
