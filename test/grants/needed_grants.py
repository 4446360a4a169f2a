"""Runs deploy/snowflake/set-up.sql, as a whole and with each GRANT taken out, and what the platform's users do with it.

Arguments: the filled-in script. Prints JSON: for each GRANT that was taken out ("" for none) the needs that were not met.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from local_snowflake.binds import Binds, from_wire
from local_snowflake.errors import SnowflakeError
from local_snowflake.sessions import Account, Session
from local_snowflake.sign_in import place
from local_snowflake.sql_text import statements
from local_snowflake.statements import Statements
from local_snowflake.store import Store
from local_snowflake.users import find_user

# An installation that is there already: its tables and views get their grants by ON ALL.
BEFORE = """
CREATE ROLE SEVDESK_TRANSFORMER;
CREATE TABLE SEVDESK.RAW.OLD (A NUMBER);
CREATE SCHEMA SEVDESK.ANALYTICS;
CREATE TABLE SEVDESK.ANALYTICS.OLD_TABLE (A NUMBER);
CREATE VIEW SEVDESK.ANALYTICS.OLD_VIEW AS SELECT A FROM SEVDESK.ANALYTICS.OLD_TABLE;
GRANT OWNERSHIP ON SCHEMA SEVDESK.ANALYTICS TO ROLE SEVDESK_TRANSFORMER;
GRANT OWNERSHIP ON ALL TABLES IN SCHEMA SEVDESK.ANALYTICS TO ROLE SEVDESK_TRANSFORMER;
GRANT OWNERSHIP ON ALL VIEWS IN SCHEMA SEVDESK.ANALYTICS TO ROLE SEVDESK_TRANSFORMER;
"""

# Who sends what, in this order, and the grant that it cannot do without.
NEEDS = [
    ("SEVDESK_LOADER", "SELECT CURRENT_ROLE()", "GRANT ROLE SEVDESK_LOADER TO USER SEVDESK_LOADER"),
    ("SEVDESK_LOADER", "USE DATABASE SEVDESK", "GRANT USAGE ON DATABASE SEVDESK TO ROLE SEVDESK_LOADER"),
    ("SEVDESK_LOADER", "CREATE TABLE SEVDESK.RAW.INVOICES (A NUMBER)", "GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA SEVDESK.RAW TO ROLE SEVDESK_LOADER"),
    ("SEVDESK_LOADER", "CREATE TEMPORARY STAGE SEVDESK.RAW.FILES", "GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA SEVDESK.RAW TO ROLE SEVDESK_LOADER"),
    ("SEVDESK_LOADER", "INSERT INTO SEVDESK.RAW.INVOICES VALUES (1)", "GRANT USAGE ON WAREHOUSE SEVDESK_WH TO ROLE SEVDESK_LOADER"),
    ("SEVDESK_TRANSFORMER", "SELECT CURRENT_ROLE()", "GRANT ROLE SEVDESK_TRANSFORMER TO USER SEVDESK_TRANSFORMER"),
    ("SEVDESK_TRANSFORMER", "CREATE SCHEMA IF NOT EXISTS SEVDESK.STAGING", "GRANT USAGE, CREATE SCHEMA ON DATABASE SEVDESK TO ROLE SEVDESK_TRANSFORMER"),
    ("SEVDESK_TRANSFORMER", "USE SCHEMA SEVDESK.RAW", "GRANT USAGE ON SCHEMA SEVDESK.RAW TO ROLE SEVDESK_TRANSFORMER"),
    ("SEVDESK_TRANSFORMER", "DESCRIBE TABLE SEVDESK.RAW.INVOICES", "GRANT SELECT ON FUTURE TABLES IN SCHEMA SEVDESK.RAW TO ROLE SEVDESK_TRANSFORMER"),
    ("SEVDESK_TRANSFORMER", "DESCRIBE TABLE SEVDESK.RAW.OLD", "GRANT SELECT ON ALL TABLES IN SCHEMA SEVDESK.RAW TO ROLE SEVDESK_TRANSFORMER"),
    ("SEVDESK_TRANSFORMER", "CREATE OR REPLACE TABLE SEVDESK.ANALYTICS.NEW_TABLE (A NUMBER)", ""),
    ("SEVDESK_TRANSFORMER", "CREATE OR REPLACE VIEW SEVDESK.ANALYTICS.NEW_VIEW AS SELECT 1 AS A", ""),
    ("SEVDESK_TRANSFORMER", "INSERT INTO SEVDESK.ANALYTICS.NEW_TABLE VALUES (1)", "GRANT USAGE ON WAREHOUSE SEVDESK_WH TO ROLE SEVDESK_TRANSFORMER"),
    ("SEVDESK_REPORTER", "SELECT CURRENT_ROLE()", "GRANT ROLE SEVDESK_REPORTER TO USER SEVDESK_REPORTER"),
    ("SEVDESK_DASHBOARD", "SELECT CURRENT_ROLE()", "GRANT ROLE SEVDESK_REPORTER TO USER SEVDESK_DASHBOARD"),
    ("SEVDESK_REPORTER", "USE DATABASE SEVDESK", "GRANT USAGE ON DATABASE SEVDESK TO ROLE SEVDESK_REPORTER"),
    ("SEVDESK_REPORTER", "USE SCHEMA SEVDESK.ANALYTICS", "GRANT USAGE ON SCHEMA SEVDESK.ANALYTICS TO ROLE SEVDESK_REPORTER"),
    ("SEVDESK_REPORTER", "USE WAREHOUSE SEVDESK_WH", "GRANT USAGE ON WAREHOUSE SEVDESK_WH TO ROLE SEVDESK_REPORTER"),
    *(
        ("SEVDESK_REPORTER", f"SELECT * FROM SEVDESK.ANALYTICS.{age}_{kind}", f"GRANT SELECT ON {which} {kind}S IN SCHEMA SEVDESK.ANALYTICS TO ROLE SEVDESK_REPORTER")
        for age, which in (("OLD", "ALL"), ("NEW", "FUTURE"))
        for kind in ("TABLE", "VIEW")
    ),
    # whoever administers the account takes each role, and administers what it owns
    *(("LOCAL", f"USE ROLE SEVDESK_{role}", f"GRANT ROLE SEVDESK_{role} TO ROLE SYSADMIN") for role in ("LOADER", "TRANSFORMER", "REPORTER")),
]  # fmt: skip


def unmet(script: list[str]) -> list[dict[str, str]]:
    """The needs that are not met where these statements were run, twice, as ACCOUNTADMIN."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), "500MB", 2)
        try:
            store.create_database("SEVDESK")
            store.create_schema("SEVDESK", "RAW")
            return _unmet(Account(store), script)
        finally:
            store.close()


