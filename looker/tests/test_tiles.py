"""What each tile of the dashboard shows, as Looker would ask for it, equals what the marts' rows add up to in Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from explore_query import ExploreQuery

TODAY = datetime.now(ZoneInfo("Europe/Berlin")).date()
ZERO = Decimal(0)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


THIS_MONTH = months_before(TODAY, 0)
PERIODS = {
    "last month": (months_before(TODAY, 1), THIS_MONTH),
    "the year before": (date(TODAY.year - 1, 1, 1), date(TODAY.year, 1, 1)),
    "ninety days": (TODAY - timedelta(100), TODAY - timedelta(10)),
}
BASES = [("gross", "invoice"), ("net", "invoice"), ("gross", "service")]


@dataclass
class Document:
    kind: str
    country: str
    city: str
    currency: str
    invoice: date
    service: date
    gross: Decimal
    net: Decimal
    open: Decimal
    counts: bool
    due: date | None
    number: str

    def amount(self, basis: str) -> Decimal:
        return self.gross if basis == "gross" else self.net

    def day(self, basis: str) -> date:
        return self.invoice if basis == "invoice" else self.service

    @property
    def overdue(self) -> bool:
        return self.open > 0 and self.due is not None and self.due < TODAY


@pytest.fixture(scope="module")
def documents(platform) -> list[Document]:
    invoices = platform.query(
        "select 'invoice', country_name_en, city || ', ' || country_code, currency, invoice_date, service_date, total_amount_eur,"
        " net_amount_eur, open_amount_eur, counts_as_invoice, due_date, invoice_number from ANALYTICS.INVOICES_SUMMARY"
    )
    notes = platform.query(
        "select 'credit_note', country_name_en, city || ', ' || country_code, currency, credit_note_date, service_date,"
        " -credited_amount_eur, -credited_net_amount_eur, 0, false, null, null from ANALYTICS.CREDIT_NOTES_SUMMARY"
    )
    assert len(invoices) > 300 and len(notes) > 5
    return [Document(*row) for row in invoices + notes]


@pytest.fixture(scope="module")
def show(project, platform):
    """Rows of a tile, asked with the values of the dashboard's filters."""
    dashboard = project.dashboards["invoice_revenue"]
    defaults = {one["name"]: one["default_value"] for one in dashboard["filters"] if one["name"] in ("amounts", "date")}

    def rows(name: str, locale: str = "en", **values: str) -> list[tuple]:
        tile = next(one for one in dashboard["elements"] if one["name"] == name)
        values = {**defaults, **values}
        heard = {field: values[name] for name, field in tile.get("listen", {}).items() if name in values}
        query = ExploreQuery(
            project,
            tile["explore"],
            tile["fields"],
            {**{key: str(value) for key, value in tile.get("filters", {}).items()}, **heard},
            tile.get("sorts", []),
            tile.get("limit", 5000),
            locale,
        )
        return platform.query(query.sql())

    return rows


def added_up(documents: list[Document], key, value) -> dict:
    sums = defaultdict(lambda: ZERO)
    for one in documents:
        sums[key(one)] += value(one)
    return dict(sums)


def text(period: tuple[date, date]) -> str:
    return f"{period[0]} to {period[1]}"


