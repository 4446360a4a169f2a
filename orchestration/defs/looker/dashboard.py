"""The dashboard as an asset: asked for the age of its numbers at the end of each run."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import dagster as dg

from orchestration.dashboard import DASHBOARD_KEY, data_as_of
from orchestration.dbt_project import target_path
from orchestration.dbt_tables import ANALYTICS, stage_of, table_key
from orchestration.freshness import built_daily
from orchestration.pool import POOL
from orchestration.retries import retry_policy
from orchestration.settings import max_age_seconds
from orchestration.warehouse import WarehouseError, health_rows

CHECK = "data_age"


@dg.definitions
def defs() -> dg.Definitions:
    models = _analytics_models()

    @dg.asset(
        key=DASHBOARD_KEY,
        deps=[table_key(node) for node in models],
        group_name="dashboard",
        kinds={"dashboard"},
        owners=["team:finance"],
        pool=POOL,
        retry_policy=retry_policy(),
        freshness_policy=built_daily(),
        check_specs=[dg.AssetCheckSpec(CHECK, asset=DASHBOARD_KEY, description="The numbers are young enough.")],
        description="Total invoice amount per country and city, in the local dashboard and in Looker.",
    )
    def dashboard(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Asks ANALYTICS.PIPELINE_HEALTH how old the numbers are. Nothing is sent to a dashboard: they all read
        ANALYTICS."""
        try:
            rows = health_rows()
        except WarehouseError as error:
            raise dg.Failure(str(error), metadata={"reason": "the warehouse did not answer"}) from None
        as_of = data_as_of(rows)
        asked_at = rows[0]["asked_at"].timestamp() if rows else None
        age = asked_at - as_of if as_of is not None and asked_at is not None else None
        context.log.info(
            f"the numbers are {int(age)} seconds old" if age is not None else "the numbers' age is unknown"
        )
        for row in rows:
            if row["row_count"] is not None:
                key = dg.AssetKey([str(row["stage"]), str(row["table_name"]).upper()])
                context.log_event(dg.AssetObservation(key, metadata={"dagster/row_count": int(row["row_count"])}))
        yield dg.MaterializeResult(
            metadata=_metadata(rows, as_of),
            check_results=[
                dg.AssetCheckResult(
                    check_name=CHECK,
                    # Without a ledger the age is unknown, which is no reason to fail.
                    passed=age is None or age <= max_age_seconds(),
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"age_seconds": int(age)} if age is not None else {},
                )
            ],
        )

    return dg.Definitions(assets=[dashboard])


def _analytics_models() -> list[dict[str, Any]]:
    # The dbt assets are loaded first or later in the same process; either way the manifest is made only once.
    from orchestration.dbt_project import prepared_project

    prepared_project()
    manifest = json.loads((target_path() / "manifest.json").read_text())
    return [
        node for node in manifest["nodes"].values() if node["resource_type"] == "model" and stage_of(node) == ANALYTICS
    ]


def _metadata(rows: list[dict[str, Any]], as_of: float | None) -> dict[str, dg.MetadataValue]:
    records = [
        dg.TableRecord(
            {
                "stage": row["stage"],
                "table": row["table_name"],
                "rows": int(row["row_count"] or 0),
                "data as of": row["data_as_of"].isoformat() if isinstance(row["data_as_of"], datetime) else "",
            }
        )
        for row in rows
    ]
    metadata: dict[str, dg.MetadataValue] = {"stages": dg.MetadataValue.table(records)} if records else {}
    if as_of is not None:
        metadata["data_as_of"] = dg.MetadataValue.timestamp(as_of)
    return metadata
