"""Functions of dates, times and timestamps: from text and to text, parts, calendars and zones."""

from __future__ import annotations

import datetime

from sqlglot import Expr, exp

from local_snowflake.casts import as_text, kind_of, zoned
from local_snowflake.datetime_formats import elements, parse_date, parse_time, parse_timestamp, show, zone_offset
from local_snowflake.errors import SnowflakeError, unsupported
from local_snowflake.library import LIBRARY, builder, define, done_cast
from local_snowflake.nodes import call, text
from local_snowflake.python_functions import scalar
from local_snowflake.time_zones import is_time_zone

# -- from text; the macros of these names choose by the argument's type

for _name, _macro in {
    "TO_DATE": "_date", "DATE": "_date", "TO_TIME": "_time", "TIME": "_time", "TO_TIMESTAMP_NTZ": "_timestamp_ntz", "TO_TIMESTAMP_LTZ": "_timestamp_tz",
    "TO_TIMESTAMP_TZ": "_to_zoned", "TO_TIMESTAMP": "_timestamp_ntz",
}.items():  # fmt: skip

    def _convert(arguments: list[Expr], macro: str = _macro) -> Expr:
        if len(arguments) == 1:
            if macro == "_to_zoned":
                return zoned(arguments[0])
            written = isinstance(arguments[0], exp.Literal) and arguments[0].is_string
            if macro == "_date" and kind_of(arguments[0]) in ("text", "date", "ntz", "tz", "zoned"):
                return exp.Cast(this=arguments[0], to=exp.DataType.build("DATE"))
            return call("_tz_text" if written and macro == "_timestamp_tz" else macro, arguments[0])
        second = arguments[1]
        if isinstance(second, exp.Literal) and not second.is_string:
            if macro == "_to_zoned":
                return call("_with_offset", call("_scaled_timestamp_tz", *arguments))
            if not macro.startswith("_timestamp"):
                raise unsupported("a scale for a date or a time")
            return call("_scaled" + macro, *arguments)
        if macro == "_to_zoned":
            return call("_tz_by_with_offset", as_text(arguments[0]), second)
        return call(macro + "_by", as_text(arguments[0]), second)

    LIBRARY[_name] = _convert
    if _name.startswith("TO_"):
        LIBRARY[f"TRY_{_name}"] = lambda arguments, convert=_convert: call("try", convert(arguments))


@scalar("_parse_date", ["VARCHAR", "VARCHAR", "INTEGER"], "DATE")
def to_date(subject: str, form: str, century: int) -> datetime.date:
    return parse_date(subject, form, century)


@scalar("_parse_time", ["VARCHAR", "VARCHAR"], "TIME")
def to_time(subject: str, form: str) -> datetime.time:
    return parse_time(subject, form)


@scalar("_parse_ntz", ["VARCHAR", "VARCHAR", "INTEGER"], "TIMESTAMP")
def to_ntz(subject: str, form: str, century: int) -> datetime.datetime:
    """The wall clock as written; an offset is dropped."""
    return parse_timestamp(subject, form, century).value


@scalar("_parse_tz", ["VARCHAR", "VARCHAR", "INTEGER", "VARCHAR"], "BIGINT")
def to_tz(subject: str, form: str, century: int, zone: str) -> int:
    """The instant, in microseconds; without an offset the text is the zone's wall clock."""
    found = parse_timestamp(subject, form, century)
    offset = zone_offset(found.value, zone) if found.offset is None else found.offset
    return (found.value - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1) - offset * 60_000_000


@scalar("_written_offset", ["VARCHAR", "VARCHAR", "INTEGER", "VARCHAR"], "INTEGER")
def written_offset(subject: str, form: str, century: int, zone: str) -> int:
    """The offset of a TIMESTAMP_TZ in minutes: the written one, or the zone's at that wall clock."""
    found = parse_timestamp(subject, form, century)
    return zone_offset(found.value, zone) if found.offset is None else found.offset


# -- to text


@scalar("_show_time", ["TIMESTAMP", "INTEGER", "VARCHAR"], "VARCHAR")
def show_time(value: datetime.datetime, offset: int, form: str) -> str:
    return show(value, offset, form)


@builder("TO_CHAR", "TO_VARCHAR")
def _to_char(arguments: list[Expr]) -> Expr:
    if len(arguments) == 1:
        return as_text(arguments[0])
    kind, form = kind_of(arguments[0]), arguments[1]
    if kind in ("date", "ntz") and isinstance(form, exp.Literal):
        native = _strftime(form.name)
        if native is not None:
            return call("strftime", arguments[0], text(native))
        return call("_show_time", done_cast(arguments[0], "TIMESTAMP"), exp.Literal.number(0), form)
    return call("_format_time" if kind in ("date", "ntz", "tz", "zoned") else "_to_char", *arguments)


