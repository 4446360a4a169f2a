"""Small pieces of SQL trees."""

from __future__ import annotations

from sqlglot import Expr, exp


def call(name: str, *arguments: Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)
