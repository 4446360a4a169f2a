"""SHOW GRANTS, SHOW FUTURE GRANTS, SHOW ROLES, SHOW USERS and SHOW WAREHOUSES."""

from __future__ import annotations

import datetime
import re

from local_snowflake.access import insufficient
from local_snowflake.errors import not_found
from local_snowflake.grant_targets import kind_of, one
from local_snowflake.names import split_name
from local_snowflake.privileges import KINDS, SYSTEM_ROLES
from local_snowflake.results import Result, ResultColumn
from local_snowflake.roles import require_role
from local_snowflake.securables import ACCOUNT, Key, Securable
from local_snowflake.sessions import Session
from local_snowflake.show_scope import like
from local_snowflake.store import REGISTRY
from local_snowflake.types import SnowflakeType, varchar
from local_snowflake.users import find_user
from local_snowflake.warehouses import BUILT_IN, is_usable

_INSTANT = SnowflakeType("TIMESTAMP_LTZ", scale=9)
_GRANTS = re.compile(
    rf"\s*SHOW\s+(FUTURE\s+)?GRANTS(?:\s+(TO|OF|ON|IN)\s+(?:(ACCOUNT)|(?:({KINDS})\s+)?(\S+?)))?(?:\s+LIMIT\s+(\d+))?\s*;?\s*$",
    re.I | re.S,
)
_LISTS = re.compile(r"\s*SHOW\s+(?:TERSE\s+)?(ROLES|USERS|WAREHOUSES)(?:\s+LIKE\s+'((?:[^']|'')*)')?.*$", re.I | re.S)
_COLUMNS = ("created_on", "privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option", "granted_by")


def show_account(session: Session, text: str) -> Result | None:
    """The answer to one of these statements; None for any other."""
    if match := _GRANTS.match(text):
        limit = int(match[6]) if match[6] else None
        result = _future(session, match) if match[1] else _grants(session, match)
        result.rows = list(result.rows)[:limit]
        return result
    if match := _LISTS.match(text):
        result = {"ROLES": _roles, "USERS": _users, "WAREHOUSES": _warehouses}[match[1].upper()](session)
        at = [c.name for c in result.columns].index("name")
        result.rows = [r for r in result.rows if match[2] is None or like(match[2].replace("''", "'"), r[at])]
        return result
    return None


def _result(names: tuple[str, ...], rows: list[list[object]]) -> Result:
    return Result([ResultColumn(n, _INSTANT if n == "created_on" else varchar()) for n in names], "SHOW", rows=rows)


