"""The figures of both rankings, computed without the warehouse: straight from sevDesk's JSON and the ECB's file, in decimals.

It follows DECISIONLOG.md, not the SQL, and shares nothing with the models but the two lists of spellings.
"""

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

SEEDS = Path(__file__).parent.parent / "seeds"
BERLIN = ZoneInfo("Europe/Berlin")
CENT = Decimal("0.01")
COUNTED_TYPES = {"RE", "TR", "AR", "ER", "SR"}
COUNTED_STATUSES = {"200", "750", "1000"}
BEST_ADDRESS_CATEGORIES = ["47", "48", "43"]


def amount(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def berlin_date(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(BERLIN).date()


def reference(record: dict, name: str, kind: str | None = None) -> str | None:
    found = record.get(name)
    return found["id"] if found and (kind is None or found["objectName"] == kind) else None


class Rates:
    """The ECB's file; the rate of a day is the last one published up to it, at most seven days old."""

    def __init__(self, path: Path) -> None:
        self._days: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        with path.open() as lines:
            for row in csv.DictReader(lines):
                for currency, rate in row.items():
                    if currency not in ("Date", "", None) and rate not in ("", "N/A", None):
                        self._days[currency].append((date.fromisoformat(row["Date"]), Decimal(rate)))
        for days in self._days.values():
            days.sort()

    def to_euro(self, value: Decimal, currency: str, day: date) -> Decimal:
        days = self._days[currency]
        at = bisect_right(days, day, key=lambda entry: entry[0]) - 1
        assert at >= 0 and (day - days[at][0]).days <= 7, f"no {currency} rate for {day}"
        return (value / days[at][1]).quantize(CENT, ROUND_HALF_UP)


class Places:
    """Where an address is: the place's name and country, from fields, text or the customer's own address."""

    def __init__(self, countries: list[dict]) -> None:
        self.code = {country["id"]: country["code"].upper() for country in countries}
        self.names = {
            code: (de, en) for code, de, en in ((c["code"].upper(), c["name"], c["nameEn"]) for c in countries)
        }
        spellings: dict[str, set[str]] = defaultdict(set)
        for country in countries:
            for name in (country["name"], country["nameEn"]):
                spellings[name.lower()].add(country["code"].upper())
        for row in self._seed("country_spellings.csv"):
            spellings[row["spelling"]].add(row["country_code"])
        self.country_of_spelling = {text: codes.pop() for text, codes in spellings.items() if len(codes) == 1}
        self.cities = {(row["country_code"], row["spelling"]): row for row in self._seed("cities.csv")}
        self.counties = {row["county"] for row in self._seed("british_counties.csv")}

    @staticmethod
    def _seed(name: str) -> list[dict]:
        with (SEEDS / name).open() as lines:
            return list(csv.DictReader(lines))

    def read_text(self, text: str | None, hint: str | None) -> tuple[str | None, str | None]:
        """City and country in the free text of an address."""
        segments = [part.strip() for part in re.split(r"[\r\n,;]+", text or "") if part.strip()]
        if not segments:
            return None, None
        named = self.country_of_spelling.get(segments[-1].lower())
        if named:
            segments = segments[:-1]
        prefix = next(
            (m[1] for part in reversed(segments) if (m := re.match(r"(A|CH|D|F|NL|AT|DE|FR)-\d{4}", part))), None
        )
        country = named or {"A": "AT", "D": "DE", "F": "FR"}.get(prefix, prefix)
        form = country or hint
        for index in range(len(segments) - 1, -1, -1):
            before = segments[index - 1] if index else None
            city = self._city_at(
                segments[index], before, segments[index + 1] if index + 1 < len(segments) else None, form
            )
            if city:
                return city, country
        return None, country

    def _city_at(self, part: str, before: str | None, after: str | None, form: str | None) -> str | None:
        if form in ("GB", None) and (m := re.fullmatch(r"(.*?) ?([A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2})", part)):
            return m[1] or before
        if form in ("US", None) and (m := re.fullmatch(r"(?:(.*?) )?[A-Z]{2} \d{5}(-\d{4})?", part)):
            return m[1] or before
        if form in ("JP", None) and (m := re.fullmatch(r"(.*?) ?(〒)?\d{3}-\d{4}", part)):
            return m[1] or (after if m[2] else before)
        if form in ("NL", None) and (m := re.fullmatch(r"(?:NL-)?\d{4} ?[A-Z]{2} +(\D.*)", part)):
            return m[1]
        if form not in ("GB", "US", "JP", "NL") and (m := re.fullmatch(r"(?:[A-Z]{1,3}-)?\d{4,5} +(\D.*)", part)):
            return m[1]
        return None

    def grouped(self, city: str, country: str) -> str:
        """The name that a city is ranked under."""
        name = re.sub(r"\s+", " ", city).strip()
        name = re.sub(r" cedex( \d+)?$", "", name, flags=re.IGNORECASE)
        name = re.sub(r" \d{1,2}(e|er)?$", "", name)
        if name in (name.upper(), name.lower()):
            name = re.sub(r"\w+", lambda m: m[0].capitalize(), name)
            name = re.sub(r"(?<=[ -])(Am|Upon|An Der)(?=[ -])", lambda m: m[0].lower(), name)
        if known := self.cities.get((country, name.lower())):
            return known["city"]
        base = self.cities.get((country, re.split(r"[-(/]", name)[0].strip().lower()))
        return base["city"] if base and base["has_districts"] == "true" else name


@dataclass
class Figures:
    invoiced: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    count: int = 0
    cities: set = field(default_factory=set)

    @property
    def total(self) -> Decimal:
        return self.invoiced - self.credited


class Company:
    """What sevDesk holds, and the revenue that it makes."""

    def __init__(self, dump: dict[str, list[dict]], rates: Rates) -> None:
        self.rates = rates
        self.places = Places(dump["StaticCountry"])
        self.invoices = {record["id"]: record for record in dump["Invoice"]}
        self.credit_notes = dump["CreditNote"]
        self.orders = {record["id"]: record for record in dump["Order"]}
        self.addresses: dict[str, dict] = {}
        for record in sorted(dump["ContactAddress"], key=self._preference):
            if re.search(r"[^\W\d_]", record["city"] or ""):
                self.addresses.setdefault(record["contact"]["id"], record)
        self.cancelled_by = {
            reference(record, "origin", "Invoice"): record
            for record in self.invoices.values()
            if record["invoiceType"] == "SR" and record["status"] in COUNTED_STATUSES
        }
        self.contained = self._contained_parts()

    @staticmethod
    def _preference(record: dict) -> tuple[int, int]:
        category = reference(record, "category")
        ranked = BEST_ADDRESS_CATEGORIES.index(category) if category in BEST_ADDRESS_CATEGORIES else 99
        return ranked, int(record["id"])

    @staticmethod
    def usable_sum(record: dict) -> tuple[str, str]:
        """The currency of the sum that counts, and the ending of its fields' names."""
        own, foreign = amount(record["sumGross"]), amount(record.get("sumGrossForeignCurrency")) or Decimal(0)
        if record["currency"] != "EUR" and foreign != 0 and (not own or own == foreign):
            return record["currency"], "ForeignCurrency"
        return "EUR", ""

    def _contained_parts(self) -> set[str]:
        chains: dict[str, list[dict]] = defaultdict(list)
        for record in self.invoices.values():
            order = reference(record, "origin", "Order")
            issued = record["status"] in COUNTED_STATUSES and record["id"] not in self.cancelled_by
            if order and issued and record["invoiceType"] in ("TR", "AR", "ER"):
                chains[order].append(record)
        contained: set[str] = set()
        for order, chain in chains.items():
            finals = [record for record in chain if record["invoiceType"] == "ER"]
            if not finals or order not in self.orders:
                continue
            final_sum = sum(amount(record["sumGross"]) for record in finals)
            if abs(final_sum - amount(self.orders[order]["sumGross"])) <= Decimal("0.05"):
                last = max(berlin_date(record["invoiceDate"]) for record in finals)
                contained |= {
                    record["id"]
                    for record in chain
                    if record["invoiceType"] != "ER" and berlin_date(record["invoiceDate"]) <= last
                }
        return contained

    def counts(self, record: dict) -> bool:
        own = (
            record["invoiceType"] in COUNTED_TYPES
            and record["status"] in COUNTED_STATUSES
            and record["id"] not in self.contained
        )
        original = (
            self.invoices.get(reference(record, "origin", "Invoice") or "") if record["invoiceType"] == "SR" else None
        )
        return own and (original is None or self.counts(original))

    def place_of(self, record: dict) -> tuple[str, str]:
        original = (
            self.invoices.get(reference(record, "origin", "Invoice") or "") if record["invoiceType"] == "SR" else None
        )
        if original:
            return self.place_of(original)
        home = self.addresses.get(record["contact"]["id"])
        given = self.places.code.get(reference(record, "addressCountry") or "")
        home_country = self.places.code.get(reference(home, "country") or "") if home else None
        text_city, text_country = self.places.read_text(record["address"], given or home_country)
        country = given or text_country or home_country or "ZZ"
        field_city = record["addressCity"] if re.search(r"[^\W\d_]", record["addressCity"] or "") else None
        city = field_city or text_city or (home["city"] if home else None)
        return country, self.places.grouped(city, country) if city else "Unknown"

    def euros(self, record: dict) -> tuple[Decimal, Decimal]:
        """Gross and net in euro, signed; a full cancellation is the original turned round."""
        original = (
            self.invoices.get(reference(record, "origin", "Invoice") or "") if record["invoiceType"] == "SR" else None
        )
        sign = -1 if record["invoiceType"] == "SR" else 1
        if original and abs(self.document_sum(original)) == abs(self.document_sum(record)):
            gross, net = self.euros(original)
            return -abs(gross), -abs(net)
        currency, ending = self.usable_sum(record)
        day = berlin_date((original or record)["invoiceDate"])
        both = [amount(record["sumGross" + ending]), amount(record["sumNet" + ending])]
        gross, net = both if currency == "EUR" else [self.rates.to_euro(value, currency, day) for value in both]
        return (gross, net) if sign > 0 else (-abs(gross), -abs(net))

    @staticmethod
    def document_sum(record: dict) -> Decimal:
        foreign = amount(record.get("sumGrossForeignCurrency"))
        return amount(record["sumGross"]) if record["currency"] == "EUR" or not foreign else foreign

    def by_city(self) -> dict[tuple[str, str], Figures]:
        cities: dict[tuple[str, str], Figures] = defaultdict(Figures)
        for record in self.invoices.values():
            if not self.counts(record):
                continue
            gross, net = self.euros(record)
            city = cities[self.place_of(record)]
            city.invoiced += gross
            city.net += net
            if record["invoiceType"] != "SR" and record["id"] not in self.cancelled_by:
                paid = amount(record["paidAmount"]) or Decimal(0)
                city.count += 1
                city.paid += paid
                city.open += Decimal(0) if record["status"] == "1000" else gross - paid
        for record in self.credit_notes:
            if record["bookingCategory"] != "UNDERACHIEVEMENT" or int(record["status"]) < 200:
                continue
            currency, ending = self.usable_sum(record)
            day = berlin_date(record["creditNoteDate"])
            both = [abs(amount(record["sumGross" + ending])), abs(amount(record["sumNet" + ending]))]
            gross, net = both if currency == "EUR" else [self.rates.to_euro(value, currency, day) for value in both]
            city = cities[self._credited_place(record)]
            city.credited += gross
            city.net -= net
        return dict(cities)

    def _credited_place(self, record: dict) -> tuple[str, str]:
        corrected = reference(record, "refSrcInvoice") or reference(record, "origin", "Invoice")
        if corrected in self.invoices:
            return self.place_of(self.invoices[corrected])
        home = self.addresses.get(record["contact"]["id"])
        country = self.places.code.get(reference(record, "addressCountry") or "") or (
            self.places.code.get(reference(home, "country") or "") if home else None
        )
        return country or "ZZ", self.places.grouped(home["city"], country or "ZZ") if home else "Unknown"

    def by_country(self) -> dict[str, Figures]:
        countries: dict[str, Figures] = defaultdict(Figures)
        for (country, city), figures in self.by_city().items():
            sums = countries[country]
            for name in ("invoiced", "credited", "net", "paid", "open", "count"):
                setattr(sums, name, getattr(sums, name) + getattr(figures, name))
            if city != "Unknown":
                sums.cities.add(city)
        return dict(countries)


def ranks(totals: dict) -> dict:
    """Each key's rank by total; equal totals share the better one."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: 1 + ordered.index(total) for key, total in totals.items()}
