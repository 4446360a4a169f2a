"""Users: what is kept of them, and CREATE, ALTER and DROP USER."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from local_snowflake.account_statement import AccountStatement, invalid_property, settled
from local_snowflake.errors import SnowflakeError, not_found
from local_snowflake.parameters import SESSION, parse
from local_snowflake.public_keys import load_public_key
from local_snowflake.results import Result, status
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.store import REGISTRY, Store

_KEYS = ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2")
_PROPERTIES = frozenset(
    """PASSWORD LOGIN_NAME DISPLAY_NAME FIRST_NAME MIDDLE_NAME LAST_NAME EMAIL MUST_CHANGE_PASSWORD DISABLED DAYS_TO_EXPIRY MINS_TO_UNLOCK
    DEFAULT_WAREHOUSE DEFAULT_NAMESPACE DEFAULT_ROLE DEFAULT_SECONDARY_ROLES MINS_TO_BYPASS_MFA RSA_PUBLIC_KEY RSA_PUBLIC_KEY_2 RSA_PUBLIC_KEY_FP
    RSA_PUBLIC_KEY_2_FP TYPE COMMENT NETWORK_POLICY ENABLE_UNREDACTED_QUERY_SYNTAX_ERROR WORKLOAD_IDENTITY""".split()
)
_PERSON_ONLY = ("PASSWORD", "MUST_CHANGE_PASSWORD", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME", "MINS_TO_BYPASS_MFA")
_NAMES = ("DEFAULT_WAREHOUSE", "DEFAULT_ROLE", "NETWORK_POLICY", "DEFAULT_NAMESPACE")


@dataclass
class User:
    """`properties` are those of CREATE USER, the session's parameters among them."""

    name: str
    password: str | None
    keys: list[str]
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def is_service(self) -> bool:
        return self.properties.get("TYPE", "").upper() == "SERVICE"

    @property
    def is_disabled(self) -> bool:
        return self.properties.get("DISABLED", "").upper() == "TRUE"

    @property
    def has_secondary_roles(self) -> bool:
        """Today's default is all of them."""
        return "ALL" in self.properties.get("DEFAULT_SECONDARY_ROLES", "('ALL')").upper()

    @property
    def parameters(self) -> dict[str, Any]:
        return {name: parse(name, value) for name, value in self.properties.items() if name in SESSION}


def find_user(store: Store, name: str) -> User | None:
    found = store.rows(
        f"SELECT name, password, rsa_public_key, rsa_public_key_2, properties FROM {REGISTRY}.users WHERE name=?", name
    )
    if not found:
        return None
    user, password, first, second, properties = found[0]
    return User(user, password, [key for key in (first, second) if key], json.loads(properties or "{}"))


def find_login(store: Store, login_name: str) -> User | None:
    """By LOGIN_NAME, which is the user's name unless it was set; its case does not count."""
    for (name,) in store.rows(f"SELECT name FROM {REGISTRY}.users"):
        user = find_user(store, name)
        if user and user.properties.get("LOGIN_NAME", user.name).upper() == login_name.upper():
            return user
    return None


def user_statement(session: Session, statement: AccountStatement) -> Result:
    store = session.store
    found = find_user(store, statement.name)
    _check(session, statement, found)
    if statement.verb == "CREATE":
        session.access.require_account("CREATE USER")
    if (answered := settled(session, statement, found is not None)) is not None:
        return answered
    key = Key("USER", (statement.name,))
    if statement.verb == "DROP" or statement.verb == "CREATE" and found:
        store.drop_user(statement.name)
        session.account.roles.forget("USER", statement.name)
        session.account.securables.drop(key)
        if statement.verb == "DROP":
            return status(f"{statement.name} successfully dropped.")
    if statement.verb == "CREATE":
        store.create_user(statement.name)
        session.account.securables.create("USER", key, session.role)
        found = None
    _change(store, statement, found)
    return status(
        f"User {statement.name} successfully created."
        if statement.verb == "CREATE"
        else "Statement executed successfully."
    )


def _check(session: Session, statement: AccountStatement, found: User | None) -> None:
    given = statement.properties
    for key, value in given.items():
        if key not in _PROPERTIES and key not in SESSION:
            raise invalid_property(key, "USER")
        if key in _KEYS:
            _check_key(value)
        if key in SESSION:
            try:
                parse(key, value)
            except ValueError as error:
                raise SnowflakeError(1008, "22023", f"SQL compilation error:\n{error}") from error
        if key == "NETWORK_POLICY" and not session.store.has_object("NETWORK POLICY", value.upper()):
            raise not_found("Network policy", value)
    kind = given.get("TYPE", "").upper() or (found.properties.get("TYPE", "").upper() if found else "")
    if kind == "SERVICE":
        for key in _PERSON_ONLY:
            if key in given:
                raise SnowflakeError(
                    1420, "22023", f"SQL compilation error:\nCannot set {key} on users of TYPE = SERVICE."
                )


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


def _change(store: Store, statement: AccountStatement, found: User | None) -> None:
    given, unset = statement.properties, statement.unset
    columns = {key.lower(): given[key] for key in (*_KEYS, "PASSWORD") if key in given}
    columns |= {key.lower(): None for key in (*_KEYS, "PASSWORD") if key in unset}
    kept = {} if found is None else {k: v for k, v in found.properties.items() if k not in unset}
    for key, value in given.items():
        if key not in (*_KEYS, "PASSWORD"):
            kept[key] = re.sub(r'^"(.*)"$', r"\1", value) if value.startswith('"') else _stored(key, value)
    store.alter_user(statement.name, properties=json.dumps(kept), **columns)


def _stored(key: str, value: str) -> str:
    return value.upper() if key in _NAMES else value
