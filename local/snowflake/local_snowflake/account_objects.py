"""Statements about what belongs to the account, and about grants: which file answers which."""

from __future__ import annotations

from collections.abc import Callable

from local_snowflake.account_policies import network_policy_statement, resource_monitor_statement
from local_snowflake.account_statement import AccountStatement, parse_account_statement
from local_snowflake.grant_statements import grant_statement
from local_snowflake.results import Result
from local_snowflake.roles import role_statement
from local_snowflake.sessions import Session
from local_snowflake.show_grants import show_account
from local_snowflake.users import user_statement
from local_snowflake.warehouses import warehouse_statement

_STATEMENTS: dict[str, Callable[[Session, AccountStatement], Result]] = {
    "ROLE": role_statement, "WAREHOUSE": warehouse_statement, "USER": user_statement, "NETWORK POLICY": network_policy_statement,
    "RESOURCE MONITOR": resource_monitor_statement,
}  # fmt: skip


def account_statement(session: Session, text: str) -> Result | None:
    """The answer to a statement about one of these objects or about grants; None for any other."""
    answered = grant_statement(session, text) or show_account(session, text)
    if answered is not None:
        return answered
    statement = parse_account_statement(session, text)
    return _STATEMENTS[statement.kind](session, statement) if statement else None
