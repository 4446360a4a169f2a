"""JSON text as Snowflake writes it: keys in alphabetical order, numbers with the digits that they were written with."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from local_snowflake.errors import SnowflakeError


class Number(str):
    """A JSON number, as written."""


def write(value: Any) -> str:
    """Compact JSON with sorted keys."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{write(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _pairs(keep_last: bool) -> Any:
    def make(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs) and not keep_last:
            seen: set[str] = set()
            name = next(key for key, _ in pairs if key in seen or seen.add(key))
            raise SnowflakeError(100069, "22P02", f'Error parsing JSON: duplicate object attribute "{name}", pos 0')
        return made

    return make


def parse(text: str, keep_last: bool = True) -> Any:
    try:
        return json.loads(
            text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_pairs(keep_last)
        )
    except json.JSONDecodeError as error:
        raise SnowflakeError(
            100069, "22P02", f"Error parsing JSON: {error.msg}, line {error.lineno}, pos {error.colno}"
        ) from error


def identity(value: Any) -> str:
    """What makes two elements the same: 1 and 1.0 are, 1 and "1" are not."""
    if isinstance(value, Number):
        try:
            return f"n{Decimal(str(value)).normalize()}"
        except InvalidOperation:
            return f"n{value}"
    if isinstance(value, (dict, list)):
        return write(value)
    return repr(value)


def read_array(text: str) -> list[Any]:
    value = parse(text)
    return value if isinstance(value, list) else [value]


def read_object(text: str) -> dict[str, Any]:
    value = parse(text)
    if not isinstance(value, dict):
        raise SnowflakeError(100071, "22000", f"Failed to cast variant value {text[:60]} to OBJECT")
    return value
