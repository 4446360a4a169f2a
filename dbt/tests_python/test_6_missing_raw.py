"""Each RAW table, each column that a model reads, and half of the rows are taken away: the build stops before anything is built from them.

A test of each table does that, and everything that is built comes after it."""

import re

import pytest

from local_platform import DBT

STAGING = DBT / "models" / "staging"
TABLES = {
    "INVOICES": "invoices_stg",
    "CONTACTS": "contacts_stg",
    "CONTACT_ADDRESSES": "contact_addresses_stg",
    "STATIC_COUNTRIES": "countries_stg",
    "CREDIT_NOTES": "credit_notes_stg",
    "ORDERS": "orders_stg",
    "INVOICE_POSITIONS": "invoice_positions_stg",
    "EXCHANGE_RATES": "exchange_rates_stg",
}


def columns_read(model: str) -> list[str]:
    """The RAW columns that a staging model names, but for those of a field that the table never had."""
    sql = (STAGING / f"{model}.sql").read_text()
    named = re.findall(r"raw_(?:text|number|amount|instant)\(raw, '(\w+)'", sql)
    listed = [name for names in re.findall(r"raw_\w+\(raw, \[([^]]*)\]", sql) for name in re.findall(r"\w+", names)]
    return sorted({name.upper() for name in named + listed})


@pytest.fixture(scope="module")
def read(platform) -> dict[str, list[str]]:
    """By table, the columns that are there and that its model reads; the marts are published from all of them."""
    built = platform.dbt("build", "--exclude-resource-type", "unit_test")
    assert built.code == 0, built.output[-3000:]
    present = {
        (table, column)
        for table, column in platform.query(
            "select table_name, upper(column_name) from SEVDESK.INFORMATION_SCHEMA.COLUMNS where table_schema = 'RAW'"
        )
    }
    return {table: [c for c in columns_read(model) if (table, c) in present] for table, model in TABLES.items()}


def faults(platform) -> dict[str, int]:
    """How many things each table's own test finds missing; the tests of whole tables find none."""
    results = platform.dbt("test", "--select", "test_name:raw_is_whole").results
    found = {
        node.split(".")[2].removeprefix("raw_is_whole_").upper(): result["failures"]
        for node, result in results.items()
        if node.startswith("test.")
    }
    assert set(found) == set(TABLES)
    return {table: count for table, count in found.items() if count}


def test_whole_tables_stop_nothing(platform, read):
    assert faults(platform) == {}
    assert sum(len(columns) for columns in read.values()) > 70


def test_no_column_that_is_read_can_go_away_unnoticed(platform, read):
    """Each is missed by itself, so each alone would stop the build."""
    for table, columns in read.items():
        for column in columns:
            platform.query(f'alter table SEVDESK.RAW.{table} rename column "{column}" to "AWAY_{column}"')
    try:
        assert faults(platform) == {table: len(columns) for table, columns in read.items()}
    finally:
        for table, columns in read.items():
            for column in columns:
                platform.query(f'alter table SEVDESK.RAW.{table} rename column "AWAY_{column}" to "{column}"')


@pytest.mark.parametrize(
    ("take", "back"),
    [
        (["alter table {0} rename to {0}_AWAY"], ["alter table {0}_AWAY rename to {0}"]),
        (
            [
                "create table {0}_KEPT as select *, row_number() over (order by 1) as position from {0}",
                "delete from {0}",
                "insert into {0} select * exclude (position) from {0}_KEPT where position % 2 = 0",
            ],
            ["delete from {0}", "insert into {0} select * exclude (position) from {0}_KEPT", "drop table {0}_KEPT"],
        ),
    ],
    ids=["the table", "half of the rows"],
)
def test_neither_a_table_nor_half_of_it_can_go_away_unnoticed(platform, read, take, back):
    for statement in take:
        for table in TABLES:
            platform.query(statement.format(f"SEVDESK.RAW.{table}"))
    try:
        assert faults(platform) == dict.fromkeys(TABLES, 1)
    finally:
        for statement in back:
            for table in TABLES:
                platform.query(statement.format(f"SEVDESK.RAW.{table}"))