@pytest.mark.parametrize(("amounts", "basis"), BASES)
@pytest.mark.parametrize("name", PERIODS)
def test_rankings_trend_and_totals_of_a_period(show, documents, name, amounts, basis):
    start, end = PERIODS[name]
    chosen = {"period": text((start, end)), "amounts": amounts, "date": basis}
    within = [one for one in documents if start <= one.day(basis) < end]
    assert within and len(within) < len(documents)

    countries = show("ranking_by_country", **chosen)
    assert dict(countries) == added_up(within, lambda one: one.country, lambda one: one.amount(amounts))
    assert [amount for _, amount in countries] == sorted((amount for _, amount in countries), reverse=True)
    assert dict(show("map_by_country", **chosen)) == dict(countries)

    cities = {row[0]: row[1:] for row in show("ranking_by_city", **chosen)}
    total = sum(one.amount(amounts) for one in within)
    revenue = added_up(within, lambda one: one.city, lambda one: one.amount(amounts))
    still_open = added_up(within, lambda one: one.city, lambda one: one.open)
    counts = added_up(within, lambda one: one.city, lambda one: int(one.counts))
    assert cities.keys() == revenue.keys()
    for place, (amount, share, open_amount, count) in cities.items():
        assert (amount, open_amount, count) == (revenue[place], still_open[place], counts[place])
        assert abs(Decimal(share) - 100 * revenue[place] / total) < Decimal("0.001")

    months = show("trend_by_month", **chosen)
    assert dict(months) == added_up(within, lambda one: f"{one.day(basis):%Y-%m}", lambda one: one.amount(amounts))
    assert [month for month, _ in months] == sorted(month for month, _ in months)

    assert show("open_amount", **chosen) == [(sum(one.open for one in within),)]
    overdue = [one for one in within if one.overdue]
    assert show("overdue_amount", **chosen) == [(sum((one.open for one in overdue), ZERO), len(overdue))]
    due = added_up([one for one in within if one.open > 0], lambda one: f"{one.due:%Y-%m}", lambda one: one.open)
    assert {row[0]: row[1] for row in show("open_and_overdue", **chosen)} == due
    listed = [(row[0], row[3]) for row in show("open_invoices", **chosen)]
    assert sorted(listed) == sorted((one.number, one.open) for one in within if one.open > 0)


# start, end, the period before, the year before; the last of each is excluded
COMPARISONS = {
    "a whole month, with the whole month before": (
        PERIODS["last month"],
        (months_before(TODAY, 2), months_before(TODAY, 1)),
        (months_before(TODAY, 13), months_before(TODAY, 12)),
    ),
    "a year, with the year before": (
        PERIODS["the year before"],
        *[(date(TODAY.year - 2, 1, 1), date(TODAY.year - 1, 1, 1))] * 2,
    ),
    "days, with as many days before": (
        (date(2026, 3, 10), date(2026, 3, 30)),
        (date(2026, 2, 18), date(2026, 3, 10)),
        (date(2025, 3, 10), date(2025, 3, 30)),
    ),
    "the running year, up to the same day": (
        (date(TODAY.year, 1, 1), date(TODAY.year + 1, 1, 1)),
        *[(date(TODAY.year - 1, 1, 1), TODAY.replace(year=TODAY.year - 1) + timedelta(1))] * 2,
    ),
}


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_period_beside_the_one_before_and_a_year_ago(show, documents, name):
    def revenue(start: date, end: date) -> Decimal:
        return sum((one.gross for one in documents if start <= one.invoice < end), ZERO)

    period, previous, last_year = COMPARISONS[name]
    ((amount, change),) = show("revenue", period=text(period))
    assert amount == revenue(*period) > 0
    assert same_change(change, amount, revenue(*previous))
    ((year_ago, change),) = show("revenue_a_year_ago", period=text(period))
    assert year_ago == revenue(*last_year)
    assert same_change(change, amount, year_ago)


def same_change(shown, amount: Decimal, base: Decimal) -> bool:
    return shown is None if base <= 0 else abs(Decimal(shown) - (amount / base - 1)) < Decimal("0.00001")


def test_without_a_period_nothing_is_compared(show, documents):
    assert show("revenue") == [(sum(one.gross for one in documents), None)]
    assert show("revenue_a_year_ago") == [(ZERO, None)]


def test_a_click_on_a_country_and_a_currency_reach_every_tile(show, documents):
    country, currency = "Switzerland", "CHF"
    within = [one for one in documents if (one.country, one.currency) == (country, currency)]
    assert within
    chosen = {"country": country, "currency": currency}
    assert show("revenue", **chosen)[0][0] == sum(one.gross for one in within)
    assert show("ranking_by_country", **chosen) == [(country, sum(one.gross for one in within))]
    assert {row[0] for row in show("ranking_by_city", **chosen)} == {one.city for one in within}
    assert dict(show("trend_by_month", **chosen)) == added_up(
        within, lambda one: f"{one.invoice:%Y-%m}", lambda one: one.gross
    )
    assert show("open_amount", **chosen) == [(sum(one.open for one in within),)]


