"""Which privileges there are, by the kind of object that they are granted on."""

from __future__ import annotations

import re

_CREATES = """TABLE|VIEW|STAGE|FILE FORMAT|SEQUENCE|FUNCTION|PROCEDURE|PIPE|STREAM|TASK|TAG|MASKING POLICY|ROW ACCESS POLICY|SECRET|DYNAMIC TABLE
EXTERNAL TABLE|MATERIALIZED VIEW|TEMPORARY TABLE|ALERT|ICEBERG TABLE|STREAMLIT|NOTEBOOK|GIT REPOSITORY|IMAGE REPOSITORY|SERVICE|NETWORK RULE|HYBRID TABLE"""
_READ = frozenset(("SELECT", "REFERENCES"))

PRIVILEGES: dict[str, frozenset[str]] = {
    "ACCOUNT": frozenset((
        "CREATE DATABASE", "CREATE WAREHOUSE", "CREATE ROLE", "CREATE USER", "CREATE NETWORK POLICY", "CREATE INTEGRATION", "CREATE SHARE",
        "MANAGE GRANTS", "MONITOR USAGE", "MONITOR EXECUTION", "MONITOR", "EXECUTE TASK", "EXECUTE ALERT", "MANAGE WAREHOUSES", "APPLY TAG",
        "IMPORT SHARE", "ATTACH POLICY", "AUDIT",
    )),
    "TABLE": frozenset(("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "EVOLVE SCHEMA", "APPLYBUDGET")),
    "VIEW": _READ,
    "SCHEMA": frozenset(("USAGE", "MODIFY", "MONITOR", "ADD SEARCH OPTIMIZATION"))
    | {f"CREATE {kind}" for kind in re.split(r"[|\n]", _CREATES)},
    "DATABASE": frozenset(("USAGE", "MODIFY", "MONITOR", "CREATE SCHEMA", "CREATE DATABASE ROLE", "IMPORTED PRIVILEGES", "REFERENCE_USAGE")),
    "WAREHOUSE": frozenset(("USAGE", "OPERATE", "MONITOR", "MODIFY", "APPLYBUDGET")),
    "STAGE": frozenset(("USAGE", "READ", "WRITE")),
    "FILE FORMAT": frozenset(("USAGE",)),
    "SEQUENCE": frozenset(("USAGE",)),
    "FUNCTION": frozenset(("USAGE",)),
    "PROCEDURE": frozenset(("USAGE",)),
    "INTEGRATION": frozenset(("USAGE", "USE_ANY_ROLE")),
    "RESOURCE MONITOR": frozenset(("MONITOR", "MODIFY")),
    "NETWORK POLICY": frozenset(("USAGE",)),
    "USER": frozenset(("MONITOR", "MODIFY PROGRAMMATIC AUTHENTICATION METHODS")),
    "ROLE": frozenset(),
    "STREAM": frozenset(("SELECT",)),
    "TASK": frozenset(("MONITOR", "OPERATE")),
    "PIPE": frozenset(("MONITOR", "OPERATE")),
    "DYNAMIC TABLE": frozenset(("SELECT", "OPERATE", "MONITOR")),
    "EXTERNAL TABLE": _READ,
    "MATERIALIZED VIEW": _READ,
}  # fmt: skip

# The kinds as a pattern, the longer names first.
KINDS = "|".join(sorted((kind.replace(" ", r"\s+") for kind in PRIVILEGES), key=len, reverse=True))

SYSTEM_ROLES = ("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC", "ORGADMIN")

# What the roles that come with an account may do in it.
SYSTEM_PRIVILEGES: dict[str, tuple[str, ...]] = {
    "USERADMIN": ("CREATE ROLE", "CREATE USER"),
    "SECURITYADMIN": ("MANAGE GRANTS", "CREATE NETWORK POLICY", "ATTACH POLICY"),
    "SYSADMIN": ("CREATE DATABASE", "CREATE WAREHOUSE"),
    "ACCOUNTADMIN": (
        "CREATE INTEGRATION", "CREATE SHARE", "IMPORT SHARE", "MONITOR USAGE", "MONITOR EXECUTION", "MONITOR", "EXECUTE TASK", "EXECUTE ALERT",
        "MANAGE WAREHOUSES", "APPLY TAG", "AUDIT", "CREATE RESOURCE MONITOR",
    ),
}  # fmt: skip


def singular(plural: str) -> str:
    """The kind of object that `TABLES`, `FILE FORMATS` or `POLICIES` are many of."""
    return plural[:-3] + "Y" if plural.endswith("IES") else plural.removesuffix("S")
