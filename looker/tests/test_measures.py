"""Measures of the LookML project, run on the tables that dbt built, equal dbt's figures to the cent."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from measures import Measures

ZERO = Decimal("0.00")


@pytest.fixture(scope="module")
def measures(project, platform, tmp_path_factory):
    return Measures(project, tmp_path_factory.mktemp("lookml"), platform.query)


@pytest.fixture(scope="module")
def dbt(platform):
    """A mart's rows: the first `keys` columns to the others."""
    return lambda keys, sql: {tuple(row[:keys]): tuple(row[keys:]) for row in platform.query(sql)}


def test_invoices_less_credit_notes_are_the_rankings(measures, dbt):
    for mart, grain in (("BY_COUNTRY", ["country_code"]), ("BY_CITY", ["country_code", "city"])):
        invoices = measures.ask(
            "invoices_summary", ["invoiced_amount", "net_amount", "open_amount", "paid_amount", "invoice_count"], grain
        )
        notes = measures.ask("credit_notes_summary", ["credited_amount", "credited_net_amount"], grain)
        figures = dbt(
            len(grain),
            f"select {', '.join(grain)}, total_amount_eur, net_amount_eur, open_amount_eur, paid_amount_eur, invoice_count"
            f" from ANALYTICS.INVOICES_AMOUNT_{mart}",
        )
        computed = {}
        for place in invoices.keys() | notes.keys():
            invoiced, net, open_amount, paid, count = invoices.get(place, (ZERO, ZERO, ZERO, ZERO, 0))
            credited, credited_net = notes.get(place, (ZERO, ZERO))
            computed[place] = (invoiced - credited, net - credited_net, open_amount, paid, count)
        assert computed == figures
        assert len(figures) > 3 and any(credited for credited, _ in notes.values())


@pytest.mark.parametrize(
    ("view", "dimension"), [("invoices_amount_by_country", "country_code"), ("invoices_amount_by_city", "place")]
)
def test_ranking_explores_show_the_marts(measures, dbt, view, dimension):
    names = ["total_amount", "invoiced_amount", "credited_amount", "net_amount", "open_amount", "invoice_count"]
    shown = measures.ask(view, names, [dimension])
    key = "country_code" if dimension == "country_code" else "country_code || '/' || city"
    columns = ", ".join(name if name == "invoice_count" else f"{name}_eur" for name in names)
    assert shown == dbt(1, f"select {key}, {columns} from ANALYTICS.{view.upper()}")


def test_months_add_up_to_the_ranking(measures, dbt):
    months = measures.ask("revenue_by_month", ["total_amount", "invoice_count", "credited_amount"], ["country_code"])
    assert months == dbt(
        1,
        "select country_code, total_amount_eur, invoice_count, credited_amount_eur from ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY",
    )


def test_overdue_is_what_was_due_before_today_in_berlin(measures, platform):
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    # One is due today, which is not overdue yet.
    platform.query(
        f"update ANALYTICS.INVOICES_SUMMARY set due_date = '{today}' where invoice_id ="
        " (select max(invoice_id) from ANALYTICS.INVOICES_SUMMARY where open_amount_eur > 0)"
    )
    rows = platform.query("select open_amount_eur, due_date from ANALYTICS.INVOICES_SUMMARY")
    overdue = [amount for amount, due in rows if amount > 0 and due is not None and due < today]
    assert measures.ask("invoices_summary", ["overdue_amount", "overdue_count"]) == {(): (sum(overdue), len(overdue))}
    assert 0 < len(overdue) < len(rows)


def test_the_age_is_that_of_the_health_view(measures, platform):
    ((shown,),) = [measures.ask("pipeline_health", ["age_minutes"], ["stage"])[("ANALYTICS",)]]
    ((age,),) = platform.query("select max(age_minutes) from ANALYTICS.PIPELINE_HEALTH where stage = 'ANALYTICS'")
    assert age is not None and abs(shown - age) <= 1


def test_what_is_left_out_is_all_there(measures, dbt):
    shown = measures.ask("invoices_excluded", ["document_count", "excluded_amount"], ["exclusion_reason"])
    assert shown == dbt(
        1, "select exclusion_reason, count(*), sum(total_amount_eur) from ANALYTICS.INVOICES_EXCLUDED group by 1"
    )


def test_every_measure_and_dimension_runs(project, measures):
    for view in project.views.values():
        names = [measure["name"] for measure in view.raw["measures"]]
        answer = measures.ask(view.name, names)
        assert len(answer[()]) == len(names)
        for dimension in view.raw["dimensions"]:
            assert measures.ask(view.name, names[:1], [dimension["name"]])


def test_shares_and_keys_hold_what_the_data_tests_of_looker_assert(measures, platform):
    ((share,),) = [measures.ask("invoices_amount_by_country", ["share"])[()]]
    assert abs(share - 1) < Decimal("0.001")
    ids = measures.ask("invoices_summary", ["row_count"], ["invoice_id"])
    assert set(ids.values()) == {(1,)}
