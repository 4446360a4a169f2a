"""The account's transactions: which run, and how the ended ones ended.

`CURRENT_TRANSACTION`, `LAST_TRANSACTION`, `DESCRIBE TRANSACTION` and `SHOW TRANSACTIONS` read it.
"""

from __future__ import annotations

import datetime
import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

RUNNING, COMMITTED, ROLLED_BACK = "running", "committed", "rolled back"
_KEPT = 10_000


class Owner(Protocol):
    """The session of a transaction."""

    id: int
    user: str

    def abort_transaction(self, transaction_id: int) -> None: ...


@dataclass
class TransactionRecord:
    id: int
    owner: Owner
    name: str = field(default_factory=lambda: str(uuid.uuid4()))
    started_on: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    state: str = RUNNING
    ended_on: datetime.datetime | None = None


class TransactionLog:
    """Gives every transaction an id that is unique and rises, and remembers the last ones."""

    def __init__(self) -> None:
        self._records: OrderedDict[int, TransactionRecord] = OrderedDict()
        self._guard = threading.Lock()
        self._last_id = 0
        self.commits = 0
        """How many transactions have committed: whoever read before the last one has to look again."""

    def start(self, owner: Owner) -> TransactionRecord:
        with self._guard:
            self._last_id = max(time.time_ns() // 1_000_000 * 1_000_000, self._last_id + 1_000_000)
            record = TransactionRecord(self._last_id, owner)
            self._records[record.id] = record
            for old in list(self._records):
                if len(self._records) <= _KEPT:
                    break
                if self._records[old].state != RUNNING:
                    del self._records[old]
            return record

    def end(self, record: TransactionRecord, state: str) -> None:
        with self._guard:
            if record.state == RUNNING:
                record.state, record.ended_on = state, datetime.datetime.now(datetime.UTC)
                self.commits += state == COMMITTED

    def find(self, transaction_id: int) -> TransactionRecord | None:
        return self._records.get(transaction_id)

    def running(self) -> list[TransactionRecord]:
        with self._guard:
            return [record for record in self._records.values() if record.state == RUNNING]
