"""Numbers of JSON text beyond what a double holds keep their digits.

DuckDB reads a JSON number with a fraction as a double. Lines that hold a longer one are read here instead, in Python,
where a number stays the text that it was; all other lines take DuckDB's fast way, where text and double agree.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa

EXACT_TEXT = "_exact_texts"
EXACT_JSON = "_exact_variants"
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
    """Makes the two functions known to a DuckDB connection."""
    texts = lambda lines, paths: _extract(lines, paths, _text)  # noqa: E731
    variants = lambda lines, paths: _extract(lines, paths, lambda v: None if v is _MISSING else _write(v))  # noqa: E731
    for name, function in ((EXACT_TEXT, texts), (EXACT_JSON, variants)):
        connection.create_function(
            name, function, ["VARCHAR", "VARCHAR[]"], "VARCHAR[]", type="arrow", null_handling="special"
        )
