"""GRANT and REVOKE: of roles, of privileges on one object, on all or on future ones, and of ownership."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_snowflake.access import insufficient
from local_snowflake.account_statement import NAME
from local_snowflake.errors import SnowflakeError, not_found, syntax_error
from local_snowflake.grant_targets import kind_of, targets
from local_snowflake.names import split_name
from local_snowflake.privileges import KINDS, PRIVILEGES, singular
from local_snowflake.results import Result, status
from local_snowflake.roles import require_role
from local_snowflake.securables import ACCOUNT, Key
from local_snowflake.sessions import Session
from local_snowflake.users import find_user

_ROLE = re.compile(rf"\s*(GRANT|REVOKE)\s+ROLE\s+({NAME})\s+(TO|FROM)\s+(ROLE|USER)\s+({NAME})\s*;?\s*$", re.I)
_PRIVILEGE = re.compile(
    rf"\s*(GRANT|REVOKE)\s+(GRANT\s+OPTION\s+FOR\s+)?(.+?)\s+ON\s+(.+?)\s+(TO|FROM)\s+(?:(DATABASE\s+ROLE|ROLE|SHARE|USER)\s+)?({NAME}(?:\.{NAME})?)"
    r"(\s+WITH\s+GRANT\s+OPTION|\s+COPY\s+CURRENT\s+GRANTS|\s+REVOKE\s+CURRENT\s+GRANTS|\s+CASCADE|\s+RESTRICT)?\s*;?\s*$",
    re.I | re.S,
)
_MANY = re.compile(r"(ALL|FUTURE)\s+([A-Z ]+?)\s+IN\s+(SCHEMA|DATABASE)\s+(\S+)$", re.I | re.S)
_ONE = re.compile(rf"(?:({KINDS})\s+)?(\S+)$", re.I | re.S)


@dataclass(frozen=True)
class Grant:
    revoke: bool
    option_only: bool
    privileges: tuple[str, ...]
    which: str
    """ONE, ALL or FUTURE."""
    kind: str
    path: tuple[str, ...]
    """Of the object; of the schema or database for ALL and FUTURE."""
    role: str
    tail: str


def grant_statement(session: Session, text: str) -> Result | None:
    if match := _ROLE.match(text):
        return _grant_role(session, match)
    if not re.match(r"\s*(GRANT|REVOKE)\b", text, re.I):
        return None
    match = _PRIVILEGE.match(text)
    if not match:
        raise syntax_error(f"unexpected text in {text.split()[0].upper()}")
    if match[6] and match[6].upper() != "ROLE":
        raise SnowflakeError(
            2, "0A000", f"Unsupported feature 'grants to a {match[6].lower()}' (the local Snowflake does not know it)."
        )
    grant = _parse(session, match)
    require_role(session, grant.role)
    _check_privileges(grant)
    if grant.which == "FUTURE":
        _future(session, grant)
    elif "OWNERSHIP" in grant.privileges:
        _own(session, grant)
    else:
        _privileges(session, grant)
    return status()


def _words(text: str) -> str:
    return " ".join(text.upper().split())


def _parse(session: Session, match: re.Match[str]) -> Grant:
    on = match[4].strip()
    if many := _MANY.match(on):
        which, kind, path = many[1].upper(), singular(_words(many[2])), split_name(session, many[4])
        if many[3].upper() == "SCHEMA" and len(path) == 1:
            path = [session.database or "", *path]
    elif _words(on) == "ACCOUNT":
        which, kind, path = "ONE", "ACCOUNT", []
    elif one := _ONE.match(on):
        path = split_name(session, one[2])
        which, kind = "ONE", _words(one[1]) if one[1] else kind_of(session, path)
    else:
        raise syntax_error(f"unexpected '{on}' in GRANT")
    role = split_name(session, match[7])[-1]
    privileges = tuple(_words(p) for p in match[3].split(","))
    if kind in PRIVILEGES and privileges in (("ALL",), ("ALL PRIVILEGES",)):
        privileges = tuple(sorted(PRIVILEGES[kind]))
    revoke = match[1].upper() == "REVOKE"
    return Grant(revoke, bool(match[2]), privileges, which, kind, tuple(path), role, _words(match[8] or ""))


def _check_privileges(grant: Grant) -> None:
    if grant.kind not in PRIVILEGES:
        raise syntax_error(f"unexpected '{grant.kind}' in GRANT")
    for name in grant.privileges:
        if name not in PRIVILEGES[grant.kind] and name != "OWNERSHIP":
            raise SnowflakeError(
                3008, "42601", f"SQL compilation error:\nInvalid privilege '{name}' for object type {grant.kind}."
            )
    if grant.revoke and "OWNERSHIP" in grant.privileges and grant.which != "FUTURE":
        raise syntax_error("OWNERSHIP cannot be revoked; grant it to another role.")


def _refused() -> SnowflakeError:
    return SnowflakeError(3001, "42501", "SQL access control error:\nGrant not executed: Insufficient privileges.")


def _grant_role(session: Session, match: re.Match[str]) -> Result:
    role, kind, grantee = split_name(session, match[2])[0], match[4].upper(), split_name(session, match[5])[0]
    require_role(session, role)
    if kind == "ROLE":
        require_role(session, grantee)
    elif find_user(session.store, grantee) is None:
        raise not_found("User", grantee)
    if not (session.access.may_manage_grants() or session.access.owns("ROLE", role)):
        raise insufficient("role", role)
    hierarchy = session.account.roles
    if match[1].upper() == "REVOKE":
        hierarchy.revoke(role, kind, grantee)
    else:
        if kind == "ROLE" and grantee in hierarchy.held(role) - {"PUBLIC"}:
            raise SnowflakeError(
                3006,
                "42601",
                f"SQL compilation error:\nRole '{grantee}' is already granted to '{role}': the grant would make a circle.",
            )
        hierarchy.grant(role, kind, grantee)
    return status()


def _future(session: Session, grant: Grant) -> None:
    database, schema = grant.path[0], grant.path[1] if len(grant.path) > 1 else ""
    exists = session.store.has_schema(database, schema) if schema else session.store.has_database(database)
    if not exists:
        raise not_found("Schema" if schema else "Database", ".".join(grant.path))
    if not (session.access.may_manage_grants() or schema and session.access.owns("SCHEMA", database, schema)):
        raise _refused()
    future = session.account.securables.future
    for privilege in grant.privileges:
        if grant.revoke:
            future.remove((database, schema, grant.kind, privilege, grant.role))
        else:
            future.add((database, schema, grant.kind, privilege, grant.role, "WITH GRANT" in grant.tail))


def _may_grant(session: Session, key: Key, privilege: str) -> bool:
    found = session.account.securables.get(key)
    roles = session.access.roles()
    by_option = any(option and role in roles for role, option in found.grants.get(privilege, {}).items())
    return session.access.may_manage_grants() or found.owner in roles or by_option


def _privileges(session: Session, grant: Grant) -> None:
    securables = session.account.securables
    for kind, key in (
        [("ACCOUNT", ACCOUNT)] if grant.kind == "ACCOUNT" else targets(session, grant.which, grant.kind, grant.path)
    ):
        for privilege in grant.privileges:
            if not _may_grant(session, key, privilege):
                if grant.which == "ALL":
                    continue
                raise _refused()
            if grant.revoke:
                securables.revoke(key, privilege, grant.role, grant.option_only)
            else:
                securables.grant(key, privilege, grant.role, "WITH GRANT" in grant.tail, kind)


def _own(session: Session, grant: Grant) -> None:
    securables = session.account.securables
    for kind, key in targets(session, grant.which, grant.kind, grant.path):
        found = securables.get(key)
        if not (session.access.may_manage_grants() or found.owner in session.access.roles()):
            if grant.which == "ALL":
                continue
            raise _refused()
        held = [(p, r) for p, roles in found.grants.items() for r in roles if r != grant.role]
        if held and not grant.tail:
            raise SnowflakeError(
                3036, "0LP01",
                f"SQL execution error:\nDependent grant of privilege '{held[0][0]}' on securable '{key}' to role '{held[0][1]}' exists. It must be revoked "
                "first, or be kept or revoked with COPY CURRENT GRANTS or REVOKE CURRENT GRANTS.",
            )  # fmt: skip
        securables.own(key, grant.role, "COPY" in grant.tail or not held, kind)
