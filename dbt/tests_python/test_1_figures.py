"""What dbt builds, against figures that were computed without it."""

from decimal import Decimal

import pytest

from expected_rates import Rates
from expected_revenue import Company, ranks

MODELS = ("Invoice", "InvoicePos", "CreditNote", "Order", "ContactAddress", "StaticCountry")


def expected_company(platform) -> Company:
    return Company({model: platform.dump(model) for model in MODELS}, Rates(platform.published_rates()))


def assert_city_ranking_is_right(platform) -> None:
    company = expected_company(platform)
    cities = company.by_city()
    grand_total = sum(figures.total for figures in cities.values())
    overall = ranks({place: figures.total for place, figures in cities.items()})
    in_country = {}
    for country in {country for country, _ in cities}:
        in_country |= ranks({place: figures.total for place, figures in cities.items() if place[0] == country})
    expected = {
        place: (f.invoiced, f.credited, f.total, f.net, f.paid, f.open, f.count, overall[place], in_country[place])
        for place, f in cities.items()
    }
    rows = platform.query(
        """select country_code, city, invoiced_amount_eur, credited_amount_eur, total_amount_eur, net_amount_eur, paid_amount_eur,
                  open_amount_eur, invoice_count, rank_overall, rank_in_country, share_of_total
           from SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_CITY"""
    )
    assert {row[:2]: row[2:11] for row in rows} == expected
    for country, city, *_, share in rows:
        assert abs(share - cities[country, city].total / grand_total) < Decimal("0.000001")


def assert_country_ranking_is_right(platform) -> None:
    company = expected_company(platform)
    countries = company.by_country()
    overall = ranks({country: figures.total for country, figures in countries.items()})
    expected = {
        country: (
            *company.places.names.get(country, ("Unbekannt", "Unknown")),
            f.invoiced,
            f.credited,
            f.total,
            f.net,
            f.paid,
            f.open,
            f.count,
            len(f.cities),
            overall[country],
        )
        for country, f in countries.items()
    }
    rows = platform.query(
        """select country_code, country_name_de, country_name_en, invoiced_amount_eur, credited_amount_eur, total_amount_eur, net_amount_eur,
                  paid_amount_eur, open_amount_eur, invoice_count, city_count, rank_overall
           from SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY"""
    )
    assert {row[0]: row[1:] for row in rows} == expected


def test_everything_builds_and_every_test_of_the_project_passes(platform):
    assert platform.first_build.code == 0, platform.first_build.output[-5000:]
    bad = {
        node: result["status"]
        for node, result in platform.first_build.results.items()
        if result["status"] not in ("success", "pass", "warn", "no-op")
    }
    assert bad == {}
    warned = [node.split(".")[2] for node, result in platform.first_build.results.items() if result["status"] == "warn"]
    assert set(warned) <= {"most_revenue_is_placed"}
    assert len([node for node in platform.first_build.results if node.startswith("unit_test.")]) >= 14


def test_every_figure_of_the_ranking_by_city_is_right_to_the_cent(platform):
    assert_city_ranking_is_right(platform)


def test_every_figure_of_the_ranking_by_country_is_right_to_the_cent(platform):
    assert_country_ranking_is_right(platform)


def assert_months_are_right(platform) -> None:
    company = expected_company(platform)
    by_invoice, by_service = company.by_month(), company.by_month(service=True)
    nothing = (Decimal(0), Decimal(0))
    expected = {
        key: (*by_invoice.get(key, nothing), *by_service.get(key, nothing))
        for key in by_invoice.keys() | by_service.keys()
    }
    rows = platform.query(
        """select revenue_month, country_code, total_amount_eur, net_amount_eur, total_amount_eur_by_service_date, net_amount_eur_by_service_date
           from SEVDESK.ANALYTICS.REVENUE_BY_MONTH"""
    )
    assert {row[:2]: row[2:] for row in rows} == expected


