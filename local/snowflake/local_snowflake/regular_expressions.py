"""The REGEXP functions: POSIX-like patterns with Perl's classes, without look-around, lazy groups or back-references in the pattern."""

from __future__ import annotations

import re
from functools import lru_cache

from local_snowflake.errors import SnowflakeError
from local_snowflake.python_functions import scalar

_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f", "word": r"\w", "cntrl": r"\x00-\x1f\x7f", "graph": "!-~", "print": " -~", "ascii": r"\x00-\x7f",
}  # fmt: skip
_FLAGS = {"i": re.I, "m": re.M, "s": re.S}


def _invalid(pattern: str, reason: str) -> SnowflakeError:
    return SnowflakeError(100048, "2201B", f"Invalid regular expression: '{pattern}', {reason}")


@lru_cache(maxsize=512)
def _compiled(pattern: str, parameters: str) -> re.Pattern[str]:
    """The pattern as Python reads it. The last of `i` and `c` decides about case."""
    for letter in parameters:
        if letter not in "cimse":
            raise SnowflakeError(
                1008,
                "22023",
                f"Invalid parameter value: {parameters}. Reason: unknown regular expression flag '{letter}'",
            )
    if re.search(r"(?<!\\)(?:\\\\)*\(\?", pattern):
        raise _invalid(pattern, "no argument for repetition operator: ?")
    if re.search(r"(?<!\\)(?:\\\\)*\\[1-9]", pattern):
        raise _invalid(pattern, "invalid escape sequence")
    translated = re.sub(r"\[:(\^?)(\w+):\]", lambda m: _CLASSES.get(m[2], m[0]), pattern)
    flags = re.ASCII
    insensitive = max(parameters.rfind("i"), -1) > parameters.rfind("c")
    for letter in set(parameters) & {"m", "s"}:
        flags |= _FLAGS[letter]
    try:
        return re.compile(translated, flags | (re.I if insensitive else 0))
    except re.error as error:
        raise _invalid(pattern, str(error)) from error


def check(pattern: str, parameters: str) -> None:
    """Raises where the pattern or its parameters are not Snowflake's."""
    _compiled(pattern, parameters)


def _position(position: int) -> int:
    if position < 1:
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {position}. Reason: the position starts at 1")
    return position - 1


def _matches(subject: str, pattern: str, position: int, parameters: str) -> list[re.Match[str]]:
    return list(_compiled(pattern, parameters).finditer(subject, _position(position)))


def _group(parameters: str, group: int | None) -> int:
    if group is None:
        return 1 if "e" in parameters else 0
    return group


def _taken(match: re.Match[str], group: int) -> int | None:
    """The group to take; a pattern without groups gives its whole match."""
    if match.re.groups == 0:
        return 0 if group <= 1 else None
    return group if group <= match.re.groups else None


@scalar("_regexp_like", ["VARCHAR", "VARCHAR", "VARCHAR"], "BOOLEAN")
def regexp_like(subject: str, pattern: str, parameters: str) -> bool:
    """The whole subject has to match."""
    return _compiled(pattern, parameters).fullmatch(subject) is not None


@scalar("_regexp_count", ["VARCHAR", "VARCHAR", "INTEGER", "VARCHAR"], "INTEGER")
def regexp_count(subject: str, pattern: str, position: int, parameters: str) -> int:
    return len(_matches(subject, pattern, position, parameters))


@scalar("_regexp_substr", ["VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR", "INTEGER"], "VARCHAR")
def regexp_substr(
    subject: str, pattern: str, position: int, occurrence: int, parameters: str, group: int
) -> str | None:
    """The group is -1 where the statement names none."""
    found = _matches(subject, pattern, position, parameters)
    if len(found) < occurrence:
        return None
    taken = _taken(found[occurrence - 1], _group(parameters, None if group < 0 else group))
    return None if taken is None else found[occurrence - 1].group(taken)


@scalar("_regexp_substr_all", ["VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR", "INTEGER"], "VARCHAR[]")
def regexp_substr_all(
    subject: str, pattern: str, position: int, occurrence: int, parameters: str, group: int
) -> list[str | None]:
    found = _matches(subject, pattern, position, parameters)[occurrence - 1 :]
    wanted = _group(parameters, None if group < 0 else group)
    taken = [(match, _taken(match, wanted)) for match in found]
    return [match.group(number) for match, number in taken if number is not None]


@scalar("_regexp_instr", ["VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "INTEGER", "VARCHAR", "INTEGER"], "INTEGER")
def regexp_instr(
    subject: str, pattern: str, position: int, occurrence: int, option: int, parameters: str, group: int
) -> int:
    """Where the match begins, or with option 1 where it has ended; 0 without a match."""
    found = _matches(subject, pattern, position, parameters)
    if len(found) < occurrence:
        return 0
    match = found[occurrence - 1]
    taken = _taken(match, _group(parameters, None if group < 0 else group))
    if taken is None or match.start(taken) < 0:
        return 0
    return (match.end(taken) if option else match.start(taken)) + 1


@scalar("_regexp_replace", ["VARCHAR", "VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR"], "VARCHAR")
def regexp_replace(
    subject: str, pattern: str, replacement: str, position: int, occurrence: int, parameters: str
) -> str:
    """All occurrences from the position on, or the one that is named. `\\\\1` in the replacement is the first group."""
    made, end = [subject[: _position(position)]], _position(position)
    for number, match in enumerate(_matches(subject, pattern, position, parameters), 1):
        if occurrence in (0, number):
            made += [subject[end : match.start()], _filled(replacement, match)]
            end = match.end()
    return "".join([*made, subject[end:]])


def _filled(replacement: str, match: re.Match[str]) -> str:
    def group(found: re.Match[str]) -> str:
        text = found[1]
        if not text.isdigit():
            return text
        return (match.group(int(text)) or "") if int(text) <= match.re.groups else ""

    return re.sub(r"\\(\d|\\|.)", group, replacement)
