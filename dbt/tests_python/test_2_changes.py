"""An hourly build after changes at the source: right figures, written only where something changed, the same as a full refresh."""

from decimal import Decimal
from random import Random

from local_platform import LocalPlatform
from test_1_figures import assert_city_ranking_is_right, assert_country_ranking_is_right

TABLES = {
    "STAGING.INVOICES_STG": "invoice_id",
    "DBT.INVOICE_PLACES": "invoice_id",
    "DBT.ENRICHED": "invoice_id",
    "ANALYTICS.INVOICES_SUMMARY": "invoice_id",
    "ANALYTICS.INVOICES_EXCLUDED": "document_id",
    "ANALYTICS.CREDIT_NOTES_SUMMARY": "credit_note_id",
    "ANALYTICS.INVOICES_TO_REVIEW": "document_id, reason_code",
    "DBT.PUBLISHED_CITIES": "country_code, city",
    "DBT.PUBLISHED_COUNTRIES": "country_code",
    "DBT.PUBLISHED_MONTHS": "revenue_month, country_code",
    "ANALYTICS.RESTATEMENTS": "closed_month, document_id",
}
KEPT = ["STAGING.INVOICES_STG", "DBT.INVOICE_PLACES", "DBT.ENRICHED", "ANALYTICS.INVOICES_SUMMARY"]


def content(platform: LocalPlatform) -> dict[str, list[tuple]]:
    columns = {
        table: [
            name
            for (name,) in platform.query(
                f"""select column_name from SEVDESK.INFORMATION_SCHEMA.COLUMNS where table_schema || '.' || table_name = '{table}'
                and column_name not in ('WRITTEN_AT', 'REFRESHED_AT') order by ordinal_position"""
            )
        ]
        for table in TABLES
    }
    return {
        table: platform.query(f"select {', '.join(columns[table])} from SEVDESK.{table} order by {key}")
        for table, key in TABLES.items()
    }


def test_changes_of_every_kind_reach_the_figures_and_only_changed_rows_are_written(platform):
    invoices = {record["id"]: record for record in platform.dump("Invoice")}
    summary = dict(
        platform.query(
            "select invoice_id, contact_id from SEVDESK.ANALYTICS.INVOICES_SUMMARY where city_source = 'contact_address' limit 1"
        )
    )
    (moved_invoice, moved_contact), *_ = summary.items()
    draft = next(record for record in invoices.values() if record["status"] == "100" and record["invoiceType"] == "RE")
    paid = next(
        record
        for record in invoices.values()
        if record["status"] == "200" and record["invoiceType"] == "RE" and record["currency"] == "EUR"
    )
    address = next(record for record in platform.dump("ContactAddress") if record["contact"]["id"] == moved_contact)
    credit = next(
        record
        for record in platform.dump("CreditNote")
        if record["status"] == "100" and record["bookingCategory"] == "UNDERACHIEVEMENT"
    )
    platform.edit(
        # paid in full; a draft that was deleted; a customer who moved, so that an untouched invoice changes its city; a credit note that was issued
        {
            "op": "update",
            "model": "Invoice",
            "id": paid["id"],
            "fields": {"status": "1000", "paidAmount": float(paid["sumGross"])},
        },
        {"op": "delete", "model": "Invoice", "id": draft["id"]},
        {"op": "update", "model": "ContactAddress", "id": address["id"], "fields": {"city": "Kehl", "zip": "77694"}},
        {"op": "update", "model": "CreditNote", "id": credit["id"], "fields": {"status": "200"}},
    )
    platform.extract_and_load()
    before = dict(platform.query("select invoice_id, written_at from SEVDESK.DBT.ENRICHED"))
    built = platform.dbt("build", "--exclude-resource-type", "unit_test")
    assert built.code == 0, built.output[-5000:]

    assert_city_ranking_is_right_without(platform, draft)
    written = {
        invoice
        for invoice, at in platform.query("select invoice_id, written_at from SEVDESK.DBT.ENRICHED")
        if before[invoice] != at
    }
    of_moved = {
        i
        for (i,) in platform.query(f"select invoice_id from SEVDESK.DBT.ENRICHED where contact_id = '{moved_contact}'")
    }
    assert (
        {paid["id"], draft["id"], moved_invoice}
        <= written
        <= {paid["id"], draft["id"]} | of_moved | cancellations_of(platform, of_moved)
    )
    assert platform.query(
        f"select exclusion_reason from SEVDESK.ANALYTICS.INVOICES_EXCLUDED where document_id = '{draft['id']}'"
    ) == [("deleted",)]
    assert platform.query(
        f"select city from SEVDESK.ANALYTICS.INVOICES_SUMMARY where invoice_id = '{moved_invoice}'"
    ) == [("Kehl",)]


def cancellations_of(platform, invoices: set[str]) -> set[str]:
    rows = platform.query(
        "select invoice_id, cancels_invoice_id from SEVDESK.DBT.ENRICHED where cancels_invoice_id is not null"
    )
    return {cancellation for cancellation, original in rows if original in invoices}


def assert_city_ranking_is_right_without(platform, deleted: dict) -> None:
    assert deleted["id"] not in {record["id"] for record in platform.dump("Invoice")}
    assert_city_ranking_is_right(platform)
    assert_country_ranking_is_right(platform)