_STRFTIME = {
    "YYYY": "%Y", "YY": "%y", "MM": "%m", "MON": "%b", "MMMM": "%B", "DD": "%d", "DY": "%a", "HH24": "%H", "HH12": "%I", "AM": "%p", "PM": "%p", "MI": "%M",
    "SS": "%S", "FF3": "%g", "FF6": "%f",
}  # fmt: skip


def _strftime(form: str) -> str | None:
    """The format for DuckDB's own function, where it has all of the elements."""
    made = ""
    for is_element, piece in elements(form):
        if is_element and piece not in _STRFTIME:
            return None
        made += _STRFTIME[piece] if is_element else piece.replace("%", "%%")
    return made


# -- made of parts; parts outside their range roll over

define("DATE_FROM_PARTS DATEFROMPARTS", "_date_parts", texts="nnn")
define("TIME_FROM_PARTS TIMEFROMPARTS", "_time_parts", 0, texts="nnnN")


def _month(year: int, month: int) -> datetime.date:
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@scalar("_date_parts", ["INTEGER", "INTEGER", "INTEGER"], "DATE")
def date_parts(year: int, month: int, day: int) -> datetime.date:
    return _month(year, month) + datetime.timedelta(days=day - 1)


@scalar("_time_parts", ["INTEGER", "INTEGER", "INTEGER", "BIGINT"], "TIME")
def time_parts(hour: int, minute: int, second: int, nanosecond: int) -> datetime.time:
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=nanosecond // 1000)).time()  # fmt: skip


@scalar("_timestamp_parts", ["INTEGER"] * 6 + ["BIGINT"], "TIMESTAMP")
def timestamp_parts(
    year: int, month: int, day: int, hour: int, minute: int, second: int, nanosecond: int
) -> datetime.datetime:
    whole = datetime.datetime.combine(date_parts(year, month, day), datetime.time())
    return whole + datetime.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=nanosecond // 1000)


@builder("TIMESTAMP_FROM_PARTS", "TIMESTAMPFROMPARTS", "TIMESTAMP_NTZ_FROM_PARTS", "TIMESTAMPNTZFROMPARTS")
def _ntz_from_parts(arguments: list[Expr]) -> Expr:
    if len(arguments) == 2:
        return call("_date_and_time", *arguments)
    return call("_timestamp_parts", *_parts(arguments, 7))


@builder("TIMESTAMP_LTZ_FROM_PARTS", "TIMESTAMPLTZFROMPARTS")
def _ltz_from_parts(arguments: list[Expr]) -> Expr:
    return call("_zoned", call("_timestamp_parts", *_parts(arguments, 7)), call("current_setting", text("TimeZone")))


@builder("TIMESTAMP_TZ_FROM_PARTS", "TIMESTAMPTZFROMPARTS")
def _tz_from_parts(arguments: list[Expr]) -> Expr:
    zone = arguments[7] if len(arguments) > 7 else call("current_setting", text("TimeZone"))
    return call("_zoned_with_offset", call("_timestamp_parts", *_parts(arguments[:7], 7)), zone)


def _parts(arguments: list[Expr], count: int) -> list[Expr]:
    if not 6 <= len(arguments) <= count:
        raise unsupported(f"a timestamp from {len(arguments)} parts")
    return [*arguments, *[exp.Literal.number(0)] * (count - len(arguments))]


# -- calendars

_WEEKDAYS = {name: index for index, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))}

define("MONTHS_BETWEEN", "_months_between")
define("DAYNAME", "_dayname")
define("MONTHNAME", "_monthname")
LIBRARY["ADD_MONTHS"] = lambda arguments: _by_clock("_timestamp_months_added", "_add_months", *arguments)
define("NEXT_DAY", "_next_day", texts=" t")
define("PREVIOUS_DAY", "_previous_day", texts=" t")
define("WEEK WEEKOFYEAR", "_week")
define("YEAROFWEEK", "_year_of_week")
define("WEEKISO WEEK_ISO", "_week_iso")
define("YEAROFWEEKISO", "_year_of_week_iso")
define("DAYOFWEEK", "_day_of_week")
define("DAYOFWEEKISO DAYOFWEEK_ISO", "_day_of_week_iso")
for _name, _part in (
    ("YEAR", "year"), ("QUARTER", "quarter"), ("MONTH", "month"), ("DAY", "day"), ("DAYOFMONTH", "day"), ("DAYOFYEAR", "doy"), ("HOUR", "hour"),
    ("MINUTE", "minute"), ("SECOND", "second"),
):  # fmt: skip
    LIBRARY[_name] = lambda arguments, part=_part: call("_part", text(part), arguments[0])


