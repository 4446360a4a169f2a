"""Words that cannot be names unless quoted, as Snowflake's page of reserved keywords lists them."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.errors import syntax_error
from local_snowflake.trees import find_all

# Reserved by ANSI or by Snowflake: no name at all.
RESERVED = frozenset(
    [
        "ALL",
        "ALTER",
        "AND",
        "ANY",
        "AS",
        "BETWEEN",
        "BY",
        "CHECK",
        "COLUMN",
        "CONNECT",
        "CREATE",
        "CURRENT",
        "DELETE",
        "DISTINCT",
        "DROP",
        "ELSE",
        "EXISTS",
        "FOLLOWING",
        "FOR",
        "FROM",
        "GRANT",
        "GROUP",
        "HAVING",
        "ILIKE",
        "IN",
        "INCREMENT",
        "INSERT",
        "INTERSECT",
        "INTO",
        "IS",
        "LIKE",
        "MINUS",
        "NOT",
        "NULL",
        "OF",
        "ON",
        "OR",
        "ORDER",
        "QUALIFY",
        "REGEXP",
        "REVOKE",
        "RLIKE",
        "ROW",
        "ROWS",
        "SAMPLE",
        "SELECT",
        "SET",
        "SOME",
        "START",
        "TABLE",
        "TABLESAMPLE",
        "THEN",
        "TO",
        "TRIGGER",
        "UNION",
        "UNIQUE",
        "UPDATE",
        "VALUES",
        "WHENEVER",
        "WHERE",
        "WINDOW",
        "WITH",
    ]
)
_NOT_IN_FROM = frozenset(["CROSS", "FULL", "INNER", "JOIN", "LATERAL", "LEFT", "NATURAL", "RIGHT", "USING"])
_NOT_A_COLUMN = frozenset(
    [
        "CASE",
        "CAST",
        "CONSTRAINT",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "CURRENT_TIMESTAMP",
        "CURRENT_USER",
        "FALSE",
        "LOCALTIME",
        "LOCALTIMESTAMP",
        "TRUE",
        "TRY_CAST",
        "WHEN",
    ]
)


def _refuse(word: str) -> None:
    raise syntax_error(f"syntax error line 1 at position 0 unexpected '{word}'.")


def check_names(expression: Expr) -> None:
    """Raises where the statement uses a reserved word as a name."""
    for node in find_all(expression, exp.Identifier):
        if node.quoted:
            continue
        word = node.name.upper()
        parent = node.parent
        if word in RESERVED:
            _refuse(node.name)
        if word in _NOT_IN_FROM and isinstance(parent, (exp.Table, exp.TableAlias)):
            _refuse(node.name)
        if word in _NOT_A_COLUMN and isinstance(parent, (exp.Column, exp.ColumnDef)) and parent.this is node:
            _refuse(node.name)
