"""Where invoices are that have nothing but the text of their address, and sevDesk's preset of the country."""

from address_blocks import BLOCKS


def test_every_address_block_is_placed_where_it_is(platform):
    invoices = [id for (id,) in platform.query("select invoice_id from SEVDESK.DBT.INVOICE_PLACES order by invoice_id")]
    countries = dict(platform.query("select country_code, country_id from SEVDESK.STAGING.COUNTRIES_STG"))
    placed = dict(zip(invoices, BLOCKS, strict=False))
    assert len(placed) == len(BLOCKS) >= 80
    for invoice, block in placed.items():
        field = f"'{countries[block.field]}'" if block.field else "null"
        platform.query(
            f"update SEVDESK.RAW.INVOICES set address = '{quoted(block.text)}', addresscountry_id = {field}, addresscity = null,"
            f" addresszip = null, contact_id = null where id = '{invoice}'"
        )
    built = platform.dbt("run", "--select", "+invoice_places")
    assert built.code == 0, built.output[-3000:]
    found = {
        invoice: (country, city, zip)
        for invoice, country, city, zip in platform.query(
            "select invoice_id, country_code, city, zip from SEVDESK.DBT.INVOICE_PLACES"
        )
    }
    wrong = [(block, found[invoice]) for invoice, block in placed.items() if not is_right(block, *found[invoice])]
    assert wrong == []


def is_right(block, country: str, city: str, zip: str | None) -> bool:
    """Of a Dutch code the digits are enough: they give the place."""
    return (country, city) == (block.country, block.city) and digits(zip).startswith(digits(block.zip))


def digits(zip: str | None) -> str:
    return (zip or "").replace(" ", "").replace("-", "")


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")
