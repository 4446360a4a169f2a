"""Roles, users, warehouses and network policies: that they exist, and what their statements may say.

Privileges are checked for their names and the kinds of objects that they belong to; what a role may do is not enforced.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from local_snowflake.auth import load_public_key
from local_snowflake.errors import SnowflakeError, already_exists
from local_snowflake.names import split_name
from local_snowflake.parameters import SESSION
from local_snowflake.results import Result, status, text_result
from local_snowflake.sessions import Session

SYSTEM_ROLES = frozenset(("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC", "ORGADMIN"))
_NAME = r"""(?:"(?:[^"]|"")+"|[\w$.@-]+)"""
_DEFINE = re.compile(
    rf"\s*(CREATE|DROP|ALTER)\s+(OR\s+REPLACE\s+)?(ROLE|WAREHOUSE|USER|NETWORK\s+POLICY)\s+(IF\s+(?:NOT\s+)?EXISTS\s+)?({_NAME})(.*?);?\s*$",
    re.I | re.S,
)
_GRANT_ROLE = re.compile(
    rf"\s*(?:GRANT|REVOKE)\s+ROLE\s+({_NAME})\s+(?:TO|FROM)\s+(ROLE|USER)\s+({_NAME})\s*;?\s*$", re.I
)
_GRANT = re.compile(
    rf"\s*(?:GRANT|REVOKE)\s+(?:GRANT\s+OPTION\s+FOR\s+)?(.+?)\s+ON\s+((?:ALL|FUTURE)\s+)?([A-Z ]+?)\s+(.+?)\s+(?:TO|FROM)\s+(?:(DATABASE\s+ROLE|ROLE|SHARE)\s+)?({_NAME})"
    r"(?:\s+WITH\s+GRANT\s+OPTION|\s+COPY\s+CURRENT\s+GRANTS|\s+REVOKE\s+CURRENT\s+GRANTS|\s+CASCADE|\s+RESTRICT)?\s*;?\s*$",
    re.I | re.S,
)
_SHOW_GRANTS = re.compile(
    rf"\s*SHOW\s+(?:FUTURE\s+)?GRANTS\s+(TO|OF|ON|IN)\s+(ROLE|USER|[A-Z ]+?)\s+({_NAME}).*$", re.I | re.S
)