def _when(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _kind(text: str) -> str:
    return " ".join(text.upper().split())


def _on(key: Key, found: Securable) -> list[list[object]]:
    """A row for each privilege on one object, its ownership first."""
    name = str(key) or "LOCAL"
    kind = found.kind.replace(" ", "_")
    rows = (
        [[_when(found.created), "OWNERSHIP", kind, name, "ROLE", found.owner, "true", found.owner]]
        if found.owner
        else []
    )
    return rows + [
        [_when(found.created), privilege, kind, name, "ROLE", role, str(option).lower(), found.owner]
        for privilege, roles in sorted(found.grants.items())
        for role, option in sorted(roles.items())
    ]


def _grants(session: Session, match: re.Match[str]) -> Result:
    securables, roles = session.account.securables, session.account.roles
    if match[2] is None or match[2].upper() == "TO" and _kind(match[4] or "") == "USER":
        user = split_name(session, match[5])[0] if match[5] else session.user
        if find_user(session.store, user) is None:
            raise not_found("User", user)
        rows = [
            [_when(0), "USAGE", "ROLE", role, role, "USER", user, "false", ""]
            for role in roles.granted_to("USER", user)
        ]
        names = (
            "created_on",
            "privilege",
            "granted_on",
            "name",
            "role",
            "granted_to",
            "grantee_name",
            "grant_option",
            "granted_by",
        )
        return _result(names, rows)
    if match[3]:
        return _result(_COLUMNS, _on(ACCOUNT, securables.get(ACCOUNT)))
    path = tuple(split_name(session, match[5]))
    kind = _kind(match[4]) if match[4] else kind_of(session, list(path))
    direction = match[2].upper()
    if direction == "OF" and kind == "ROLE":
        require_role(session, path[0])
        rows = [[_when(0), path[0], to, name, ""] for to, name in roles.grantees(path[0])]
        return _result(("created_on", "role", "granted_to", "grantee_name", "granted_by"), rows)
    if direction == "TO":
        require_role(session, path[0])
        if path[0] not in session.access.roles() and not session.access.may_manage_grants():
            raise insufficient("role", path[0])
        rows = [row for key, found in securables for row in _on(key, found) if row[5] == path[0]]
        rows += [
            [_when(0), "USAGE", "ROLE", role, "ROLE", path[0], "false", ""]
            for role in roles.granted_to("ROLE", path[0])
        ]
        return _result(_COLUMNS, rows)
    key = one(session, kind, path)
    if not session.access.sees(key) and not session.access.may_manage_grants():
        raise not_found(kind.title(), str(key))
    return _result(_COLUMNS, _on(key, securables.get(key)))


def _future(session: Session, match: re.Match[str]) -> Result:
    kind, path = _kind(match[4] or ""), split_name(session, match[5] or "")
    if kind == "SCHEMA" and len(path) == 1:
        path = [session.database or "", *path]
    rows = []
    for database, schema, on, privilege, role, option in session.account.securables.future.listed():
        wanted = role == path[0] if kind == "ROLE" else [database, schema] == [*path, ""][:2]
        if wanted:
            shown = ".".join(filter(None, (database, schema, f"<{on}>")))
            rows.append([_when(0), privilege, on.replace(" ", "_"), shown, "ROLE", role, str(option).lower()])
    return _result(("created_on", "privilege", "grant_on", "name", "grant_to", "grantee_name", "grant_option"), rows)


def _roles(session: Session) -> Result:
    made = [name for (name,) in session.store.rows(f"SELECT name FROM {REGISTRY}.objects WHERE kind='ROLE'")]
    held = session.access.primary()
    securables = session.account.securables
    rows = [
        [_when(0), name, "N", "Y" if name == session.role else "N", "Y" if name in held else "N",
         "" if name in SYSTEM_ROLES else securables.get(Key("ROLE", (name,))).owner, ""]
        for name in sorted({*SYSTEM_ROLES, *made})
    ]  # fmt: skip
    return _result(("created_on", "name", "is_default", "is_current", "is_inherited", "owner", "comment"), rows)


def _users(session: Session) -> Result:
    rows = []
    for (name,) in sorted(session.store.rows(f"SELECT name FROM {REGISTRY}.users")):
        user = find_user(session.store, name)
        if user and (session.access.sees(Key("USER", (name,))) or name == session.user):
            given = user.properties
            rows.append([
                _when(0), name, given.get("LOGIN_NAME", name), given.get("DISABLED", "false"), given.get("DEFAULT_WAREHOUSE", ""),
                given.get("DEFAULT_ROLE", ""), given.get("DEFAULT_SECONDARY_ROLES", '["ALL"]'), given.get("TYPE", ""),
                str(bool(user.password)).lower(), str(bool(user.keys)).lower(), session.account.securables.get(Key("USER", (name,))).owner,
            ])  # fmt: skip
    names = (
        "created_on", "name", "login_name", "disabled", "default_warehouse", "default_role", "default_secondary_roles", "type", "has_password",
        "has_rsa_public_key", "owner",
    )  # fmt: skip
    return _result(names, rows)


def _warehouses(session: Session) -> Result:
    made = [name for (name,) in session.store.rows(f"SELECT name FROM {REGISTRY}.objects WHERE kind='WAREHOUSE'")]
    rows = [
        [name, "STARTED", "STANDARD", "X-Small", "Y" if name == session.warehouse else "N"]
        for name in sorted({*BUILT_IN, *made})
        if is_usable(session, name)
    ]
    return _result(("name", "state", "type", "size", "is_current"), rows)
