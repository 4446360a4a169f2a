"""Dates, times and timestamps from text and to text, by Snowflake's format elements and its AUTO formats."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

from local_snowflake.errors import SnowflakeError

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

# longest first, so that MMMM is not read as MM
_ELEMENTS = [
    "YYYY", "UUUU", "MMMM", "HH24", "HH12", "MON", "H24", "H12", "FF0", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FF7", "FF8", "FF9", "TZH:TZM", "TZHTZM",
    "TZH", "TZM", "YY", "MM", "MO", "DD", "DY", "HH", "AM", "PM", "MI", "ME", "SS", "FF", "Y", "D", "H", "S", "P",
]  # fmt: skip
_MONTH = "|".join([m for m in MONTHS] + [m[:3] for m in MONTHS])
_DAY = "|".join([d for d in DAYS] + [d[:3] for d in DAYS])
_PATTERNS = {
    "YYYY": r"(?P<year>\d{1,4})", "UUUU": r"(?P<year>-?\d{1,4})", "YY": r"(?P<short>\d{1,2})", "Y": r"(?P<short>\d{1,2})", "MM": r"(?P<month>\d{1,2})",
    "MO": r"(?P<month>\d{1,2})", "MON": f"(?P<name>{_MONTH})", "MMMM": f"(?P<name>{_MONTH})", "DD": r"(?P<day>\d{1,2})", "D": r"(?P<day>\d{1,2})",
    "DY": f"(?:{_DAY})", "HH24": r"(?P<hour>\d{1,2})", "HH": r"(?P<hour>\d{1,2})", "H24": r"(?P<hour>\d{1,2})", "H": r"(?P<hour>\d{1,2})",
    "HH12": r"(?P<hour12>\d{1,2})", "H12": r"(?P<hour12>\d{1,2})", "AM": "(?P<half>AM|PM)", "PM": "(?P<half>AM|PM)", "P": "(?P<half>A|P)",
    "MI": r"(?P<minute>\d{1,2})", "ME": r"(?P<minute>\d{1,2})", "SS": r"(?P<second>\d{1,2})", "S": r"(?P<second>\d{1,2})", "TZH:TZM": r"(?P<zone>Z|[+-]\d{1,2}:\d{2})",
    "TZHTZM": r"(?P<zone>Z|[+-]\d{4})", "TZH": r"(?P<zone>[+-]?\d{1,2})", "TZM": r"(?P<zone_minute>\d{2})",
}  # fmt: skip

_DATES = ["YYYY-MM-DD", "DD-MON-YYYY", "MM/DD/YYYY"]
_TIMES = [
    "HH24:MI:SS.FFTZH:TZM",
    "HH24:MI:SS.FF",
    "HH24:MI:SS",
    "HH24:MI",
    "HH12:MI:SS.FF AM",
    "HH12:MI:SS AM",
    "HH12:MI AM",
]
_TIMESTAMPS = [
    'YYYY-MM-DD"T"HH24:MI:SS.FFTZH:TZM', "YYYY-MM-DD HH24:MI:SS.FFTZH:TZM", "YYYY-MM-DD HH24:MI:SS.FFTZH", "YYYY-MM-DD HH24:MI:SS.FF TZH:TZM",
    "YYYY-MM-DD HH24:MI:SS.FF TZHTZM", "YYYY-MM-DD HH24:MI:SS TZH:TZM", "YYYY-MM-DD HH24:MI:SS TZHTZM", 'YYYY-MM-DD"T"HH24:MI:SS.FF',
    "YYYY-MM-DD HH24:MI:SS.FF", 'YYYY-MM-DD"T"HH24:MI:SS', "YYYY-MM-DD HH24:MI:SS", 'YYYY-MM-DD"T"HH24:MI', "YYYY-MM-DD HH24:MI", 'YYYY-MM-DD"T"HH24',
    "YYYY-MM-DD HH24", 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM', "YYYY-MM-DD HH24:MI:SSTZH:TZM", "YYYY-MM-DD HH24:MI:SSTZH", 'YYYY-MM-DD"T"HH24:MITZH:TZM',
    "YYYY-MM-DD HH24:MITZH:TZM", "DY, DD MON YYYY HH24:MI:SS TZHTZM", "DY, DD MON YYYY HH24:MI:SS.FF TZHTZM", "DY, DD MON YYYY HH12:MI:SS AM TZHTZM",
    "DY, DD MON YYYY HH12:MI:SS.FF AM TZHTZM", "DY, DD MON YYYY HH24:MI:SS", "DY, DD MON YYYY HH24:MI:SS.FF", "DY, DD MON YYYY HH12:MI:SS AM",
    "DY, DD MON YYYY HH12:MI:SS.FF AM", "MM/DD/YYYY HH24:MI:SS", "DY MON DD HH24:MI:SS TZHTZM YYYY",
]  # fmt: skip


@dataclass(frozen=True)
class Parsed:
    """A date and time of day as written, and its offset in minutes where one was written."""

    value: datetime.datetime
    offset: int | None


def _stands_alone(form: str, index: int) -> bool:
    """A letter within a word, such as the `h` of "hours", is no element."""
    return not form[index - 1 : index].isalpha() and not form[index + 1 : index + 2].isalpha()


@lru_cache(maxsize=256)
def elements(form: str) -> tuple[tuple[bool, str], ...]:
    """The format in pieces: (True, element) or (False, literal text)."""
    made: list[tuple[bool, str]] = []
    index, upper = 0, form.upper()
    while index < len(form):
        if form[index] == '"':
            end = form.find('"', index + 1)
            end = len(form) if end < 0 else end
            made.append((False, form[index + 1 : end]))
            index = end + 1
            continue
        found = next(
            (e for e in _ELEMENTS if upper.startswith(e, index) and (len(e) > 1 or _stands_alone(form, index))), None
        )
        made.append((True, found) if found else (False, form[index]))
        index += len(found) if found else 1
    return tuple(made)


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    made = ""
    for is_element, piece in elements(form):
        if not is_element:
            made += re.escape(piece) if piece != " " else r"\s+"
        elif piece.startswith("FF"):
            made += r"(?P<fraction>\d{0,9})"
        else:
            made += _PATTERNS[piece]
    return re.compile(made, re.I)


def _offset(text: str | None, minutes: str | None) -> int | None:
    if text is None:
        return None
    if text.upper() == "Z":
        return 0
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").replace(":", "")
    hours, rest = (digits[:2], digits[2:]) if len(digits) > 2 else (digits, minutes or "0")
    return sign * (int(hours) * 60 + int(rest or 0))


def parse_with(text: str, form: str, century: int = 1970) -> Parsed | None:
    """What the text says by one format; None where it does not fit."""
    try:
        match = _pattern(form).fullmatch(text.strip())
    except re.error:  # an element that comes twice
        return None
    if not match:
        return None
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else 1970
    if found.get("short"):
        year = century // 100 * 100 + int(found["short"])
        year += 100 if year < century else 0
    month = int(found["month"]) if found.get("month") else 1
    if found.get("name"):
        month = next(i for i, name in enumerate(MONTHS, 1) if name[:3].lower() == found["name"][:3].lower())
    hour = int(found.get("hour") or 0)
    if found.get("hour12"):
        hour = int(found["hour12"])
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if (found.get("half") or "A").upper().startswith("P") else 0)
    micros = int(((found.get("fraction") or "") + "000000")[:6])
    try:
        value = datetime.datetime(
            year,
            month,
            int(found.get("day") or 1),
            hour,
            int(found.get("minute") or 0),
            int(found.get("second") or 0),
            micros,
        )
    except ValueError:
        return None
    return Parsed(value, _offset(found.get("zone"), found.get("zone_minute")))


def _epoch(text: str) -> datetime.datetime | None:
    """Digits are seconds since 1970, or milli-, micro- or nanoseconds by their size."""
    if not re.fullmatch(r"-?\d+", text.strip()):
        return None
    number = int(text)
    size = abs(number)
    unit = (
        1_000_000
        if size < 31_536_000_000
        else 1_000
        if size < 31_536_000_000_000
        else 1
        if size < 31_536_000_000_000_000
        else 0.001
    )
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(
        microseconds=int(number * unit) if unit >= 1 else number // 1000
    )


def _first(text: str, forms: list[str], century: int) -> Parsed | None:
    return next((found for form in forms if (found := parse_with(text, form, century)) is not None), None)


def _is_auto(form: str) -> bool:
    return form.upper() == "AUTO"


def parse_date(text: str, form: str, century: int = 1970) -> datetime.date:
    if _is_auto(form):
        if (instant := _epoch(text)) is not None:
            return instant.date()
        found = _first(text, _DATES, century) or _first(text, _TIMESTAMPS, century)
    else:
        found = parse_with(text, form, century)
    if found is None:
        if _is_auto(form):
            raise SnowflakeError(100040, "22007", f"Date '{text}' is not recognized")
        raise SnowflakeError(100096, "22007", f"Can't parse '{text}' as date with format '{form}'")
    return found.value.date()


def parse_time(text: str, form: str) -> datetime.time:
    if _is_auto(form):
        if (instant := _epoch(text)) is not None:
            return instant.time()
        found = _first(text, _TIMES, 1970) or _first(text, _TIMESTAMPS, 1970)
    else:
        found = parse_with(text, form)
    if found is None:
        if _is_auto(form):
            raise SnowflakeError(100108, "22007", f"Time '{text}' is not recognized")
        raise SnowflakeError(100109, "22007", f"Can't parse '{text}' as time with format '{form}'")
    return found.value.time()


def parse_timestamp(text: str, form: str, century: int = 1970) -> Parsed:
    """A timestamp as written. Digits alone are an instant in UTC, with offset 0."""
    if _is_auto(form):
        if (instant := _epoch(text)) is not None:
            return Parsed(instant, 0)
        found = _first(text, _TIMESTAMPS, century) or _first(text, _DATES, century)
    else:
        found = parse_with(text, form, century)
    if found is None:
        if _is_auto(form):
            raise SnowflakeError(100035, "22007", f"Timestamp '{text}' is not recognized")
        raise SnowflakeError(100096, "22007", f"Can't parse '{text}' as timestamp with format '{form}'")
    return found


def zone_offset(value: datetime.datetime, zone: str) -> int:
    """The zone's offset at a wall clock's time, in minutes."""
    return int(
        (value.replace(tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset() or datetime.timedelta()).total_seconds() // 60
    )


def show(value: datetime.datetime, offset: int | None, form: str) -> str:
    """The text of a timestamp, a date (at midnight) or a time (of any day)."""
    made = ""
    for is_element, piece in elements(form):
        made += _shown(value, offset or 0, piece) if is_element else piece
    return made


def _shown(value: datetime.datetime, offset: int, element: str) -> str:
    hour12 = value.hour % 12 or 12
    sign, size = "-" if offset < 0 else "+", abs(offset)
    if element.startswith("FF"):
        digits = int(element[2:] or 9)
        return f"{value.microsecond:06d}000"[:digits]
    match element:
        case "YYYY" | "UUUU":
            return f"{value.year:04d}"
        case "YY":
            return f"{value.year % 100:02d}"
        case "Y":
            return str(value.year % 100)
        case "MM":
            return f"{value.month:02d}"
        case "MO":
            return str(value.month)
        case "MON":
            return MONTHS[value.month - 1][:3]
        case "MMMM":
            return MONTHS[value.month - 1]
        case "DD":
            return f"{value.day:02d}"
        case "D":
            return str(value.day)
        case "DY":
            return DAYS[value.weekday()][:3]
        case "HH24" | "HH":
            return f"{value.hour:02d}"
        case "H24" | "H":
            return str(value.hour)
        case "HH12":
            return f"{hour12:02d}"
        case "H12":
            return str(hour12)
        case "AM" | "PM":
            return "AM" if value.hour < 12 else "PM"
        case "P":
            return "A" if value.hour < 12 else "P"
        case "MI":
            return f"{value.minute:02d}"
        case "ME":
            return str(value.minute)
        case "SS":
            return f"{value.second:02d}"
        case "S":
            return str(value.second)
        case "TZH:TZM":
            return f"{sign}{size // 60:02d}:{size % 60:02d}"
        case "TZHTZM":
            return f"{sign}{size // 60:02d}{size % 60:02d}"
        case "TZH":
            return f"{sign}{size // 60:02d}"
    return f"{size % 60:02d}"
