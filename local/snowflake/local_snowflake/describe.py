"""DESCRIBE TABLE and GET_DDL."""

from __future__ import annotations

import re

from sqlglot import exp

from local_snowflake import catalog
from local_snowflake.errors import unsupported
from local_snowflake.names import object_name, split_name
from local_snowflake.results import Result, text_result
from local_snowflake.sessions import Session


def describe(session: Session, expression: exp.Describe) -> Result:
    kind = str(expression.args.get("kind") or "TABLE").upper()
    if kind not in ("TABLE", "VIEW") or not isinstance(expression.this, exp.Table):
        raise unsupported(f"DESCRIBE {kind}")
    name = object_name(session, expression.this)
    session.access.require_any(kind, name)
    relation = catalog.get(session, name, kind.title())
    keys = relation.properties.get("primary_key") or []
    unique = {name for key in relation.properties.get("unique") or [] for name in key}
    rows = [
        [
            c.name,
            c.type.text,
            "COLUMN",
            "Y" if c.nullable else "N",
            c.default,
            "Y" if c.name in keys else "N",
            "Y" if c.name in unique else "N",
            None,
            None,
            c.comment or None,
            None,
            None,
        ]
        for c in catalog.columns(session, relation)
    ]
    names = [
        "name",
        "type",
        "kind",
        "null?",
        "default",
        "primary key",
        "unique key",
        "check",
        "expression",
        "comment",
        "policy name",
        "privacy domain",
    ]
    return text_result(names, rows, "DESCRIBE")


def _name_sql(name: str) -> str:
    return name if re.fullmatch(r"[A-Z_][A-Z0-9_$]*", name) else '"' + name.replace('"', '""') + '"'


def _string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def get_ddl(session: Session, kind: str, name: str) -> str:
    """GET_DDL of a table or a view."""
    found = session.resolve(split_name(session, name))
    session.access.require_any(kind.upper(), found)
    relation = catalog.get(session, found, kind.title())
    if relation.kind == "VIEW":
        return relation.properties.get("text") or ""
    lines = []
    for c in catalog.columns(session, relation):
        line = f"\t{_name_sql(c.name)} {c.type.text}"
        if not c.nullable:
            line += " NOT NULL"
        if c.default is not None:
            line += f" DEFAULT {c.default}"
        if c.comment:
            line += f" COMMENT {_string(c.comment)}"
        lines.append(line)
    if key := relation.properties.get("primary_key"):
        lines.append(f"\tprimary key ({', '.join(map(_name_sql, key))})")
    variety = (
        "TRANSIENT "
        if relation.properties.get("transient")
        else "TEMPORARY "
        if relation.properties.get("temporary")
        else ""
    )
    tail = f"\nCOMMENT={_string(relation.comment)}" if relation.comment else ""
    return f"create or replace {variety}TABLE {_name_sql(relation.name.name)} (\n" + ",\n".join(lines) + f"\n){tail};"
