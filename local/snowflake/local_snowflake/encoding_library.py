"""Functions of digests, of texts that stand for bytes, and of bytes."""

from __future__ import annotations

import base64
import hashlib

from local_snowflake.errors import SnowflakeError
from local_snowflake.library import LIBRARY, define
from local_snowflake.nodes import call, text
from local_snowflake.python_functions import scalar

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
