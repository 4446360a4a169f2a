"""Values as Snowflake writes them in a JSON rowset: every one a string or null."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from local_snowflake.decfloat import decode, shown
from local_snowflake.errors import SnowflakeError
from local_snowflake.types import SnowflakeType

_EPOCH = datetime.date(1970, 1, 1)
_EPOCH_INSTANT = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MAX_DIGITS = 38
_DAY_MINUTES = 1440  # an offset in minutes, plus a day, follows a TIMESTAMP_TZ


def _micros(value: int) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 1_000_000}.{value % 1_000_000:06d}000"


def _real(value: float) -> str:
    return "NaN" if value != value else repr(value)


def _instant(value: datetime.datetime) -> str:
    utc = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return _micros((utc - _EPOCH_INSTANT) // datetime.timedelta(microseconds=1))


def _zoned(value: Any) -> str:
    """An instant with its offset: its own where it is known, else that of its zone."""
    if isinstance(value, dict):
        return f"{_instant(value['tz'])} {value['zone'] + _DAY_MINUTES}"
    offset = (value.utcoffset() or datetime.timedelta()) // datetime.timedelta(minutes=1)
    return f"{_instant(value)} {offset + _DAY_MINUTES}"


def writer(name: str) -> Callable[[Any], str]:
    """What writes a Python value of a Snowflake type."""
    match name:
        case "BOOLEAN":
            return lambda v: "1" if v else "0"
        case "DATE":
            return lambda v: str((v - _EPOCH).days)
        case "FLOAT":
            return _real
        case "NUMBER":
            return lambda v: format(v, "f") if isinstance(v, Decimal) else str(v)
        case "DECFLOAT":
            return lambda v: shown(decode(v["decfloat"])) if isinstance(v, dict) else str(v)
        case "BINARY":
            return lambda v: v.hex().upper()
        case "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ":
            return _instant
        case "TIMESTAMP_TZ":
            return _zoned
        case "VARIANT" | "OBJECT" | "ARRAY":
            return lambda v: v if isinstance(v, str) else json.dumps(v, default=str, ensure_ascii=False)
    return str


def encode(column: pa.ChunkedArray, kind: SnowflakeType) -> list[str | None]:
    """A whole column; what is common goes through Arrow, not through Python values."""
    found = column.type
    if pa.types.is_timestamp(found):
        plain = column.cast(pa.timestamp("us", tz=found.tz), safe=False).cast(pa.int64())
        if kind.name == "TIMESTAMP_TZ" and found.tz not in ("UTC", "Etc/UTC"):
            return [None if v is None else _zoned(v) for v in column.to_pylist()]
        return _ticks(plain, f" {_DAY_MINUTES}" if kind.name == "TIMESTAMP_TZ" else "")
    if pa.types.is_struct(found) and kind.name == "TIMESTAMP_TZ":
        return _with_offsets(column)
    if pa.types.is_time(found):
        return _ticks(column.cast(pa.time64("us"), safe=False).cast(pa.int64()), "")
    if pa.types.is_string(found) or pa.types.is_large_string(found):
        return column.to_pylist()
    if pa.types.is_integer(found):
        return column.cast(pa.string()).to_pylist()
    if pa.types.is_decimal(found):
        return _decimals(column)
    if pa.types.is_date32(found):
        return column.cast(pa.int32()).cast(pa.string()).to_pylist()
    write = writer(kind.name)
    return [None if v is None else write(v) for v in column.to_pylist()]


def _with_offsets(column: pa.ChunkedArray) -> list[str | None]:
    """Instants, each followed by its own offset."""
    instants, offsets = (pc.struct_field(column, name) for name in ("tz", "zone"))
    ticks = _ticks(instants.cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64()), "")
    tails = pc.add(offsets, _DAY_MINUTES).to_pylist()
    return [None if tick is None else f"{tick} {tail}" for tick, tail in zip(ticks, tails, strict=True)]


def _ticks(micros: pa.ChunkedArray, tail: str) -> list[str | None]:
    lowest = pc.min(micros).as_py()
    if lowest is None or lowest < 0:
        return [None if v is None else _micros(v) + tail for v in micros.to_pylist()]
    seconds = pc.divide(micros, 1_000_000)
    rest = pc.subtract(micros, pc.multiply(seconds, 1_000_000))
    fraction = pc.utf8_lpad(rest.cast(pa.string()), 6, "0")
    return pc.binary_join_element_wise(
        seconds.cast(pa.string()), pc.binary_join_element_wise(fraction, f"000{tail}", ""), "."
    ).to_pylist()


def _digits(text: str | None) -> int:
    return 0 if text is None or "E" in text else sum(map(str.isdigit, text))


def _decimals(column: pa.ChunkedArray) -> list[str | None]:
    texts = column.cast(pa.string())
    if column.type.precision >= MAX_DIGITS and any(_digits(t) > MAX_DIGITS for t in pc.unique(texts).to_pylist()):
        raise SnowflakeError(100132, "22003", "Number out of representable range")
    if not pc.any(pc.match_substring(texts, "E")).as_py():
        return texts.to_pylist()
    # Arrow writes small decimals as `1E-9`; Snowflake does not
    return [t if t is None or "E" not in t else format(Decimal(t), "f") for t in texts.to_pylist()]
