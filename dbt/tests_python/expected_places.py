"""Where an address is, found without the models: it shares nothing with them but the lists of spellings and of postal codes."""

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def normal(name: str) -> str:
    """The form in which names are compared: no accents, umlauts written out, no punctuation, no small words."""
    text = name.lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "o"), ("ł", "l")):
        text = text.replace(umlaut, letters)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9぀-ヿ一-鿿々]+", " ", text).split()
    titles = {"hansestadt", "landeshauptstadt", "lutherstadt", "stadt"}
    articles = {"a", "d", "dem", "den", "der", "the"}
    prepositions = {"am", "an", "auf", "b", "bei", "i", "im", "in", "m", "o", "ob", "v", "vor", "zu"}
    saints = {"sankt": "st", "saint": "st", "sint": "st", "sainte": "ste"}
    return " ".join(saints.get(word, word) for word in words if word not in titles | articles | prepositions)


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
                spellings[normal(name)].add(country["code"].upper())
        for row in self._seed("country_spellings.csv"):
            spellings[normal(row["spelling"])].add(row["country_code"])
        self.country_of_spelling = {text: codes.pop() for text, codes in spellings.items() if len(codes) == 1}
        self.cities = {(row["country_code"], normal(row["spelling"])): row for row in self._seed("cities.csv")}
        self.counties = {row["county"] for row in self._seed("british_counties.csv")}
        self.zips: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._ranges: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._known: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._seed("postal_codes.csv"):
            for entry in row["places"].split(";"):
                city, codes = entry.split(":")
                self._known[row["country_code"]].setdefault(normal(city), city)
                for code in codes.split(","):
                    first, _, last = code.partition("-")
                    self._ranges[row["country_code"]].append((first, last or first, city))

    @staticmethod
    def _seed(name: str) -> list[dict]:
        with (SEEDS / name).open() as lines:
            return list(csv.DictReader(lines))

    def read_text(self, text: str | None, hint: str | None) -> tuple[str | None, str | None, str | None]:
        """City, postal code and country in the free text of an address."""
        plain = re.sub(r"<br */?>", "\n", text or "").replace("\u00a0", " ")
        plain = re.sub(r"(?m)^(A|CH|D) ?-? ?(?=\d{4,5}\b)", r"\1-", plain)
        plain = re.sub(r"(?m)^(\d{4,5})\r?\n(?=[^\W\d])", r"\1 ", plain)
        segments = [part.strip() for part in re.split(r"[\r\n,;]+", plain) if part.strip()]
        if not segments:
            return None, None, None
        named = self.country_of_spelling.get(normal(segments[-1]))
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
                return *city, country
        return None, None, country

    @staticmethod
    def _city_at(part: str, before: str | None, after: str | None, form: str | None) -> tuple[str, str] | None:
        if form in ("GB", None) and (m := re.fullmatch(r"(.*?) ?([A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2})", part)):
            return m[1] or before, m[2]
        if form in ("US", None) and (m := re.fullmatch(r"(?:(.*?) )?[A-Z]{2} (\d{5}(?:-\d{4})?)", part)):
            return m[1] or before, m[2]
        if form in ("JP", None) and (m := re.fullmatch(r"(.*?) ?(〒)?(\d{3}-\d{4})", part)):
            return m[1] or (after if m[2] else before), m[3]
        if form in ("NL", None) and (m := re.fullmatch(r"(?:NL-)?(\d{4} ?[A-Z]{2}) +(\D.*)", part)):
            return m[2], m[1]
        if form not in ("GB", "US", "JP", "NL") and (m := re.fullmatch(r"(?:[A-Z]{1,3}-)?(\d{4,5}) +(\D.*)", part)):
            return m[2], m[1]
        return None

    def named(self, city: str | None, zip_code: str | None, country: str) -> str:
        """The name that a city is ranked under: the place of its postal code that the text means, else the name that lists know, else the text."""
        name = re.sub(r"\s+", " ", city or "").strip()
        name = re.sub(r" cedex( \d+)?$", "", name, flags=re.IGNORECASE)
        name = re.sub(r" \d{1,2}(e|er)?$", "", name)
        if name and name in (name.upper(), name.lower()):
            name = re.sub(r"\w+", lambda m: m[0].capitalize(), name)
            name = re.sub(r"(?<=[ -])(Am|Upon|An Der)(?=[ -])", lambda m: m[0].lower(), name)
        plain = normal(name)
        listed = self.cities.get((country, plain))
        if not listed and " " in plain and (base := self.cities.get((country, plain.split(" ")[0]))):
            listed = base if base["has_districts"] == "true" else None
        wanted = normal(listed["city"]) if listed else plain
        places = self._places_of(zip_code, country)
        meant = [place for place in places if self._means(wanted, plain, self._key(place, country))]
        if meant:
            best = min(meant, key=lambda place: (self._key(place, country) not in (wanted, plain), -len(place), place))
        elif places and (not plain or len(places) == 1 or listed or wanted in self._known[country]):
            best = places[0]
        elif not plain:
            return "Unknown"
        else:
            best = listed["city"] if listed else self._known[country].get(wanted, name)
        known = self.cities.get((country, normal(best)))
        return known["city"] if known else best

    def _key(self, place: str, country: str) -> str:
        known = self.cities.get((country, normal(place)))
        return normal(known["city"] if known else place)

    @staticmethod
    def _means(wanted: str, plain: str, place: str) -> bool:
        if not wanted:
            return False
        return any(
            text == place or text.startswith(place + " ") or (len(wanted) >= 3 and place.startswith(text))
            for text in (wanted, plain)
        ) or (" " + plain).endswith(" " + place)

    def _places_of(self, zip_code: str | None, country: str) -> list[str]:
        code = re.sub(r"[^0-9A-Za-z]", "", zip_code or "")
        if country == "NL":
            code = re.sub(r"\D", "", code)[:4]
        elif country == "GB":
            code = re.match(r"[A-Z]*", code.upper())[0]
        if not code:
            return []
        if (country, code) not in self.zips:
            self.zips[country, code] = sorted(
                {
                    city
                    for first, last, city in self._ranges[country]
                    if len(first) == len(code) and first <= code <= last
                }
            )
        return self.zips[country, code]
