"""Small pieces of SQL trees."""

from __future__ import annotations

import functools

from sqlglot import Expr, exp


def call(name: str, *arguments: Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


@functools.cache
def _parsed_type(name: str) -> exp.DataType:
    return exp.DataType.build(name, dialect="duckdb")


def duckdb_type(name: str) -> exp.DataType:
    """A type of DuckDB's."""
    return _parsed_type(name).copy()
