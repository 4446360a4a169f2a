"""The durable inbox: what the listener accepted and the sensor has not acted on yet."""

import hashlib
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
create table if not exists attempt (digest blob primary key, received_at real not null) without rowid
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


class Inbox:
    """Events in a SQLite file, each delivery id once. What `receive` returned STORED for survives a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def receive(self, delivery_id: str, event_type: str, now: float, attempt: str | None) -> Receipt:
        """Stores a delivery unless it is known.

        :param attempt: what identifies this signed attempt, so that its repetition counts as a replay; None when the
            sender signs nothing
        """
        with transaction(self._path, SCHEMA) as db:
            if attempt is not None:
                digest = hashlib.sha256(attempt.encode()).digest()
                if db.execute("insert or ignore into attempt values (?, ?)", (digest, now)).rowcount == 0:
                    return Receipt.REPLAY
            stored = db.execute(
                "insert or ignore into event (delivery_id, event_type, received_at) values (?, ?, ?)",
                (delivery_id, event_type, now),
            ).rowcount
            db.execute("delete from attempt where received_at < ?", (now - REMEMBER_SECONDS,))
            db.execute("delete from event where handled_by is not null and received_at < ?", (now - REMEMBER_SECONDS,))
            return Receipt.STORED if stored else Receipt.DUPLICATE

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
