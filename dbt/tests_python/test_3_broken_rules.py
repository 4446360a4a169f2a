"""What goes wrong: an odd document goes to review and stops nothing; data that is gone stops the build before any mart changes, in one sentence."""

import re
import shutil
from decimal import Decimal

import pytest

from local_platform import DBT

RAW = "SEVDESK.RAW.INVOICES"
BUILD = ("build", "--exclude-resource-type", "unit_test")
MARTS = (
    "INVOICES_SUMMARY",
    "INVOICES_AMOUNT_BY_CITY",
    "INVOICES_AMOUNT_BY_COUNTRY",
    "REVENUE_BY_MONTH",
    "CREDIT_NOTES_SUMMARY",
)


def figures(platform) -> list[tuple]:
    return [
        platform.query(f"select * exclude ({hidden}) from SEVDESK.ANALYTICS.{mart} order by 1, 2, 4")
        for mart, hidden in zip(
            MARTS,
            (
                "written_at",
                "data_as_of, refreshed_at",
                "data_as_of, refreshed_at",
                "data_as_of, refreshed_at",
                "updated_at",
            ),
            strict=True,
        )
    ]


@pytest.fixture(scope="module")
def odd(platform):
    """One document of each odd kind, changed in RAW, and a build over them."""
    ordinary = [
        invoice
        for (invoice,) in platform.query(
            f"""select id from {RAW} as one where invoicetype = 'RE' and status in ('200', '1000') and currency = 'EUR' and _sdc_deleted_at is null
            and addresscity is not null and not exists (select 1 from {RAW} as made where made.origin_id = one.id) order by id limit 9"""
        )
    ]
    kinds = ("text", "type", "status", "ancient", "future", "undated", "no_rate", "cents", "number")
    ids = dict(zip(kinds, ordinary, strict=True))
    ((cancellation,),) = platform.query(
        f"""select max(c.id) from {RAW} c join {RAW} o on o.id = c.origin_id
        where c.invoicetype = 'SR' and c.status = '1000' and c.currency = 'EUR' and o.status = '1000' and c._sdc_deleted_at is null
        and o._sdc_deleted_at is null and try_to_number(c.sumgross, 18, 2) in (try_to_number(o.sumgross, 18, 2), -try_to_number(o.sumgross, 18, 2))"""
    )
    platform.query(f"create or replace table SEVDESK.RAW.KEPT_INVOICES as select * from {RAW}")
    changes = {
        "text": "sumgross = '1.234,56'",
        "type": "invoicetype = 'XR'",
        "status": "status = '300'",
        "ancient": "invoicedate = '1900-01-01T00:00:00+01:00'",
        "future": "invoicedate = '2206-01-15T00:00:00+01:00'",
        "undated": "invoicedate = null",
        "no_rate": "currency = 'UAH', sumgross = '0', sumnet = '0', sumgrossforeigncurrency = '1000', sumnetforeigncurrency = '1000'",
        "cents": "sumgross = '77.005'",
        "number": f"invoicenumber = (select max(invoicenumber) from {RAW} where id = '{ids['cents']}')",
    }
    try:
        for kind, change in changes.items():
            platform.query(f"update {RAW} set {change} where id = '{ids[kind]}'")
        # a second cancellation of one invoice
        platform.query(
            f"""insert into {RAW} select * replace ('9999999999' as id, invoicenumber || '-B' as invoicenumber) from {RAW} where id = '{cancellation}'"""
        )
        yield {**ids, "again": "9999999999"}, platform.dbt(*BUILD)
    finally:
        platform.query(f"create or replace table {RAW} as select * from SEVDESK.RAW.KEPT_INVOICES")
        platform.query("drop table SEVDESK.RAW.KEPT_INVOICES")


def test_odd_documents_stop_no_build(odd):
    _, built = odd
    assert built.code == 0, built.output[-5000:]


