"""`CREATE|ALTER|DROP kind [IF …] name rest` for what belongs to the account: users, roles, warehouses, policies, monitors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_snowflake.access import insufficient
from local_snowflake.errors import SnowflakeError, already_exists, not_found
from local_snowflake.names import split_name
from local_snowflake.results import Result, status
from local_snowflake.securables import Key
from local_snowflake.sessions import Session

NAME = r"""(?:"(?:[^"]|"")+"|[\w$@-]+)"""
_DEFINE = re.compile(
    rf"\s*(CREATE|DROP|ALTER)\s+(OR\s+REPLACE\s+)?(ROLE|WAREHOUSE|USER|NETWORK\s+POLICY|RESOURCE\s+MONITOR)\s+(IF\s+(?:NOT\s+)?EXISTS\s+)?({NAME})(.*?);?\s*$",
    re.I | re.S,
)


@dataclass(frozen=True)
class AccountStatement:
    verb: str
    kind: str
    name: str
    replace: bool
    optional: bool
    rest: str

    @property
    def properties(self) -> dict[str, str]:
        """`NAME = value` pairs, with quoted values without their quotes."""
        found = re.findall(r"(\w+)\s*=\s*('(?:[^']|'')*'|\([^)]*\)|[^\s,]+)", self.rest)
        return {
            name.upper(): value[1:-1].replace("''", "'") if value.startswith("'") else value for name, value in found
        }

    @property
    def unset(self) -> list[str]:
        match = re.match(r"\s*UNSET\s+(.*)", self.rest, re.I | re.S)
        return [word.upper() for word in re.findall(r"\w+", match[1])] if match else []


def parse_account_statement(session: Session, text: str) -> AccountStatement | None:
    match = _DEFINE.match(text)
    if not match:
        return None
    kind = " ".join(match[3].upper().split())
    name = split_name(session, match[5])[0]
    return AccountStatement(match[1].upper(), kind, name, bool(match[2]), bool(match[4]), match[6])


def invalid_property(key: str, kind: str) -> SnowflakeError:
    return SnowflakeError(1420, "22023", f"SQL compilation error:\ninvalid property '{key}' for '{kind}'")


def settled(session: Session, statement: AccountStatement, there: bool) -> Result | None:
    """What to answer without doing anything; raises where the object is there or missing against the statement, or is another role's."""
    name, shown = statement.name, statement.kind.title()
    if statement.verb == "CREATE":
        if there and statement.optional:
            return status(f"{name} already exists, statement succeeded.")
        if there and not statement.replace:
            raise already_exists(name)
        if not there:
            return None
    elif not there:
        if statement.optional:
            return status(f"{shown} {name} does not exist, statement succeeded.")
        raise not_found(shown, name)
    if not session.access.owns(statement.kind, name):
        raise insufficient(statement.kind, name)
    return None


def done(session: Session, statement: AccountStatement) -> Result:
    """Keeps a kind of which nothing but the name matters, and its owner."""
    store, securables = session.store, session.account.securables
    key = Key(statement.kind, (statement.name,))
    if statement.verb == "CREATE":
        store.add_object(statement.kind, statement.name)
        securables.create(statement.kind, key, session.role)
    elif statement.verb == "DROP":
        store.drop_object(statement.kind, statement.name)
        securables.drop(key)
    what = {"CREATE": "created", "DROP": "dropped", "ALTER": "altered"}[statement.verb]
    return status(f"{statement.kind.title()} {statement.name} successfully {what}.")