@scalar("_months_between_parts", ["TIMESTAMP", "TIMESTAMP"], "DOUBLE")
def months_between(left: datetime.datetime, right: datetime.datetime) -> float:
    """Whole months where the days agree or both end their month; else the rest counts in months of 31 days."""
    months = (left.year - right.year) * 12 + left.month - right.month
    if left.day == right.day or _is_last_day(left) and _is_last_day(right):
        return float(months)
    seconds = [(value - datetime.datetime(value.year, value.month, 1)).total_seconds() for value in (left, right)]
    return round(months + (seconds[0] - seconds[1]) / (31 * 86400), 6)


def _is_last_day(value: datetime.datetime) -> bool:
    return (value + datetime.timedelta(days=1)).month != value.month


def _weekday(name: str) -> int:
    found = _WEEKDAYS.get(name.strip()[:2].lower())
    if found is None:
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {name}. Reason: not a day of the week")
    return found


@scalar("_next_weekday", ["DATE", "VARCHAR"], "DATE")
def next_weekday(day: datetime.date, name: str) -> datetime.date:
    return day + datetime.timedelta(days=(_weekday(name) - day.weekday() - 1) % 7 + 1)


@scalar("_previous_weekday", ["DATE", "VARCHAR"], "DATE")
def previous_weekday(day: datetime.date, name: str) -> datetime.date:
    return day - datetime.timedelta(days=(day.weekday() - _weekday(name) - 1) % 7 + 1)


@scalar("_months_added", ["TIMESTAMP", "INTEGER"], "TIMESTAMP")
def months_added(value: datetime.datetime, months: int) -> datetime.datetime:
    """The last day of a month stays the last day."""
    first = _month(value.year, value.month + months)
    last = (_month(first.year, first.month + 1) - datetime.timedelta(days=1)).day
    day = last if _is_last_day(value) else min(value.day, last)
    return value.replace(year=first.year, month=first.month, day=day)


def _week_start(policy_start: int) -> int:
    """Monday is 0 here; WEEK_START 0 means Monday too."""
    return (policy_start or 1) - 1


def _first_of_week(day: datetime.date, start: int) -> datetime.date:
    return day - datetime.timedelta(days=(day.weekday() - _week_start(start)) % 7)


def _week_year(day: datetime.date, start: int, policy: int) -> tuple[int, int]:
    """Year and number of the week. Policy 0: a week belongs to the year with most of its days; 1: week 1 holds January 1."""
    first = _first_of_week(day, start)
    if policy == 1:
        year = day.year
        return year, (first - _first_of_week(datetime.date(year, 1, 1), start)).days // 7 + 1
    year = (first + datetime.timedelta(days=3)).year
    origin = _first_of_week(datetime.date(year, 1, 4), start)
    return year, (first - origin).days // 7 + 1


@scalar("_week_number", ["DATE", "INTEGER", "INTEGER"], "INTEGER")
def week_number(day: datetime.date, start: int, policy: int) -> int:
    return _week_year(day, start, policy)[1]


@scalar("_week_year_number", ["DATE", "INTEGER", "INTEGER"], "INTEGER")
def week_year_number(day: datetime.date, start: int, policy: int) -> int:
    return _week_year(day, start, policy)[0]


_UNITS = {
    **dict.fromkeys(["year", "y", "yy", "yyy", "yyyy", "yr", "years", "yrs"], "year"), **dict.fromkeys(["quarter", "q", "qtr", "qtrs", "quarters"], "quarter"),
    **dict.fromkeys(["month", "mm", "mon", "mons", "months"], "month"), **dict.fromkeys(["week", "w", "wk", "weekofyear", "woy", "wy", "weeks"], "week"),
    **dict.fromkeys(["day", "d", "dd", "days", "dayofmonth"], "day"), **dict.fromkeys(["hour", "h", "hh", "hr", "hours", "hrs"], "hour"),
    **dict.fromkeys(["minute", "m", "mi", "min", "minutes", "mins"], "minute"), **dict.fromkeys(["second", "s", "sec", "seconds", "secs"], "second"),
    **dict.fromkeys(["millisecond", "ms", "msec", "milliseconds"], "millisecond"), **dict.fromkeys(["microsecond", "us", "usec", "microseconds"], "microsecond"),
    **dict.fromkeys(["nanosecond", "ns", "nsec", "nanosec", "nsecond", "nanoseconds", "nanosecs", "nseconds"], "microsecond"),
}  # fmt: skip


def unit_of(node: Expr) -> str:
    found = _UNITS.get(node.name.lower())
    if found is None:
        raise SnowflakeError(1044, "22023", f"SQL compilation error:\n'{node.name}' is not a valid date/time component")
    return found


