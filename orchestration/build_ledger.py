"""What the models were built from last, so that an hour in which nothing moved builds nothing."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import dagster as dg

CURSOR = "dbt-build"
PAGE = 200
ROWS_LOADED = "rows_loaded"
"""The rows that a run brought, as its materialisation tells. How many the table has is told once they are counted."""


@dataclass(frozen=True)
class Built:
    """What stood when the models were built.

    :ivar project: the state of the dbt project's files
    :ivar events: for each source the newest materialisation that all that is made from it has taken in
    """

    project: str
    events: Mapping[str, int]


def last_built(instance: dg.DagsterInstance) -> Built | None:
    """None before the first build."""
    kept = instance.daemon_cursor_storage.get_cursor_values({CURSOR}).get(CURSOR)
    return Built(**json.loads(kept)) if kept else None


def note_built(instance: dg.DagsterInstance, built: Built) -> None:
    instance.daemon_cursor_storage.set_cursor_values({CURSOR: json.dumps(built.__dict__)})


def newest_events(instance: dg.DagsterInstance, sources: Collection[dg.AssetKey]) -> dict[str, int]:
    """The number of each source's newest materialisation."""
    found = {}
    for key in sources:
        records = instance.fetch_materializations(key, limit=1).records
        if records:
            found[key.to_user_string()] = records[0].storage_id
    return found


def moved(instance: dg.DagsterInstance, sources: Collection[dg.AssetKey], built: Built) -> list[dg.AssetKey]:
    """The sources that brought rows since they were built from, or were never built from."""
    return [key for key in sources if _has_rows(instance, key, built.events.get(key.to_user_string()))]


def _has_rows(instance: dg.DagsterInstance, key: dg.AssetKey, after: int | None) -> bool:
    if after is None:
        # A source that nothing loads here (the loader's own ledger) moves with the others.
        return bool(instance.fetch_materializations(key, limit=1).records)
    selection = dg.AssetRecordsFilter(asset_key=key, after_storage_id=after)
    records = instance.fetch_materializations(selection, limit=PAGE).records
    rows = [record.asset_materialization.metadata.get(ROWS_LOADED) for record in records]
    # One that does not tell its rows may have brought some.
    return len(records) == PAGE or any(value is None or value.value for value in rows)