@pytest.mark.parametrize(
    ("kind", "reason", "is_counted"),
    [
        ("text", "unreadable_amount", False),
        ("type", "unknown_type", False),
        ("status", "unknown_status", False),
        ("ancient", "impossible_date", False),
        ("future", "impossible_date", False),
        ("undated", "impossible_date", False),
        ("no_rate", "no_rate", False),
        ("again", "cancels_more_than_invoiced", False),
        ("cents", "fractions_of_a_cent", True),
        ("number", "same_number", True),
    ],
)
def test_an_odd_document_is_listed_with_its_reason(odd, platform, kind, reason, is_counted):
    ids, _ = odd
    rows = platform.query(
        f"""select reason_code, is_counted, reason, what_to_do from SEVDESK.ANALYTICS.INVOICES_TO_REVIEW
        where document_kind = 'invoice' and document_id = '{ids[kind]}' and reason_code = '{reason}'"""
    )
    assert len(rows) == 1, (kind, rows)
    assert rows[0][1] == is_counted
    assert rows[0][2]
    assert rows[0][3]
    counted = platform.query(
        f"select count(*) from SEVDESK.ANALYTICS.INVOICES_SUMMARY where invoice_id = '{ids[kind]}'"
    )
    assert counted == [(1 if is_counted else 0,)]


def test_every_surface_says_how_many_documents_are_not_counted(odd, platform):
    ((listed,),) = platform.query(
        "select count(distinct document_kind || document_id) from SEVDESK.ANALYTICS.INVOICES_TO_REVIEW where not is_counted"
    )
    assert listed >= 8
    for mart in ("INVOICES_AMOUNT_BY_CITY", "INVOICES_AMOUNT_BY_COUNTRY"):
        assert platform.query(f"select sum(documents_not_counted) from SEVDESK.ANALYTICS.{mart}") == [(listed,)]
    assert platform.query("select distinct documents_not_counted from SEVDESK.ANALYTICS.PIPELINE_HEALTH") == [(listed,)]
    ((months,),) = platform.query(
        "select count_if(revenue_month < '2000-01-01' or revenue_month > '2100-01-01') from SEVDESK.ANALYTICS.REVENUE_BY_MONTH"
    )
    assert months == 0


@pytest.fixture(scope="module")
def whole(odd, platform):
    """The marts of whole data, again."""
    platform.query(f"create or replace table {RAW} as select * from SEVDESK.RAW.KEPT_INVOICES")
    built = platform.dbt(*BUILD)
    assert built.code == 0, built.output[-3000:]
    return figures(platform)


@pytest.mark.parametrize(
    ("table", "take", "sentence"),
    [
        (
            "INVOICES",
            "delete from {table} where mod(cast(id as integer), 2) = 0",
            r"holds \d+ rows, but \d+ were loaded",
        ),
        (
            "CREDIT_NOTES",
            "alter table {table} rename to {table}_AWAY",
            r"is not there, although \d+ rows were loaded into it",
        ),
        (
            "INVOICES",
            "alter table {table} rename column ORIGIN_ID to AWAY",
            r"has no column ORIGIN_ID, which holds the field origin_id",
        ),
        (
            "EXCHANGE_RATES",
            "delete from {table} where day(cast(rate_date as date)) > 15",
            r"holds \d+ rows, but \d+ were loaded",
        ),
    ],
)
def test_data_that_is_gone_stops_the_build_before_any_mart_changes(whole, platform, table, take, sentence):
    name = f"SEVDESK.RAW.{table}"
    platform.query(f"create or replace table SEVDESK.RAW.KEPT as select * from {name}")
    try:
        platform.query(take.format(table=name))
        built = platform.dbt(*BUILD)
    finally:
        platform.query(f"drop table if exists {name}_AWAY")
        platform.query(f"create or replace table {name} as select * from SEVDESK.RAW.KEPT")
        platform.query("drop table SEVDESK.RAW.KEPT")
    assert built.code == 1
    assert re.search(r"FAILED: raw is whole", built.output), built.output[-3000:]
    assert re.search(sentence, built.output), built.output[-3000:]
    assert "Compilation Error" not in built.output
    assert figures(platform) == whole


