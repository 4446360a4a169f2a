"""How sevDesk's JSON writes amounts, days and references."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def amount(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def berlin_date(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(BERLIN).date()


def reference(record: dict, name: str, kind: str | None = None) -> str | None:
    found = record.get(name)
    return found["id"] if found and (kind is None or found["objectName"] == kind) else None