_COMMON = frozenset(("ALL", "ALL PRIVILEGES", "OWNERSHIP"))
_TABLE = frozenset(("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "EVOLVE SCHEMA", "APPLYBUDGET"))
_CREATES = """TABLE|VIEW|STAGE|FILE FORMAT|SEQUENCE|FUNCTION|PROCEDURE|PIPE|STREAM|TASK|TAG|MASKING POLICY|ROW ACCESS POLICY|SECRET|DYNAMIC TABLE
EXTERNAL TABLE|MATERIALIZED VIEW|TEMPORARY TABLE|ALERT|ICEBERG TABLE|STREAMLIT|NOTEBOOK|GIT REPOSITORY|IMAGE REPOSITORY|SERVICE|NETWORK RULE|HYBRID TABLE"""
_PRIVILEGES: dict[str, frozenset[str]] = {
    "TABLE": _TABLE,
    "VIEW": frozenset(("SELECT", "REFERENCES")),
    "SCHEMA": frozenset(("USAGE", "MODIFY", "MONITOR", "ADD SEARCH OPTIMIZATION"))
    | {f"CREATE {kind}" for kind in re.split(r"[|\n]", _CREATES)},
    "DATABASE": frozenset(
        (
            "USAGE",
            "MODIFY",
            "MONITOR",
            "CREATE SCHEMA",
            "CREATE DATABASE ROLE",
            "IMPORTED PRIVILEGES",
            "REFERENCE_USAGE",
        )
    ),
    "WAREHOUSE": frozenset(("USAGE", "OPERATE", "MONITOR", "MODIFY", "APPLYBUDGET")),
    "STAGE": frozenset(("USAGE", "READ", "WRITE")),
    "FILE FORMAT": frozenset(("USAGE",)),
    "SEQUENCE": frozenset(("USAGE",)),
    "FUNCTION": frozenset(("USAGE",)),
    "PROCEDURE": frozenset(("USAGE",)),
    "INTEGRATION": frozenset(("USAGE", "USE_ANY_ROLE")),
    "RESOURCE MONITOR": frozenset(("MONITOR", "MODIFY")),
    "USER": frozenset(("MONITOR", "MODIFY PROGRAMMATIC AUTHENTICATION METHODS")),
    "ROLE": frozenset(("OWNERSHIP",)),
    "STREAM": frozenset(("SELECT",)),
    "TASK": frozenset(("MONITOR", "OPERATE")),
    "PIPE": frozenset(("MONITOR", "OPERATE")),
    "DYNAMIC TABLE": frozenset(("SELECT", "OPERATE", "MONITOR")),
    "EXTERNAL TABLE": frozenset(("SELECT", "REFERENCES")),
    "MATERIALIZED VIEW": frozenset(("SELECT", "REFERENCES")),
}
_USER_PROPERTIES = frozenset(
    [
        "PASSWORD",
        "LOGIN_NAME",
        "DISPLAY_NAME",
        "FIRST_NAME",
        "MIDDLE_NAME",
        "LAST_NAME",
        "EMAIL",
        "MUST_CHANGE_PASSWORD",
        "DISABLED",
        "DAYS_TO_EXPIRY",
        "MINS_TO_UNLOCK",
        "DEFAULT_WAREHOUSE",
        "DEFAULT_NAMESPACE",
        "DEFAULT_ROLE",
        "DEFAULT_SECONDARY_ROLES",
        "MINS_TO_BYPASS_MFA",
        "RSA_PUBLIC_KEY",
        "RSA_PUBLIC_KEY_2",
        "RSA_PUBLIC_KEY_FP",
        "RSA_PUBLIC_KEY_2_FP",
        "TYPE",
        "COMMENT",
        "NETWORK_POLICY",
        "ENABLE_UNREDACTED_QUERY_SYNTAX_ERROR",
        "WORKLOAD_IDENTITY",
    ]
)
_WAREHOUSE_PROPERTIES = frozenset(
    [
        "WAREHOUSE_TYPE",
        "WAREHOUSE_SIZE",
        "MAX_CLUSTER_COUNT",
        "MIN_CLUSTER_COUNT",
        "SCALING_POLICY",
        "AUTO_SUSPEND",
        "AUTO_RESUME",
        "INITIALLY_SUSPENDED",
        "RESOURCE_MONITOR",
        "COMMENT",
        "ENABLE_QUERY_ACCELERATION",
        "QUERY_ACCELERATION_MAX_SCALE_FACTOR",
        "MAX_CONCURRENCY_LEVEL",
        "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS",
        "STATEMENT_TIMEOUT_IN_SECONDS",
        "GENERATION",
        "RESOURCE_CONSTRAINT",
        "WAIT_FOR_COMPLETION",
    ]
)
_PERSON_ONLY = ("PASSWORD", "MUST_CHANGE_PASSWORD", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME", "MINS_TO_BYPASS_MFA")


def missing(kind: str, name: str) -> SnowflakeError:
    return SnowflakeError(2003, "02000", f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")


def has_role(session: Session, name: str) -> bool:
    return name in SYSTEM_ROLES or name == session.signed_in_role or session.store.has_object("ROLE", name)


def has_warehouse(session: Session, name: str) -> bool:
    return name == session.signed_in_warehouse or session.store.has_object("WAREHOUSE", name)


def require_role(session: Session, name: str) -> None:
    if not has_role(session, name):
        raise missing("Role", name)


def account_statement(session: Session, text: str) -> Result | None:
    """The answer to a statement about one of these objects or about grants; None for any other."""
    if match := _GRANT_ROLE.match(text):
        require_role(session, split_name(session, match[1])[0])
        if match[2].upper() == "ROLE":
            require_role(session, split_name(session, match[3])[0])
        elif not session.store.find_user(split_name(session, match[3])[0]):
            raise missing("User", match[3])
        return status()
    if match := _GRANT.match(text):
        return _grant(session, match)
    if match := _SHOW_GRANTS.match(text):
        name = split_name(session, match[3])[-1]
        if match[2].upper() == "ROLE":
            require_role(session, name)
        elif match[2].upper() == "USER" and not session.store.find_user(name):
            raise missing("User", name)
        names = [
            "created_on",
            "privilege",
            "granted_on",
            "name",
            "granted_to",
            "grantee_name",
            "grant_option",
            "granted_by",
        ]
        return text_result(names, [])
    if match := _DEFINE.match(text):
        kind = " ".join(match[3].upper().split())
        return _STATEMENTS[kind](
            session, match[1].upper(), bool(match[2]), bool(match[4]), split_name(session, match[5])[0], match[6]
        )
    return None


def _grant(session: Session, match: re.Match[str]) -> Result:
    kind = " ".join(match[3].upper().split())
    if match[2]:
        kind = kind.split(" IN")[0]
        kind = {"POLICIES": "POLICY"}.get(kind, kind.removesuffix("S"))
    if match[5] is None or match[5].upper() == "ROLE":
        require_role(session, split_name(session, match[6])[0])
    if kind in ("ACCOUNT",) or kind not in _PRIVILEGES:
        return status()
    for privilege in match[1].split(","):
        name = " ".join(privilege.upper().split())
        if name not in _COMMON and name not in _PRIVILEGES[kind]:
            raise SnowflakeError(
                3008, "42601", f"SQL compilation error:\nInvalid privilege '{name}' for object type {kind}."
            )
    return status()


def _properties(text: str) -> dict[str, str]:
    """`NAME = value` pairs, with quoted values without their quotes."""
    found = re.findall(r"(\w+)\s*=\s*('(?:[^']|'')*'|\([^)]*\)|[^\s,]+)", text)
    return {
        name.upper(): value.strip("'").replace("''", "'") if value.startswith("'") else value for name, value in found
    }


def _existing(session: Session, kind: str, verb: str, replace: bool, optional: bool, name: str) -> Result | None:
    """What to answer without doing anything; raises where the object is there or missing against the statement."""
    there = session.store.has_object(kind, name) or kind == "ROLE" and name in SYSTEM_ROLES
    shown = kind.title()
    if verb == "CREATE" and there and not replace:
        if optional:
            return status(f"{name} already exists, statement succeeded.")
        raise already_exists(name)
    if verb != "CREATE" and not there:
        if optional:
            return status(f"{shown} {name} does not exist, statement succeeded.")
        raise missing(shown, name)
    return None


def _role(session: Session, verb: str, replace: bool, optional: bool, name: str, rest: str) -> Result:
    if (done := _existing(session, "ROLE", verb, replace, optional, name)) is not None:
        return done
    return _kept(session, "ROLE", verb, name)


def _kept(session: Session, kind: str, verb: str, name: str) -> Result:
    if verb == "CREATE":
        session.store.add_object(kind, name)
    elif verb == "DROP":
        session.store.drop_object(kind, name)
    return status(
        f"{kind.title()} {name} successfully {'created' if verb == 'CREATE' else 'dropped' if verb == 'DROP' else 'altered'}."
    )


def _warehouse(session: Session, verb: str, replace: bool, optional: bool, name: str, rest: str) -> Result:
    for key in _properties(rest):
        if key not in _WAREHOUSE_PROPERTIES:
            raise SnowflakeError(1420, "22023", f"SQL compilation error:\ninvalid property '{key}' for 'WAREHOUSE'")
    if verb != "CREATE" and name == session.signed_in_warehouse:
        return status()
    if (done := _existing(session, "WAREHOUSE", verb, replace, optional, name)) is not None:
        return done
    if verb == "CREATE":
        session.warehouse = name
    return _kept(session, "WAREHOUSE", verb, name)


def _policy(session: Session, verb: str, replace: bool, optional: bool, name: str, rest: str) -> Result:
    for key, value in _properties(rest).items():
        if key in ("ALLOWED_IP_LIST", "BLOCKED_IP_LIST"):
            for address in re.findall(r"'([^']*)'", value):
                try:
                    ipaddress.ip_network(address, strict=False)
                except ValueError as error:
                    raise SnowflakeError(
                        1008, "22023", f"SQL compilation error:\ninvalid IP address '{address}' in {key}"
                    ) from error
        elif key not in ("ALLOWED_NETWORK_RULE_LIST", "BLOCKED_NETWORK_RULE_LIST", "COMMENT"):
            raise SnowflakeError(
                1420, "22023", f"SQL compilation error:\ninvalid property '{key}' for 'NETWORK_POLICY'"
            )
    if (done := _existing(session, "NETWORK POLICY", verb, replace, optional, name)) is not None:
        return done
    return _kept(session, "NETWORK POLICY", verb, name)


def _user(session: Session, verb: str, replace: bool, optional: bool, name: str, rest: str) -> Result:
    store = session.store
    there = store.find_user(name) is not None
    given = _properties(rest)
    for key in given:
        if key not in _USER_PROPERTIES and key not in SESSION:
            raise SnowflakeError(1420, "22023", f"SQL compilation error:\ninvalid property '{key}' for 'USER'")
    if given.get("TYPE", "").upper() == "SERVICE":
        for key in _PERSON_ONLY:
            if key in given:
                raise SnowflakeError(
                    1420, "22023", f"SQL compilation error:\nCannot set {key} on users of TYPE = SERVICE."
                )
    for key in ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"):
        if key in given:
            _check_key(given[key])
    if verb == "CREATE":
        if there and optional:
            return status(f"{name} already exists, statement succeeded.")
        if there and not replace:
            raise already_exists(name)
        store.create_user(name)
    elif not there:
        if optional:
            return status()
        raise missing("User", name)
    if verb == "DROP":
        store.drop_user(name)
        return status(f"{name} successfully dropped.")
    for key in ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2", "PASSWORD"):
        if key in given:
            store.alter_user(name, **{key.lower(): given[key]})
    for key in re.findall(r"UNSET\s+(RSA_PUBLIC_KEY(?:_2)?|PASSWORD)", rest, re.I):
        store.alter_user(name, **{key.lower(): None})
    return status(f"User {name} successfully created." if verb == "CREATE" else "Statement executed successfully.")


def _check_key(text: str) -> None:
    """The key without its PEM delimiters."""
    try:
        if "-----" in text:
            raise ValueError("PEM delimiters")
        load_public_key(text)
    except ValueError as error:
        raise SnowflakeError(
            391305,
            "22023",
            "SQL compilation error:\nNew public key rejected by current policy. Reason: 'Invalid public key'",
        ) from error


_STATEMENTS: dict[str, Callable[[Session, str, bool, bool, str, str], Result]] = {
    "ROLE": _role, "WAREHOUSE": _warehouse, "USER": _user, "NETWORK POLICY": _policy,
}  # fmt: skip
