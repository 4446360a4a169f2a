"""What a run asks for: the ECB when it has published, models when something moved, what can go on when something failed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.build_ledger import Built, last_built, moved, newest_events, note_built
from orchestration.dashboard import DASHBOARD_KEY, known_data_as_of, verified_until
from orchestration.rates import last_publication, rates_are_due
from orchestration.selection import what_can_go_on, with_downstream

BERLIN_FRIDAY = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "published"),
    [
        (datetime(2026, 11, 27, 15, 4, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 27, 15, 6, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 7, 1, 14, 6, tzinfo=UTC), date(2026, 7, 1)),
    ],
    ids=["before four", "after four", "Sunday", "Monday morning", "in summer"],
)
def test_rates_come_on_working_days_at_four(now: datetime, published: date) -> None:
    assert last_publication(now).date() == published


@pytest.mark.parametrize(
    ("loaded_ago", "newest", "due"),
    [
        (None, None, True),
        (timedelta(hours=5), date(2026, 11, 26), True),
        (timedelta(minutes=30), date(2026, 11, 27), False),
        (timedelta(minutes=30), date(2026, 11, 26), False),
        (timedelta(minutes=70), date(2026, 11, 26), True),
        (timedelta(minutes=70), date(2026, 11, 27), False),
    ],
    ids=["never asked", "not since they came", "there", "late, just asked", "late, asked an hour ago", "all there"],
)
def test_the_ecb_is_asked_when_it_can_have_something(
    loaded_ago: timedelta | None, newest: date | None, due: bool
) -> None:
    loaded = None if loaded_ago is None else BERLIN_FRIDAY - loaded_ago
    assert rates_are_due(BERLIN_FRIDAY, loaded, newest) is due


def test_a_day_without_rates_is_asked_for_a_few_hours_only() -> None:
    """Whoever asks every hour of a holiday, and of the next night, asks about seven times and not thirty."""
    now, loaded, asked = BERLIN_FRIDAY.replace(hour=14), BERLIN_FRIDAY.replace(hour=13), 0
    for _ in range(24):
        now += timedelta(hours=1)
        if rates_are_due(now, loaded, date(2026, 11, 26)):
            asked, loaded = asked + 1, now
    assert 1 <= asked <= 7


def key(text: str) -> dg.AssetKey:
    return dg.AssetKey(text.split("/"))


INVOICES, ORDERS, RATES = key("RAW/INVOICES"), key("RAW/ORDERS"), key("RAW/RATES")
REVENUE, BACKLOG, SEED = key("ANALYTICS/REVENUE"), key("ANALYTICS/BACKLOG"), key("STAGING/CITIES")


@pytest.fixture(scope="module")
def graph():
    @dg.multi_asset(specs=[dg.AssetSpec(INVOICES), dg.AssetSpec(ORDERS), dg.AssetSpec(RATES)])
    def load(): ...

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(SEED),
            dg.AssetSpec(REVENUE, deps=[INVOICES, RATES, SEED]),
            dg.AssetSpec(BACKLOG, deps=[ORDERS]),
        ]
    )
    def models(): ...

    return dg.Definitions(assets=[load, models]).resolve_asset_graph()


PLANNED = {INVOICES, ORDERS, RATES, REVENUE, BACKLOG, SEED}


@pytest.mark.parametrize(
    ("succeeded", "failed", "goes_on"),
    [
        ({INVOICES, RATES}, {ORDERS}, {REVENUE, SEED}),
        ({INVOICES, ORDERS}, {RATES}, {REVENUE, BACKLOG, SEED}),
        ({ORDERS, RATES}, {INVOICES}, {BACKLOG, SEED}),
        (set(), {INVOICES, ORDERS, RATES}, set()),
        ({INVOICES, ORDERS, RATES}, {REVENUE}, {BACKLOG, SEED}),
    ],
    ids=["one stream", "the soft one", "the main one", "all", "a model"],
)
def test_what_needs_nothing_of_what_failed_goes_on(graph, succeeded: set, failed: set, goes_on: set) -> None:
    assert what_can_go_on(graph, PLANNED, succeeded, failed, {RATES}) == goes_on


def test_a_change_concerns_what_depends_on_it(graph) -> None:
    assert with_downstream(graph, {ORDERS}) == {ORDERS, BACKLOG}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as found:
        yield found


def load(instance: dg.DagsterInstance, asset: dg.AssetKey, rows: int, bookmark: str = "") -> None:
    metadata = {"rows_loaded": rows, **({"bookmark": bookmark} if bookmark else {})}
    instance.report_runless_asset_event(dg.AssetMaterialization(asset, metadata=metadata))


def test_only_what_brought_rows_since_the_build_has_moved(instance: dg.DagsterInstance) -> None:
    assert last_built(instance) is None
    load(instance, INVOICES, 5)
    load(instance, ORDERS, 0)
    note_built(instance, Built("files", newest_events(instance, [INVOICES, ORDERS])))
    built = last_built(instance)
    assert built == Built("files", newest_events(instance, [INVOICES, ORDERS]))
    load(instance, INVOICES, 0)
    assert moved(instance, [INVOICES, ORDERS, RATES], built) == []
    load(instance, ORDERS, 2)
    load(instance, ORDERS, 0)
    load(instance, RATES, 0)
    assert moved(instance, [INVOICES, ORDERS, RATES], built) == [ORDERS, RATES]


def test_an_hour_that_built_nothing_is_as_fresh_as_its_look_at_the_source(instance: dg.DagsterInstance) -> None:
    assert known_data_as_of(instance) is None
    instance.report_runless_asset_event(
        dg.AssetMaterialization(DASHBOARD_KEY, metadata={"data_as_of": dg.MetadataValue.timestamp(1000.0)})
    )
    load(instance, INVOICES, 0, "2026-11-27T10:00:00+00:00")
    load(instance, ORDERS, 0, "2026-11-27T09:59:00+00:00")
    load(instance, RATES, 0, "2026-11-26")
    until = verified_until(instance)
    assert until == datetime(2026, 11, 27, 9, 59, tzinfo=UTC).timestamp()
    assert known_data_as_of(instance) == 1000.0
    instance.report_runless_asset_event(
        dg.AssetObservation(DASHBOARD_KEY, metadata={"data_as_of": dg.MetadataValue.timestamp(until)})
    )
    assert known_data_as_of(instance) == until
