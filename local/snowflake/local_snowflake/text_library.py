"""Functions of text: its parts, changes, likeness, and addresses."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from local_snowflake.errors import SnowflakeError
from local_snowflake.library import define
from local_snowflake.python_functions import scalar

define("SPLIT_PART", "_split_part", texts="ttn")


@scalar("_split_part", ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR")
def split_part(subject: str, delimiter: str, part: int) -> str:
    """The part by number, from the end where it is negative; 0 is 1; empty where there is none."""
    parts = subject.split(delimiter) if delimiter else [subject]
    index = part - 1 if part > 0 else part if part < 0 else 0
    return parts[index] if -len(parts) <= index < len(parts) else ""


define("STRTOK", "_strtok", " ", 1, texts="ttn")
define("STRTOK_TO_ARRAY", "_strtok_to_array", " ", texts="tt", result="json")
define("SPLIT", "_split", texts="tt", result="json")


def _tokens(subject: str, delimiters: str) -> list[str]:
    if not delimiters:
        return [subject] if subject else []
    return [part for part in re.split("[" + re.escape(delimiters) + "]", subject) if part]


@scalar("_strtok", ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR")
def strtok(subject: str, delimiters: str, part: int) -> str | None:
    found = _tokens(subject, delimiters)
    return found[part - 1] if 1 <= part <= len(found) else None


@scalar("_strtok_to_array", ["VARCHAR", "VARCHAR"], "VARCHAR")
def strtok_to_array(subject: str, delimiters: str) -> str:
    return json.dumps(_tokens(subject, delimiters), ensure_ascii=False)


@scalar("_split", ["VARCHAR", "VARCHAR"], "VARCHAR")
def split(subject: str, separator: str) -> str:
    return json.dumps(subject.split(separator) if separator else [subject], ensure_ascii=False)


define("TRANSLATE", "_translate", texts="ttt")
define("INSERT", "_insert", texts="tnnt")
define("CHARINDEX", "_position", 1, texts="ttn")
define("EDITDISTANCE", "_editdistance", -1, texts="ttn")
define("SOUNDEX", "_soundex", texts="t")
define("SPACE", "_space", texts="n")
define("RTRIMMED_LENGTH", "_rtrimmed_length", texts="t")
define("LPAD", "_lpad", " ", texts="tnt")
define("RPAD", "_rpad", " ", texts="tnt")
define("JAROWINKLER_SIMILARITY", "_jarowinkler", texts="tt")


@scalar("_translate", ["VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")
def translate(subject: str, source: str, target: str) -> str:
    table: dict[int, str | None] = {}
    for index, letter in enumerate(source):
        table.setdefault(ord(letter), target[index] if index < len(target) else None)
    return subject.translate(table)


@scalar("_insert", ["VARCHAR", "INTEGER", "INTEGER", "VARCHAR"], "VARCHAR")
def insert(subject: str, position: int, length: int, inserted: str) -> str:
    return subject[: position - 1] + inserted + subject[position - 1 + length :]


@scalar("_position", ["VARCHAR", "VARCHAR", "INTEGER"], "INTEGER")
def position(wanted: str, subject: str, start: int) -> int:
    return subject.find(wanted, max(0, start - 1)) + 1


@scalar("_editdistance", ["VARCHAR", "VARCHAR", "INTEGER"], "INTEGER")
def editdistance(left: str, right: str, limit: int) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1] if limit < 0 else min(row[-1], limit)


_SOUNDS = {
    **dict.fromkeys("BFPV", "1"),
    **dict.fromkeys("CGJKQSXZ", "2"),
    **dict.fromkeys("DT", "3"),
    "L": "4",
    **dict.fromkeys("MN", "5"),
    "R": "6",
}


@scalar("_soundex", ["VARCHAR"], "VARCHAR")
def soundex(subject: str) -> str:
    letters = [letter for letter in subject.upper() if letter.isalpha()]
    if not letters:
        return ""
    made, last = letters[0], _SOUNDS.get(letters[0], "")
    for letter in letters[1:]:
        code = _SOUNDS.get(letter, "")
        if code and code != last:
            made += code
        if letter not in "HW":
            last = code
    return (made + "000")[:4]


@scalar("_space", ["INTEGER"], "VARCHAR")
def space(count: int) -> str:
    return " " * max(0, count)


@scalar("_rtrimmed_length", ["VARCHAR"], "INTEGER")
def rtrimmed_length(subject: str) -> int:
    return len(subject.rstrip(" "))


def _padding(subject: str, length: int, pad: str) -> str:
    missing = max(0, length - len(subject))
    return (pad * (missing // len(pad) + 1))[:missing] if pad else ""


@scalar("_lpad", ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR")
def lpad(subject: str, length: int, pad: str) -> str:
    return (
        (_padding(subject, length, pad) + subject)[: max(0, length)]
        if len(subject) < length
        else subject[: max(0, length)]
    )


@scalar("_rpad", ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR")
def rpad(subject: str, length: int, pad: str) -> str:
    return (subject + _padding(subject, length, pad))[: max(0, length)]


@scalar("_jarowinkler", ["VARCHAR", "VARCHAR"], "INTEGER")
def jarowinkler(left: str, right: str) -> int:
    """From 0, nothing in common, to 100, the same but for case."""
    a, b = left.upper(), right.upper()
    if not a or not b:
        return 0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    used = [False] * len(b)
    matched = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not used[j] and b[j] == letter:
                used[j] = True
                matched.append(letter)
                break
    if not matched:
        return 0
    others = [b[j] for j in range(len(b)) if used[j]]
    swapped = sum(x != y for x, y in zip(matched, others)) / 2
    m = len(matched)
    similarity = (m / len(a) + m / len(b) + (m - swapped) / m) / 3
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return int((similarity + prefix * 0.1 * (1 - similarity)) * 100)


define("PARSE_URL", "_parse_url", 0, texts="tn", result="json")


@scalar("_parse_url", ["VARCHAR", "INTEGER"], "VARCHAR", nulls=True)
def parse_url(url: str | None, permissive: int) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if not parts.scheme:
        if permissive:
            return json.dumps({"error": "specified string is not a valid URL"})
        raise SnowflakeError(100139, "22023", f"Error parsing URL: scheme not specified: {url}")
    parameters = {unquote(k): v for k, v in parse_qsl(parts.query, keep_blank_values=True)} if parts.query else None
    made = {
        "fragment": parts.fragment or None, "host": parts.hostname, "parameters": parameters, "path": parts.path.lstrip("/") or None,
        "port": str(parts.port) if parts.port else None, "query": parts.query or None, "scheme": parts.scheme,
    }  # fmt: skip
    return json.dumps(made, ensure_ascii=False)


define("CONTAINS", "contains", texts="tt")
define("STARTSWITH", "starts_with", texts="tt")
define("ENDSWITH", "ends_with", texts="tt")
