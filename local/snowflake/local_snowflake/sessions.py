"""A client's session: where it stands, what it has set, and what only it can see."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from local_snowflake.access import Access
from local_snowflake.errors import SnowflakeError
from local_snowflake.identifiers import ObjectName, physical, quote
from local_snowflake.locks import LockManager
from local_snowflake.parameter_variables import READ, publish
from local_snowflake.parameters import SessionParameters
from local_snowflake.relations import Relations
from local_snowflake.results import Result
from local_snowflake.role_hierarchy import RoleHierarchy
from local_snowflake.securables import Securables
from local_snowflake.store import Stage, Store
from local_snowflake.transaction_log import TransactionLog
from local_snowflake.transactions import Transactions, Work

_KEPT_RESULTS = 20


class Account:
    """What all sessions share."""

    def __init__(self, store: Store, parameters: dict[str, Any] | None = None) -> None:
        self.store = store
        self.parameters = parameters or {}
        self.locks = LockManager()
        self.transaction_log = TransactionLog()
        self.roles = RoleHierarchy(store)
        self.securables = Securables(store)


class Session:
    """One session. `lock` lets one statement run at a time; statements of a session queue."""

    def __init__(self, session_id: int, account: Account, user: str) -> None:
        self.id = session_id
        self.token = secrets.token_urlsafe(32)
        self.master_token = secrets.token_urlsafe(32)
        self.user = user
        self.role = "PUBLIC"
        self.secondary_roles = False
        self.client = ""
        self.warehouse: str | None = None
        self.database: str | None = None
        self.schema: str | None = None
        self.account = account
        self.access = Access(self)
        self.parameters = SessionParameters(account.parameters)
        self.variables: dict[str, Any] = {}
        self.query_id = ""
        self.last_query_id = ""
        self.last_used = time.monotonic()
        self.lock = threading.Lock()
        self.running = 0
        self.cancel_reason: SnowflakeError | None = None
        self.store = account.store
        self.cursor = self.store.cursor()
        self.transactions = Transactions(self, self.cursor, account.locks, account.transaction_log)
        self._temporary_tables: dict[ObjectName, str] = {}
        self.temporary_relations = Relations(lambda: nullcontext(self.cursor), temporary=True)
        self._temporary_stages: dict[ObjectName, Stage] = {}
        self._counter = 0
        self._results: OrderedDict[str, Result] = OrderedDict()
        publish(self.cursor, self.parameters)

    # -- parameters

    def set_parameter(self, name: str, value: Any) -> None:
        """Raises ValueError for a value that the parameter does not take."""
        if name.upper() == "AUTOCOMMIT" and self.transactions.open:
            self.transactions.commit()
        self.parameters.set(name, value)
        self._publish(name)

    def preset_parameters(self, values: dict[str, Any]) -> None:
        """The user's own defaults."""
        for name, value in values.items():
            self.parameters.preset(name, value)
        publish(self.cursor, self.parameters)

    def unset_parameter(self, name: str) -> None:
        self.parameters.unset(name)
        self._publish(name)

    def _publish(self, name: str) -> None:
        if name.upper() == "TIMEZONE" or name.upper() in READ:
            publish(self.cursor, self.parameters)

    # -- transactions

    def write(self, work: Work, tables: Iterable[str] = ()) -> Any:
        """Runs something that writes, under the locks of `tables`."""
        return self.transactions.write(work, tables, self.parameters["LOCK_TIMEOUT"], self.query_id)

    def abort_transaction(self, transaction_id: int) -> None:
        """Rolls back the session's transaction of that id, from any thread but the session's own."""
        self.interrupt(SnowflakeError(604, "57014", "SQL execution canceled: its transaction was aborted"))
        with self.lock:
            current = self.transactions.current
            if current and current.id == transaction_id:
                self.transactions.rollback()

    def abort_detached(self) -> None:
        """The client is gone: ends what runs and what is open."""
        self.interrupt(SnowflakeError(604, "57014", "SQL execution canceled: its client is gone"))
        with self.lock:
            self.transactions.rollback()

    # -- names

    def resolve(self, parts: list[str]) -> ObjectName:
        """Completes a name of one to three parts with the session's database and schema."""
        database = parts[-3] if len(parts) > 2 else self.database
        if database is None:
            raise SnowflakeError(
                90105,
                "22000",
                "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.",
            )
        schema = parts[-2] if len(parts) > 1 else self.schema
        if schema is None:
            raise SnowflakeError(
                90106,
                "22000",
                "Cannot perform operation. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.",
            )
        return ObjectName(database, schema, parts[-1])

    def table_sql(self, name: ObjectName) -> str:
        """The table in DuckDB's dialect; a temporary table hides a permanent one of its name."""
        return self._temporary_tables.get(name) or name.sql

    def is_temporary(self, name: ObjectName) -> bool:
        return name in self._temporary_tables

    @property
    def temporary_tables(self) -> dict[ObjectName, str]:
        return self._temporary_tables

    def relations_changed(self, names: Iterable[str]) -> None:
        """The definitions of these tables and views, by their names in DuckDB's dialect, are others now."""
        for name in names:
            (self.temporary_relations if name.startswith("temp.") else self.store.relations).changed([name])

    def new_temporary_table(self, name: ObjectName) -> str:
        """A fresh place in DuckDB's own temporary schema, which lives as long as the session."""
        return f"temp.main.{quote(physical(f'{name}#{self.next_number()}'))}"

    def next_number(self) -> int:
        self._counter += 1
        return self._counter

    # -- stages

    def find_stage(self, name: ObjectName) -> Stage | None:
        return self._temporary_stages.get(name) or self.store.find_stage(name)

    @property
    def temporary_stages(self) -> dict[ObjectName, Stage]:
        return self._temporary_stages

    # -- results that RESULT_SCAN and a client may ask for again

    def remember(self, result: Result) -> None:
        self._results[result.query_id] = result
        self.last_query_id = result.query_id
        while len(self._results) > _KEPT_RESULTS:
            self._results.popitem(last=False)

    def remembered(self, query_id: str) -> Result | None:
        return self._results.get(query_id)

    # -- its end

    def interrupt(self, reason: SnowflakeError) -> None:
        """Cancels the statement that runs, if one does."""
        self.cancel_reason = reason
        self.account.locks.cancel(self.id)
        self.cursor.interrupt()

    def close(self) -> None:
        """Rolls back, and drops the session's temporary tables and stages."""
        self.transactions.rollback()
        for stage in self._temporary_stages.values():
            self.store.remove_files(stage.id)
        self._temporary_stages.clear()
        self._temporary_tables.clear()
        self.cursor.close()


