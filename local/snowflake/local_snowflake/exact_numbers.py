"""Numbers of JSON text beyond what a double holds keep their digits, and of equal names in an object the last one counts.

DuckDB reads a JSON number with a fraction as a double. Lines that hold a longer one are read here instead, in Python,
where a number stays the text that it was; all other lines take DuckDB's fast way, where text and double agree. DuckDB takes the first of
equal names, so lines that have some are read here, too, or refused where the file format does not allow them.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa

from local_snowflake.identifiers import literal

EXACT_TEXT = "_exact_texts"
EXACT_JSON = "_exact_variants"
TWICE = "_json_names_twice"
# A value of 17 or more digits and points; a text that looks like one costs time only.
HAS_LONG_DECIMAL = "regexp_matches({}, '[:\\[,]\\s*-?[0-9.]{{17,}}')"


class _Number(str):
    """A JSON number, as written."""


def _write(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_write(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


_MISSING = object()


def _follow(value: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return _MISSING
    return value


def _parse(line: str) -> Any:
    return json.loads(line, parse_float=_Number, parse_int=_Number)


def has_twice(line: str, parents: set[str]) -> str:
    """SQL that tells whether an object in a line has a name twice. `parents` are the pointers of the objects that paths lead through.

    Those are looked at by DuckDB; a line with more braces than they have is parsed.
    """
    paths = ", ".join(map(literal, sorted(parents)))
    known = f"list_contains(list_transform(json_keys({line}, [{paths}]), lambda k: len(k) <> list_unique(k)), true)"
    braces = f"(length({line}) - length(replace({line}, '{{', ''))) > {len(parents)}"
    return f"(coalesce({known}, false) OR ({braces} AND {TWICE}({line})))"


class _NameTwiceError(Exception):
    pass


def _names_once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _NameTwiceError


def _twice(lines: pa.ChunkedArray) -> pa.Array:
    made = []
    for line in lines.to_pylist():
        try:
            if line is not None:
                json.loads(line, object_pairs_hook=_names_once)
            made.append(False)
        except _NameTwiceError:
            made.append(True)
        except ValueError:  # what is no JSON is refused where it is read
            made.append(False)
    return pa.array(made, pa.bool_())


def _text(value: Any) -> str | None:
    if value is None or value is _MISSING:
        return None
    return str(value) if isinstance(value, str) else _write(value)


def _extract(lines: pa.ChunkedArray, paths: pa.ChunkedArray, shown: Any) -> pa.Array:
    made = []
    for line, wanted in zip(lines.to_pylist(), paths.to_pylist(), strict=True):
        document = _parse(line) if line is not None else _MISSING
        made.append([shown(_follow(document, path)) for path in wanted])
    return pa.array(made, pa.list_(pa.string()))


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the functions known to a DuckDB connection."""
    connection.create_function(TWICE, _twice, ["VARCHAR"], "BOOLEAN", type="arrow", null_handling="special")
    texts = lambda lines, paths: _extract(lines, paths, _text)  # noqa: E731
    variants = lambda lines, paths: _extract(lines, paths, lambda v: None if v is _MISSING else _write(v))  # noqa: E731
    for name, function in ((EXACT_TEXT, texts), (EXACT_JSON, variants)):
        connection.create_function(
            name, function, ["VARCHAR", "VARCHAR[]"], "VARCHAR[]", type="arrow", null_handling="special"
        )
