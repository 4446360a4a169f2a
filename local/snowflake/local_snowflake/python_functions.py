"""Functions of Snowflake's that DuckDB cannot express, written in Python and called from its SQL.

A function is registered under a name that starts with `_`, so that no name of Snowflake's means it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import duckdb

from local_snowflake.errors import SnowflakeError, carried

Registered = tuple[str, Callable[..., Any], list[str], Any]
_FUNCTIONS: list[Registered] = []


def scalar(
    name: str, takes: list[str], gives: Any, *, nulls: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a Python function known to SQL. It is not called with nulls, and gives null then, unless `nulls` is set."""

    def register_function(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*arguments: Any) -> Any:
            if not nulls and None in arguments:
                return None
            try:
                return function(*arguments)
            except SnowflakeError as error:
                raise carried(error) from error

        _FUNCTIONS.append((name, guarded, takes, gives))
        return function

    return register_function


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all of them known to a DuckDB connection and its cursors."""
    for name, function, takes, gives in _FUNCTIONS:
        connection.create_function(name, function, [_type(t) for t in takes], _type(gives), null_handling="special")


def _type(name: Any) -> Any:
    found = re.fullmatch(r"STRUCT\((\w+) (\w+)\)", name) if isinstance(name, str) else None
    return duckdb.struct_type({found[1]: found[2]}) if found else name