def _unmet(account: Account, script: list[str]) -> list[dict[str, str]]:
    found = []
    admin = _sign_in(account, "LOCAL")
    for sql in [*statements(BEFORE), *script, *script]:
        try:
            _run(admin, sql)
        except SnowflakeError as error:
            found.append({"user": "ACCOUNTADMIN", "sql": sql, "needs": _role_used(sql), "error": error.message})
    sessions = {}
    for user, sql, needs in NEEDS:
        try:
            if user not in sessions:
                sessions[user] = _sign_in(account, user)
            _run(sessions[user], sql)
        except SnowflakeError as error:
            found.append({"user": user, "sql": sql, "needs": needs, "error": error.message})
    for session in (admin, *sessions.values()):
        session.close()
    return found


def _role_used(sql: str) -> str:
    match = re.match(r"USE ROLE (SEVDESK_\w+)", sql)
    return f"GRANT ROLE {match[1]} TO ROLE SYSADMIN" if match else ""


def _sign_in(account: Account, name: str) -> Session:
    user = find_user(account.store, name)
    session = Session(1, account, name)
    place(session, user, {}, False)
    return session


def _run(session: Session, sql: str) -> None:
    Statements(session, "http://127.0.0.1").run(sql, _NO_BINDS)


_NO_BINDS: Binds = from_wire(None)


def main() -> None:
    script = [" ".join(sql.split()) for sql in statements(Path(sys.argv[1]).read_text())]
    grants = [sql for sql in script if sql.startswith("GRANT ")]
    print(json.dumps({taken: unmet([sql for sql in script if sql != taken]) for taken in ("", *grants)}))


main()
