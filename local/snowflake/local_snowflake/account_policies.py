"""Network policies and resource monitors."""

from __future__ import annotations

import ipaddress
import json
import re

from local_snowflake.access import insufficient
from local_snowflake.account_statement import AccountStatement, done, invalid_property, settled
from local_snowflake.errors import SnowflakeError
from local_snowflake.results import Result
from local_snowflake.sessions import Session
from local_snowflake.store import Store

_LISTS = ("ALLOWED_IP_LIST", "BLOCKED_IP_LIST")


def network_policy_statement(session: Session, statement: AccountStatement) -> Result:
    lists: dict[str, list[str]] = {}
    for key, value in statement.properties.items():
        if key in _LISTS:
            lists[key] = _addresses(key, value)
        elif key not in ("ALLOWED_NETWORK_RULE_LIST", "BLOCKED_NETWORK_RULE_LIST", "COMMENT"):
            raise invalid_property(key, "NETWORK_POLICY")
    store = session.store
    if statement.verb == "CREATE":
        session.access.require_account("CREATE NETWORK POLICY")
    there = store.has_object("NETWORK POLICY", statement.name)
    if (answered := settled(session, statement, there)) is not None:
        return answered
    answer = done(session, statement)
    if lists:
        kept = {} if statement.verb == "CREATE" else _lists(store, statement.name)
        store.describe_object("NETWORK POLICY", statement.name, json.dumps(kept | lists))
    return answer


def _addresses(key: str, value: str) -> list[str]:
    found = re.findall(r"'([^']*)'", value)
    for address in found:
        try:
            ipaddress.IPv4Network(address, strict=False)
        except ValueError as error:
            raise SnowflakeError(
                1008, "22023", f"SQL compilation error:\ninvalid IP address '{address}' in {key}"
            ) from error
    return found


def _lists(store: Store, name: str) -> dict[str, list[str]]:
    return json.loads(store.description("NETWORK POLICY", name) or "{}")


def is_allowed(store: Store, policy: str, address: str) -> bool:
    """Whether a client at `address` may sign in under the policy."""
    lists = _lists(store, policy)
    if not lists:
        return True
    here = ipaddress.ip_address(address)
    blocked, allowed = (
        any(here in ipaddress.ip_network(network, strict=False) for network in lists.get(key, []))
        for key in ("BLOCKED_IP_LIST", "ALLOWED_IP_LIST")
    )
    return allowed and not blocked


_MONITOR_PROPERTIES = ("CREDIT_QUOTA", "FREQUENCY", "START_TIMESTAMP", "END_TIMESTAMP", "NOTIFY_USERS")


def resource_monitor_statement(session: Session, statement: AccountStatement) -> Result:
    """Only ACCOUNTADMIN makes them. A monitor that suspends and never notifies would stop the work unannounced, but is valid."""
    for key in statement.properties:
        if key not in _MONITOR_PROPERTIES:
            raise invalid_property(key, "RESOURCE_MONITOR")
    if statement.verb != "ALTER" and session.role != "ACCOUNTADMIN":
        raise insufficient("account", "LOCAL")
    there = session.store.has_object("RESOURCE MONITOR", statement.name)
    if (answered := settled(session, statement, there)) is not None:
        return answered
    return done(session, statement)
