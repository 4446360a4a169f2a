"""COPY INTO a table, from staged files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import Expr, exp

from local_snowflake import catalog, stages
from local_snowflake.copy_rules import check_copy_options, check_file_format
from local_snowflake.errors import SnowflakeError, from_duckdb, unsupported
from local_snowflake.fit import fit_of
from local_snowflake.identifiers import physical, quote
from local_snowflake.names import identifier_text, object_name
from local_snowflake.options import properties
from local_snowflake.relations import Column
from local_snowflake.results import Result, ResultColumn
from local_snowflake.sessions import Session
from local_snowflake.staged_reader import Paths, read_stage, relation
from local_snowflake.stages import StagedFile
from local_snowflake.translate import Translation
from local_snowflake.types import SnowflakeType, varchar

MAX_FILES = 1000
_NUMBER = SnowflakeType("NUMBER", 38, 0)
_COLUMNS = [
    ResultColumn("file", varchar()), ResultColumn("status", varchar()), ResultColumn("rows_parsed", _NUMBER), ResultColumn("rows_loaded", _NUMBER),
    ResultColumn("error_limit", _NUMBER), ResultColumn("errors_seen", _NUMBER), ResultColumn("first_error", varchar()),
    ResultColumn("first_error_line", _NUMBER), ResultColumn("first_error_character", _NUMBER), ResultColumn("first_error_column_name", varchar()),
]  # fmt: skip
_HINT = (
    "  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. "
    "For more information on loading options, please run 'info loading_data' in a SQL client."
)


@dataclass(frozen=True)
class _Load:
    """How one file goes into the table: `items` are the expressions for `columns`, over `source`."""

    target: str
    columns: list[Column]
    items: list[str]
    source: str

    @property
    def insert(self) -> str:
        names = ", ".join(quote(physical(c.name)) for c in self.columns)
        return f"INSERT INTO {self.target} ({names}) SELECT {', '.join(map(self.value, range(len(self.items))))} {self.source}"

    def value(self, index: int) -> str:
        """What goes into a column: its expression, fitted to the column."""
        fit = fit_of(self.columns[index])
        return self.items[index] if fit is None else fit.sql(self.items[index])


def copy_into(session: Session, expression: exp.Copy) -> Result:
    options = properties(expression.args.get("params") or [])
    check_copy_options(options)
    on_error = str(options.get("ON_ERROR") or "ABORT_STATEMENT").upper()
    if on_error != "ABORT_STATEMENT":
        raise unsupported(f"ON_ERROR = {on_error}")
    for name in ("VALIDATION_MODE", "SIZE_LIMIT", "INCLUDE_METADATA"):
        if options.get(name):
            raise unsupported(f"COPY option {name}")
    session.access.require("INSERT", "TABLE", object_name(session, expression.this))
    target = catalog.get(session, object_name(session, expression.this), "Table")
    source: Expr = expression.args["files"][0]
    select = source.this if isinstance(source, exp.Subquery) else None
    table = select.find(exp.Table) if select is not None else source
    if not isinstance(table, exp.Table) or not stages.reference_text(table.this).startswith("@"):
        raise unsupported("COPY INTO from anything but a stage")
    reference = stages.resolve(session, stages.reference_text(table.this))
    named = options.get("FILES")
    if named is not None and len(named) > MAX_FILES:
        raise SnowflakeError(
            1000,
            "42601",
            f"SQL compilation error:\nThe number of files exceeds the maximum of {MAX_FILES}: {len(named)}",
        )
    file_format = stages.file_format(session, options.get("FILE_FORMAT"), reference.stage)
    check_file_format(file_format)
    columns = _target_columns(session, expression, catalog.columns(session, target))
    loads = _Loads(session, target.sql, columns, file_format, options)
    loads.check(select)
    files = stages.files(session, reference, options.get("PATTERN"), named)
    if not files:
        return Result([ResultColumn("status", varchar())], "COPY", rows=[["Copy executed with 0 files processed."]])
    plan = [(file, loads.transformed(select, file) if select is not None else loads.plain(file)) for file in files]

    def work(cursor: duckdb.DuckDBPyConnection) -> list[list[Any]]:
        rows = []
        for file, load in plan:
            try:
                count = cursor.execute(load.insert).fetchall()[0][0]
            except duckdb.Error as error:
                if isinstance(
                    error, (duckdb.TransactionException, duckdb.InterruptException, duckdb.OutOfMemoryException)
                ):
                    raise
                raise _explained(session, target.name.name, file, load, error) from error
            rows.append([file.shown, "LOADED", count, count, 1, 0, None, None, None, None])
        return rows

    rows = session.write(work, [])
    if options.get("PURGE") is True:
        for file in files:
            file.file.unlink(missing_ok=True)
    return Result(_COLUMNS, "COPY", rows=rows)


def _target_columns(session: Session, expression: exp.Copy, columns: list[Column]) -> list[Column]:
    if not isinstance(expression.this, exp.Schema):
        return columns
    by_name = {c.name: c for c in columns}
    chosen = []
    for node in expression.this.expressions:
        name = identifier_text(session, node)
        if name not in by_name:
            raise SnowflakeError(
                904, "42000", f"SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'"
            )
        chosen.append(by_name[name])
    return chosen


class _Loads:
    """Makes the statements for each file; a transformation is translated once for all JSON files."""

    def __init__(
        self, session: Session, target: str, columns: list[Column], file_format: dict[str, Any], options: dict[str, Any]
    ) -> None:
        self._session = session
        self._target = target
        self._columns = columns
        self._format = file_format
        self._kind = str(file_format.get("TYPE", "CSV")).upper()
        self._match = str(options.get("MATCH_BY_COLUMN_NAME") or "NONE").upper()
        self._template: dict[str | None, _Load] = {}

    def check(self, select: Expr | None) -> None:
        """Raises where the statement cannot load whatever the files hold."""
        if select is not None:
            if self._match != "NONE":
                raise SnowflakeError(
                    1008, "0A000", "SQL compilation error:\nmatch_by_column_name is not supported with copy transform."
                )
            if len(select.expressions) != len(self._columns):
                raise SnowflakeError(
                    2020, "21S01",
                    "SQL compilation error:\nInsert value list does not match column list expecting "
                    f"{len(self._columns)} but got {len(select.expressions)}",
                )  # fmt: skip
        elif self._match == "NONE" and self._kind != "CSV":
            if len(self._columns) != 1 or self._columns[0].type.duckdb != "JSON":
                raise SnowflakeError(
                    2019, "0A000",
                    f"SQL compilation error:\n{self._kind} file format can produce one and only one column of type variant, object, or "
                    "array. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.",
                )  # fmt: skip

    def transformed(self, select: Expr, file: StagedFile) -> _Load:
        if self._kind != "JSON":
            return self._translate(select, file)
        stand_in = _StandIn(file.compression)
        if file.compression not in self._template:
            self._template[file.compression] = self._translate(select, stand_in.file)
        return stand_in.fill(self._template[file.compression], file)

    def _translate(self, select: Expr, file: StagedFile) -> _Load:
        translation = Translation(self._session, lambda table: read_stage(self._session, table, self._format, [file]))
        made = translation.expression(select.copy())
        items = [(item.this if isinstance(item, exp.Alias) else item).sql("duckdb") for item in made.expressions]
        return _Load(self._target, self._columns, items, made.args["from_"].sql("duckdb"))

    def plain(self, file: StagedFile) -> _Load:
        cursor = self._session.cursor
        if self._match != "NONE":
            return self._by_name(file)
        if self._kind in ("JSON", "PARQUET"):
            sql = relation(cursor, [file], self._format, Paths(), set(), 1)
            return _Load(self._target, self._columns, ['"C1"'], f"FROM ({sql})")
        sql = relation(cursor, [file], self._format, Paths(), set(), len(self._columns))
        items = [
            _typed(f'"C{n + 1}"', c.held) if c.type.name == "TIMESTAMP_TZ" else f'CAST("C{n + 1}" AS {c.type.duckdb})'
            for n, c in enumerate(self._columns)
        ]
        return _Load(self._target, self._columns, items, f"FROM ({sql})")

    def _by_name(self, file: StagedFile) -> _Load:
        if self._kind not in ("JSON", "PARQUET"):
            raise unsupported(f"MATCH_BY_COLUMN_NAME with {self._kind}")
        cursor = self._session.cursor
        lines = relation(cursor, [file], self._format, Paths(), set(), 1)
        keys = [row[0] for row in cursor.execute(f'SELECT DISTINCT unnest(json_keys("C1")) FROM ({lines})').fetchall()]
        fold = str.upper if self._match == "CASE_INSENSITIVE" else str
        paths, items, columns = Paths(), [], []
        for column in self._columns:
            found = [key for key in keys if fold(key) == fold(column.name)]
            if found:
                as_text = column.type.duckdb != "JSON"
                parts = ", ".join(_typed(paths.column([key], as_text), column.held) for key in found)
                items.append(f"coalesce({parts})")
                columns.append(column)
        if not columns:
            raise SnowflakeError(100069, "22000", "No columns of the file match the table's columns.")
        return _Load(self._target, columns, items, f"FROM ({relation(cursor, [file], self._format, paths, set(), 1)})")


def _typed(column: str, kind: SnowflakeType) -> str:
    match kind.name:
        case "TIMESTAMP_NTZ":
            return f"_timestamp_ntz({column})"
        case "TIMESTAMP_TZ":
            return f"_to_zoned({column})"
        case "TIMESTAMP_LTZ":
            return f"_timestamp_tz({column})"
        case "BINARY":
            return f"_binary({column})"
        case "DECFLOAT":
            return f"_to_decfloat({column})"
    return f"CAST({column} AS {kind.duckdb})"


class _StandIn:
    """A file name to translate with, once, in place of the many real ones."""

    def __init__(self, compression: str | None) -> None:
        self.file = StagedFile("\u2063path\u2063", Path("\u2063file\u2063"), "", compression)

    def fill(self, template: _Load, file: StagedFile) -> _Load:
        def put(text: str) -> str:
            return text.replace(str(self.file.file).replace("'", "''"), str(file.file).replace("'", "''")).replace(
                self.file.path, file.path.replace("'", "''")
            )

        return replace(template, items=[put(item) for item in template.items], source=put(template.source))


def _explained(session: Session, table: str, file: StagedFile, load: _Load, error: duckdb.Error) -> SnowflakeError:
    """The error as Snowflake words it: what, and in which file, line and column."""
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)):
        return from_duckdb(error)
    with session.store.cursor() as cursor:
        found = _first_bad(cursor, load)
        if found is None:
            plain = from_duckdb(error)
            return SnowflakeError(plain.code, plain.sql_state, f"{plain.message}\n  File '{file.path}'\n{_HINT}")
        row, index = found
        column = load.columns[index]
        plain = _reason(cursor, load, row, index) or from_duckdb(error)
    where = (
        f'  File \'{file.path}\', line {row}, character 1\n  Row {row}, column "{table}"["{column.name}":{index + 1}]'
    )
    return SnowflakeError(plain.code, plain.sql_state, f"{plain.message}\n{where}\n{_HINT}")


def _cast(load: _Load, index: int) -> str:
    column = load.columns[index]
    return f"CAST({load.value(index)} AS {column.held.duckdb})"


def _first_bad(cursor: duckdb.DuckDBPyConnection, load: _Load) -> tuple[int, int] | None:
    """The first row, and in it the first column, whose value cannot be taken."""
    tests = []
    for index, (item, column) in enumerate(zip(load.items, load.columns, strict=True)):
        tried = f"TRY({_cast(load, index)}) IS NULL"
        test = (
            tried
            if not column.nullable
            else f"({tried} AND TRY(({item})::VARCHAR) IS NULL AND {_source(item)} IS NOT NULL) OR ({tried} AND TRY(({item})::VARCHAR) IS NOT NULL)"
        )
        tests.append(f"WHEN {test} THEN {index}")
    sql = f"SELECT _row, _bad FROM (SELECT row_number() OVER () AS _row, CASE {' '.join(tests)} END AS _bad {load.source}) WHERE _bad IS NOT NULL ORDER BY _row LIMIT 1"
    try:
        found = next(iter(cursor.execute(sql).fetchall()), None)
    except duckdb.Error:
        return None
    return (found[0], found[1]) if found else None


def _source(item: str) -> str:
    """The staged values that an expression reads."""
    import re

    parts = re.findall(r'(?:"[^"]+"\.)?"?(?:_texts|_variants)"?\[\d+\]|(?:"[^"]+"\.)?"C\d+"', item)
    return f"coalesce({', '.join(f'({part})::VARCHAR' for part in parts)})" if parts else "NULL"


def _reason(cursor: duckdb.DuckDBPyConnection, load: _Load, row: int, index: int) -> SnowflakeError | None:
    item = _cast(load, index)
    try:
        value = next(
            iter(
                cursor.execute(
                    f"SELECT {item} FROM (SELECT * {load.source} LIMIT 1 OFFSET {row - 1}) {_alias(load.source)}"
                ).fetchall()
            ),
            None,
        )
    except duckdb.Error as error:
        return from_duckdb(error)
    if value and value[0] is None and not load.columns[index].nullable:
        return SnowflakeError(
            100072, "22000", f"NULL result in a non-nullable column. Column '{load.columns[index].name}'"
        )
    return None


def _alias(source: str) -> str:
    tail = source.rsplit(" AS ", 1)
    return f"AS {tail[1]}" if len(tail) == 2 and tail[1].strip().startswith('"') and ")" not in tail[1] else "AS _S"
