"""Reading staged files in a query: `$1`, `$1:a.b`, `METADATA$FILENAME` over JSON, CSV and Parquet.

All paths of a statement into a JSON line are taken in one pass over it: a pass per path is eight times slower.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb
import sqlglot
from sqlglot import Expr, exp

from local_snowflake import stages
from local_snowflake.errors import unsupported
from local_snowflake.exact_numbers import EXACT_JSON, EXACT_TEXT, HAS_LONG_DECIMAL, has_twice
from local_snowflake.identifiers import literal, physical, quote
from local_snowflake.names import identifier_text
from local_snowflake.sessions import Session
from local_snowflake.stages import StagedFile
from local_snowflake.trees import find_all
from local_snowflake.variant_paths import path_of, pointer, wants_text

# Twice this is what DuckDB reserves per thread; Snowflake's own limit for a VARIANT is the same.
MAX_JSON_BYTES = 16 * 1024 * 1024
_METADATA = ("METADATA$FILENAME", "METADATA$FILE_ROW_NUMBER", "METADATA$FILE_LAST_MODIFIED", "METADATA$START_SCAN_TIME")


@dataclass
class Paths:
    """The JSON paths that a statement takes: as text, and as VARIANT."""

    texts: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)

    def column(self, keys: list[str | int], as_text: bool) -> str:
        """DuckDB's expression for one of them."""
        found = self.texts if as_text else self.variants
        path = pointer(keys)
        if path not in found:
            found.append(path)
        return f"{'_texts' if as_text else '_variants'}[{found.index(path) + 1}]"


def read_stage(
    session: Session, table: exp.Table, file_format: dict[str, Any] | None, files: list[StagedFile] | None = None
) -> Expr:
    """What reads the files that a statement names by a stage; points its `$n` and metadata columns there."""
    reference = stages.resolve(session, stages.reference_text(table.this))
    given = table.args.get("format")
    named = None if given is None else given.name if isinstance(given, exp.Literal) else given.sql("snowflake")
    options = stages.file_format(session, file_format or named, reference.stage)
    if files is None:
        pattern = table.args.get("pattern")
        files = stages.files(session, reference, pattern.name if pattern is not None else None)
    select = table.find_ancestor(exp.Select)
    given_alias = table.args.get("alias")
    alias = physical(identifier_text(session, given_alias.this)) if given_alias else "_STAGED"
    kind = str(options.get("TYPE", "CSV")).upper()
    paths = Paths()
    metadata: set[str] = set()
    wanted = 1
    for node in _own(select, exp.Parameter):
        if not node.name.isdigit():
            continue
        position = int(node.name)
        wanted = max(wanted, position)
        base = node.parent if isinstance(node.parent, exp.Column) else node
        top = base
        while isinstance(top.parent, (exp.JSONExtract, exp.Bracket)) and top.parent.this is top:
            top = top.parent
        found = path_of(top) if kind in ("JSON", "PARQUET") and position == 1 else None
        if found and top is not base:
            made = sqlglot.parse_one(f"{quote(alias)}.{paths.column(found[1], wants_text(top))}", read="duckdb")
            _keep(made)
            top.replace(made)
        else:
            base.replace(exp.column(exp.to_identifier(f"C{position}", quoted=True), table=_kept_name(alias)))
    for column in _own(select, exp.Column):
        if column.name.upper() in _METADATA:
            metadata.add(column.name.upper())
            column.set("table", _kept_name(alias))
    sql = relation(session.cursor, files, options, paths, metadata, wanted)
    return sqlglot.parse_one(f"SELECT * FROM ({sql}) AS {quote(alias)}", read="duckdb").find(exp.Subquery)


def _kept_name(name: str) -> exp.Identifier:
    node = exp.to_identifier(name, quoted=True)
    node.args["_done"] = True
    return node


def _own(select: Expr, kind: type[Expr]) -> list[Any]:
    return [node for node in find_all(select, kind) if node.find_ancestor(exp.Select) is select]


def _keep(tree: Expr) -> None:
    """Marks the names of our own SQL as DuckDB's already."""
    for node in find_all(tree, exp.Identifier):
        node.args["_done"] = True
    for node in find_all(tree, exp.Cast):
        node.args["_done"] = True
    for node in find_all(tree, exp.Bracket):
        node.args["_done"] = True


def relation(
    cursor: duckdb.DuckDBPyConnection,
    files: list[StagedFile],
    options: dict[str, Any],
    paths: Paths,
    metadata: set[str],
    wanted: int,
) -> str:
    """SQL that gives `C1`…, `_texts`, `_variants` and the metadata columns of the files."""
    if not files:
        empty = ", ".join(f'NULL::JSON AS "C{n + 1}"' for n in range(wanted))
        none = "".join(f', NULL::VARCHAR AS "{name}"' for name in sorted(metadata))
        return f"SELECT {empty}, NULL::VARCHAR[] AS _texts, NULL::JSON[] AS _variants{none} WHERE false"
    kind = str(options.get("TYPE", "CSV")).upper()
    if "METADATA$FILE_ROW_NUMBER" in metadata:
        groups = [[file] for file in files]
    else:
        groups = [list(alike) for _, alike in groupby(files, lambda file: file.compression)]
    return " UNION ALL ".join(_read(cursor, alike, kind, options, paths, metadata, wanted) for alike in groups)