def test_countries_are_named_in_the_language_of_the_user(show):
    english, german = dict(show("ranking_by_country")), dict(show("ranking_by_country", locale="de_DE"))
    assert "Germany" in english and "Deutschland" in german
    assert sorted(english.values()) == sorted(german.values())


def test_of_all_time_the_explore_is_the_ranking_of_dbt(project, platform):
    names = [
        "gross_amount",
        "net_amount",
        "invoiced_amount",
        "credited_amount",
        "paid_amount",
        "open_amount",
        "invoice_count",
        "documents_not_counted",
    ]
    columns = "total_amount_eur, net_amount_eur, invoiced_amount_eur, credited_amount_eur, paid_amount_eur, open_amount_eur, invoice_count, documents_not_counted"
    for view, keys in (("countries", ["country_code"]), ("cities", ["country_code", "city"])):
        fields = [*(f"revenue.{key}" for key in keys), f"{view}.all_time_rank", *(f"revenue.{name}" for name in names)]
        shown = platform.query(ExploreQuery(project, "revenue", fields).sql())
        table = project.views[view].source
        assert sorted(shown) == sorted(
            platform.query(f"select {', '.join(keys)}, rank_overall, {columns} from {table}")
        )
        assert len(shown) > 3


def test_what_waits_for_a_decision_is_counted_and_listed_but_in_no_amount(show, platform):
    before = show("revenue"), show("ranking_by_country")
    platform.query("begin")
    try:
        for number, country in (("W-1", "AT"), ("W-2", "CH")):
            platform.query(
                "insert into ANALYTICS.INVOICES_TO_REVIEW (document_kind, document_id, document_number, currency, reason_code, estimated_effect_eur,"
                f" is_counted, city, country_code) values ('invoice', '{number}', '{number}', 'EUR', 'no_rate', 50, false, 'Unknown', '{country}')"
            )
        ((waiting,),) = platform.query(
            "select count(distinct document_kind || document_id) from ANALYTICS.INVOICES_TO_REVIEW where not is_counted"
        )
        assert show("documents_not_counted") == [(waiting,)] and waiting >= 2
        # one that has no date is there in any period
        assert show("documents_not_counted", period=text(PERIODS["last month"])) == [(waiting,)]
        assert show("documents_not_counted", country="Austria")[0][0] < waiting
        assert {"W-1", "W-2"} <= {row[1] for row in show("uncounted")}
        assert (show("revenue"), show("ranking_by_country")) == before
    finally:
        platform.query("rollback")


def test_what_is_excluded_is_all_there(show, platform):
    excluded = platform.query(
        "select explanation, count(*), coalesce(sum(total_amount_eur), 0) from ANALYTICS.INVOICES_EXCLUDED group by 1"
    )
    assert sorted(show("excluded")) == sorted(excluded)
    assert excluded


def test_the_age_is_that_of_the_health_view(show, platform):
    ((shown,),) = show("data_age")
    ((age,),) = platform.query("select max(age_minutes) from ANALYTICS.PIPELINE_HEALTH where stage = 'ANALYTICS'")
    assert age is not None and abs(shown - age) <= 1


def test_every_field_of_every_explore_runs(project, platform):
    for explore in project.explores:
        for name, view in project.views_of(explore).items():
            measures = [f"{name}.{one['name']}" for one in view.of_kind("measure")]
            others = [f"{name}.{one['name']}" for one in view.of_kind("dimension")]
            for fields in filter(None, (measures, others)):
                rows = platform.query(ExploreQuery(project, explore, fields, limit=5).sql())
                assert all(len(row) == len(fields) for row in rows)
