"""Functions of numbers and booleans, and number formats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from sqlglot import Expr, exp

from local_snowflake.casts import as_text
from local_snowflake.errors import SnowflakeError, unsupported
from local_snowflake.library import LIBRARY, builder, define, done_cast
from local_snowflake.nodes import call
from local_snowflake.python_functions import scalar

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def _not_a_number(subject: str) -> SnowflakeError:
    return SnowflakeError(100038, "22018", f"Numeric value '{subject}' is not recognized")


# -- numbers from text


@builder("TO_NUMBER", "TO_DECIMAL", "TO_NUMERIC")
def _to_number(arguments: list[Expr]) -> Expr:
    value, rest = arguments[0], arguments[1:]
    if rest and not _is_size(rest[0]):
        _check_model(rest[0])
        value = call("_number_by", as_text(value), rest[0])
        rest = rest[1:]
    if not all(_is_size(size) for size in rest):
        raise unsupported("a precision or scale that is not a constant")
    sizes = [int(size.name) for size in rest]
    precision, scale = sizes[0] if sizes else 38, sizes[1] if len(sizes) > 1 else 0
    if not 1 <= precision <= 38 or scale > precision:
        raise SnowflakeError(2004, "42601", f"SQL compilation error:\ninvalid precision or scale ({precision},{scale})")
    return exp.Cast(this=value, to=exp.DataType.build(f"DECIMAL({precision},{scale})", dialect="snowflake"))


@builder("TRY_TO_NUMBER", "TRY_TO_DECIMAL", "TRY_TO_NUMERIC")
def _try_to_number(arguments: list[Expr]) -> Expr:
    made = _to_number(arguments)
    return exp.TryCast(this=made.this, to=made.args["to"]) if made.this is arguments[0] else call("try", made)


# The elements of a numeric format model; texts in double quotes stand for themselves.
_MODEL = re.compile(r'(?:TM9?|TME|FM|MI|FX|E{1,5}|"[^"]*"|[90XBDGSP$.,_/ \-+():;<>])*', re.I)


def _check_model(model: Expr) -> None:
    if isinstance(model, exp.Literal) and not _MODEL.fullmatch(model.name):
        raise SnowflakeError(100098, "22007", f"Bad format model '{model.name}'")


def _is_size(node: Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string


@builder("TO_DOUBLE")
def _to_double(arguments: list[Expr]) -> Expr:
    if len(arguments) == 2:
        return done_cast(call("_number_by", as_text(arguments[0]), arguments[1]), "DOUBLE")
    return exp.Cast(this=arguments[0], to=exp.DataType.build("DOUBLE"))


@builder("TRY_TO_DOUBLE")
def _try_to_double(arguments: list[Expr]) -> Expr:
    return call("try", _to_double(arguments))


@builder("TRY_TO_DECFLOAT")
def _try_to_decfloat(arguments: list[Expr]) -> Expr:
    if len(arguments) == 2:
        raise unsupported("TRY_TO_DECFLOAT with a format")
    return exp.TryCast(this=arguments[0], to=exp.DataType.build("DECFLOAT", dialect="snowflake"))


@scalar("_number_by", ["VARCHAR", "VARCHAR"], "VARCHAR")
def number_by(subject: str, form: str) -> str:
    """The digits of a number that is written by a format: groups, a currency sign, a sign before or after, an exponent, hex."""
    upper = form.upper()
    body = subject.strip()
    if "X" in upper:
        try:
            return str(int(body, 16))
        except ValueError:
            raise _not_a_number(subject) from None
    negative = body.startswith("-") or body.endswith("-") or body.startswith("<") and body.endswith(">")
    plain = body.strip("+-<> ")
    if "$" in plain and "$" not in upper or ("," in plain and not re.search("[,G]", upper)):
        raise _not_a_number(subject)
    plain = plain.replace("$", "").replace(",", "").strip()
    if not re.fullmatch(r"\d*(\.\d*)?(E[+-]?\d+)?", plain, re.I) or not re.search(r"\d", plain):
        raise _not_a_number(subject)
    whole = re.match(r"\d*", plain)[0].lstrip("0")
    places = len(re.findall("[09]", re.split("[.D]", upper)[0]))
    if places and len(whole) > places and "E" not in upper and "TM" not in upper:
        raise _not_a_number(subject)
    return ("-" if negative else "") + plain


@scalar("_exact_double", ["DOUBLE"], "VARCHAR")
def exact_double(value: float) -> str:
    """All digits of the binary fraction."""
    return format(Decimal(value), "f")


# -- numbers to text


_NUMBER_FORMAT = re.compile(r"(?:TM[9E]?|FM|MI|EEEEE|EEEE|EEE|EE|[09X$.,DGBES:;/=()# +-])*")


@scalar("_show_number", ["VARCHAR", "VARCHAR"], "VARCHAR")
def show_number(subject: str, form: str) -> str:
    """TO_CHAR with a number format: digits 0 and 9, point, groups, sign, dollar, quoted text, fill mode, text-minimal."""
    number = Decimal(subject)
    pieces = _format_pieces(form)
    if any(not quoted and not _NUMBER_FORMAT.fullmatch(piece.upper()) for quoted, piece in pieces):
        raise SnowflakeError(100140, "22007", f"Bad output format '{form}'")
    upper = "".join(piece for quoted, piece in pieces if not quoted).upper()
    if upper.startswith("TM"):
        return format(number, "e" if upper == "TME" else "f")
    fill = "FM" in upper
    head, _, tail = upper.replace("D", ".").partition(".")
    decimals = len(re.findall("[09X]", tail))
    places = len(re.findall("[09X]", head))
    rounded = _WIDE.quantize(number, Decimal(1).scaleb(-decimals))
    whole, _, fraction = format(abs(rounded), "f").partition(".")
    whole = whole.lstrip("0") or ("0" if "0" in head or not tail else "")
    if len(whole) > places:
        body_whole, fraction, overflow = "#" * places, "#" * decimals, True
    else:
        body_whole, overflow = whole, False
    return _filled(pieces, body_whole, fraction, rounded < 0, fill, overflow)


def _format_pieces(form: str) -> list[tuple[bool, str]]:
    return [(part.startswith('"'), part.strip('"')) for part in re.findall(r'"[^"]*"|[^"]+', form)]


def _filled(
    pieces: list[tuple[bool, str]], whole: str, fraction: str, negative: bool, fill: bool, overflow: bool
) -> str:
    """Puts the digits into the format, and the sign before the first of them."""
    plain = "".join(piece for quoted, piece in pieces if not quoted).upper().replace("FM", "")
    slots = [c for c in re.split("[.D]", plain)[0] if c in "09X"]
    padded: list[str] = []
    shown = whole.rjust(len(slots))
    seen_zero = False
    for slot, digit in zip(slots, shown):
        seen_zero = seen_zero or slot == "0"
        padded.append("0" if digit == " " and seen_zero else digit)
    signed = re.search(r"S|MI", plain) is not None
    sign = "-" if negative else ("" if fill else " ")
    made, after_point, placed = "", False, signed
    digits, decimals = iter(padded), iter(fraction)
    started = False
    for quoted, piece in pieces:
        if quoted:
            made += piece
            continue
        index, upper = 0, piece.upper()
        while index < len(piece):
            two, one = upper[index : index + 2], upper[index]
            if two == "FM":
                index += 2
                continue
            if two == "MI":
                made += "-" if negative else ("" if fill else " ")
                index += 2
                continue
            if one == "S":
                made += "-" if negative else "+"
            elif one in "09X" and not after_point:
                digit = next(digits)
                if not placed and not (digit == " " and "$" not in plain) or not placed and digit != " ":
                    made, placed = made + sign, True
                started = started or digit != " "
                made += "" if fill and digit == " " else digit
            elif one in "09X":
                made += next(decimals, "0")
            elif one in ".D":
                if not placed:
                    made, placed = made + sign, True
                made, after_point = made + ".", True
            elif one in ",G":
                made += "," if started else ("" if fill else " ")
            elif one == "$":
                if not placed:
                    made, placed = made + sign, True
                made += "$"
            else:
                made += piece[index]
            index += 1
    return made if placed or signed else made + sign


# -- rounding

_MODES = ("HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN")


@builder("ROUND")
def _round(arguments: list[Expr]) -> Expr:
    value = arguments[0]
    places = arguments[1] if len(arguments) > 1 else exp.Literal.number(0)
    if len(arguments) > 2:
        mode = arguments[2]
        if not isinstance(mode, exp.Literal) or mode.name.upper() not in _MODES:
            raise SnowflakeError(
                1008, "22023", f"SQL compilation error:\ninvalid rounding mode {mode.sql('snowflake')}"
            )
        if mode.name.upper() == "HALF_TO_EVEN":
            return call("round_even", value, places)
    if isinstance(places, exp.Literal) or isinstance(places, exp.Neg) and isinstance(places.this, exp.Literal):
        return call("round", call("_numeric", value), places)
    return call("_round_by", as_text(value), done_cast(places, "INTEGER"))


@scalar("_round_by", ["VARCHAR", "INTEGER"], "DECIMAL(38,9)")
def round_by(subject: str, places: int) -> Decimal:
    """Rounds to a number of places that each row says itself, half away from zero."""
    return (
        _WIDE.quantize(Decimal(subject), Decimal(1).scaleb(-places))
        if places >= 0
        else _coarse(Decimal(subject), places)
    )


def _coarse(value: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    return _WIDE.quantize(value / unit, Decimal(1)) * unit


# -- booleans

define("TO_BOOLEAN", "_boolean")


@builder("TRY_TO_BOOLEAN")
def _try_to_boolean(arguments: list[Expr]) -> Expr:
    return call("try", call("_boolean", arguments[0]))


def _truth(value: Expr) -> Expr:
    """Zero and null apart, a number is true."""
    return value if isinstance(value, exp.Null) else call("_boolean", value)


_TRUE, _FALSE = frozenset(("true", "t", "yes", "y", "on", "1")), frozenset(("false", "f", "no", "n", "off", "0"))


@scalar("_boolean_text", ["VARCHAR"], "BOOLEAN")
def boolean_text(subject: str) -> bool:
    word = subject.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise SnowflakeError(100037, "22018", f"Boolean value '{subject}' is not recognized")


LIBRARY["BOOLAND"] = lambda arguments: exp.Paren(
    this=exp.And(this=_truth(arguments[0]), expression=_truth(arguments[1]))
)
LIBRARY["BOOLOR"] = lambda arguments: exp.Paren(this=exp.Or(this=_truth(arguments[0]), expression=_truth(arguments[1])))
LIBRARY["GETBIT"] = lambda arguments: exp.Paren(
    this=exp.BitwiseAnd(
        this=exp.BitwiseRightShift(
            this=done_cast(arguments[0], "BIGINT"), expression=done_cast(arguments[1], "BIGINT")
        ),
        expression=exp.Literal.number(1),
    )
)
LIBRARY["BOOLNOT"] = lambda arguments: exp.Paren(this=exp.Not(this=_truth(arguments[0])))
LIBRARY["BOOLXOR"] = lambda arguments: exp.NEQ(
    this=call("_boolean", arguments[0]), expression=call("_boolean", arguments[1])
)


# -- division


@scalar("_quotient", ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR")
def quotient(left: str, right: str, scale: int) -> str:
    """The quotient rounded half away from zero to a scale."""
    divisor = Decimal(right)
    if divisor == 0:
        raise SnowflakeError(100051, "22012", "Division by zero")
    return format(_WIDE.quantize(_WIDE.divide(Decimal(left), divisor), Decimal(1).scaleb(-scale)), "f")


# -- buckets

define("WIDTH_BUCKET", "_width_bucket")


@scalar("_width_bucket", ["DOUBLE", "DOUBLE", "DOUBLE", "INTEGER"], "INTEGER")
def width_bucket(value: float, low: float, high: float, count: int) -> int:
    """0 below the first bucket, one more than their number above the last."""
    if count < 1 or low == high:
        raise SnowflakeError(
            100184,
            "22023",
            "Invalid argument to WIDTH_BUCKET: the number of buckets is 1 or more, and the bounds differ",
        )
    if value < low:
        return 0
    return count + 1 if value >= high else int((value - low) / (high - low) * count) + 1


# -- bits

for _names, _node in (
    ("BITAND BIT_AND", exp.BitwiseAnd), ("BITOR BIT_OR", exp.BitwiseOr), ("BITXOR BIT_XOR", exp.BitwiseXor),
    ("BITSHIFTLEFT BIT_SHIFTLEFT", exp.BitwiseLeftShift), ("BITSHIFTRIGHT BIT_SHIFTRIGHT", exp.BitwiseRightShift),
):  # fmt: skip

    def _bits(arguments: list[Expr], node: type[exp.Binary] = _node) -> Expr:
        if len(arguments) > 2:
            raise unsupported("bit operations with padding")
        return exp.Paren(
            this=node(this=done_cast(arguments[0], "BIGINT"), expression=done_cast(arguments[1], "BIGINT"))
        )

    for _name in _names.split():
        LIBRARY[_name] = _bits
