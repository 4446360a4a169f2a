"""What an hourly run, an event or a change found by polling asks for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from orchestration.jobs import COMPLETE_TAG
from orchestration.rates import rates_are_due
from orchestration.selection import executable_keys, with_downstream

RATES = dg.AssetKey(["RAW", "EXCHANGE_RATES"])


def whole_refresh(
    instance: dg.DagsterInstance, graph: BaseAssetGraph, run_key: str, now: datetime, tags: dict[str, str] | None = None
) -> dg.RunRequest:
    """A run of everything that may have changed: the ECB is asked only when it has published."""
    keys = executable_keys(graph)
    if RATES in keys and not _rates_are_due(instance, now):
        keys = keys - {RATES}
    return dg.RunRequest(run_key=run_key, asset_selection=sorted(keys), tags={COMPLETE_TAG: "true", **(tags or {})})


def refresh_of(graph: BaseAssetGraph, changed: Iterable[dg.AssetKey], run_key: str) -> dg.RunRequest:
    """A run of what changed and what depends on it."""
    return dg.RunRequest(run_key=run_key, asset_selection=sorted(with_downstream(graph, set(changed))))


def last_bookmark(instance: dg.DagsterInstance, key: dg.AssetKey) -> tuple[datetime | None, str | None]:
    """When a stream was last read with success, and its bookmark then."""
    event = instance.get_latest_materialization_event(key)
    if event is None or event.asset_materialization is None:
        return None, None
    bookmark: Any = event.asset_materialization.metadata.get("bookmark")
    return datetime.fromtimestamp(event.timestamp, UTC), str(bookmark.value) if bookmark else None


def _rates_are_due(instance: dg.DagsterInstance, now: datetime) -> bool:
    loaded_at, bookmark = last_bookmark(instance, RATES)
    try:
        newest = date.fromisoformat(bookmark[:10]) if bookmark else None
    except ValueError:
        newest = None
    return rates_are_due(now, loaded_at, newest)