def _read(
    cursor: duckdb.DuckDBPyConnection,
    files: list[StagedFile],
    kind: str,
    options: dict[str, Any],
    paths: Paths,
    metadata: set[str],
    wanted: int,
) -> str:
    names = "[" + ", ".join(literal(str(file.file)) for file in files) + "]"
    extra = _metadata_columns(files, metadata)
    if kind == "JSON":
        style = "array" if options.get("STRIP_OUTER_ARRAY") is True else "newline_delimited"
        source = f"read_json_objects({names}, format='{style}', filename=true, maximum_object_size={MAX_JSON_BYTES}{_compression(files, options)})"
        line = "json"
    elif kind == "PARQUET":
        source, line = f"(SELECT to_json(_p) AS json, NULL AS filename FROM read_parquet({names}) AS _p)", "json"
    elif kind == "CSV":
        return _read_csv(cursor, names, files, options, extra, wanted)
    else:
        raise unsupported(f"FILE_FORMAT TYPE = {kind}")
    texts, variants = _list(paths.texts), _list(paths.variants)
    slow, line = HAS_LONG_DECIMAL.format(line), f"{line}::VARCHAR"
    if kind == "JSON":
        twice = has_twice(line, {path.rpartition("/")[0] for path in [*paths.texts, *paths.variants]} | {""})
        if options.get("ALLOW_DUPLICATE") is True:
            slow = f"({slow} OR {twice})"
        else:
            line = f"CASE WHEN {twice} THEN error('duplicate object attribute in JSON') ELSE {line} END"
    whole = not (paths.texts or paths.variants)
    columns = [
        f"CASE WHEN {slow} THEN {EXACT_JSON}({line}, [''])[1]::JSON ELSE ({line})::JSON END AS C1"
        if whole
        else f"{line} AS C1"
    ]
    if paths.texts:
        columns.append(
            f"CASE WHEN {slow} THEN {EXACT_TEXT}({line}, {texts}) ELSE json_extract_string({line}, {texts}) END AS _texts"
        )
    if paths.variants:
        columns.append(
            f"CASE WHEN {slow} THEN {EXACT_JSON}({line}, {variants})::JSON[] ELSE json_extract({line}, {variants}) END AS _variants"
        )
    return f"SELECT {', '.join(columns)}{extra} FROM {source}"


def _list(paths: list[str]) -> str:
    return "[" + ", ".join(map(literal, paths)) + "]"


def _compression(files: list[StagedFile], options: dict[str, Any]) -> str:
    """How to read files that are all compressed alike: as the format says, or as they are."""
    named = str(options.get("COMPRESSION", "AUTO")).lower()
    if named == "auto":
        named = files[0].compression or "none"
    return f", compression={literal(named)}"


def _metadata_columns(files: list[StagedFile], metadata: set[str]) -> str:
    shown = "CASE filename " + " ".join(f"WHEN {literal(str(f.file))} THEN {literal(f.path)}" for f in files) + " END"
    made = {
        "METADATA$FILENAME": shown,
        "METADATA$FILE_ROW_NUMBER": "row_number() OVER ()",
        "METADATA$FILE_LAST_MODIFIED": "CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)",
        "METADATA$START_SCAN_TIME": "now()",
    }
    return "".join(f', {made[name]} AS "{name}"' for name in sorted(metadata))


def _read_csv(
    cursor: duckdb.DuckDBPyConnection,
    names: str,
    files: list[StagedFile],
    options: dict[str, Any],
    extra: str,
    wanted: int,
) -> str:
    def chosen(key: str, default: str = "NONE") -> str:
        value = str(options.get(key, default))
        return "" if value.upper() == "NONE" else value

    nulls = options.get("NULL_IF", ["\\N"])
    nulls = list(nulls) if isinstance(nulls, list) else [nulls]
    if options.get("EMPTY_FIELD_AS_NULL", True) is not False:
        nulls = ["", *nulls]
    quote_char = chosen("FIELD_OPTIONALLY_ENCLOSED_BY")
    escape = chosen("ESCAPE") or quote_char
    nulls = [value for value in nulls if not (escape and escape in value)]
    delimiter = chosen("FIELD_DELIMITER", ",").replace("\\t", "\t")
    read = (
        f"read_csv({names}, header=false, all_varchar=true, null_padding=true, allow_quoted_nulls=false, auto_detect=true, "
        f"skip={int(options.get('SKIP_HEADER', 0))}, sep={literal(delimiter)}, quote={literal(quote_char)}, escape={literal(escape)}, "
        f"nullstr={_list(nulls)}{_compression(files, options)}, filename=true)"
    )
    columns = [row[0] for row in cursor.execute(f"DESCRIBE SELECT * EXCLUDE (filename) FROM {read}").fetchall()]
    named = [f'"{name}" AS "C{n + 1}"' for n, name in enumerate(columns)]
    named += [f'NULL::VARCHAR AS "C{n + 1}"' for n in range(len(columns), wanted)]
    return f"SELECT {', '.join(named)}{extra} FROM {read}"
