"""The code location loads, and its lineage has no gap from sevDesk to the dashboard. Never skipped."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test
from dagster._utils.schedules import schedule_execution_time_iterator
from dagster_dbt import DbtCliResource

from orchestration.components.dbt_component import InstalledDbt
from orchestration.dashboard import DASHBOARD_KEY, data_as_of
from orchestration.dbt_project import DBT, DBT_DIR
from orchestration.defs.looker.lookml import LOOKER_DIR, lookml_specs
from orchestration.defs.schedules.retention import forget_runs
from orchestration.paths import REPOSITORY
from orchestration.pool import POOL


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        from orchestration.definitions import defs

        yield defs()


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions):
    return definitions.resolve_asset_graph()


def key(text: str) -> dg.AssetKey:
    return dg.AssetKey(text.split("/"))


def test_the_code_location_loads_with_all_its_jobs_schedules_and_sensors(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)
    assert {schedule.name for schedule in definitions.schedules} == {
        "hourly",
        "nightly_full_sync",
        "weekly_forget_old_runs",
    }
    assert {sensor.name for sensor in definitions.sensors} == {
        "run_alerts",
        "dashboard_freshness",
        "alert_delivery",
        "webhook_inbox",
        "sevdesk_changes",
        "stranded_runs",
        "unaffected_assets",
    }


def test_every_stage_has_its_tables(graph) -> None:
    keys = {asset.to_user_string() for asset in graph.get_all_asset_keys()}
    assert {
        "RAW/INVOICES",
        "RAW/CONTACTS",
        "RAW/EXCHANGE_RATES",
        "STAGING/INVOICES_STG",
        "DBT/ENRICHED",
        "ANALYTICS/INVOICES_SUMMARY",
        "ANALYTICS/INVOICES_AMOUNT_BY_CITY",
        "ANALYTICS/INVOICES_AMOUNT_BY_COUNTRY",
        "dashboard/revenue",
    } <= keys


def test_what_changes_in_sevdesk_reaches_the_dashboard(graph) -> None:
    path = ["sevdesk", "RAW/INVOICES", "STAGING/INVOICES_STG", "DBT/ENRICHED", "ANALYTICS/INVOICES_SUMMARY"]
    for upstream, downstream in itertools.pairwise(path):
        assert key(upstream) in graph.get_ancestor_asset_keys(key(downstream)), (
            f"{downstream} does not follow {upstream}"
        )
    for mart in ("INVOICES_SUMMARY", "INVOICES_AMOUNT_BY_CITY", "INVOICES_AMOUNT_BY_COUNTRY"):
        assert key(f"ANALYTICS/{mart}") in graph.get(DASHBOARD_KEY).parent_keys
    ancestors = graph.get_ancestor_asset_keys(DASHBOARD_KEY)
    assert {key("sevdesk"), key("ecb"), key("RAW/INVOICES"), key("RAW/EXCHANGE_RATES")} <= ancestors


def test_every_raw_table_that_dbt_reads_is_loaded_by_a_pipeline(graph) -> None:
    read = {
        parent
        for asset in graph.get_all_asset_keys()
        if asset.path[0] in ("STAGING", "DBT")
        for parent in graph.get(asset).parent_keys
        if parent.path[0] == "RAW"
    }
    # The ledger is the loader's own table: every pipeline writes it.
    orphans = {asset.to_user_string() for asset in read if not graph.get(asset).is_executable}
    assert orphans <= {"RAW/_SDC_LOAD_LEDGER"}
    assert len(read) >= 7


def test_dbts_tests_are_asset_checks(graph) -> None:
    checked = {check.asset_key.to_user_string() for check in graph.asset_check_keys}
    # A mart is tested before it is published, as the model that is about to be.
    assert {"STAGING/INVOICES_STG", "DBT/NEXT_INVOICES_SUMMARY", "dashboard/revenue"} <= checked


def test_lookml_hangs_on_the_marts(graph, tmp_path: Path) -> None:
    (tmp_path / "revenue.view.lkml").write_text(
        "view: revenue { sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_CITY ;; dimension: city { type: string } }"
    )
    (tmp_path / "manifest.lkml").write_text(
        'constant: DATABASE { value: "SEVDESK" } constant: SCHEMA { value: "ANALYTICS" }'
    )
    (tmp_path / "sevdesk.model.lkml").write_text('include: "/revenue.explore.lkml"')
    (tmp_path / "revenue.explore.lkml").write_text('explore: revenue {} explore: +revenue { label: "Refined" }')
    (tmp_path / "revenue.dashboard.lookml").write_text(
        "- dashboard: revenue\n  title: Revenue\n  elements:\n  - name: cities\n    explore: revenue\n    type: looker_bar\n"
    )
    found = {
        spec.key.to_user_string(): [dep.asset_key.to_user_string() for dep in spec.deps]
        for spec in lookml_specs(tmp_path)
    }
    assert found == {
        "looker/dashboard/revenue": ["looker/explore/revenue"],
        "looker/explore/revenue": ["looker/view/revenue"],
        "looker/view/revenue": ["ANALYTICS/INVOICES_AMOUNT_BY_CITY"],
    }
    # The project's own LookML: each dashboard hangs on sevDesk.
    own = [asset for asset in graph.get_all_asset_keys() if asset.path[:2] == ["looker", "dashboard"]]
    assert len(own) == len(list(LOOKER_DIR.rglob("*.dashboard.lookml")))
    assert all(key("sevdesk") in graph.get_ancestor_asset_keys(asset) for asset in own)


def test_the_marts_and_the_dashboard_have_a_freshness_policy(graph) -> None:
    for name in ("ANALYTICS/INVOICES_AMOUNT_BY_CITY", "ANALYTICS/INVOICES_AMOUNT_BY_COUNTRY", "dashboard/revenue"):
        assert graph.get(key(name)).freshness_policy is not None


def test_every_step_is_in_the_pool_that_keeps_runs_apart(definitions: dg.Definitions) -> None:
    steps = {
        asset.node_def.name: asset.node_def.pools
        for asset in definitions.resolve_asset_graph().assets_defs
        if asset.is_executable
    }
    assert {"tap_sevdesk", "tap_ecb", "dbt_build"} <= set(steps)
    assert all(pools == {POOL} for pools in steps.values()), steps


def ticks_of(schedule: dg.ScheduleDefinition, start: datetime) -> Iterator[datetime]:
    timezone = schedule.execution_timezone
    return schedule_execution_time_iterator(start.timestamp(), schedule.cron_schedule, timezone, ascending=True)


@pytest.mark.parametrize(
    ("day", "ticks"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
    ids=["an hour is missing", "an hour is there twice", "a plain day"],
)
def test_a_run_each_hour_of_berlins_day_also_when_the_clock_changes(
    definitions: dg.Definitions, day: str, ticks: int
) -> None:
    schedule = definitions.resolve_schedule_def("hourly")
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(day).replace(tzinfo=berlin)
    end = (start + timedelta(days=1)).replace(tzinfo=berlin)
    found = list(itertools.takewhile(lambda tick: tick < end, ticks_of(schedule, start)))
    assert len(found) == ticks


def test_the_nightly_run_is_a_full_sync_once_a_night_also_when_the_clock_changes(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("nightly_full_sync")
    berlin = ZoneInfo("Europe/Berlin")
    for day in ("2026-03-29", "2026-10-25"):
        start = datetime.fromisoformat(day).replace(tzinfo=berlin)
        first, second = itertools.islice(ticks_of(schedule, start), 2)
        assert (first.astimezone(berlin).date(), second.astimezone(berlin).date()) == (
            start.date(),
            start.date() + timedelta(days=1),
        )


def test_the_age_of_the_numbers_is_that_of_the_oldest_mart() -> None:
    at = datetime.fromisoformat
    rows = [
        {"stage": "RAW", "data_as_of": at("2020-01-01T00:00:00+00:00")},
        {"stage": "ANALYTICS", "data_as_of": at("2026-11-25T10:00:00+01:00")},
        {"stage": "ANALYTICS", "data_as_of": at("2026-11-25T08:00:00+00:00")},
        {"stage": "ANALYTICS", "data_as_of": None},
    ]
    assert data_as_of(rows) == at("2026-11-25T08:00:00+00:00").timestamp()
    assert data_as_of(rows[:1]) is None


def test_dg_finds_the_project_and_has_nothing_to_object_to() -> None:
    home = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for command in (["check", "defs"], ["list", "defs"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("dg"), *command], cwd=REPOSITORY, env=home, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "ANALYTICS/INVOICES_SUMMARY" in done.stdout


def test_every_asset_has_an_owner_a_kind_and_a_group_and_raw_tables_tell_their_columns(graph) -> None:
    for asset in graph.get_all_asset_keys():
        node = graph.get(asset)
        if node.is_executable:
            assert node.owners and node.kinds and node.group_name, asset
    schema = graph.get(key("RAW/INVOICES")).metadata["dagster/column_schema"]
    assert {"ID", "INVOICENUMBER"} <= {column.name for column in schema.columns}


def test_old_runs_are_forgotten_and_newer_and_unfinished_ones_kept(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        done = create_run_for_test(instance, status=dg.DagsterRunStatus.SUCCESS)
        going = create_run_for_test(instance, status=dg.DagsterRunStatus.STARTED)
        now = datetime.now(ZoneInfo("UTC"))
        assert forget_runs(instance, now + timedelta(days=89), 90) == 0
        assert forget_runs(instance, now + timedelta(days=91), 0) == 0
        assert forget_runs(instance, now + timedelta(days=91), 90) == 1
        assert [run.run_id for run in instance.get_runs()] == [going.run_id] != [done.run_id]


def test_dbts_version_is_known_without_starting_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster asks `dbt --version` before each build, which asks PyPI; hosts need not reach it."""
    assert "_cli_version" in vars(DbtCliResource)
    monkeypatch.setattr("dagster_dbt.core.resource.check_output", lambda *_: pytest.fail("dbt was started"))
    dbt = InstalledDbt(project_dir=str(DBT_DIR), dbt_executable=str(DBT))
    assert dbt._cli_version.release[:2] == (1, 11)
