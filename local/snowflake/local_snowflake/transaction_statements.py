"""DESCRIBE TRANSACTION, SHOW TRANSACTIONS, SHOW LOCKS and SYSTEM$ABORT_TRANSACTION."""

from __future__ import annotations

import re

from local_snowflake.errors import SnowflakeError
from local_snowflake.results import Result, ResultColumn
from local_snowflake.sessions import Session
from local_snowflake.transaction_log import RUNNING
from local_snowflake.types import SnowflakeType, varchar

_ID = SnowflakeType("NUMBER", 38, 0)
_INSTANT = SnowflakeType("TIMESTAMP_LTZ", scale=9)
_DESCRIBE = re.compile(r"\s*(?:DESC|DESCRIBE)\s+TRANSACTION\s+(-?\d+)\s*;?\s*$", re.I)
_SHOW = re.compile(r"\s*SHOW\s+(TRANSACTIONS|LOCKS)(\s+IN\s+ACCOUNT)?\s*;?\s*$", re.I)


def transaction_statement(session: Session, text: str) -> Result | None:
    """The answer to one of these statements; None for any other."""
    if match := _DESCRIBE.match(text):
        return _describe(session, int(match[1]))
    if match := _SHOW.match(text):
        return (_locks if match[1].upper() == "LOCKS" else _transactions)(session, bool(match[2]))
    return None


def _missing(transaction_id: int) -> SnowflakeError:
    return SnowflakeError(2003, "02000", f"SQL execution error: Transaction '{transaction_id}' does not exist.")


def _describe(session: Session, transaction_id: int) -> Result:
    record = session.account.transaction_log.find(transaction_id)
    if record is None:
        raise _missing(transaction_id)
    columns = [
        ResultColumn("id", _ID), ResultColumn("user", varchar()), ResultColumn("session", _ID), ResultColumn("name", varchar()),
        ResultColumn("started_on", _INSTANT), ResultColumn("state", varchar()), ResultColumn("ended_on", _INSTANT),
    ]  # fmt: skip
    row = [record.id, record.owner.user, record.owner.id, record.name, record.started_on, record.state, record.ended_on]
    return Result(columns, "DESCRIBE", rows=[row])


def _transactions(session: Session, everyone: bool) -> Result:
    columns = [
        ResultColumn("id", _ID), ResultColumn("user", varchar()), ResultColumn("session", _ID), ResultColumn("name", varchar()),
        ResultColumn("started_on", _INSTANT), ResultColumn("state", varchar()), ResultColumn("scope", _ID),
    ]  # fmt: skip
    rows = [
        [record.id, record.owner.user, record.owner.id, record.name, record.started_on, record.state, 0]
        for record in session.account.transaction_log.running()
        if everyone or record.owner.user == session.user
    ]
    return Result(columns, "SHOW", rows=rows)


def _locks(session: Session, everyone: bool) -> Result:
    columns = [
        ResultColumn("resource", varchar()), ResultColumn("type", varchar()), ResultColumn("transaction", _ID),
        ResultColumn("transaction_started_on", _INSTANT), ResultColumn("status", varchar()), ResultColumn("acquired_on", _INSTANT),
        ResultColumn("query_id", varchar()), ResultColumn("session", _ID),
    ]  # fmt: skip
    rows = [
        [
            str(lock.key), "PARTITIONS", lock.transaction.id, lock.transaction.started_on, "HOLDING" if lock.acquired_on else "WAITING",
            lock.acquired_on, lock.query_id, lock.session,
        ]
        for lock in session.account.locks.all()
        if everyone or lock.transaction.owner.user == session.user
    ]  # fmt: skip
    return Result(columns, "SHOW", rows=rows)


def abort_transaction(session: Session, transaction_id: int) -> str:
    """SYSTEM$ABORT_TRANSACTION: rolls back a running transaction, this session's or another's."""
    record = session.account.transaction_log.find(transaction_id)
    if record is None or record.state != RUNNING:
        raise _missing(transaction_id)
    if record.owner is session:
        session.transactions.rollback()
    else:
        record.owner.abort_transaction(transaction_id)
    return f"Aborted transaction id: {transaction_id}"
