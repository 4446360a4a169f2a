"""`python -m orchestration.first_look`: tells Dagster what was loaded before it first ran, such as by `npm start`."""

import sys
from datetime import datetime

import dagster as dg

from orchestration.dashboard import DASHBOARD_KEY, data_as_of
from orchestration.setting import SettingError
from orchestration.warehouse import WarehouseError, health_rows


def observe_warehouse(instance: dg.DagsterInstance) -> int:
    """Notes for each table how many rows it has, and for the dashboard how old its figures are. Returns how many tables
    there are; 0 when Dagster knows them already, or when nothing was loaded yet."""
    if (
        instance.get_latest_materialization_event(DASHBOARD_KEY)
        or instance.fetch_observations(DASHBOARD_KEY, 1).records
    ):
        return 0
    rows = [row for row in health_rows() if row["row_count"] is not None]
    for row in rows:
        key = dg.AssetKey([str(row["stage"]), str(row["table_name"]).upper()])
        metadata = {"dagster/row_count": int(row["row_count"])}
        if isinstance(row["data_as_of"], datetime):
            metadata["data_as_of"] = dg.MetadataValue.timestamp(row["data_as_of"].timestamp())
        instance.report_runless_asset_event(dg.AssetObservation(key, metadata=metadata))
    as_of = data_as_of(rows)
    if as_of is not None:
        metadata = {"data_as_of": dg.MetadataValue.timestamp(as_of)}
        instance.report_runless_asset_event(dg.AssetObservation(DASHBOARD_KEY, metadata=metadata))
    return len(rows)


def main() -> int:
    """Never fails: it only shows."""
    try:
        with dg.DagsterInstance.get() as instance:
            count = observe_warehouse(instance)
        if count:
            print(f"{count} tables that were loaded before are shown in Dagster.")
    except (WarehouseError, SettingError):
        print("Nothing was loaded yet: the first full hour does it, or a run that you start.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
