"""An hourly build after changes at the source: right figures, written only where something changed, the same as a full refresh."""

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


def test_an_incremental_build_equals_a_full_refresh(platform):
    incremental = content(platform)
    assert all(incremental.values())
    built = platform.dbt("run", "--full-refresh")
    assert built.code == 0, built.output[-5000:]
    assert content(platform) == incremental


def test_a_build_after_which_nothing_changed_writes_no_row(platform):
    newest = [platform.query(f"select max(written_at) from SEVDESK.{table}") for table in KEPT]
    assert platform.dbt("run").code == 0
    assert [platform.query(f"select max(written_at) from SEVDESK.{table}") for table in KEPT] == newest
