"""Functions of regular expressions."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlglot import Expr, exp

from local_snowflake import regular_expressions
from local_snowflake.casts import as_text
from local_snowflake.library import LIBRARY, define
from local_snowflake.nodes import call, text
from local_snowflake.python_functions import scalar

define("REGEXP_LIKE RLIKE REGEXP", "_regexp_like", "", texts="ttt")
define("REGEXP_COUNT", "_regexp_count", 1, "", texts="ttnt")
define("REGEXP_SUBSTR", "_regexp_substr", 1, 1, "", -1, texts="ttnntn")
define("REGEXP_SUBSTR_ALL", "_regexp_substr_all_json", 1, 1, "", -1, texts="ttnntn", result="json")
define("REGEXP_INSTR", "_regexp_instr", 1, 1, 0, "", -1, texts="ttnnntn")
define("REGEXP_REPLACE", "_regexp_replace", "", 1, 0, "", texts="tttnnt")


def _constant(node: Expr | None, default: str) -> str | None:
    """The argument's text where it is a constant; its default where it is left out."""
    if node is None:
        return default
    return str(node.this) if isinstance(node, exp.Literal) else None


def _native(name: str, flags_at: int, build: Callable[[list[Expr], str], Expr | None]) -> None:
    """Lets DuckDB's own engine run a call whose pattern and options are constants; Python runs the others."""
    general = LIBRARY[name]

    def choose(arguments: list[Expr]) -> Expr:
        pattern = _constant(arguments[1], "")
        flags = _constant(arguments[flags_at] if len(arguments) > flags_at else None, "")
        if pattern is None or flags is None:
            return general(arguments)
        regular_expressions.check(pattern, flags)
        letters = "".join(letter for letter in flags if letter in "ims") if flags.rfind("i") >= flags.rfind("c") else ""
        return build(arguments, letters) or general(arguments)

    LIBRARY[name] = choose


def _whole(arguments: list[Expr], flags: str) -> Expr | None:
    return call("regexp_full_match", as_text(arguments[0]), arguments[1], text(flags))


def _replaced(arguments: list[Expr], flags: str) -> Expr | None:
    replacement = _constant(arguments[2] if len(arguments) > 2 else None, "")
    position, occurrence = (_constant(arguments[i] if len(arguments) > i else None, d) for i, d in ((3, "1"), (4, "0")))
    if replacement is None or position != "1" or occurrence not in ("0", "1"):
        return None
    return call(
        "regexp_replace",
        as_text(arguments[0]),
        arguments[1],
        text(replacement),
        text(flags + ("g" if occurrence == "0" else "")),
    )


def _extracted(arguments: list[Expr], flags: str) -> Expr | None:
    position, occurrence = (_constant(arguments[i] if len(arguments) > i else None, "1") for i in (2, 3))
    group = _constant(arguments[5] if len(arguments) > 5 else None, "0")
    letters = _constant(arguments[4] if len(arguments) > 4 else None, "") or ""
    if position != "1" or occurrence is None or group is None:
        return None
    if group == "0" and "e" in letters and "(" in arguments[1].name:
        group = "1"
    found = call("regexp_extract_all", as_text(arguments[0]), arguments[1], exp.Literal.number(group), text(flags))
    return call("list_extract", found, exp.Literal.number(occurrence))


for _name in ("REGEXP_LIKE", "RLIKE", "REGEXP"):
    _native(_name, 2, _whole)
_native("REGEXP_REPLACE", 5, _replaced)
_native("REGEXP_SUBSTR", 4, _extracted)


@scalar("_regexp_substr_all_json", ["VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR", "INTEGER"], "VARCHAR")
def regexp_substr_all_json(
    subject: str, pattern: str, position: int, occurrence: int, parameters: str, group: int
) -> str:
    found = regular_expressions.regexp_substr_all(subject, pattern, position, occurrence, parameters, group)
    return json.dumps(found, ensure_ascii=False)
