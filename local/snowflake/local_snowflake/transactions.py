"""Statements run here: alone, or in a transaction that outlives a failed statement.

DuckDB throws a whole transaction away when a statement in it fails while running; Snowflake undoes that statement only.
So the statements that succeeded are remembered and, after a failure, run again in a new DuckDB transaction. The table
locks of `locks` are kept meanwhile, so nobody else writes those tables in between. The same is done before a statement
when others have committed since the one before, so that each statement reads what is committed when it begins: READ COMMITTED.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import duckdb
import pyarrow as pa

from local_snowflake.errors import SnowflakeError
from local_snowflake.locks import LockManager
from local_snowflake.transaction_log import COMMITTED, ROLLED_BACK, Owner, TransactionLog, TransactionRecord

Work = Callable[[duckdb.DuckDBPyConnection], object]

# Errors that DuckDB raises before it runs anything, so that its transaction goes on.
_HARMLESS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
_CONFLICT_RETRIES = 20


def _is_conflict(error: duckdb.Error) -> bool:
    text = str(error)
    return isinstance(error, duckdb.TransactionException) and "onflict" in text or "write-write" in text


class Transactions:
    """The transaction of one session."""

    def __init__(
        self, owner: Owner, cursor: duckdb.DuckDBPyConnection, locks: LockManager, log: TransactionLog
    ) -> None:
        self._owner = owner
        self._cursor = cursor
        self._locks = locks
        self._log = log
        self.current: TransactionRecord | None = None
        self.last: TransactionRecord | None = None
        self._journal: list[Work] = []
        self._provided: dict[str, pa.Table] = {}
        self._begun = False
        self._seen_commits = 0
        self.open = False
        self.aborted = False

    def begin(self) -> None:
        """Opens a transaction; a no-op inside one, as in Snowflake."""
        if not self.open:
            self.open = True
            self.current = self._log.start(self._owner)

    def commit(self) -> None:
        state = ROLLED_BACK
        try:
            if self._begun:
                self._cursor.execute("COMMIT")
            if not self.aborted:
                state = COMMITTED
        finally:
            self._forget(state)

    def rollback(self) -> None:
        try:
            if self._begun:
                self._rollback_duckdb()
        finally:
            self._forget(ROLLED_BACK)

    def _forget(self, state: str) -> None:
        self._journal.clear()
        self._begun = self.open = self.aborted = False
        if self.current:
            self._end(self.current, state)
            self.current = None
        self._locks.release(self._owner.id)

    def _end(self, record: TransactionRecord, state: str) -> None:
        self._log.end(record, state)
        self.last = record

    def _rollback_duckdb(self) -> None:
        with suppress(duckdb.TransactionException):  # DuckDB may have given it up already
            self._cursor.execute("ROLLBACK")

    def provide(self, name: str, rows: pa.Table) -> None:
        """Rows that are not DuckDB's, which what runs until `withdraw` may read by this name."""
        self._provided[name] = rows

    def withdraw(self, names: Iterable[str]) -> None:
        for name in names:
            self._provided.pop(name, None)

    def _with_provided(self, work: Work) -> Work:
        """The work with the rows that are provided now, whenever and in whatever DuckDB transaction it runs."""
        provided = dict(self._provided)
        if not provided:
            return work

        def reading(cursor: duckdb.DuckDBPyConnection) -> object:
            for name, rows in provided.items():
                cursor.register(name, rows)
            try:
                return work(cursor)
            finally:
                for name in provided:
                    with suppress(duckdb.Error):  # a transaction that failed has taken them away
                        cursor.unregister(name)

        return reading

    def read(self, work: Work) -> object:
        """Runs something that changes nothing."""
        self._refuse_aborted()
        work = self._with_provided(work)
        self._refresh()
        try:
            return work(self._cursor)
        except duckdb.Error as error:
            self._recover(error)
            raise

    def write(self, work: Work, tables: Iterable[str] = (), lock_timeout: float = 43200, query_id: str = "") -> object:
        """Runs something that writes `tables`, as one unit: it happens wholly or not at all.

        `work` may run more than once, so it must not do anything outside DuckDB before it succeeds.
        """
        self._refuse_aborted()
        work = self._with_provided(work)
        record = self.current or self._log.start(self._owner)
        state = ROLLED_BACK
        try:
            self._locks.acquire(record, tables, lock_timeout, query_id)
            if not self.open:
                answer = self._alone(work)
                state = COMMITTED
                return answer
            return self._inside(work)
        finally:
            if not self.open:
                self._end(record, state)
                self._locks.release(self._owner.id)

    def _alone(self, work: Work) -> object:
        for attempt in range(_CONFLICT_RETRIES + 1):
            self._cursor.execute("BEGIN")
            try:
                answer = work(self._cursor)
                self._cursor.execute("COMMIT")
                return answer
            except BaseException as error:
                self._rollback_duckdb()
                if not (isinstance(error, duckdb.Error) and _is_conflict(error) and attempt < _CONFLICT_RETRIES):
                    raise
                time.sleep(0.01 * (attempt + 1))
        raise AssertionError

    def _inside(self, work: Work) -> object:
        self._refresh()
        if not self._begun:
            self._begin_duckdb()
            self._begun = True
        for attempt in range(_CONFLICT_RETRIES + 1):
            try:
                answer = work(self._cursor)
                self._journal.append(work)
                return answer
            except duckdb.Error as error:
                self._recover(error)
                if not (_is_conflict(error) and attempt < _CONFLICT_RETRIES):
                    raise
                time.sleep(0.01 * (attempt + 1))
            except BaseException:
                self._replay()  # part of the work may have been done
                raise
        raise AssertionError

    def _recover(self, error: duckdb.Error) -> None:
        if self._begun and not isinstance(error, _HARMLESS):
            self._replay()

    def _refresh(self) -> None:
        """Sees what others have committed since the last statement, which a DuckDB transaction does not."""
        if self._begun and self._seen_commits != self._log.commits:
            self._replay()

    def _begin_duckdb(self) -> None:
        self._seen_commits = (
            self._log.commits
        )  # before BEGIN: a commit in between is looked for once too often, never missed
        self._cursor.execute("BEGIN")

    def _replay(self) -> None:
        self._rollback_duckdb()
        self._begin_duckdb()
        for work in self._journal:
            work(self._cursor)

    def abort(self) -> None:
        """TRANSACTION_ABORT_ON_ERROR: everything until COMMIT or ROLLBACK is refused, and nothing of it is kept."""
        if self.open:
            if self._begun:
                self._rollback_duckdb()
            self._forget(ROLLED_BACK)
            self.open = self.aborted = True

    def _refuse_aborted(self) -> None:
        if self.aborted:
            raise SnowflakeError(
                93,
                "25000",
                "The transaction was aborted by an earlier error (TRANSACTION_ABORT_ON_ERROR); end it with ROLLBACK.",
            )