class Sessions:
    """All sessions, by token. A session unused for four hours is gone, as in Snowflake."""

    IDLE_SECONDS = 4 * 3600

    def __init__(self, account: Account) -> None:
        self._account = account
        self._by_token: dict[str, Session] = {}
        self._next_id = int(time.time()) * 1000
        self._guard = threading.Lock()

    def open(self, user: str) -> Session:
        self.expire()
        with self._guard:
            self._next_id += 1
            session = Session(self._next_id, self._account, user)
            self._by_token[session.token] = session
            return session

    def get(self, token: str) -> Session | None:
        session = self._by_token.get(token)
        if session:
            session.last_used = time.monotonic()
        return session

    def by_master_token(self, token: str) -> Session | None:
        return next((s for s in self._by_token.values() if s.master_token == token), None)

    def close(self, token: str) -> None:
        session = self._by_token.pop(token, None)
        if session:
            session.interrupt(SnowflakeError(604, "57014", "SQL execution canceled"))
            if session.lock.acquire(timeout=10):
                session.close()
                session.lock.release()

    def expire(self) -> None:
        limit = time.monotonic() - self.IDLE_SECONDS
        for token, session in list(self._by_token.items()):
            if session.last_used < limit:
                self.close(token)

    def close_all(self) -> None:
        for token in list(self._by_token):
            self.close(token)

    def __iter__(self):
        return iter(list(self._by_token.values()))
