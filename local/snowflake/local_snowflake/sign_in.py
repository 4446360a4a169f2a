"""Sign-in: password, programmatic access token or OAuth token (all equal to the password here), and key pair; then where a session stands."""

from __future__ import annotations

import hmac
from typing import Any

import jwt

from local_snowflake.account_policies import is_allowed
from local_snowflake.errors import SnowflakeError
from local_snowflake.names import split_name
from local_snowflake.public_keys import fingerprint, load_public_key
from local_snowflake.sessions import Session
from local_snowflake.store import Store
from local_snowflake.users import User, find_login
from local_snowflake.warehouses import is_usable

_REFUSED = SnowflakeError(390100, "08001", "Incorrect username or password was specified.")
_BAD_JWT = SnowflakeError(390144, "08001", "JWT token is invalid.")
# The role of the built-in user's sessions was called so by earlier versions of this server.
_FORMER_ROLE = ("LOCAL", "LOCAL")


def _check_jwt(token: str, user: User) -> None:
    for text in user.keys:
        key = load_public_key(text)
        try:
            # Node's driver writes iat in milliseconds, which Snowflake takes.
            options = {"verify_aud": False, "verify_iat": False, "require": ["iss", "sub", "exp"]}
            claims = jwt.decode(token, key, algorithms=["RS256"], options=options, leeway=60)
        except jwt.PyJWTError:
            continue
        subject = str(claims["sub"]).upper()
        login = user.properties.get("LOGIN_NAME", user.name).upper()
        if subject.split(".")[-1] == login and str(claims["iss"]) == f"{claims['sub']}.{fingerprint(key)}":
            return
    raise _BAD_JWT


def authenticate(store: Store, data: dict[str, Any], address: str) -> User:
    """The user. Raises 390100, 390144, 390101 (disabled) or 390422 (from here not allowed) when refused."""
    name = str(data.get("LOGIN_NAME") or "")
    authenticator = str(data.get("AUTHENTICATOR") or "SNOWFLAKE").upper()
    if authenticator == "OAUTH" and not name:
        name = "LOCAL"
    user = find_login(store, name) if name else None
    if authenticator == "SNOWFLAKE_JWT":
        if user is None:
            raise _BAD_JWT
        _check_jwt(str(data.get("TOKEN") or ""), user)
    else:
        given = str(data.get("PASSWORD") or data.get("TOKEN") or "")
        if (
            user is None
            or user.is_service
            or user.password is None
            or not hmac.compare_digest(given.encode(), user.password.encode())
        ):
            raise _REFUSED
    if user.is_disabled:
        raise SnowflakeError(390101, "08001", "User access disabled. Contact your local system administrator.")
    policy = user.properties.get("NETWORK_POLICY")
    if policy and not is_allowed(store, policy, address):
        raise SnowflakeError(
            390422, "08001",
            f"Incoming request with IP/Token {address} is not allowed to access Snowflake. Contact your local security administrator.",
        )  # fmt: skip
    return user


def place(session: Session, user: User, query: dict[str, str], validates: bool) -> None:
    """Role, warehouse, database and schema of a new session, as asked for or as the user's defaults say.

    A role that the user does not have is refused; anything else only where the client `validates` it, and is left out otherwise.
    """
    session.secondary_roles = user.has_secondary_roles
    session.preset_parameters(user.parameters)
    session.role = _role(session, user, query.get("roleName"))
    warehouse = _name(session, query.get("warehouse") or user.properties.get("DEFAULT_WAREHOUSE"))
    if warehouse is not None and is_usable(session, warehouse):
        session.warehouse = warehouse
    elif warehouse is not None and validates:
        raise _no_such("warehouse")
    namespace = split_name(session, user.properties.get("DEFAULT_NAMESPACE", ""))
    database = _name(session, query.get("databaseName")) or (namespace[0] if namespace else None)
    if database is None:
        return
    if not session.store.has_database(database) or not session.access.sees_path(database):
        if validates:
            raise _no_such("database")
        return
    session.database = database
    wanted = _name(session, query.get("schemaName")) or (namespace[1] if len(namespace) > 1 else None)
    schema = wanted or "PUBLIC"
    if session.store.has_schema(database, schema) and session.access.sees_path(database, schema):
        session.schema = schema
    elif wanted is not None and validates:
        raise _no_such("schema")


def _name(session: Session, text: str | None) -> str | None:
    return split_name(session, text)[0] if text else None


def _no_such(kind: str) -> SnowflakeError:
    return SnowflakeError(390201, "08004", f"The requested {kind} does not exist or not authorized.")


def _role(session: Session, user: User, asked: str | None) -> str:
    if asked is None:
        default = user.properties.get("DEFAULT_ROLE", "PUBLIC")
        if not session.access.may_use_role(default):
            raise SnowflakeError(
                390186, "08001",
                f"User's configured default role '{default}' is not granted to this user. Contact your local system administrator, or attempt to "
                "login using a CLI client with a connect string selecting another role, e.g. PUBLIC.",
            )  # fmt: skip
        return default
    role = split_name(session, asked)[0]
    if (user.name, role) == _FORMER_ROLE:
        return "ACCOUNTADMIN"
    if not session.account.roles.exists(role) or not session.access.may_use_role(role):
        raise SnowflakeError(
            390189, "08001",
            f"Role '{role}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to "
            "login with another role, e.g. PUBLIC.",
        )  # fmt: skip
    return role
