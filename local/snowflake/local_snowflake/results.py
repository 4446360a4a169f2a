"""What a statement answers, and how it goes over the wire as Snowflake's JSON rowset."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from local_snowflake.identifiers import physical
from local_snowflake.types import SnowflakeType, varchar

STATEMENT_TYPES = {
    "SELECT": 0x1000, "INSERT": 0x3100, "UPDATE": 0x3200, "DELETE": 0x3300, "MERGE": 0x3400, "COPY": 0x3600,
    "USE": 0x4300, "SHOW": 0x4400, "DESCRIBE": 0x4500, "TRANSACTION": 0x5000, "DDL": 0x6000, "OTHER": 0x4000,
}  # fmt: skip


@dataclass(frozen=True)
class ResultColumn:
    name: str
    type: SnowflakeType
    nullable: bool = True

    def rowtype(self) -> dict[str, Any]:
        """The column's description in an answer."""
        kind = self.type
        length = kind.length if kind.name in ("VARCHAR", "BINARY") else None
        times = kind.name.startswith("TIME")
        return {
            "name": self.name,
            "database": "",
            "schema": "",
            "table": "",
            "nullable": self.nullable,
            "type": kind.wire,
            "byteLength": min(length * 4, 16777216) if length and kind.name == "VARCHAR" else length,
            "length": length,
            "scale": 9 if times else kind.scale,
            "precision": 0 if times else kind.precision,
            "collation": None,
        }


@dataclass
class Result:
    """A statement's answer: either `table` as DuckDB made it, or `rows` of Python values."""

    columns: list[ResultColumn]
    kind: str = "SELECT"
    table: pa.Table | None = None
    rows: Sequence[Sequence[Any]] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def row_count(self) -> int:
        return self.table.num_rows if self.table is not None else len(self.rows)

    def rowset(self) -> list[list[str | None]]:
        """The rows as Snowflake writes them in JSON: every value a string or null."""
        if self.table is not None:
            columns = [_encode(chunked, column.type) for chunked, column in zip(self.table.columns, self.columns, strict=True)]
            return [list(row) for row in zip(*columns, strict=True)]
        writers = [_writer(column.type.name) for column in self.columns]
        return [[None if v is None else write(v) for v, write in zip(row, writers, strict=True)] for row in self.rows]


    def arrow(self) -> pa.Table:
        """The rows as a table that DuckDB can read again."""
        if self.table is not None:
            return self.table.rename_columns([physical(c.name) for c in self.columns])
        arrays = [pa.array([row[i] for row in self.rows]) for i in range(len(self.columns))]
        arrays = [a.cast(pa.string()) if pa.types.is_null(a.type) else a for a in arrays]
        return pa.table(arrays, names=[physical(c.name) for c in self.columns])


def text_result(names: Sequence[str], rows: Sequence[Sequence[Any]], kind: str = "SHOW") -> Result:
    """A result whose columns are all text, as SHOW and LIST give."""
    return Result([ResultColumn(name, varchar()) for name in names], kind, rows=rows)


def status(message: str = "Statement executed successfully.", kind: str = "DDL") -> Result:
    return text_result(["status"], [[message]], kind)


def counts(kind: str, **numbers: int) -> Result:
    """How many rows a DML statement changed: `inserted=3` is the column `number of rows inserted`."""
    columns = [ResultColumn(f"number of {'multi-joined ' if k == 'multi_joined_updated' else ''}rows {k.split('_')[-1]}", SnowflakeType("NUMBER", 38, 0)) for k in numbers]
    return Result(columns, kind, rows=[list(numbers.values())])


_EPOCH = datetime.date(1970, 1, 1)


def _micros(value: int) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 1_000_000}.{value % 1_000_000:06d}000"


def _real(value: float) -> str:
    return {"inf": "inf", "-inf": "-inf", "nan": "NaN"}.get(repr(value), repr(value))


def _instant(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        utc = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        value = (utc - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)
    return _micros(value)


def _writer(name: str) -> Callable[[Any], str]:
    match name:
        case "BOOLEAN":
            return lambda v: "1" if v else "0"
        case "DATE":
            return lambda v: str((v - _EPOCH).days)
        case "FLOAT":
            return _real
        case "NUMBER":
            return lambda v: format(v, "f") if isinstance(v, Decimal) else str(v)
        case "BINARY":
            return lambda v: v.hex().upper()
        case "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ":
            return _instant
        case "TIMESTAMP_TZ":
            return lambda v: f"{_instant(v)} 1440"
        case "TIME":
            return _micros
        case "VARIANT" | "OBJECT" | "ARRAY":
            return lambda v: v if isinstance(v, str) else json.dumps(v, default=str, ensure_ascii=False)
    return str


def _encode(column: pa.ChunkedArray, kind: SnowflakeType) -> list[str | None]:
    if pa.types.is_timestamp(column.type) or pa.types.is_time(column.type):
        unit = "us" if column.type.unit in ("us", "ns") else column.type.unit
        if column.type.unit == "ns":
            column = column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None)) if pa.types.is_timestamp(column.type) else pa.time64("us"), safe=False)
        factor = {"s": 1_000_000, "ms": 1000, "us": 1}[unit]
        column = column.cast(pa.int32() if column.type == pa.time32(unit if unit in ("s", "ms") else "ms") else pa.int64())
        write = _writer(kind.name)
        return [None if v is None else write(v * factor) for v in column.to_pylist()]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.to_pylist()
    if pa.types.is_integer(column.type) or pa.types.is_decimal(column.type):
        return column.cast(pa.string()).to_pylist() if not _scientific(column) else [None if v is None else format(v, "f") for v in column.to_pylist()]
    write = _writer(kind.name)
    return [None if v is None else write(v) for v in column.to_pylist()]


def _scientific(column: pa.ChunkedArray) -> bool:
    """Arrow writes small decimals as `1E-9`; Snowflake does not."""
    return pa.types.is_decimal(column.type) and column.type.scale > 6
