"""Locks of tables, as Snowflake documents them for standard tables.

UPDATE, DELETE, MERGE and TRUNCATE lock their table until the transaction ends; INSERT and COPY lock nothing.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from local_snowflake.errors import SnowflakeError
from local_snowflake.transaction_log import TransactionRecord

MAX_WAITERS = 20


@dataclass(frozen=True)
class Lock:
    """A table's lock that a transaction holds or waits for."""

    key: Hashable
    session: int
    transaction: TransactionRecord
    query_id: str
    acquired_on: datetime.datetime | None


class LockManager:
    """Exclusive table locks, held by a session until its transaction (or its statement) ends."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: dict[Hashable, Lock] = {}
        self._waits: dict[int, Lock] = {}
        self._cancelled: set[int] = set()

    def acquire(
        self, transaction: TransactionRecord, keys: Iterable[Hashable], timeout_seconds: float, query_id: str = ""
    ) -> None:
        """Waits until the transaction's session holds every key, in a fixed order.

        Raises 625 after `timeout_seconds` and where 20 statements wait already, 604 when cancelled, and 40001 at once
        where waiting would be a deadlock.
        """
        session = transaction.owner.id
        deadline = time.monotonic() + timeout_seconds
        for key in sorted(set(keys), key=str):
            with self._changed:
                try:
                    while (held := self._held.get(key)) is not None and held.session != session:
                        self._wait(Lock(key, session, transaction, query_id, None), held, deadline)
                finally:
                    self._waits.pop(session, None)
                if held is None:
                    now = datetime.datetime.now(datetime.UTC)
                    self._held[key] = Lock(key, session, transaction, query_id, now)

    def _wait(self, wanted: Lock, held: Lock, deadline: float) -> None:
        if (
            wanted.session not in self._waits
            and sum(lock.key == wanted.key for lock in self._waits.values()) >= MAX_WAITERS
        ):
            raise SnowflakeError(
                625, "57014",
                f"Statement was aborted: the number of waiters for the lock of table '{wanted.key}' exceeds the "
                f"{MAX_WAITERS} statements limit.",
            )  # fmt: skip
        self._waits.setdefault(wanted.session, wanted)
        self._check(wanted.session, wanted.key, held, deadline)
        self._changed.wait(min(1.0, max(0.0, deadline - time.monotonic())))

    def _check(self, session: int, key: Hashable, held: Lock, deadline: float) -> None:
        if session in self._cancelled:
            self._cancelled.discard(session)
            raise SnowflakeError(604, "57014", "SQL execution canceled")
        if time.monotonic() >= deadline:
            raise SnowflakeError(
                625, "57014",
                f"Statement '{held.query_id}' has locked table '{key}' in transaction {held.transaction.id} and this lock "
                "has not yet been released.\nYour statement was aborted because the number of seconds in LOCK_TIMEOUT passed.",
            )  # fmt: skip
        seen: set[int] = set()
        owner: int | None = held.session
        while owner is not None and owner not in seen:
            seen.add(owner)
            waited = self._waits.get(owner)
            next_lock = self._held.get(waited.key) if waited is not None else None
            owner = next_lock.session if next_lock else None
            if owner == session:
                raise SnowflakeError(
                    625, "40001", f"Deadlock: this transaction and another wait for each other at table '{key}'."
                )

    def all(self) -> list[Lock]:
        with self._changed:
            return [*self._held.values(), *self._waits.values()]

    def cancel(self, session: int) -> None:
        """Ends a wait of `session`, if it waits."""
        with self._changed:
            if session in self._waits:
                self._cancelled.add(session)
                self._changed.notify_all()

    def release(self, session: int) -> None:
        with self._changed:
            for key in [key for key, lock in self._held.items() if lock.session == session]:
                del self._held[key]
            self._changed.notify_all()