def assert_open_amounts_are_right(platform) -> None:
    """Of each customer, and of each chain of part and final invoices."""
    company = expected_company(platform)
    for column, key in (("contact_id", "contact"), ("chain_id", "origin")):
        rows = platform.query(
            f"""select {column}, sum(open_amount_eur) from SEVDESK.DBT.ENRICHED
            where is_counted and {column} is not null group by 1 having sum(open_amount_eur) <> 0"""
        )
        assert dict(rows) == company.open_by(key)


def test_every_month_is_right_to_the_cent_by_both_dates(platform):
    assert_months_are_right(platform)


def test_what_customers_and_chains_owe_is_right_to_the_cent(platform):
    assert_open_amounts_are_right(platform)


def test_the_company_exercises_every_rule(platform):
    """The figures above prove a rule only if the company has a case of it."""
    excluded = dict(
        platform.query("select exclusion_reason, count(*) from SEVDESK.ANALYTICS.INVOICES_EXCLUDED group by 1")
    )
    assert set(excluded) >= {
        "draft",
        "reminder",
        "recurring_template",
        "credit_note_pays_a_commission",
        "credit_note_pays_a_royalty",
    }
    sources = dict(platform.query("select city_source, count(*) from SEVDESK.ANALYTICS.INVOICES_SUMMARY group by 1"))
    assert set(sources) >= {"address_city", "address_text", "contact_address", "original_invoice", "unknown"}
    verdicts = {
        verdict
        for (verdict,) in platform.query(
            "select distinct chain_verdict from SEVDESK.DBT.ENRICHED where chain_verdict is not null"
        )
    }
    assert verdicts >= {"part", "final_contains_parts", "final_is_remainder", "parts_deducted_in_lines"}
    reasons = {
        reason for (reason,) in platform.query("select distinct reason_code from SEVDESK.ANALYTICS.INVOICES_TO_REVIEW")
    }
    assert reasons >= {"chain_far_from_order", "chain_without_order", "no_rate", "same_number"}
    ((listed, documents),) = platform.query(
        """select (select count(distinct document_id) from SEVDESK.ANALYTICS.INVOICES_TO_REVIEW), (select count(*) from SEVDESK.DBT.ENRICHED)"""
    )
    assert listed < documents / 20
    rates = {rate for (rate,) in platform.query("select distinct tax_rule from SEVDESK.ANALYTICS.INVOICES_SUMMARY")}
    assert len(rates) == 6
    ((currencies, converted, countries),) = platform.query(
        """select count(distinct currency), count_if(amount_source = 'ecb_rate'), count(distinct country_code)
           from SEVDESK.ANALYTICS.INVOICES_SUMMARY"""
    )
    assert (currencies >= 25, converted > 0, countries >= 30) == (True, True, True)


def test_cancellations_add_up_to_nothing_with_what_they_cancel_in_full(platform):
    rows = platform.query(
        """select o.total_amount_eur + sum(c.total_amount_eur), min(o.city = c.city and o.country_code = c.country_code),
                  o.open_amount_eur + sum(c.open_amount_eur), count(*)
           from SEVDESK.ANALYTICS.INVOICES_SUMMARY c join SEVDESK.ANALYTICS.INVOICES_SUMMARY o on c.cancels_invoice_id = o.invoice_id
           where o.is_cancelled group by o.invoice_id, o.total_amount_eur, o.open_amount_eur"""
    )
    assert len(rows) > 10
    assert {row[:3] for row in rows} == {(Decimal("0.00"), True, Decimal("0.00"))}
    assert {row[3] for row in rows} == {1, 2}


@pytest.mark.parametrize("table", ["INVOICES_STG", "CONTACTS_STG", "CREDIT_NOTES_STG"])
def test_health_shows_rows_and_data_age_of_every_stage(platform, table):
    ((rows, newest, data_as_of, age),) = platform.query(
        f"select row_count, newest_update, data_as_of, age_minutes from SEVDESK.ANALYTICS.PIPELINE_HEALTH where table_name = '{table}'"
    )
    ((expected,),) = platform.query(f"select count(*) from SEVDESK.STAGING.{table}")
    assert (rows, newest is not None, data_as_of is not None) == (expected, True, True)
    assert age is not None
