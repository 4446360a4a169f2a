"""Reads SQL with sqlfluff's Snowflake dialect, a grammar that the local Snowflake knows nothing of."""

from __future__ import annotations

import re
from concurrent.futures import ProcessPoolExecutor

from sqlfluff.core import FluffConfig, Linter

# What Snowflake documents and sqlfluff's grammar does not have, as a pattern, what it is read as, and the page that documents it.
BEHIND = [
    # parameters may be separated by blanks, commas or new lines
    (
        r"(?i)^(alter session set) .*$",
        r"\1 A = 1",
        "https://docs.snowflake.com/en/sql-reference/sql/alter-session",
    ),
    # what a row access policy is made of is not in its grammar
    (
        r"(?is)create or replace row access policy .*?-> *(.*?);",
        r"SELECT \1;",
        "https://docs.snowflake.com/en/sql-reference/sql/create-row-access-policy",
    ),
    # a bind variable where a value may stand; the driver's `?` is a token of its own
    (
        r"(?<![\w'\"])[?]",
        "1",
        "https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-execute",
    ),
]

# Literals and generated names do not make another form of statement.
_LITERALS = [
    (re.compile(r"'(?:[^'\\]|''|\\.)*'"), "'x'"),
    (re.compile(r"\$\$.*?\$\$", re.DOTALL), "'x'"),
    (re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?(?![\w\"])"), "1"),
    (re.compile(r"_[0-9A-Fa-f]{8,}(?:_[0-9A-Fa-f]+)*"), "_1"),
]
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)


def forms(texts: list[str]) -> dict[str, str]:
    """One statement of each form."""
    found: dict[str, str] = {}
    for text in texts:
        form = text
        for pattern, instead in _LITERALS:
            form = pattern.sub(instead, form)
        found.setdefault(" ".join(form.split()), text)
    return found


def unread(text: str) -> str | None:
    """Where the grammar stops, or None where it reads all of it."""
    for pattern, instead, _ in BEHIND:
        text = re.sub(pattern, instead, text)
    parsed = Linter(config=FluffConfig(overrides={"dialect": "snowflake", "templater": "raw"})).parse_string(text)
    return next((str(violation) for violation in parsed.violations), None)


def unread_forms(texts: list[str]) -> tuple[int, list[tuple[str, str]]]:
    """How many forms of statement there are, and those that the grammar does not read, with where it stops."""
    found = list(forms(texts).values())
    with ProcessPoolExecutor() as pool:
        problems = zip(found, pool.map(unread, found, chunksize=8), strict=True)
        return len(found), [(problem, text) for text, problem in problems if problem]