def test_a_closed_month_keeps_what_it_reported_and_lists_what_changed(whole, platform):
    ((month,),) = platform.query(
        "select to_varchar(max(invoice_month), 'YYYY-MM') from SEVDESK.ANALYTICS.INVOICES_SUMMARY where invoice_month < '2026-10-01'"
    )
    closed = platform.dbt("run-operation", "close_month", "--args", f'{{"month": "{month}", "closed_by": "Bo"}}')
    assert closed.code == 0, closed.output
    before = platform.query(
        f"select sum(total_amount_eur) from SEVDESK.ANALYTICS.REVENUE_BY_MONTH where revenue_month = '{month}-01'"
    )
    ((invoice, total),) = platform.query(
        f"""select invoice_id, total_amount_eur from SEVDESK.ANALYTICS.INVOICES_SUMMARY
        where invoice_month = '{month}-01' and invoice_type = 'RE' and currency = 'EUR' and not is_cancelled order by invoice_id limit 1"""
    )
    platform.query(f"create or replace table SEVDESK.RAW.KEPT as select * from {RAW}")
    try:
        platform.query(
            f"update {RAW} set sumgross = to_varchar(cast(sumgross as number(18, 2)) + 10) where id = '{invoice}'"
        )
        built = platform.dbt(*BUILD)
    finally:
        platform.query(f"create or replace table {RAW} as select * from SEVDESK.RAW.KEPT")
        platform.query("drop table SEVDESK.RAW.KEPT")
    assert built.code == 0, built.output[-3000:]
    assert (
        platform.query(
            f"select sum(total_amount_eur) from SEVDESK.ANALYTICS.REVENUE_BY_MONTH where revenue_month = '{month}-01'"
        )
        == before
    )
    assert platform.query(
        "select document_id, change, amount_closed_eur, amount_now_eur, difference_eur, closed_by from SEVDESK.ANALYTICS.RESTATEMENTS"
    ) == [(invoice, "changed", total, total + 10, Decimal("10.00"), "Bo")]
    # what was counted before is kept beside what counts now
    assert platform.query(
        f"""select total_amount_eur, dbt_valid_to is null from SEVDESK.DBT.DOCUMENT_HISTORY
        where document_kind = 'invoice' and document_id = '{invoice}' order by dbt_valid_from desc limit 2"""
    ) == [(total + 10, True), (total, False)]


def test_a_test_of_a_mart_is_asked_of_what_will_be_published(whole, platform, tmp_path):
    published = figures(platform)
    project = tmp_path / "dbt"
    shutil.copytree(DBT, project, ignore=shutil.ignore_patterns("target", "logs", "tests_python"))
    (project / "tests" / "in_sql.sql").write_text(
        "select 1 as wrong from {{ ref('invoices_summary') }} where invoice_number = 'NOT-ALLOWED'"
    )
    described = project / "models" / "analytics" / "_models.yml"
    text = described.read_text()
    start = text.index("- name: invoices_summary")
    at = text.index("\n", text.index("- name: invoice_number", start))
    rule = "{ expression: \"<> 'NOT-ALLOWED'\" }"
    (project / "tests" / "generic" / "is_allowed.sql").write_text(
        "{% test is_allowed(model, column_name, expression) %} select 1 as wrong from {{ model }} where not ({{ column_name }} {{ expression }}) {% endtest %}"
    )
    described.write_text(
        f"{text[:at]}\n        data_tests: [{{ is_allowed: {{ name: in_yaml, arguments: {rule} }} }}]{text[at:]}"
    )
    ((number, invoice),) = platform.query(
        f"select invoicenumber, id from {RAW} where invoicetype = 'RE' and status = '1000' and currency = 'EUR' order by id limit 1"
    )
    try:
        platform.query(f"update {RAW} set invoicenumber = 'NOT-ALLOWED' where id = '{invoice}'")
        built = platform.dbt(*BUILD, project=project)
        assert built.code == 1
        for name in ("in_sql", "in_yaml"):
            assert f"Failure in test {name}" in built.output, built.output[-3000:]
        assert figures(platform) == published
    finally:
        platform.query(f"update {RAW} set invoicenumber = '{number}' where id = '{invoice}'")
        # What dbt remembers of the project would be of the copy.
        (platform.folder / "dbt" / "partial_parse.msgpack").unlink()
