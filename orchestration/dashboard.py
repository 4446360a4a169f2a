"""The dashboard's asset key, and how old its numbers are: shared by the asset and the alerts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg

DASHBOARD_KEY = dg.AssetKey(["dashboard", "revenue"])


def data_as_of(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """The oldest `data_as_of` among the marts, from the rows of PIPELINE_HEALTH, in unix seconds.

    None when a ledger is missing altogether. Marts without an age of their own do not make the others' unknown.
    """
    instants = [row["data_as_of"] for row in rows if row["stage"] == "ANALYTICS"]
    return min((_unix(value) for value in instants if isinstance(value, datetime)), default=None)


def known_data_as_of(instance: dg.DagsterInstance) -> float | None:
    """What the last run found. The warehouse is not asked: the age changes only with a run."""
    event = instance.get_latest_materialization_event(DASHBOARD_KEY)
    materialization = event.asset_materialization if event else None
    value = materialization.metadata.get("data_as_of") if materialization else None
    return float(value.value) if value is not None else None


def _unix(value: datetime) -> float:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
