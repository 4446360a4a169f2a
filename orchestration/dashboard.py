"""The dashboard's asset key, and how old its numbers are: shared by the asset and the alerts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg

RAW = "RAW"
DASHBOARD_KEY = dg.AssetKey(["dashboard", "revenue"])


def data_as_of(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """The oldest `data_as_of` among the marts, from the rows of PIPELINE_HEALTH, in unix seconds.

    None when a ledger is missing altogether. Marts without an age of their own do not make the others' unknown.
    """
    instants = [row["data_as_of"] for row in rows if row["stage"] == "ANALYTICS"]
    return min((_unix(value) for value in instants if isinstance(value, datetime)), default=None)


def known_data_as_of(instance: dg.DagsterInstance) -> float | None:
    """What the last run found. The warehouse is not asked: the age changes only with a run."""
    built = instance.get_latest_materialization_event(DASHBOARD_KEY)
    looked = instance.fetch_observations(DASHBOARD_KEY, limit=1).records
    found = [(built.timestamp, built.asset_materialization)] if built else []
    # An hour in which nothing changed builds nothing; that it looked is noted all the same.
    found += [(record.timestamp, record.event_log_entry.asset_observation) for record in looked]
    for _, event in sorted(found, key=lambda one: one[0], reverse=True):
        value = event.metadata.get("data_as_of") if event else None
        if value is not None:
            return float(value.value)
    return None


def verified_until(instance: dg.DagsterInstance) -> float | None:
    """Up to when all changes in sevDesk are known: the oldest of the streams' newest looks; None when none is known."""
    instants = []
    for key in instance.get_asset_keys(prefix=[RAW]):
        event = instance.get_latest_materialization_event(key)
        bookmark = event.asset_materialization.metadata.get("bookmark") if event else None
        instant = _instant(str(bookmark.value)) if bookmark is not None else None
        if instant is not None:
            instants.append(instant)
    return min(instants, default=None)


def _instant(text: str) -> float | None:
    """A time with a zone in unix seconds; None for a bookmark of another kind, such as the date of a rate."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo else None


def _unix(value: datetime) -> float:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
