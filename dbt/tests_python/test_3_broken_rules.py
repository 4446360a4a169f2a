"""Rules broken on purpose: each fails a test, with a sentence that says what is wrong, in which document, and what to do."""

import re

import pytest

RAW = "SEVDESK.RAW.INVOICES"
SUM_COLUMNS = ("SUMGROSS", "SUMNET", "SUMGROSSFOREIGNCURRENCY", "SUMNETFOREIGNCURRENCY")


@pytest.fixture(scope="module")
def broken(platform):
    """Everything broken at once in RAW, models built without their tests, then tested: two runs of dbt instead of two a rule."""
    ids = dict(
        platform.query(
            f"""select min_by(invoicenumber, id::int), 'euro' from {RAW} where invoicetype = 'RE' and status = '200' and currency = 'EUR' and _sdc_deleted_at is null
            union all select max(currency), 'currency' from SEVDESK.ANALYTICS.INVOICES_SUMMARY where amount_source = 'ecb_rate'
            union all select min_by(invoicenumber, id::int), 'storno' from {RAW} where invoicetype = 'SR' and status in ('200', '1000') and currency = 'EUR'
            union all select max_by(invoicenumber, id::int), 'late' from {RAW} where invoicetype = 'RE' and status = '1000' and currency = 'EUR'
            union all select max_by(invoicenumber, id::int), 'doubled' from {RAW} where invoicetype = 'RE' and status = '200' and currency = 'EUR'
            union all select max_by(invoicenumber, id::int), 'twice' from {RAW} where invoicetype = 'SR' and status in ('200', '1000') and currency = 'EUR'
            union all select min_by(invoicenumber, id::int), 'foreign' from {RAW}
                where invoicetype = 'RE' and status = '1000' and currency <> 'EUR' and sumgross <> sumgrossforeigncurrency and sumgross <> '0'
                and currency <> (select max(currency) from SEVDESK.ANALYTICS.INVOICES_SUMMARY where amount_source = 'ecb_rate')
            union all select min_by(invoicenumber, id::int), 'abroad' from {RAW}
                where invoicetype = 'RE' and status = '1000' and addresscountry_id = '1' and addresscity is not null
            union all select max_by(invoicenumber, id::int), 'odd' from {RAW} where invoicetype = 'RE' and status = '750' and currency = 'EUR'
            """
        )
    )
    numbers = {what: number for number, what in ids.items()}
    assert all(numbers.values()) and len(numbers) == 9, numbers
    platform.query(f"create or replace table SEVDESK.RAW.KEPT_INVOICES as select * from {RAW}")
    platform.query("create or replace table SEVDESK.RAW.KEPT_RATES as select * from SEVDESK.RAW.EXCHANGE_RATES")
    try:
        # a lost file of rates; an invoice that is negative, alone in its city; a cancellation over a positive sum; a type that no rule knows; half a cent
        platform.query(f"delete from SEVDESK.RAW.EXCHANGE_RATES where currency = '{numbers['currency']}'")
        platform.query(
            f"update {RAW} set sumgross = '-5000', sumnet = '-5000', addresscity = 'Nirgendheim' where invoicenumber = '{numbers['euro']}'"
        )
        platform.query(
            f"update {RAW} set sumgross = '77.005', sumnet = '77' where invoicenumber = '{numbers['storno']}'"
        )
        platform.query(f"update {RAW} set invoicetype = 'XR' where invoicenumber = '{numbers['odd']}'")
        # a second cancellation of one invoice; a rate that was mistyped; a country that was left at its preset
        platform.query(
            f"""insert into {RAW} select * replace ('99' as id, invoicenumber || '-B' as invoicenumber) from {RAW}
                where invoicenumber = '{numbers["twice"]}'"""
        )
        platform.query(
            f"update {RAW} set sumgross = (sumgross::number(18, 2) * 3)::varchar where invoicenumber = '{numbers['foreign']}'"
        )
        platform.query(
            f"update {RAW} set address = 'Qui' || chr(10) || 'France' where invoicenumber = '{numbers['abroad']}'"
        )
        built = platform.dbt("run")
        assert built.code == 0, built.output[-3000:]
        # after the build: a row that was loaded twice, and a change that arrived late
        platform.query(f"insert into {RAW} select * from {RAW} where invoicenumber = '{numbers['doubled']}'")
        platform.query(
            f"""update {RAW} set status = '200', "UPDATE" = '2026-10-30 12:34:56' where invoicenumber = '{numbers["late"]}'"""
        )
        yield numbers, platform.dbt("test", "--exclude-resource-type", "unit_test")
    finally:
        platform.query(f"create or replace table {RAW} as select * from SEVDESK.RAW.KEPT_INVOICES")
        platform.query("create or replace table SEVDESK.RAW.EXCHANGE_RATES as select * from SEVDESK.RAW.KEPT_RATES")
        for table in ("KEPT_INVOICES", "KEPT_RATES"):
            platform.query(f"drop table SEVDESK.RAW.{table}")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (
            "raw_invoices_are_there_once",
            r"Invoice {doubled} with the id \d+ is in RAW\.INVOICES 2 times\. Its amount must count once",
        ),
        (
            "every_foreign_amount_has_a_rate",
            r"Invoice \S+ of \d{{4}}-\d\d-\d\d is in {currency} and has no euro amount: there is no ECB rate .* Load the rates: meltano run tap-ecb target-snowflake-ts",
        ),
        (
            "no_city_invoices_less_than_nothing",
            r"Nirgendheim \(\S+\) has the negative invoiced total -5000\.00 EUR: more was cancelled there than was ever invoiced",
        ),
        (
            "cancellations_are_not_positive",
            r"Cancellation {storno} has the positive sum 77\.01\. sevDesk writes cancellations with negative sums",
        ),
        (
            "every_document_is_of_a_known_kind",
            r'Invoice {odd} has the type "XR" and the status "750"\. .*no rule covers',
        ),
        (
            "amounts_have_whole_cents",
            r"Invoice {storno} has the amount 77\.005 in sumGross, which is no whole number of cents",
        ),
        (
            "invoices_are_cancelled_once",
            r"Invoice \S+ is cancelled 2 times, by {twice}(-B)?, {twice}(-B)?\. It would be taken off 2 times",
        ),
        (
            "staging_holds_what_raw_holds",
            r"Invoice {late} was changed in sevDesk and loaded after the figures were built: .*RAW has 2026-10-30 12:34:56.* Run dbt build",
        ),
    ],
)
def test_a_broken_rule_fails_in_a_sentence(broken, test, message):
    numbers, tested = broken
    assert tested.code == 1
    assert tested.status(test) == "fail"
    assert re.search(r"FAILED: " + test.replace("_", " "), tested.output)
    assert re.search(message.format(**numbers), tested.output), tested.output[-6000:]


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (
            "invoices_are_not_negative",
            r"Invoice {euro} of .* has the negative total -5000\.00 EUR although it is no cancellation",
        ),
        (
            "own_sums_agree_with_ecb_rates",
            r"Invoice {foreign} of .* EUR in sevDesk, but .* EUR at the ECB rate of that day",
        ),
        (
            "countries_agree",
            r"Invoice {abroad} is counted in Germany by its country field, but its address ends in another country \(FR\)",
        ),
    ],
)
def test_a_suspicious_figure_warns_without_failing(broken, test, message):
    numbers, tested = broken
    assert tested.status(test) == "warn"
    assert re.search(message.format(**numbers), tested.output), tested.output[-6000:]


def test_a_renamed_column_stops_the_build_with_what_to_do(platform):
    platform.query(f"alter table {RAW} rename column SUMGROSS to GROSSSUM")
    try:
        built = platform.dbt("build", "--select", "invoices_stg+", "--exclude-resource-type", "unit_test")
    finally:
        platform.query(f"alter table {RAW} rename column GROSSSUM to SUMGROSS")
    assert built.code != 0
    assert re.search(
        r"SEVDESK\.RAW\.INVOICES has no column SUMGROSS, which holds the field sumGross of sevDesk\. It was renamed",
        " ".join(built.output.split()),
    )
    # the marts of the last good build still stand
    assert platform.query("select count(*) from SEVDESK.ANALYTICS.INVOICES_AMOUNT_BY_CITY")[0][0] > 10
