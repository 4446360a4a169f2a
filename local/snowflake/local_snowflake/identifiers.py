"""Names: Snowflake tells `"id"` from `ID`, DuckDB does not, so names with lower-case letters carry their case along.

`physical("ID") == "ID"`, and `physical("id")` is `id`, an invisible mark and which letters are small. The mark
never leaves this package: results, listings and messages pass through `logical`.
"""

from __future__ import annotations

from dataclasses import dataclass

MARK = "\u2063"


def physical(name: str) -> str:
    """The name under which DuckDB keeps `name`; differs for names that differ by case only."""
    bits = 0
    for index, letter in enumerate(name):
        if "a" <= letter <= "z":
            bits |= 1 << index
    return f"{name}{MARK}{bits:x}" if bits else name


def logical(name: str) -> str:
    """The name that a Snowflake user sees."""
    return name.split(MARK, 1)[0]


def quote(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """`value` as a SQL string in DuckDB's dialect."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class ObjectName:
    """A table, view or stage: three names as Snowflake keeps them."""

    database: str
    schema: str
    name: str

    @property
    def duckdb_schema(self) -> str:
        return schema_name(self.database, self.schema)

    @property
    def sql(self) -> str:
        """The object in DuckDB's dialect: Snowflake's database and schema are one DuckDB schema."""
        return f"{quote(self.duckdb_schema)}.{quote(physical(self.name))}"

    def __str__(self) -> str:
        return f"{self.database}.{self.schema}.{self.name}"


def schema_name(database: str, schema: str) -> str:
    """All databases share one DuckDB file, so that one transaction can write several: `DATABASE.SCHEMA` names a schema."""
    return physical(f"{database}.{schema}")