ROUNDS = 2


def test_incremental_builds_equal_a_full_refresh_after_any_edits(platform):
    """Rounds of random edits of every kind, an hourly build after each, then everything anew."""
    decisions, rates = "SEVDESK.STAGING.DOCUMENT_DECISIONS", "SEVDESK.RAW.EXCHANGE_RATES"
    platform.query("create or replace table SEVDESK.RAW.KEPT_RATES as select * from SEVDESK.RAW.EXCHANGE_RATES")
    random = Random(17)
    try:
        for turn in range(ROUNDS):
            edits = random_edits(platform, random, 40)
            platform.edit(*edits)
            platform.extract_and_load()
            # a rate that the ECB corrected, and a decision that somebody wrote down
            platform.query(
                f"update {rates} set rate = '1.25' where currency = 'USD' and day(cast(rate_date as date)) = {turn + 5}"
            )
            chosen = random.choice([record["id"] for record in platform.dump("Invoice")])
            platform.query(
                f"insert into {decisions} (document_kind, document_id, decision, decided_by, reason) values ('invoice', '{chosen}', 'exclude', 'Bo', 'a test')"
            )
            built = platform.dbt("run")
            assert built.code == 0, built.output[-5000:]
        incremental = content(platform)
        assert all(rows for table, rows in incremental.items() if table != "ANALYTICS.RESTATEMENTS")
        built = platform.dbt("run", "--full-refresh")
        assert built.code == 0, built.output[-5000:]
        anew = content(platform)
        for table, rows in incremental.items():
            assert rows == anew[table], table
    finally:
        platform.query(f"create or replace table {rates} as select * from SEVDESK.RAW.KEPT_RATES")
        platform.query("drop table SEVDESK.RAW.KEPT_RATES")
        platform.query(f"delete from {decisions} where decided_by = 'Bo'")
    # the loader and the source go on from here: what was edited stays edited
    built = platform.dbt("run")
    assert built.code == 0, built.output[-5000:]


def random_edits(platform: LocalPlatform, random: Random, count: int) -> list[dict]:
    """Edits as people make them: amounts, states, dates, places and references change, documents come, are cancelled and go."""
    invoices = [record for record in platform.dump("Invoice") if record["invoiceType"] not in ("MA", "WKR")]
    others = {model: platform.dump(model) for model in ("CreditNote", "Order", "ContactAddress", "Contact")}

    def change(model: str, record: dict, **fields) -> dict:
        return {"op": "update", "model": model, "id": record["id"], "fields": fields}

    def of_invoice() -> dict:
        record = random.choice(invoices)
        gross = Decimal(record["sumGross"] or 0)
        return change(
            "Invoice",
            record,
            **random.choice(
                [
                    {"sumGross": str(gross + 119), "sumNet": str(Decimal(record["sumNet"] or 0) + 100)},
                    {"status": random.choice(["100", "200", "1000"]), "paidAmount": 0},
                    {"status": "750", "paidAmount": float(abs(gross) / 2)},
                    {"invoiceDate": f"2026-0{random.randint(1, 9)}-15T00:00:00+02:00"},
                    {"invoiceDate": "1900-01-01T00:00:00+01:00"},
                    {"address": "Kundin\nMarkt 1\n77652 Offenburg", "addressCity": None, "addressZip": None},
                    {"deliveryDateUntil": "2026-06-30T00:00:00+02:00"},
                    {"sumGross": "1.234,56"},
                ]
            ),
        )

    def cancellation() -> dict:
        original = random.choice([r for r in invoices if r["invoiceType"] in ("RE", "AR", "ER") and r["sumGross"]])
        share = random.choice([1, 2])
        sums = {
            name: str(-(Decimal(original[name]) / share).quantize(Decimal("0.01"))) for name in ("sumGross", "sumNet")
        }
        origin = {"id": original["id"], "objectName": "Invoice"}
        return {
            "op": "insert",
            "model": "Invoice",
            "fields": {
                "invoiceType": "SR",
                "status": "1000",
                "origin": origin,
                "currency": original["currency"],
                **sums,
            },
        }

    kinds = [
        of_invoice,
        of_invoice,
        of_invoice,
        cancellation,
        lambda: {"op": "insert", "model": "Invoice"},
        lambda: {"op": "delete", "model": "Invoice", "id": invoices.pop(random.randrange(len(invoices)))["id"]},
        lambda: change("CreditNote", random.choice(others["CreditNote"]), status=random.choice(["100", "200", "1000"])),
        lambda: change("Order", random.choice(others["Order"]), sumGross=str(random.randint(100, 99999))),
        lambda: change("ContactAddress", random.choice(others["ContactAddress"]), city="Kehl", zip="77694"),
        lambda: change("Contact", random.choice(others["Contact"]), name=f"Neu {random.random()}"),
    ]
    return [random.choice(kinds)() for _ in range(count)]


def test_a_build_after_which_nothing_changed_writes_no_row(platform):
    newest = [platform.query(f"select max(written_at) from SEVDESK.{table}") for table in KEPT]
    assert platform.dbt("run").code == 0
    assert [platform.query(f"select max(written_at) from SEVDESK.{table}") for table in KEPT] == newest
