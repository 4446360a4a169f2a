"""Snowflake's column types, DuckDB's types that keep them, and how both are told to a client."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlglot import exp

from local_snowflake.errors import SnowflakeError, unsupported

MAX_TEXT = 16777216
MAX_BINARY = 8388608

Kind = exp.DataType.Type
_INTEGERS = {Kind.INT, Kind.BIGINT, Kind.SMALLINT, Kind.TINYINT, Kind.UTINYINT, Kind.MEDIUMINT}
_FLOATS = {Kind.FLOAT, Kind.DOUBLE}
_TEXTS = {Kind.VARCHAR, Kind.TEXT, Kind.NVARCHAR, Kind.NCHAR, Kind.CHAR, Kind.NAME, Kind.BPCHAR}
_BINARIES = {Kind.BINARY, Kind.VARBINARY, Kind.BLOB}
_TIMES = {
    Kind.DATE: "DATE",
    Kind.TIME: "TIME",
    Kind.TIMESTAMP: "TIMESTAMP_NTZ",
    Kind.DATETIME: "TIMESTAMP_NTZ",
    Kind.TIMESTAMPNTZ: "TIMESTAMP_NTZ",
    Kind.TIMESTAMPTZ: "TIMESTAMP_TZ",
    Kind.TIMESTAMPLTZ: "TIMESTAMP_LTZ",
}
_SEMI = {
    Kind.VARIANT: "VARIANT",
    Kind.OBJECT: "OBJECT",
    Kind.ARRAY: "ARRAY",
    Kind.JSON: "VARIANT",
    Kind.STRUCT: "OBJECT",
    Kind.MAP: "OBJECT",
}
ZONED = 'STRUCT(tz TIMESTAMP WITH TIME ZONE, "zone" INTEGER)'  # an instant, and its offset in minutes
_DUCKDB = {
    "FLOAT": "DOUBLE", "VARCHAR": "VARCHAR", "BOOLEAN": "BOOLEAN", "DATE": "DATE", "TIME": "TIME",
    "TIMESTAMP_NTZ": "TIMESTAMP", "TIMESTAMP_TZ": ZONED, "TIMESTAMP_LTZ": "TIMESTAMP WITH TIME ZONE",
    "DECFLOAT": "STRUCT(decfloat VARCHAR)", "VARIANT": "JSON", "OBJECT": "JSON", "ARRAY": "JSON", "BINARY": "BLOB",
}  # fmt: skip
_WIRE = {"NUMBER": "fixed", "FLOAT": "real", "VARCHAR": "text"}


@dataclass(frozen=True)
class SnowflakeType:
    """`name` is NUMBER, DECFLOAT, FLOAT, VARCHAR, BOOLEAN, DATE, TIME, TIMESTAMP_*, VARIANT, OBJECT, ARRAY or BINARY."""

    name: str
    precision: int | None = None
    scale: int | None = None
    length: int | None = None

    @property
    def duckdb(self) -> str:
        return f"DECIMAL({self.precision},{self.scale})" if self.name == "NUMBER" else _DUCKDB[self.name]

    @property
    def text(self) -> str:
        """As DESCRIBE TABLE shows it."""
        if self.name == "NUMBER":
            return f"NUMBER({self.precision},{self.scale})"
        if self.name == "DECFLOAT":
            return self.name
        if self.length is not None:
            return f"{self.name}({self.length})"
        return f"{self.name}({self.scale})" if self.scale is not None else self.name

    @property
    def data_type(self) -> str:
        """As INFORMATION_SCHEMA.COLUMNS shows it."""
        return "TEXT" if self.name == "VARCHAR" else self.name

    @property
    def wire(self) -> str:
        return _WIRE.get(self.name, self.name.lower())


def _sized(data_type: exp.DataType) -> list[int]:
    return [int(p.name) for p in data_type.expressions if isinstance(p, exp.DataTypeParam) and p.name.isdigit()]


def number(precision: int = 38, scale: int = 0) -> SnowflakeType:
    if not (1 <= precision <= 38 and 0 <= scale <= min(precision, 37)):
        raise SnowflakeError(
            2004, "42601", f"SQL compilation error:\ninvalid numeric precision or scale NUMBER({precision},{scale})"
        )
    return SnowflakeType("NUMBER", precision, scale)


def varchar(length: int = MAX_TEXT) -> SnowflakeType:
    if not 1 <= length <= 134217728:
        raise SnowflakeError(2010, "42601", f"SQL compilation error:\ninvalid length {length} for VARCHAR")
    return SnowflakeType("VARCHAR", length=length)


def binary(length: int = MAX_BINARY) -> SnowflakeType:
    if not 1 <= length <= 67108864:
        raise SnowflakeError(2010, "42601", f"SQL compilation error:\ninvalid length {length} for BINARY")
    return SnowflakeType("BINARY", length=length)


_SHORTER = {"TIMESTAMP_NTZ": "_shorter_ntz", "TIMESTAMP_LTZ": "_shorter_ltz", "TIMESTAMP_TZ": "_shorter_tz", "TIME": "_shorter_time"}  # fmt: skip


def shorter_seconds(kind: SnowflakeType) -> str | None:
    """The macro that makes a value one of a type that keeps fewer digits of a second than DuckDB does; None for other types."""
    return _SHORTER.get(kind.name) if kind.scale is not None and kind.scale < 6 else None


def from_expression(data_type: exp.DataType) -> SnowflakeType:
    """The type that a column definition or a cast names."""
    kind, sizes = data_type.this, _sized(data_type)
    if kind == Kind.DECIMAL:
        return number(*(sizes or [38, 0]))
    if kind in _INTEGERS:
        return number()
    if kind in _FLOATS:
        return SnowflakeType("FLOAT")
    if kind == Kind.DECFLOAT:
        return SnowflakeType("DECFLOAT", precision=38)
    if kind in _TEXTS:
        default = 1 if kind in (Kind.CHAR, Kind.NCHAR, Kind.BPCHAR) else MAX_TEXT
        return varchar(sizes[0] if sizes else default)
    if kind in _BINARIES:
        return binary(*sizes)
    if kind in _TIMES:
        name = _TIMES[kind]
        return SnowflakeType(name) if name == "DATE" else SnowflakeType(name, scale=sizes[0] if sizes else 9)
    if kind in _SEMI:
        return SnowflakeType(_SEMI[kind])
    if kind == Kind.BOOLEAN:
        return SnowflakeType("BOOLEAN")
    raise unsupported(f"type {data_type.sql('snowflake')}")


_TEXT = re.compile(r"^([A-Z_]+)(?:\((\d+)(?:,\s*(\d+))?\))?$")


def from_text(text: str) -> SnowflakeType:
    """The inverse of `SnowflakeType.text`."""
    match = _TEXT.match(text)
    assert match, text
    name, first, second = match[1], match[2] and int(match[2]), match[3] and int(match[3])
    if name == "NUMBER":
        return SnowflakeType(name, first, second)
    if name == "DECFLOAT":
        return SnowflakeType(name, precision=38)
    if name in ("VARCHAR", "BINARY"):
        return SnowflakeType(name, length=first)
    return SnowflakeType(name, scale=first)


_FROM_DUCKDB = {
    "DOUBLE": SnowflakeType("FLOAT"), "FLOAT": SnowflakeType("FLOAT"), "VARCHAR": varchar(), "BOOLEAN": SnowflakeType("BOOLEAN"),
    "DATE": SnowflakeType("DATE"), "TIME": SnowflakeType("TIME", scale=9), "TIMESTAMP": SnowflakeType("TIMESTAMP_NTZ", scale=9),
    "TIMESTAMP_NS": SnowflakeType("TIMESTAMP_NTZ", scale=9), "TIMESTAMP_MS": SnowflakeType("TIMESTAMP_NTZ", scale=9),
    "TIMESTAMP_S": SnowflakeType("TIMESTAMP_NTZ", scale=9), "TIMESTAMP WITH TIME ZONE": SnowflakeType("TIMESTAMP_TZ", scale=9),
    ZONED: SnowflakeType("TIMESTAMP_TZ", scale=9),
    "STRUCT(decfloat VARCHAR)": SnowflakeType("DECFLOAT", precision=38), "JSON": SnowflakeType("VARIANT"), "BLOB": SnowflakeType("BINARY", length=MAX_BINARY), '"NULL"': varchar(), "NULL": varchar(),
}  # fmt: skip


def from_duckdb(text: str) -> SnowflakeType:
    """The type under which a client sees a DuckDB column; lists, maps and structs are VARIANT."""
    if match := re.match(r"DECIMAL\((\d+),\s*(\d+)\)$", text):
        return SnowflakeType("NUMBER", int(match[1]), int(match[2]))
    if re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$", text):
        return SnowflakeType("NUMBER", 38, 0)
    if text in _FROM_DUCKDB:
        return _FROM_DUCKDB[text]
    if text.endswith("]") or text.startswith(("STRUCT", "MAP", "UNION")):
        return SnowflakeType("VARIANT")
    return varchar()
