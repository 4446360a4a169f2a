"""SQL macros for dates, times and timestamps: what depends on an argument's type or on the session's parameters.

A macro's argument is copied wherever it is named, and macros nest: so each names it once, as a lambda's. DuckDB folds every
branch of a CASE over constants, so a branch gets null where another type's branch is meant.
"""

from __future__ import annotations

from local_snowflake.types import ZONED

_ISO = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
_DIGITS = r"-?\d+"


def _parameter(name: str, default: str) -> str:
    return f"coalesce(getvariable('{name}'), {default})"


_CENTURY = _parameter("TWO_DIGIT_CENTURY_START", "1970")
_DATE_IN, _TIME_IN, _STAMP_IN = (_parameter(f"{kind}_INPUT_FORMAT", "'AUTO'") for kind in ("DATE", "TIME", "TIMESTAMP"))
_DATE_OUT = _parameter("DATE_OUTPUT_FORMAT", "'YYYY-MM-DD'")
_TIME_OUT = _parameter("TIME_OUTPUT_FORMAT", "'HH24:MI:SS'")
_NTZ_OUT = _parameter("TIMESTAMP_NTZ_OUTPUT_FORMAT", "'YYYY-MM-DD HH24:MI:SS.FF3'")
_TZ_OUT = _parameter("TIMESTAMP_TZ_OUTPUT_FORMAT", "'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM'")
_WEEK_START = _parameter("WEEK_START", "0")
_WEEK_POLICY = _parameter("WEEK_OF_YEAR_POLICY", "0")
_ZONE = "current_setting('TimeZone')"
_JSON_TEXT = "CASE WHEN typeof(v) = 'JSON' THEN json_extract_string(TRY_CAST(v AS JSON), '$') WHEN typeof(v) = 'VARCHAR' THEN CAST(v AS VARCHAR) END"
_TIMES = "'DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS'"
_NUMBER = "TRY_CAST(CASE WHEN typeof(v) LIKE '%INT%' OR typeof(v) LIKE 'DECIMAL%' OR typeof(v) = 'DOUBLE' THEN CAST(v AS VARCHAR) END AS DECIMAL(38,9))"
_OFFSET_MINUTES = "CAST(date_diff('minute', TRY_CAST(v AS TIMESTAMPTZ) AT TIME ZONE 'UTC', CAST(TRY_CAST(v AS TIMESTAMPTZ) AS TIMESTAMP)) AS INTEGER)"

