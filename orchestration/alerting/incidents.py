"""What is wrong at present: each incident is told when it begins, when it gets worse, and when it is over."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from orchestration.alerting.alert import Alert
from orchestration.alerting.fault import Fault

SCHEMA = """
create table if not exists incident (
    id integer primary key autoincrement,
    fault_group text not null,
    level integer not null,
    opened_at real not null,
    told_at real not null,
    escalated_at real,
    closed_at real,
    alert text not null
);
create table if not exists incident_asset (
    incident_id integer not null references incident (id) on delete cascade,
    asset text not null,
    failed_at real not null,
    primary key (incident_id, asset)
);
create table if not exists incident_channel (
    incident_id integer not null references incident (id) on delete cascade,
    channel text not null,
    primary key (incident_id, channel)
);
create table if not exists asset_success (asset text primary key, at real not null) without rowid
"""


class Level(IntEnum):
    """How bad it is."""

    RETRYING = 1
    FAILING = 2


@dataclass(frozen=True)
class Incident:
    """Something that is wrong.

    :ivar alert: what was told of it last
    :ivar assets: those that have not succeeded since
    :ivar channels: those that were told of it
    """

    id: int
    group: str
    level: Level
    opened_at: float
    told_at: float
    escalated_at: float | None
    alert: Alert
    assets: frozenset[str]
    channels: tuple[str, ...]


Post = Callable[[Alert, Sequence[str], float], None]


class Incidents:
    """The open incidents inside one transaction of the outbox. The same fault of the same asset is one incident,
    however many runs meet it; only success of all its assets ends it."""

    def __init__(self, db: sqlite3.Connection, channels_of: Callable[[Alert], Sequence[str]], post: Post) -> None:
        self._db = db
        self._channels_of = channels_of
        self._post = post

    def first_time(self, key: str, now: float) -> bool:
        """Whether an event is new; it is known from then on."""
        return bool(self._db.execute("insert or ignore into seen values (?, ?)", (key, now)).rowcount)

    def open(self) -> list[Incident]:
        """What is wrong, oldest first."""
        rows = self._db.execute("select * from incident where closed_at is null order by id").fetchall()
        return [self._incident(row) for row in rows]

    def report(
        self,
        fault: Fault,
        level: Level,
        at: float,
        now: float,
        tell: Callable[[tuple[str, ...], float], Alert],
    ) -> None:
        """Notes that assets failed at a time, and tells what is new about it.

        New is an asset that no open incident of this class of cause holds (unless a service as a whole is at fault),
        and an incident that was being retried and now fails. What an asset's later success has overtaken is no news.

        :param tell: makes the alert from the assets that are concerned and since when they have been
        """
        failed = [asset for asset in fault.assets if self._succeeded_at(asset) <= at]
        if not failed:
            return
        same = [incident for incident in self.open() if incident.group == fault.group]
        touched = same[:1] if fault.by_service else [one for one in same if one.assets.intersection(failed)]
        for incident in touched:
            joining = failed if fault.by_service else incident.assets.intersection(failed)
            self._add_assets(incident.id, joining, at)
            if level > incident.level:
                self._db.execute("update incident set level = ? where id = ?", (level, incident.id))
                assets = tuple(asset for asset in fault.assets if asset in incident.assets.union(joining))
                self._tell(incident.id, tell(assets, incident.opened_at), now)
        held = frozenset[str]().union(*(incident.assets for incident in same))
        new = () if fault.by_service and touched else tuple(asset for asset in failed if asset not in held)
        if new:
            alert = tell(new, at)
            row = self._db.execute(
                "insert into incident (fault_group, level, opened_at, told_at, alert) values (?, ?, ?, ?, ?)",
                (fault.group, level, at, now, alert.to_json()),
            )
            self._add_assets(row.lastrowid, new, at)
            self._tell(row.lastrowid, alert, now)

    def succeeded(self, assets: Collection[str], at: float, now: float, over: Callable[[Incident], Alert]) -> None:
        """Notes that assets succeeded. An incident that has no asset left is over, which is told to whoever was told of
        it."""
        for asset in assets:
            self._db.execute(
                """insert into asset_success values (?, ?)
                   on conflict (asset) do update set at = max(at, excluded.at)""",
                (asset, at),
            )
            self._db.execute("delete from incident_asset where asset = ? and failed_at <= ?", (asset, at))
        for incident in self.open():
            if not incident.assets:
                self._db.execute("update incident set closed_at = ? where id = ?", (at, incident.id))
                self._post(over(incident), incident.channels, now)

    def tell_again(self, incident: Incident, alert: Alert, now: float) -> None:
        """Tells the channels that were told of an incident once more."""
        self._db.execute("update incident set told_at = ? where id = ?", (now, incident.id))
        self._post(alert, incident.channels, now)

    def escalate(self, incident: Incident, alert: Alert, channels: Iterable[str], now: float) -> None:
        """Tells other channels of an incident, once."""
        self._db.execute("update incident set escalated_at = ? where id = ?", (now, incident.id))
        self._send(incident.id, alert, list(channels), now)

    def _tell(self, incident_id: int, alert: Alert, now: float) -> None:
        self._db.execute("update incident set told_at = ?, alert = ? where id = ?", (now, alert.to_json(), incident_id))
        self._send(incident_id, alert, self._channels_of(alert), now)

    def _send(self, incident_id: int, alert: Alert, channels: Sequence[str], now: float) -> None:
        self._db.executemany(
            "insert or ignore into incident_channel values (?, ?)", [(incident_id, channel) for channel in channels]
        )
        self._post(alert, channels, now)

    def _add_assets(self, incident_id: int, assets: Iterable[str], at: float) -> None:
        self._db.executemany(
            """insert into incident_asset values (?, ?, ?)
               on conflict (incident_id, asset) do update set failed_at = max(failed_at, excluded.failed_at)""",
            [(incident_id, asset, at) for asset in assets],
        )

    def _succeeded_at(self, asset: str) -> float:
        row = self._db.execute("select at from asset_success where asset = ?", (asset,)).fetchone()
        return row["at"] if row else float("-inf")

    def _incident(self, row: sqlite3.Row) -> Incident:
        def column(table: str, name: str) -> list[str]:
            query = f"select {name} from {table} where incident_id = ? order by {name}"
            return [found[0] for found in self._db.execute(query, (row["id"],))]

        return Incident(
            id=row["id"],
            group=row["fault_group"],
            level=Level(row["level"]),
            opened_at=row["opened_at"],
            told_at=row["told_at"],
            escalated_at=row["escalated_at"],
            alert=Alert.from_json(row["alert"]),
            assets=frozenset(column("incident_asset", "asset")),
            channels=tuple(column("incident_channel", "channel")),
        )
