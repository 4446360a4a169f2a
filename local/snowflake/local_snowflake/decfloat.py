"""DECFLOAT: decimal numbers of up to 36 digits with an exponent.

DuckDB has no such type, so a value is a struct of one text that sorts as the numbers do: equality, order, grouping and
joins are DuckDB's own. Arithmetic on it is refused.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from local_snowflake.errors import SnowflakeError
from local_snowflake.python_functions import scalar

STRUCT = "STRUCT(decfloat VARCHAR)"
DIGITS = 36
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_UP, Emin=-16383, Emax=16384)
_BIAS = 30_000
_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def encode(value: Decimal) -> str:
    """The number as a text that sorts as the number does."""
    number = _CONTEXT.plus(value).normalize(_CONTEXT)
    if number == 0:
        return "5"
    digits = "".join(map(str, number.as_tuple().digits))
    size = f"{number.adjusted() + _BIAS:05d}"
    return f"6{size}{digits}" if number > 0 else f"4{(size + digits).translate(_COMPLEMENT)}~"


def decode(text: str) -> Decimal:
    if text == "5":
        return Decimal(0)
    body = text[1:] if text[0] == "6" else text[1:-1].translate(_COMPLEMENT)
    digits = body[5:]
    number = Decimal(digits).scaleb(
        int(body[:5]) - _BIAS - len(digits) + 1, Context(prec=DIGITS, Emin=-99999, Emax=99999)
    )
    return number if text[0] == "6" else -number


def shown(value: Decimal) -> str:
    """As Snowflake writes it: plain digits while they are few, else with an exponent."""
    if value == 0:
        return "0"
    exponent = value.adjusted()
    if -6 <= exponent < DIGITS + 2:
        return format(value, "f")
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if value < 0 else ''}{mantissa}e{exponent}"


@scalar("_decfloat", ["VARCHAR"], STRUCT)
def from_text(text: str) -> dict[str, str]:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or "_" in text:
        raise SnowflakeError(100038, "22018", f"Numeric value '{text}' is not recognized")
    return {"decfloat": encode(value)}


@scalar("_decfloat_shown", ["VARCHAR"], "VARCHAR")
def to_text(struct_text: str) -> str:
    """The text of a struct that DuckDB has written out, since a CASE over types cannot cast to a struct."""
    found = re.search(r"[0-9]+~?", struct_text)
    return shown(decode(found[0])) if found else ""


@scalar("_decfloat_plain", [STRUCT], "VARCHAR")
def to_plain_text(value: dict[str, str]) -> str:
    """All digits, without an exponent: what a cast to NUMBER reads."""
    return format(decode(value["decfloat"]), "f")
