"""The figures of both rankings, computed without the warehouse: straight from sevDesk's JSON and the ECB's file, in decimals.

It follows DECISIONLOG.md, not the SQL.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from expected_places import Places
from expected_rates import CENT, Rates
from sevdesk_values import amount, berlin_date, reference

COUNTED_TYPES = {"RE", "TR", "AR", "ER", "SR"}
COUNTED_STATUSES = {"200", "750", "1000"}
BEST_ADDRESS_CATEGORIES = ["47", "48", "43"]


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
        self.positions: dict[str, list[dict]] = defaultdict(list)
        for record in dump["InvoicePos"]:
            self.positions[record["invoice"]["id"]].append(record)
        self.cancellations: dict[str, list[dict]] = defaultdict(list)
        for record in sorted(self.invoices.values(), key=self._order_of):
            original = reference(record, "origin", "Invoice")
            if record["invoiceType"] == "SR" and record["status"] in COUNTED_STATUSES and original:
                self.cancellations[original].append(record)
        self.chains: dict[str, list[dict]] = defaultdict(list)
        for record in sorted(self.invoices.values(), key=self._order_of):
            order = reference(record, "origin", "Order")
            if order and record["status"] in COUNTED_STATUSES and record["invoiceType"] in ("TR", "AR", "ER"):
                self.chains[order].append(record)
        self.added = {id: amounts for chain in self.chains for id, amounts in self._added_by(chain).items()}

    @staticmethod
    def _order_of(record: dict) -> tuple[date, int]:
        return berlin_date(record["invoiceDate"]), int(record["id"])

    def is_cancelled(self, record: dict, on: date | None = None) -> bool:
        """Whether cancellations took off all of an invoice, on a day or at all."""
        done = [c for c in self.cancellations[record["id"]] if on is None or berlin_date(c["invoiceDate"]) <= on]
        return bool(done) and sum(abs(self.document_sum(c)) for c in done) >= abs(self.document_sum(record))

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

    def _added_by(self, order: str) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
        """What each final invoice of an order adds, gross and net in euro, and what its parts had paid: each judged by what stood on its day."""
        chain, added, taken = self.chains[order], {}, {}
        whole = self.document_sum(self.orders[order]) if order in self.orders else None
        finals = [record for record in chain if record["invoiceType"] == "ER"]
        for final in finals:
            day = berlin_date(final["invoiceDate"])
            parts = [
                part
                for part in chain
                if part["invoiceType"] != "ER"
                and berlin_date(part["invoiceDate"]) <= day
                and not self.is_cancelled(part, day)
            ]
            lines = [line for line in self.positions[final["id"]] if Decimal(line["price"]) < 0]
            open_parts = [part for part in parts if not self._is_deducted(part, lines)]
            earlier = [
                other
                for other in finals
                if self._order_of(other) < self._order_of(final) and not self.is_cancelled(other, day)
            ]
            sums = self.document_sum(final) + sum(self.document_sum(other) for other in earlier)
            everything = sums + sum(self.document_sum(part) for part in parts)
            rest = sum(self.document_sum(part) for part in open_parts)
            contains = bool(open_parts) and self.document_sum(final) >= rest
            if open_parts and whole:
                near = min(abs(everything - rest - whole), abs(everything - whole))
                if near <= whole / 10:
                    contains = abs(everything - rest - whole) <= abs(everything - whole)
            gross, net = self._own_euros(final)
            mine = [
                part
                for part in open_parts
                if contains and not any(part["id"] in taken.get(other["id"], ()) for other in earlier)
            ]
            taken[final["id"]] = {part["id"] for part in open_parts} if contains else set()
            if mine:
                gross = self._rest_of(gross, self.document_sum(final), sum(self.document_sum(part) for part in mine))
                net = self._rest_of(
                    net, self.document_sum(final, "sumNet"), sum(self.document_sum(part, "sumNet") for part in mine)
                )
            added[final["id"]] = (
                gross,
                net,
                sum((amount(part["paidAmount"]) or Decimal(0) for part in mine), Decimal(0)),
            )
        return added

    @staticmethod
    def _rest_of(euros: Decimal, whole: Decimal, taken: Decimal) -> Decimal:
        return (euros * (whole - taken) / whole).quantize(CENT, ROUND_HALF_UP)

    def _is_deducted(self, part: dict, lines: list[dict]) -> bool:
        sums = {self.document_sum(part), self.document_sum(part, "sumNet")}
        return any(
            (part["invoiceNumber"] or "?") in (line["name"] or "").split() or -Decimal(line["price"]) in sums
            for line in lines
        )

    def _original_of(self, record: dict) -> dict | None:
        """The invoice that a cancellation takes off."""
        if record["invoiceType"] != "SR":
            return None
        return self.invoices.get(reference(record, "origin", "Invoice") or "")

    def counts(self, record: dict) -> bool:
        own = record["invoiceType"] in COUNTED_TYPES and record["status"] in COUNTED_STATUSES
        original = self._original_of(record)
        return own and self._has_rate(record, original) and (original is None or self.counts(original))

    def _has_rate(self, record: dict, original: dict | None) -> bool:
        currency, _ = self.usable_sum(record)
        return self.rates.knows(currency, berlin_date((original or record)["invoiceDate"]))

    def place_of(self, record: dict) -> tuple[str, str]:
        original = self._original_of(record)
        if original:
            return self.place_of(original)
        home = self.addresses.get(record["contact"]["id"])
        given = self.places.code.get(reference(record, "addressCountry") or "")
        home_country = self.places.code.get(reference(home, "country") or "") if home else None
        text_city, text_zip, text_country = self.places.read_text(record["address"], given or home_country)
        country = text_country or given or home_country or "ZZ"
        field_city = record["addressCity"] if re.search(r"[^\W\d_]", record["addressCity"] or "") else None
        if field_city:
            return country, self.places.named(field_city, record["addressZip"] or text_zip, country)
        if text_city:
            return country, self.places.named(text_city, text_zip or record["addressZip"], country)
        if home:
            return country, self.places.named(home["city"], home["zip"], country)
        return country, self.places.named(None, record["addressZip"] or text_zip, country)

    def euros(self, record: dict) -> tuple[Decimal, Decimal]:
        """Gross and net in euro that a document counts with; the cancellation that leaves nothing takes off what was left."""
        original = self._original_of(record)
        if original:
            cancellations = self.cancellations[original["id"]]
            before = cancellations[: cancellations.index(record)]
            if sum(abs(self.document_sum(c)) for c in [*before, record]) == abs(self.document_sum(original)):
                sums = [self.euros(document) for document in (original, *before)]
                return -sum(gross for gross, _ in sums), -sum(net for _, net in sums)
        if record["id"] in self.added:
            return self.added[record["id"]][:2]
        gross, net = self._own_euros(record, original)
        return (-abs(gross), -abs(net)) if record["invoiceType"] == "SR" else (gross, net)

    def _own_euros(self, record: dict, original: dict | None = None) -> tuple[Decimal, Decimal]:
        currency, ending = self.usable_sum(record)
        day = berlin_date((original or record)["invoiceDate"])
        both = [amount(record["sumGross" + ending]), amount(record["sumNet" + ending])]
        gross, net = both if currency == "EUR" else [self.rates.to_euro(value, currency, day) for value in both]
        return gross, net

    def open_of(self, record: dict) -> tuple[Decimal, Decimal]:
        """What was paid of an invoice that stands, and what is still open."""
        paid = amount(record["paidAmount"]) or Decimal(0)
        gross, _ = self.euros(record)
        if record["id"] in self.added:
            before = self.added[record["id"]][2]
            if before and (paid > gross or (paid == before and not (record["status"] == "1000" and paid == gross))):
                paid -= before
        for chain in self.chains.values():
            for final in chain:
                if (
                    final["invoiceType"] == "ER"
                    and final["status"] == "1000"
                    and self._contains(final, record)
                    and (amount(final["paidAmount"]) or 0) >= self._own_euros(final)[0]
                ):
                    return paid, Decimal(0)
        if record["status"] == "1000":
            return paid, Decimal(0)
        left = gross - paid + sum((self.euros(c)[0] for c in self.cancellations[record["id"]]), Decimal(0))
        credits = sum(
            (
                self._credited(note)[0]
                for note in self.credit_notes
                if self.credits(note) and note["status"] != "1000" and self._corrected(note) == record["id"]
            ),
            Decimal(0),
        )
        return paid, max(left - credits, min(left, Decimal(0)))

    def _contains(self, final: dict, part: dict) -> bool:
        order = reference(final, "origin", "Order")
        return (
            part["invoiceType"] in ("TR", "AR")
            and reference(part, "origin", "Order") == order
            and self._own_euros(final)[0] != self.added[final["id"]][0]
            and berlin_date(part["invoiceDate"]) <= berlin_date(final["invoiceDate"])
            and not self.is_cancelled(part, berlin_date(final["invoiceDate"]))
        )

    def credits(self, note: dict) -> bool:
        """Whether a credit note reduces revenue."""
        if note["bookingCategory"] != "UNDERACHIEVEMENT" or int(note["status"]) < 200:
            return False
        invoice = self.invoices.get(self._corrected(note) or "")
        if not invoice:
            return True
        return self.counts(invoice) and not self.is_cancelled(invoice, berlin_date(note["creditNoteDate"]))

    @staticmethod
    def _corrected(note: dict) -> str | None:
        return reference(note, "refSrcInvoice") or reference(note, "origin", "Invoice")

    def _credited(self, note: dict) -> tuple[Decimal, Decimal]:
        currency, ending = self.usable_sum(note)
        day = berlin_date(note["creditNoteDate"])
        both = [abs(amount(note["sumGross" + ending])), abs(amount(note["sumNet" + ending]))]
        gross, net = both if currency == "EUR" else [self.rates.to_euro(value, currency, day) for value in both]
        return gross, net

    @staticmethod
    def document_sum(record: dict, name: str = "sumGross") -> Decimal:
        foreign = amount(record.get(name + "ForeignCurrency"))
        return amount(record[name]) if record["currency"] == "EUR" or not foreign else foreign

    def by_city(self) -> dict[tuple[str, str], Figures]:
        cities: dict[tuple[str, str], Figures] = defaultdict(Figures)
        for record in self.invoices.values():
            if not self.counts(record):
                continue
            gross, net = self.euros(record)
            city = cities[self.place_of(record)]
            city.invoiced += gross
            city.net += net
            if record["invoiceType"] != "SR" and not self.is_cancelled(record):
                paid, left = self.open_of(record)
                city.count += 1
                city.paid += paid
                city.open += left
        for record in self.credit_notes:
            if self.credits(record):
                gross, net = self._credited(record)
                city = cities[self._credited_place(record)]
                city.credited += gross
                city.net -= net
        return dict(cities)

    def open_by(self, key: str) -> dict[str, Decimal]:
        """What is open of each customer (`contact`) or order (`origin`), without what is settled."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for record in self.invoices.values():
            owner = reference(record, key, "Contact" if key == "contact" else "Order")
            if owner and self.counts(record) and record["invoiceType"] != "SR" and not self.is_cancelled(record):
                sums[owner] += self.open_of(record)[1]
        return {owner: left for owner, left in sums.items() if left}

    def by_month(self, service: bool = False) -> dict[tuple[date, str], tuple[Decimal, Decimal]]:
        """Gross and net per month and country, by the document's date or by the end of its service."""
        months: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])

        def add(record: dict, day: str, country: str, gross: Decimal, net: Decimal) -> None:
            ends = (record.get("deliveryDateUntil") or record.get("deliveryDate")) if service else None
            dated = berlin_date(ends or record[day])
            # a year that somebody mistyped
            dated = berlin_date(record[day]) if dated.year > 2100 else dated
            sums = months[dated.replace(day=1), country]
            sums[0] += gross
            sums[1] += net

        for record in self.invoices.values():
            if self.counts(record):
                add(record, "invoiceDate", self.place_of(record)[0], *self.euros(record))
        for note in self.credit_notes:
            if self.credits(note):
                gross, net = self._credited(note)
                add(note, "creditNoteDate", self._credited_place(note)[0], -gross, -net)
        return {key: (gross, net) for key, (gross, net) in months.items()}

    def _credited_place(self, record: dict) -> tuple[str, str]:
        corrected = self._corrected(record)
        if corrected in self.invoices:
            return self.place_of(self.invoices[corrected])
        home = self.addresses.get(record["contact"]["id"])
        country = self.places.code.get(reference(record, "addressCountry") or "") or (
            self.places.code.get(reference(home, "country") or "") if home else None
        )
        country = country or "ZZ"
        return country, self.places.named(home["city"], home["zip"], country) if home else "Unknown"

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
