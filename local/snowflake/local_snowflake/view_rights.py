"""Reading a table or a view: the reader needs SELECT on what it names, a view's owner on what the view reads."""

from __future__ import annotations

from local_snowflake import catalog
from local_snowflake.errors import SnowflakeError
from local_snowflake.identifiers import ObjectName
from local_snowflake.securables import Key
from local_snowflake.sessions import Session


def require_select(session: Session, name: ObjectName) -> None:
    session.access.require("SELECT", "TABLE", name)
    _check_view(session, name)


def _check_view(session: Session, name: ObjectName) -> None:
    account = session.account
    found = account.securables.get(_key(name))
    if found.kind != "VIEW" or session.is_temporary(name):
        return
    view = catalog.find(session, name)
    owners = account.roles.held(found.owner)
    for text in (view.properties.get("reads") if view else None) or []:
        read = ObjectName(*text)
        if not account.securables.get(_key(read)).holds("SELECT", owners):
            raise SnowflakeError(
                2037, "42601",
                f"SQL compilation error:\nFailure during expansion of view '{name.name}': SQL compilation error:\nObject '{read}' does not exist or not authorized.",
            )  # fmt: skip
        _check_view(session, read)


def _key(name: ObjectName) -> Key:
    return Key.of("TABLE", name.database, name.schema, name.name)
