"""The ECB's reference rates, read without the warehouse."""

import csv
from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


class Rates:
    """The ECB's file; the rate of a day is the last one published up to it, at most seven days old."""

    def __init__(self, history: str) -> None:
        self._days: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for row in csv.DictReader(history.splitlines()):
            for currency, rate in row.items():
                if currency not in ("Date", "", None) and rate not in ("", "N/A", None):
                    self._days[currency].append((date.fromisoformat(row["Date"]), Decimal(rate)))
        for days in self._days.values():
            days.sort()

    def _of(self, currency: str, day: date) -> Decimal | None:
        days = self._days[currency]
        at = bisect_right(days, day, key=lambda entry: entry[0]) - 1
        return days[at][1] if at >= 0 and (day - days[at][0]).days <= 7 else None

    def knows(self, currency: str, day: date) -> bool:
        return currency == "EUR" or self._of(currency, day) is not None

    def to_euro(self, value: Decimal, currency: str, day: date) -> Decimal:
        rate = self._of(currency, day)
        assert rate, f"no {currency} rate for {day}"
        return (value / rate).quantize(CENT, ROUND_HALF_UP)
