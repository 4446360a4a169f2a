"""Functions of text: regular expressions, parts, codes and digests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlglot import Expr, exp

from local_snowflake import regular_expressions
from local_snowflake.casts import as_text
from local_snowflake.errors import SnowflakeError
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


# -- digests and encodings

for _name, _algorithm in (("MD5", "md5"), ("SHA1", "sha1")):
    LIBRARY[_name] = LIBRARY[f"{_name}_HEX"] = lambda arguments, name=_algorithm: call(
        "_digest", call("_hex_of", arguments[0]), text(name)
    )
define("SHA2 SHA2_HEX", "_sha2", 256, texts="bn")
define("HEX_ENCODE", "_hex_encode", 1, texts="bn")
define("HEX_DECODE_STRING", "_hex_decode", texts="t")
define("TRY_HEX_DECODE_STRING", "_try_hex_decode", texts="t")
define("BASE64_ENCODE", "_base64_encode", 0, "+/=", texts="bnt")
define("BASE64_DECODE_STRING", "_base64_decode", "+/=", texts="tt")
define("TRY_BASE64_DECODE_STRING", "_try_base64_decode", "+/=", texts="tt")
define("PARSE_URL", "_parse_url", 0, texts="tn", result="json")


@scalar("_digest", ["VARCHAR", "VARCHAR"], "VARCHAR")
def digest(digits: str, name: str) -> str:
    return hashlib.new(name, bytes.fromhex(digits), usedforsecurity=False).hexdigest()


@scalar("_hex_encode", ["VARCHAR", "INTEGER"], "VARCHAR")
def hex_encode(digits: str, upper: int) -> str:
    return digits.upper() if upper else digits.lower()


def sha2_name(size: int) -> str:
    size = size or 256
    if size not in (224, 256, 384, 512):
        raise SnowflakeError(
            1008, "22023", f"Invalid parameter value: {size}. Reason: SHA2 has 224, 256, 384 or 512 bits"
        )
    return f"sha{size}"


@scalar("_sha2", ["VARCHAR", "INTEGER"], "VARCHAR")
def sha2(digits: str, size: int) -> str:
    return hashlib.new(sha2_name(size), bytes.fromhex(digits)).hexdigest()


@scalar("_hex_decode", ["VARCHAR"], "VARCHAR")
def hex_decode(subject: str) -> str:
    try:
        return bytes.fromhex(subject).decode()
    except ValueError as error:
        raise SnowflakeError(
            100115, "22023", f"The following string is not a legal hex-encoded value: '{subject}'"
        ) from error


@scalar("_try_hex_decode", ["VARCHAR"], "VARCHAR", nulls=True)
def try_hex_decode(subject: str | None) -> str | None:
    try:
        return None if subject is None else bytes.fromhex(subject).decode()
    except ValueError:
        return None


@scalar("_base64_encode", ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR")
def base64_encode(digits: str, line_length: int, alphabet: str) -> str:
    made = base64.b64encode(bytes.fromhex(digits)).decode()
    made = made.replace("+", alphabet[0:1] or "+").replace("/", alphabet[1:2] or "/").replace("=", alphabet[2:3] or "=")
    return "\n".join(made[i : i + line_length] for i in range(0, len(made), line_length)) if line_length else made


def _decoded(subject: str, alphabet: str) -> str:
    plain = (
        subject.replace(alphabet[0:1] or "+", "+").replace(alphabet[1:2] or "/", "/").replace(alphabet[2:3] or "=", "=")
    )
    return base64.b64decode("".join(plain.split()), validate=True).decode()


@scalar("_base64_decode", ["VARCHAR", "VARCHAR"], "VARCHAR")
def base64_decode(subject: str, alphabet: str) -> str:
    try:
        return _decoded(subject, alphabet)
    except ValueError as error:
        raise SnowflakeError(
            100115, "22023", f"The following string is not a legal base64-encoded value: '{subject}'"
        ) from error


@scalar("_try_base64_decode", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def try_base64_decode(subject: str | None, alphabet: str) -> str | None:
    try:
        return None if subject is None else _decoded(subject, alphabet)
    except ValueError:
        return None


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


# -- binary values

define("TO_BINARY", "_to_binary", "", texts=" t")
define("TRY_TO_BINARY", "_try_to_binary", "", texts=" t")
define("HEX_DECODE_BINARY", "_hex_binary", texts="t")
define("BASE64_DECODE_BINARY", "_base64_binary", "+/=", texts="tt")


def _binary_format(form: str) -> str:
    name = form.upper().replace("_", "-")
    if name not in ("HEX", "BASE64", "UTF-8", "UTF8"):
        raise SnowflakeError(
            1008, "22023", f"Invalid parameter value: {form}. Reason: the format is HEX, BASE64 or UTF-8"
        )
    return name


@scalar("_show_binary", ["VARCHAR", "VARCHAR"], "VARCHAR")
def show_binary(digits: str, form: str) -> str:
    match _binary_format(form):
        case "HEX":
            return digits.upper()
        case "BASE64":
            return base64.b64encode(bytes.fromhex(digits)).decode()
    try:
        return bytes.fromhex(digits).decode()
    except UnicodeDecodeError as error:
        raise SnowflakeError(100144, "22000", f"Invalid UTF8 detected in string '0x{digits}'") from error


@scalar("_read_binary", ["VARCHAR", "VARCHAR"], "BLOB")
def read_binary(subject: str, form: str) -> bytes:
    try:
        match _binary_format(form):
            case "HEX":
                return bytes.fromhex(subject)
            case "BASE64":
                return base64.b64decode(subject, validate=True)
    except ValueError as error:
        raise SnowflakeError(
            100115, "22023", f"The following string is not a legal {form.lower()}-encoded value: '{subject}'"
        ) from error
    return subject.encode()


define("OCTET_LENGTH", "_octet_length", texts="b")


@scalar("_octet_length", ["VARCHAR"], "INTEGER")
def octet_length(digits: str) -> int:
    return len(digits) // 2


define("CONTAINS", "contains", texts="tt")
define("STARTSWITH", "starts_with", texts="tt")
define("ENDSWITH", "ends_with", texts="tt")
