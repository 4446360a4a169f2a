"""Warehouses: that they exist, who may use them, and CREATE, ALTER and DROP WAREHOUSE."""

from __future__ import annotations

import re

from local_snowflake.access import insufficient
from local_snowflake.account_statement import AccountStatement, done, invalid_property, settled
from local_snowflake.errors import SnowflakeError, not_found
from local_snowflake.results import Result
from local_snowflake.sessions import Session

_PROPERTIES = frozenset(
    """WAREHOUSE_TYPE WAREHOUSE_SIZE MAX_CLUSTER_COUNT MIN_CLUSTER_COUNT SCALING_POLICY AUTO_SUSPEND AUTO_RESUME INITIALLY_SUSPENDED
    RESOURCE_MONITOR COMMENT ENABLE_QUERY_ACCELERATION QUERY_ACCELERATION_MAX_SCALE_FACTOR MAX_CONCURRENCY_LEVEL
    STATEMENT_QUEUED_TIMEOUT_IN_SECONDS STATEMENT_TIMEOUT_IN_SECONDS GENERATION RESOURCE_CONSTRAINT WAIT_FOR_COMPLETION""".split()
)
_COUNTS = (
    "AUTO_SUSPEND",
    "MAX_CLUSTER_COUNT",
    "MIN_CLUSTER_COUNT",
    "MAX_CONCURRENCY_LEVEL",
    "STATEMENT_TIMEOUT_IN_SECONDS",
)
_SIZES = frozenset(
    [
        "XSMALL",
        "SMALL",
        "MEDIUM",
        "LARGE",
        "XLARGE",
        "2XLARGE",
        "3XLARGE",
        "X2LARGE",
        "X3LARGE",
        "X4LARGE",
        "X5LARGE",
        "X6LARGE",
        "4XLARGE",
        "5XLARGE",
        "6XLARGE",
    ]
)
# Those of the built-in user, the one that a new account comes with, and the name that most examples use.
BUILT_IN = ("LOCAL", "LOCAL_WH", "COMPUTE_WH", "WH")


def is_usable(session: Session, name: str) -> bool:
    """Whether the session's roles may use it; a warehouse that is not there is not told from one that is another's."""
    return is_there(session, name) and any(
        session.access.holds(privilege, "WAREHOUSE", name) for privilege in ("USAGE", "OPERATE")
    )


def require_warehouse(session: Session) -> None:
    """Raises where a statement that computes has nothing to compute on."""
    if session.warehouse is None or not is_usable(session, session.warehouse):
        raise SnowflakeError(
            606, "57P03",
            "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
        )  # fmt: skip


def is_there(session: Session, name: str) -> bool:
    return name in BUILT_IN or session.store.has_object("WAREHOUSE", name)


def warehouse_statement(session: Session, statement: AccountStatement) -> Result:
    given = statement.properties
    for key in given:
        if key not in _PROPERTIES:
            raise invalid_property(key, "WAREHOUSE")
    size = given.get("WAREHOUSE_SIZE")
    if size is not None and str(size).upper().replace("-", "").replace("XXX", "3X").replace("XX", "2X") not in _SIZES:
        raise SnowflakeError(
            1008, "22023", f"SQL compilation error:\ninvalid value [{size}] for parameter 'WAREHOUSE_SIZE'"
        )
    for name in _COUNTS:
        if given.get(name) is not None and not re.fullmatch(r"\d+|NULL", str(given[name]), re.I):
            raise SnowflakeError(
                1008, "22023", f"SQL compilation error:\ninvalid value [{given[name]}] for parameter '{name}'"
            )
    if monitor := given.get("RESOURCE_MONITOR"):
        if session.role != "ACCOUNTADMIN":
            raise insufficient("warehouse", statement.name)
        if not session.store.has_object("RESOURCE MONITOR", monitor.upper()):
            raise not_found("Resource Monitor", monitor)
    if statement.verb == "CREATE":
        session.access.require_account("CREATE WAREHOUSE")
    elif is_there(session, statement.name) and _changes_state(statement):
        if not session.access.holds("OPERATE", "WAREHOUSE", statement.name):
            raise insufficient("warehouse", statement.name)
        return done(session, statement)
    if (answered := settled(session, statement, is_there(session, statement.name))) is not None:
        return answered
    if statement.verb == "CREATE":
        session.warehouse = statement.name
    return done(session, statement)


def _changes_state(statement: AccountStatement) -> bool:
    return statement.verb == "ALTER" and statement.rest.split()[:1] and statement.rest.split()[0].upper() in (
        "RESUME", "SUSPEND", "ABORT",
    )  # fmt: skip
