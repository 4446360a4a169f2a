"""CREATE, ALTER and DROP ROLE, and USE ROLE."""

from __future__ import annotations

from local_snowflake.access import insufficient
from local_snowflake.account_statement import AccountStatement, done, settled
from local_snowflake.errors import SnowflakeError, no_such_object, not_found
from local_snowflake.privileges import SYSTEM_ROLES
from local_snowflake.results import Result
from local_snowflake.sessions import Session


def require_role(session: Session, name: str) -> None:
    if not session.account.roles.exists(name):
        raise not_found("Role", name)


def role_statement(session: Session, statement: AccountStatement) -> Result:
    if statement.verb == "CREATE":
        session.access.require_account("CREATE ROLE")
    if (answered := settled(session, statement, session.account.roles.exists(statement.name))) is not None:
        return answered
    if statement.name in SYSTEM_ROLES:
        raise insufficient("role", statement.name)
    if statement.verb == "DROP" or statement.replace:
        session.account.roles.forget("ROLE", statement.name)
        session.account.securables.forget_role(statement.name, session.role)
    return done(session, statement)


def use_role(session: Session, name: str) -> None:
    """Only a role that the user was granted, or one below it."""
    if not session.account.roles.exists(name):
        raise no_such_object()
    if not session.access.may_use_role(name):
        raise SnowflakeError(
            3013, "42501",
            f"SQL access control error:\nRequested role '{name}' is not assigned to the executing user. Specify another role to activate.",
        )  # fmt: skip
    session.role = name
