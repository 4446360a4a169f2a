"""Snowflake's functions by name, each with what makes DuckDB's expression from its arguments.

The parser leaves a call of one of these as it is written, so that no argument is lost on the way. What is not here is
translated by sqlglot, or by `functions`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import Expr, exp

from local_snowflake.casts import as_text
from local_snowflake.nodes import call, duckdb_type, text

Builder = Callable[[list[Expr]], Expr]
LIBRARY: dict[str, Builder] = {}

Default = int | str | None


def _literal(value: Default) -> Expr:
    if value is None:
        return exp.Null()
    return text(value) if isinstance(value, str) else exp.Literal.number(value)


def define(names: str, function: str, *defaults: Default, texts: str = "", result: str = "") -> None:
    """Calls of `names` become calls of `function`, with defaults for the last arguments that are left out.

    `texts` has a letter for each argument: `t` reads it as text, `j` as the JSON text of a VARIANT, `b` as its
    bytes in hexadecimal digits, `n` as a whole
    number, anything else as it is. `result` is `json` where the function gives JSON text.
    """

    def build(arguments: list[Expr]) -> Expr:
        missing = max(0, len(texts) - len(arguments)) if texts else 0
        given = [*arguments, *map(_literal, defaults[len(defaults) - missing :] if missing else ())]
        made = call(function, *(_as(texts[i : i + 1], argument) for i, argument in enumerate(given)))
        return as_json(made) if result == "json" else made

    for name in names.split():
        LIBRARY[name] = build


def builder(*names: str) -> Callable[[Builder], Builder]:
    def add(build: Builder) -> Builder:
        for name in names:
            LIBRARY[name] = build
        return build

    return add


def _as(letter: str, argument: Expr) -> Expr:
    if letter == "t":
        return as_text(argument)
    if letter == "j":
        return call("_json_text", argument)
    if letter == "b":
        return call("_hex_of", argument)
    if letter == "n":
        return done_cast(argument, "INTEGER")
    return argument


def done_cast(value: Expr, kind: str) -> exp.Cast:
    """A cast in DuckDB's own terms."""
    made = exp.Cast(this=value, to=duckdb_type(kind))
    made.args["_done"] = True
    return made


def as_json(value: Expr) -> Expr:
    return call("_json", value)