DATE_MACROS = [
    """CREATE OR REPLACE MACRO _offset(z) AS rpad(replace(z, ':', ''), 5, '0')""",
    # Digits in a text are seconds since 1970, or finer units by their size.
    """CREATE OR REPLACE MACRO _epoch_us(n) AS list_transform([n], lambda v: CASE
         WHEN abs(v) < 31536000000 THEN TRY_CAST(v * 1000000 AS BIGINT) WHEN abs(v) < 31536000000000 THEN TRY_CAST(v * 1000 AS BIGINT)
         WHEN abs(v) < 31536000000000000 THEN TRY_CAST(v AS BIGINT) ELSE TRY_CAST(v / 1000 AS BIGINT) END)[1]""",
    # Texts: what is plainly ISO goes DuckDB's fast way, all else by the formats.
    rf"""CREATE OR REPLACE MACRO _date_text(s) AS list_transform([s], lambda v: coalesce(
         CASE WHEN {_DATE_IN} = 'AUTO' AND regexp_full_match(v, '\d{{4}}-\d\d-\d\d') THEN TRY_CAST(v AS DATE) END,
         _parse_date(v, {_DATE_IN}, {_CENTURY})))[1]""",
    rf"""CREATE OR REPLACE MACRO _ntz_text(s) AS list_transform([s], lambda v: coalesce(
         CASE WHEN {_STAMP_IN} = 'AUTO' AND regexp_full_match(v, '{_ISO}(?:[+-]\d\d:\d\d|Z)?')
           THEN TRY_CAST(regexp_replace(v, '(?:[+-]\d\d:\d\d|Z)$', '') AS TIMESTAMP) END,
         _parse_ntz(v, {_STAMP_IN}, {_CENTURY})))[1]""",
    rf"""CREATE OR REPLACE MACRO _tz_text(s) AS list_transform([s], lambda v: coalesce(
         CASE WHEN {_STAMP_IN} = 'AUTO' AND regexp_full_match(v, '{_ISO}(?:[+-]\d\d:\d\d|Z)?') THEN TRY_CAST(v AS TIMESTAMPTZ) END,
         make_timestamptz(_parse_tz(v, {_STAMP_IN}, {_CENTURY}, {_ZONE}))))[1]""",
    f"""CREATE OR REPLACE MACRO _date_by(s, f) AS _parse_date(s, f, {_CENTURY})""",
    """CREATE OR REPLACE MACRO _time_by(s, f) AS _parse_time(s, f)""",
    f"""CREATE OR REPLACE MACRO _timestamp_ntz_by(s, f) AS _parse_ntz(s, f, {_CENTURY})""",
    f"""CREATE OR REPLACE MACRO _timestamp_tz_by(s, f) AS make_timestamptz(_parse_tz(s, f, {_CENTURY}, {_ZONE}))""",
    # By the argument's type. A number in a VARIANT is an instant, so its wall clock is the session's.
    f"""CREATE OR REPLACE MACRO _date(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) IN ({_TIMES}) THEN TRY_CAST(v AS DATE) ELSE _date_text({_JSON_TEXT}) END)[1]""",
    f"""CREATE OR REPLACE MACRO _time(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'TIME' THEN TRY_CAST(CAST(v AS VARCHAR) AS TIME)
         WHEN typeof(v) IN ({_TIMES}) THEN CAST(TRY_CAST(v AS TIMESTAMP) AS TIME) ELSE _parse_time({_JSON_TEXT}, {_TIME_IN}) END)[1]""",
    f"""CREATE OR REPLACE MACRO _timestamp_ntz(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'JSON' AND json_type(TRY_CAST(v AS JSON)) <> 'VARCHAR'
           THEN CAST(make_timestamptz(_epoch_us(TRY_CAST(json_extract_string(TRY_CAST(v AS JSON), '$') AS DECIMAL(38,9)))) AS TIMESTAMP)
         WHEN typeof(v) IN ('VARCHAR', 'JSON') THEN _ntz_text({_JSON_TEXT})
         WHEN typeof(v) IN ({_TIMES}) THEN TRY_CAST(v AS TIMESTAMP) ELSE make_timestamp(_epoch_us({_NUMBER})) END)[1]""",
    f"""CREATE OR REPLACE MACRO _timestamp_tz(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) IN ('VARCHAR', 'JSON') THEN _tz_text({_JSON_TEXT})
         WHEN typeof(v) IN ({_TIMES}) THEN TRY_CAST(v AS TIMESTAMPTZ) ELSE make_timestamptz(_epoch_us({_NUMBER})) END)[1]""",
    """CREATE OR REPLACE MACRO _try_timestamp_ntz(x) AS TRY(_timestamp_ntz(x))""",
    """CREATE OR REPLACE MACRO _try_timestamp_tz(x) AS TRY(_timestamp_tz(x))""",
    """CREATE OR REPLACE MACRO _scaled_timestamp_ntz(x, scale) AS make_timestamp(CAST(CAST(x AS DECIMAL(38,9)) * 1000000 / pow(10, scale) AS BIGINT))""",
    """CREATE OR REPLACE MACRO _scaled_timestamp_tz(x, scale) AS make_timestamptz(CAST(CAST(x AS DECIMAL(38,9)) * 1000000 / pow(10, scale) AS BIGINT))""",
    """CREATE OR REPLACE MACRO _sysdate() AS CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)""",
    """CREATE OR REPLACE MACRO _zoned(t, z) AS t AT TIME ZONE _zone(z)""",
    """CREATE OR REPLACE MACRO _date_and_time(d, t) AS _date(d) + _time(t)""",
    """CREATE OR REPLACE MACRO _between_zones(a, b, t) AS (_timestamp_ntz(t) AT TIME ZONE _zone(a)) AT TIME ZONE _zone(b)""",
    # An instant and its offset in minutes: what is plainly ISO goes the fast way. Where a value may be either, the
    # instant's offset is the session's.
    """CREATE OR REPLACE MACRO _session_offset(t) AS CAST(date_diff('minute', t AT TIME ZONE 'UTC', CAST(t AS TIMESTAMP)) AS INTEGER)""",
    """CREATE OR REPLACE MACRO _with_offset(x) AS list_transform([x], lambda v: CASE WHEN v IS NOT NULL THEN {'tz': v, 'zone': _session_offset(v)} END)[1]""",
    r"""CREATE OR REPLACE MACRO _iso_offset(v) AS CASE WHEN right(v, 1) = 'Z' THEN 0
         ELSE CAST(v[-6:-4] AS INTEGER) * 60 + CAST(v[-6] || right(v, 2) AS INTEGER) END""",
    r"""CREATE OR REPLACE MACRO _iso_zoned(v) AS list_transform([TRY_CAST(v AS TIMESTAMPTZ)], lambda t: CASE WHEN t IS NOT NULL
         THEN {'tz': t, 'zone': CASE WHEN regexp_matches(v, '(?:[+-]\d\d:\d\d|Z)$') THEN _iso_offset(v) ELSE _session_offset(t) END} END)[1]""",
    rf"""CREATE OR REPLACE MACRO _parsed_zoned(v, f) AS list_transform([make_timestamptz(_parse_tz(v, f, {_CENTURY}, {_ZONE}))], lambda t: CASE WHEN t IS NOT NULL
         THEN {{'tz': t, 'zone': _written_offset(v, f, {_CENTURY}, {_ZONE})}} END)[1]""",
    rf"""CREATE OR REPLACE MACRO _tz_text_with_offset(s) AS list_transform([s], lambda v: coalesce(
         CASE WHEN {_STAMP_IN} = 'AUTO' AND regexp_full_match(v, '{_ISO}(?:[+-]\d\d:\d\d|Z)?') THEN _iso_zoned(v) END,
         _parsed_zoned(v, {_STAMP_IN})))[1]""",
    """CREATE OR REPLACE MACRO _tz_by_with_offset(s, f) AS _parsed_zoned(s, f)""",
    """CREATE OR REPLACE MACRO _zoned_with_offset(t, z) AS list_transform([_zoned(t, z)], lambda v: CASE WHEN v IS NOT NULL
         THEN {'tz': v, 'zone': CAST(date_diff('minute', v AT TIME ZONE 'UTC', v AT TIME ZONE _zone(z)) AS INTEGER)} END)[1]""",
    """CREATE OR REPLACE MACRO _in_zone(z, t) AS list_transform([t], lambda v: CASE WHEN v IS NOT NULL
         THEN {'tz': v, 'zone': CAST(date_diff('minute', v AT TIME ZONE 'UTC', v AT TIME ZONE _zone(z)) AS INTEGER)} END)[1]""",
    f"""CREATE OR REPLACE MACRO _to_zoned(x {ZONED}) AS x, (x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) IN ('VARCHAR', 'JSON') THEN _tz_text_with_offset({_JSON_TEXT}) ELSE _with_offset(_timestamp_tz(v)) END)[1]""",
    f"""CREATE OR REPLACE MACRO _instant(x {ZONED}) AS x.tz, (x) AS x""",
    f"""CREATE OR REPLACE MACRO _wall(x {ZONED}) AS (x.tz AT TIME ZONE 'UTC') + to_minutes(x.zone), (x) AS CAST(x AS TIMESTAMP)""",
    f"""CREATE OR REPLACE MACRO _offset_of(x {ZONED}) AS x.zone, (x) AS _session_offset(x)""",
    """CREATE OR REPLACE MACRO _wall_at(t, minutes) AS (t AT TIME ZONE 'UTC') + to_minutes(minutes)""",
    """CREATE OR REPLACE MACRO _rezoned(w, x) AS list_transform([w], lambda v: CASE WHEN v IS NOT NULL
         THEN {'tz': (v - to_minutes(_offset_of(x))) AT TIME ZONE 'UTC', 'zone': _offset_of(x)} END)[1]""",
    # on the way into a column of another type
    f"""CREATE OR REPLACE MACRO _unzoned(x {ZONED}) AS (x.tz AT TIME ZONE 'UTC') + to_minutes(x.zone), (x) AS x""",
    # Fractions of a second as a type such as TIMESTAMP_NTZ(3) keeps them: digits beyond are cut off.
    """CREATE OR REPLACE MACRO _beyond(t, digits) AS to_microseconds(microsecond(t) % CAST(pow(10, 6 - digits) AS BIGINT))""",
    """CREATE OR REPLACE MACRO _shorter_ntz(x, digits) AS list_transform([_timestamp_ntz(x)], lambda v: v - _beyond(v, digits))[1]""",
    """CREATE OR REPLACE MACRO _shorter_ltz(x, digits) AS list_transform([_timestamp_tz(x)], lambda v: v - _beyond(v, digits))[1]""",
    """CREATE OR REPLACE MACRO _shorter_tz(x, digits) AS list_transform([_to_zoned(x)], lambda v: CASE WHEN v IS NOT NULL
         THEN {'tz': v.tz - _beyond(v.tz, digits), 'zone': v.zone} END)[1]""",
    """CREATE OR REPLACE MACRO _shorter_time(x, digits) AS list_transform([_time(x)], lambda v: v - _beyond(v, digits))[1]""",
    # To text, by the session's output formats; the default ones go the fast way.
    f"""CREATE OR REPLACE MACRO _date_shown(d) AS CASE WHEN {_DATE_OUT} = 'YYYY-MM-DD' THEN strftime(d, '%Y-%m-%d') ELSE _show_time(CAST(d AS TIMESTAMP), 0, {_DATE_OUT}) END""",
    f"""CREATE OR REPLACE MACRO _time_shown(t) AS _show_time(DATE '1970-01-01' + t, 0, {_TIME_OUT})""",
    f"""CREATE OR REPLACE MACRO _ntz_shown(t) AS CASE WHEN {_NTZ_OUT} = 'YYYY-MM-DD HH24:MI:SS.FF3' THEN strftime(t, '%Y-%m-%d %H:%M:%S.%g') ELSE _show_time(t, 0, {_NTZ_OUT}) END""",
    f"""CREATE OR REPLACE MACRO _tz_shown(t) AS list_transform([t], lambda v: CASE WHEN {_TZ_OUT} = 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM'
         THEN strftime(v, '%Y-%m-%d %H:%M:%S.%g ') || _offset(strftime(v, '%z')) ELSE _show_time(CAST(v AS TIMESTAMP), {_OFFSET_MINUTES}, {_TZ_OUT}) END)[1]""",
    f"""CREATE OR REPLACE MACRO _offset_shown(s) AS list_transform([s], lambda v: _show_time(_wall(v), _offset_of(v), {_TZ_OUT}))[1]""",
    """CREATE OR REPLACE MACRO _format_zoned(s, f) AS list_transform([s], lambda v: _show_time(_wall(v), _offset_of(v), f))[1]""",
    f"""CREATE OR REPLACE MACRO _unzoned_text(x {ZONED}) AS _offset_shown(x), (x) AS x""",
    f"""CREATE OR REPLACE MACRO _format_time(x, f) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'TIMESTAMP WITH TIME ZONE' THEN _show_time(CAST(TRY_CAST(v AS TIMESTAMPTZ) AS TIMESTAMP), {_OFFSET_MINUTES}, f)
         WHEN typeof(v) = 'TIME' THEN _show_time(DATE '1970-01-01' + TRY_CAST(CASE WHEN typeof(v) = 'TIME' THEN CAST(v AS VARCHAR) END AS TIME), 0, f)
         WHEN typeof(v) IN ('VARCHAR', 'JSON') THEN _show_time(_ntz_text({_JSON_TEXT}), 0, f)
         ELSE _show_time(TRY_CAST(v AS TIMESTAMP), 0, f) END)[1]""",
    # Calendars.
    f"""CREATE OR REPLACE MACRO _week(d) AS _week_number(_date(d), {_WEEK_START}, {_WEEK_POLICY})""",
    f"""CREATE OR REPLACE MACRO _year_of_week(d) AS _week_year_number(_date(d), {_WEEK_START}, {_WEEK_POLICY})""",
    """CREATE OR REPLACE MACRO _week_iso(d) AS weekofyear(_date(d))""",
    """CREATE OR REPLACE MACRO _year_of_week_iso(d) AS isoyear(_date(d))""",
    # with WEEK_START 0 Sunday is 0, else the week's first day is 1
    f"""CREATE OR REPLACE MACRO _day_of_week(d) AS list_transform([_date(d)], lambda v: CASE WHEN {_WEEK_START} = 0 THEN dayofweek(v)
         ELSE (isodow(v) - {_WEEK_START} + 7) % 7 + 1 END)[1]""",
    """CREATE OR REPLACE MACRO _day_of_week_iso(d) AS isodow(_date(d))""",
    """CREATE OR REPLACE MACRO _part(p, x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'TIME' THEN date_part(p, DATE '1970-01-01' + TRY_CAST(CASE WHEN typeof(v) = 'TIME' THEN CAST(v AS VARCHAR) END AS TIME))
         WHEN typeof(v) IN ('VARCHAR', 'JSON') THEN date_part(p, _ntz_text(CASE WHEN typeof(v) = 'VARCHAR' THEN CAST(v AS VARCHAR) WHEN typeof(v) = 'JSON' THEN json_extract_string(TRY_CAST(v AS JSON), '$') END)) ELSE date_part(p, TRY_CAST(v AS TIMESTAMP)) END)[1]""",
    """CREATE OR REPLACE MACRO _months_between(a, b) AS _months_between_parts(_timestamp_ntz(a), _timestamp_ntz(b))""",
    """CREATE OR REPLACE MACRO _dayname(d) AS strftime(_date(d), '%a')""",
    """CREATE OR REPLACE MACRO _monthname(d) AS strftime(_date(d), '%b')""",
    """CREATE OR REPLACE MACRO _next_day(d, n) AS _next_weekday(_date(d), n)""",
    """CREATE OR REPLACE MACRO _previous_day(d, n) AS _previous_weekday(_date(d), n)""",
    """CREATE OR REPLACE MACRO _add_months(d DATE, n) AS CAST(_months_added(CAST(d AS TIMESTAMP), CAST(round(n) AS INTEGER)) AS DATE),
         (d TIMESTAMP, n) AS _months_added(d, CAST(round(n) AS INTEGER)), (d TIMESTAMPTZ, n) AS CAST(_months_added(CAST(d AS TIMESTAMP), CAST(round(n) AS INTEGER)) AS TIMESTAMPTZ),
         (d VARCHAR, n) AS _months_added(_ntz_text(d), CAST(round(n) AS INTEGER))""",
    # DuckDB chooses by the argument's type
    """CREATE OR REPLACE MACRO _date_add(d DATE, i) AS CAST(d + i AS DATE), (d TIMESTAMP, i) AS d + i,
         (d TIMESTAMPTZ, i) AS d + i, (d VARCHAR, i) AS _ntz_text(d) + i""",
    """CREATE OR REPLACE MACRO _time_add(d DATE, i) AS d + i, (d TIMESTAMP, i) AS d + i,
         (d TIMESTAMPTZ, i) AS d + i, (d VARCHAR, i) AS _ntz_text(d) + i, (d TIME, i) AS d + i""",
    f"""CREATE OR REPLACE MACRO _sliced_timestamp(t, n, u, s) AS _slice(t, n, u, s, {_WEEK_START})""",
    """CREATE OR REPLACE MACRO _timestamp_months_added(t, n) AS _months_added(t, CAST(round(n) AS INTEGER))""",
    f"""CREATE OR REPLACE MACRO _sliced(d DATE, n, u, s) AS CAST(_slice(CAST(d AS TIMESTAMP), n, u, s, {_WEEK_START}) AS DATE), (d TIMESTAMP, n, u, s) AS _slice(d, n, u, s, {_WEEK_START}),
         (d TIMESTAMPTZ, n, u, s) AS CAST(_slice(CAST(d AS TIMESTAMP), n, u, s, {_WEEK_START}) AS TIMESTAMPTZ), (d VARCHAR, n, u, s) AS _slice(_ntz_text(d), n, u, s, {_WEEK_START})""",
    f"""CREATE OR REPLACE MACRO _week_truncated(d) AS list_transform([_date(d)], lambda v: v - CAST((isodow(v) - greatest({_WEEK_START}, 1) + 7) % 7 AS INTEGER))[1]""",
    """CREATE OR REPLACE MACRO _truncated(p, d DATE) AS CAST(date_trunc(p, d) AS DATE), (p, d TIMESTAMP) AS date_trunc(p, d),
         (p, d TIMESTAMPTZ) AS date_trunc(p, d), (p, d VARCHAR) AS date_trunc(p, _ntz_text(d)), (p, d TIME) AS CAST(date_trunc(p, DATE '1970-01-01' + d) AS TIME)""",
    """CREATE OR REPLACE MACRO _truncated_to_week(d DATE) AS _week_truncated(d), (d TIMESTAMP) AS CAST(_week_truncated(d) AS TIMESTAMP),
         (d TIMESTAMPTZ) AS CAST(_week_truncated(d) AS TIMESTAMPTZ), (d VARCHAR) AS CAST(_week_truncated(_date_text(d)) AS TIMESTAMP)""",
]
