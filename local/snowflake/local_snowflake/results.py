"""What a statement answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from local_snowflake.identifiers import physical
from local_snowflake.types import SnowflakeType, varchar
from local_snowflake.wire import encode, writer

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
            columns = [
                encode(chunked, column.type) for chunked, column in zip(self.table.columns, self.columns, strict=True)
            ]
            return [list(row) for row in zip(*columns, strict=True)]
        writers = [writer(column.type.name) for column in self.columns]
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
    columns = [
        ResultColumn(
            f"number of {'multi-joined ' if k == 'multi_joined_updated' else ''}rows {k.split('_')[-1]}",
            SnowflakeType("NUMBER", 38, 0),
        )
        for k in numbers
    ]
    return Result(columns, kind, rows=[list(numbers.values())])