def _truncated(unit: str, value: Expr) -> Expr:
    if unit == "week" and kind_of(value) == "ntz":
        return done_cast(call("_week_truncated", value), "TIMESTAMP")
    if kind_of(value) == "date":
        return (
            call("_week_truncated", value)
            if unit == "week"
            else done_cast(call("date_trunc", text(unit), value), "DATE")
        )
    if kind_of(value) in ("ntz", "tz", "zoned") and unit != "week":
        return call("date_trunc", text(unit), value)
    if value.find(exp.AggFunc):  # DuckDB does not know an aggregate's type when it chooses by type
        return call("date_trunc", text(unit), value)
    return call("_truncated_to_week", value) if unit == "week" else call("_truncated", text(unit), value)


@builder("DATE_TRUNC")
def _date_trunc(arguments: list[Expr]) -> Expr:
    return _truncated(unit_of(arguments[0]), arguments[1])


@builder("TRUNC", "TRUNCATE")
def _trunc(arguments: list[Expr]) -> Expr:
    if len(arguments) == 2 and isinstance(arguments[1], exp.Literal) and arguments[1].is_string:
        return _truncated(unit_of(arguments[1]), arguments[0])
    return call("_trunc_number", arguments[0], arguments[1] if len(arguments) > 1 else exp.Literal.number(0))


@builder("TIME_SLICE")
def _time_slice(arguments: list[Expr]) -> Expr:
    side = arguments[3] if len(arguments) > 3 else text("START")
    return _by_clock("_sliced_timestamp", "_sliced", arguments[0], arguments[1], text(unit_of(arguments[2])), side)


def _by_clock(known: str, unknown: str, value: Expr, *more: Expr) -> Expr:
    """A function of the wall clock: `known` takes a TIMESTAMP, `unknown` looks at its argument's type, which an aggregate hides."""
    kind = kind_of(value)
    if kind == "zoned":
        return call(known, value, *more)
    if kind in ("date", "ntz", "tz"):
        made = call(known, done_cast(value, "TIMESTAMP"), *more)
        return made if kind == "ntz" else done_cast(made, "DATE" if kind == "date" else "TIMESTAMPTZ")
    return call(unknown, value, *more)


_SLICES = {"week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1}


@scalar("_slice", ["TIMESTAMP", "INTEGER", "VARCHAR", "VARCHAR", "INTEGER"], "TIMESTAMP")
def time_slice(value: datetime.datetime, length: int, unit: str, side: str, week_start: int) -> datetime.datetime:
    """The first moment of a slice, or the first after it; slices begin at midnight on January 1, 1970."""
    if side.upper() not in ("START", "END"):
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {side}. Reason: START or END is expected")
    if length < 1:
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {length}. Reason: the slice length is 1 or more")
    step = 1 if side.upper() == "END" else 0
    if unit in ("year", "quarter", "month"):
        months = length * {"year": 12, "quarter": 3, "month": 1}[unit]
        index = ((value.year - 1970) * 12 + value.month - 1) // months + step
        return datetime.datetime.combine(_month(1970, index * months + 1), datetime.time())
    origin = datetime.datetime(1970, 1, 1)
    if unit == "week":
        origin = datetime.datetime.combine(_first_of_week(origin.date(), week_start), datetime.time())
    size = datetime.timedelta(seconds=length * _SLICES[unit])
    return origin + ((value - origin) // size + step) * size


# -- time zones


@builder("CONVERT_TIMEZONE")
def _convert_timezone(arguments: list[Expr]) -> Expr:
    if len(arguments) == 2:
        instant = arguments[1] if kind_of(arguments[1]) == "zoned" else call("_timestamp_tz", arguments[1])
        return call("_in_zone", arguments[0], instant)
    wall = arguments[2]
    if isinstance(wall, exp.Cast) and wall.to.this in (exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.TIMESTAMPLTZ):
        raise SnowflakeError(
            1044, "42P13",
            "SQL compilation error:\nInvalid argument types for function 'CONVERT_TIMEZONE': (VARCHAR, VARCHAR, TIMESTAMP_TZ)",
        )  # fmt: skip
    if kind_of(wall) == "ntz" and all(isinstance(name, exp.Literal) for name in arguments[:2]):
        here, there = (text(zone(name.name)) for name in arguments[:2])
        return call("timezone", there, call("timezone", here, wall))
    return call("_between_zones", *arguments)


@scalar("_zone", ["VARCHAR"], "VARCHAR")
def zone(name: str) -> str:
    if not is_time_zone(name):
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {name}. Reason: not a time zone")
    return name
