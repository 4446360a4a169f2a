"""The durable outbox: an alert stays in it until every channel has taken it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.alerting.alert import Alert
from orchestration.alerting.incidents import SCHEMA as INCIDENTS_SCHEMA
from orchestration.alerting.incidents import Incidents
from orchestration.sqlite_file import transaction

SCHEMA = f"""
create table if not exists seen (key text primary key, at real not null) without rowid;
create table if not exists alert (
    id integer primary key autoincrement,
    created_at real not null,
    payload text not null
);
create table if not exists delivery (
    alert_id integer not null references alert (id) on delete cascade,
    channel text not null,
    attempts integer not null default 0,
    due_at real not null,
    delivered_at real,
    last_error text,
    primary key (alert_id, channel)
);
{INCIDENTS_SCHEMA}
"""

FIRST_RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 15 * 60
KEEP_SECONDS = 30 * 24 * 3600
"""How long delivered alerts, closed incidents and seen events are kept."""


@dataclass(frozen=True)
class Pending:
    """An alert that a channel has not taken yet."""

    alert_id: int
    alert: Alert
    attempts: int


class Outbox:
    """Incidents and alerts in one SQLite file.

    A change of an incident and the alert about it are written in one transaction, so that each change leads to exactly
    one alert, also when the process is killed in between. Delivery is at least once: a process that dies after a
    channel took a message and before that is noted sends it again.
    """

    def __init__(self, path: Path, channels_of: Callable[[Alert], Sequence[str]]) -> None:
        """:param channels_of: the names of the channels that are to get an alert"""
        self._path = path
        self._channels_of = channels_of

    @contextmanager
    def incidents(self) -> Iterator[Incidents]:
        """What is wrong at present, to be changed in one transaction with the alerts about the changes."""
        with transaction(self._path, SCHEMA) as db:
            yield Incidents(db, self._channels_of, lambda alert, channels, now: self._post(db, alert, channels, now))

    def once(self, key: str, now: float) -> bool:
        """Whether this is the first time that somebody asks for this key."""
        with self.incidents() as incidents:
            return incidents.first_time(key, now)

    def _post(self, db: sqlite3.Connection, alert: Alert, channels: Sequence[str], now: float) -> None:
        alert_id = db.execute("insert into alert (created_at, payload) values (?, ?)", (now, alert.to_json())).lastrowid
        db.executemany(
            "insert into delivery (alert_id, channel, due_at) values (?, ?, ?)",
            [(alert_id, channel, now) for channel in channels],
        )

    def due(self, channel: str, now: float) -> list[Pending]:
        """What a channel has not taken yet, oldest first; empty until its next attempt is due.

        A channel that failed is left alone until then as a whole, also by newer alerts.
        """
        with transaction(self._path, SCHEMA) as db:
            rows = db.execute(
                """select alert_id, attempts, payload, due_at from delivery join alert on alert.id = alert_id
                   where channel = ? and delivered_at is null order by alert_id""",
                (channel,),
            ).fetchall()
        if not rows or max(row["due_at"] for row in rows) > now:
            return []
        return [Pending(row["alert_id"], Alert.from_json(row["payload"]), row["attempts"]) for row in rows]

    def delivered(self, channel: str, alert_ids: Sequence[int], now: float) -> None:
        """Notes that a channel took these alerts."""
        with transaction(self._path, SCHEMA) as db:
            db.executemany(
                "update delivery set delivered_at = ?, last_error = null where alert_id = ? and channel = ?",
                [(now, alert_id, channel) for alert_id in alert_ids],
            )
            db.execute("delete from seen where at < ?", (now - KEEP_SECONDS,))
            db.execute("delete from incident where closed_at < ?", (now - KEEP_SECONDS,))
            db.execute(
                """delete from alert where created_at < ?
                   and not exists (select 1 from delivery where alert_id = alert.id and delivered_at is null)""",
                (now - KEEP_SECONDS,),
            )

    def failed(self, channel: str, pending: Sequence[Pending], error: str, now: float, retry_after: float = 0) -> float:
        """Puts the next attempt off, twice as long each time up to 15 minutes. Returns when it is due."""
        attempts = max(item.attempts for item in pending) + 1
        pause = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(attempts - 1, 10))
        due_at = now + max(pause, min(retry_after, LONGEST_RETRY_SECONDS))
        with transaction(self._path, SCHEMA) as db:
            db.executemany(
                "update delivery set attempts = ?, due_at = ?, last_error = ? where alert_id = ? and channel = ?",
                [(attempts, due_at, error, item.alert_id, channel) for item in pending],
            )
        return due_at

    def undelivered(self) -> list[tuple[str, int, str]]:
        """For each channel that is behind: its name, how many alerts wait, and the last error."""
        with transaction(self._path, SCHEMA) as db:
            rows = db.execute(
                """select channel, count(*), max(coalesce(last_error, '')) from delivery
                   where delivered_at is null group by channel order by channel"""
            ).fetchall()
        return [tuple(row) for row in rows]
