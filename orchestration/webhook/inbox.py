"""The durable inbox: what the listener accepted and the sensor has not acted on yet."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from orchestration.sqlite_file import transaction

SCHEMA = """
create table if not exists event (
    id integer primary key autoincrement,
    delivery_id text not null unique,
    event_type text not null,
    received_at real not null,
    handled_by text
);
create table if not exists attempt (digest blob primary key, received_at real not null) without rowid;
create index if not exists event_received on event (received_at) where handled_by is not null;
create index if not exists attempt_received on attempt (received_at)
"""

REMEMBER_SECONDS = 7 * 24 * 3600
"""How long handled deliveries are remembered; older replays are refused by the age of their signature."""


class Receipt(Enum):
    """What became of a delivery."""

    STORED = "stored"
    """New: it is on disk."""
    DUPLICATE = "duplicate"
    """The sender delivers the same event again in a new attempt: already on disk, no further effect."""
    REPLAY = "replay"
    """The very same signed attempt was seen before."""


@dataclass(frozen=True)
class Event:
    """An accepted event. Its body is not kept: it may hold personal data, and a run reads everything from sevDesk."""

    id: int
    delivery_id: str
    event_type: str
    received_at: float


@dataclass(frozen=True)
class Delivery:
    """What the listener was sent.

    :ivar attempt: what identifies this signed attempt, so that its repetition counts as a replay; None when the sender
        signs nothing
    """

    delivery_id: str
    event_type: str
    received_at: float
    attempt: str | None


class Inbox:
    """Events in a SQLite file, each delivery id once. What `receive` returned STORED for survives a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def receive(self, deliveries: Sequence[Delivery]) -> list[Receipt]:
        """Stores those that are not known yet, in one transaction, and returns what became of each."""
        with transaction(self._path, SCHEMA) as db:
            receipts = [self._receive(db, delivery) for delivery in deliveries]
            oldest = min((delivery.received_at for delivery in deliveries), default=0.0) - REMEMBER_SECONDS
            db.execute("delete from attempt where received_at < ?", (oldest,))
            db.execute("delete from event where handled_by is not null and received_at < ?", (oldest,))
        return receipts

    def _receive(self, db: sqlite3.Connection, delivery: Delivery) -> Receipt:
        if delivery.attempt is not None:
            digest = hashlib.sha256(delivery.attempt.encode()).digest()
            known = db.execute("insert or ignore into attempt values (?, ?)", (digest, delivery.received_at))
            if known.rowcount == 0:
                return Receipt.REPLAY
        stored = db.execute(
            "insert or ignore into event (delivery_id, event_type, received_at) values (?, ?, ?)",
            (delivery.delivery_id, delivery.event_type, delivery.received_at),
        )
        return Receipt.STORED if stored.rowcount else Receipt.DUPLICATE

    def waiting(self) -> list[Event]:
        """The events that nothing was done about yet, oldest first."""
        with transaction(self._path, SCHEMA) as db:
            rows = db.execute(
                "select id, delivery_id, event_type, received_at from event where handled_by is null order by id"
            ).fetchall()
        return [Event(**dict(row)) for row in rows]

    def mark_handled(self, events: Sequence[Event], by: str) -> None:
        """Notes what serves these events: a run key, or the id of a run that read sevDesk after they came."""
        with transaction(self._path, SCHEMA) as db:
            db.executemany("update event set handled_by = ? where id = ?", [(by, event.id) for event in events])

    def counts(self) -> tuple[int, int]:
        """How many events are waiting, and how many were received in all (as far as they are remembered)."""
        with transaction(self._path, SCHEMA) as db:
            row = db.execute("select count(*) - count(handled_by), count(*) from event").fetchone()
        return row[0], row[1]
