"""Functions of VARIANT, OBJECT and ARRAY values, on their JSON text.

Objects show their keys in alphabetical order, numbers keep their digits, and an array shows a missing element as `undefined`.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlglot import Expr, exp

from local_snowflake.casts import as_text
from local_snowflake.errors import SnowflakeError
from local_snowflake.library import LIBRARY, as_json, builder, define
from local_snowflake.nodes import call
from local_snowflake.python_functions import scalar


class Number(str):
    """A JSON number, as written."""


def write(value: Any) -> str:
    """Compact JSON with sorted keys."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{write(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _pairs(keep_last: bool) -> Any:
    def make(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs) and not keep_last:
            seen: set[str] = set()
            name = next(key for key, _ in pairs if key in seen or seen.add(key))
            raise SnowflakeError(100069, "22P02", f'Error parsing JSON: duplicate object attribute "{name}", pos 0')
        return made

    return make


def parse(text: str, keep_last: bool = True) -> Any:
    try:
        return json.loads(
            text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_pairs(keep_last)
        )
    except json.JSONDecodeError as error:
        raise SnowflakeError(
            100069, "22P02", f"Error parsing JSON: {error.msg}, line {error.lineno}, pos {error.colno}"
        ) from error


def _key(value: Any) -> str:
    """What makes two elements the same: 1 and 1.0 are, 1 and "1" are not."""
    if isinstance(value, Number):
        try:
            return f"n{Decimal(str(value)).normalize()}"
        except InvalidOperation:
            return f"n{value}"
    if isinstance(value, (dict, list)):
        return write(value)
    return repr(value)


def _array(text: str) -> list[Any]:
    value = parse(text)
    return value if isinstance(value, list) else [value]


def _object(text: str) -> dict[str, Any]:
    value = parse(text)
    if not isinstance(value, dict):
        raise SnowflakeError(100071, "22000", f"Failed to cast variant value {text[:60]} to OBJECT")
    return value


# -- reading and writing

define("PARSE_JSON", "_parse_json", "s", texts=" t")
define("TRY_PARSE_JSON", "_try_parse_json", "s", texts=" t")
define("TO_JSON", "_to_json_text", texts="j")
define("STRIP_NULL_VALUE", "_strip_null", texts="j", result="json")
define("CHECK_JSON", "_check_json", texts="t")


@scalar("_to_json_text", ["VARCHAR"], "VARCHAR")
def to_json_text(text: str) -> str:
    return write(parse(text))


@scalar("_parse_json_text", ["VARCHAR", "VARCHAR"], "VARCHAR")
def parse_json_text(text: str, mode: str) -> str | None:
    """PARSE_JSON: an empty text is null, a key that comes twice an error unless the mode is `d`."""
    if mode not in ("s", "d"):
        raise SnowflakeError(1008, "22023", f"Invalid parameter value: {mode}. Reason: the mode is 's' or 'd'")
    return write(parse(text, keep_last=mode == "d")) if text.strip() else None


@scalar("_try_parse_json_text", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def try_parse_json_text(text: str | None, mode: str) -> str | None:
    try:
        return None if text is None else parse_json_text(text, mode)
    except SnowflakeError:
        return None


@scalar("_check_json", ["VARCHAR"], "VARCHAR", nulls=True)
def check_json(text: str | None) -> str | None:
    try:
        if text is not None and text.strip():
            parse(text, keep_last=False)
    except SnowflakeError as error:
        return error.message.removeprefix("Error parsing JSON: ")
    return None


@scalar("_strip_null", ["VARCHAR"], "VARCHAR")
def strip_null(text: str) -> str | None:
    return None if text == "null" else text


# -- arrays

define("ARRAY_SLICE", "_array_slice", None, texts="jnn", result="json")
define("ARRAY_INSERT", "_array_insert", texts="jnj", result="json")
define("ARRAY_APPEND", "_array_append_text", texts="jj", result="json")
define("ARRAY_PREPEND", "_array_prepend", texts="jj", result="json")
define("ARRAY_CAT", "_array_cat", texts="jj", result="json")
define("ARRAY_COMPACT", "_array_compact", texts="j", result="json")
define("ARRAY_DISTINCT", "_array_distinct", texts="j", result="json")
define("ARRAY_EXCEPT", "_array_except", texts="jj", result="json")
define("ARRAY_INTERSECTION", "_array_intersection", texts="jj", result="json")
define("ARRAY_FLATTEN", "_array_flatten", texts="j", result="json")
define("ARRAY_MAX", "_array_max", texts="j", result="json")
define("ARRAY_MIN", "_array_min", texts="j", result="json")
define("ARRAY_POSITION", "_array_position", texts="jj")
define("ARRAY_REMOVE", "_array_remove", texts="jj", result="json")
define("ARRAY_REMOVE_AT", "_array_remove_at", texts="jn", result="json")
define("ARRAY_REVERSE", "_array_reverse", texts="j", result="json")
define("ARRAY_CONTAINS", "_array_has", texts="jj")
define("ARRAYS_OVERLAP", "_arrays_overlap", texts="jj")
define("ARRAY_TO_STRING", "_array_join", texts="jt")
define("ARRAY_GENERATE_RANGE", "_array_range", 1, texts="nnn", result="json")
define("ARRAY_SIZE", "_array_length", texts="j")


@builder("ARRAY_SORT")
def _sort(arguments: list[Expr]) -> Expr:
    given = [*arguments, *[exp.true(), exp.Null()][len(arguments) - 1 :]]
    return as_json(call("_array_sort", call("_json_text", given[0]), given[1], given[2]))


@builder("ARRAY_CONSTRUCT_COMPACT")
def _construct_compact(arguments: list[Expr]) -> Expr:
    return as_json(call("_array_compact", call("_json_text", call("json_array", *arguments))))


@scalar("_array_slice", ["VARCHAR", "INTEGER", "INTEGER"], "VARCHAR", nulls=True)
def array_slice(text: str | None, start: int | None, end: int | None) -> str | None:
    if text is None or start is None:
        return None
    return write(_array(text)[start:end])


@scalar("_array_insert", ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR")
def array_insert(text: str, position: int, value: str) -> str | None:
    array = _array(text)
    index = position if position >= 0 else len(array) + position
    if index < 0:
        return None
    array += [None] * (index - len(array))
    array.insert(index, parse(value))
    return write(array)


@scalar("_array_append_text", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def array_append(text: str | None, value: str | None) -> str | None:
    return None if text is None else write([*_array(text), None if value is None else parse(value)])


@scalar("_array_prepend", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def array_prepend(text: str | None, value: str | None) -> str | None:
    return None if text is None else write([None if value is None else parse(value), *_array(text)])


@scalar("_array_cat", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_cat(left: str, right: str) -> str:
    return write([*_array(left), *_array(right)])


@scalar("_array_compact", ["VARCHAR"], "VARCHAR")
def array_compact(text: str) -> str:
    return write([value for value in _array(text) if value is not None])


@scalar("_array_distinct", ["VARCHAR"], "VARCHAR")
def array_distinct(text: str) -> str:
    return write(list({_key(value): value for value in reversed(_array(text))}.values())[::-1])


def _counted(values: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[_key(value)] = found.get(_key(value), 0) + 1
    return found


@scalar("_array_except", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_except(left: str, right: str) -> str:
    """As with bags: each element of the second takes one of its kind away."""
    taken, kept = _counted(_array(right)), []
    for value in _array(left):
        if taken.get(_key(value)):
            taken[_key(value)] -= 1
        else:
            kept.append(value)
    return write(kept)


@scalar("_array_intersection", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_intersection(left: str, right: str) -> str:
    there, kept = _counted(_array(right)), []
    for value in _array(left):
        if there.get(_key(value)):
            there[_key(value)] -= 1
            kept.append(value)
    return write(kept)


@scalar("_array_flatten", ["VARCHAR"], "VARCHAR")
def array_flatten(text: str) -> str | None:
    made: list[Any] = []
    for value in _array(text):
        if value is None:
            return None
        if not isinstance(value, list):
            raise SnowflakeError(100107, "22000", "Not an array: ARRAY_FLATTEN takes an array of arrays")
        made += value
    return write(made)


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, Number):
        return 1, Decimal(str(value))
    if isinstance(value, bool):
        return 0, value
    return (2, value) if isinstance(value, str) else (3, write(value))


def _present(text: str) -> list[Any]:
    return [value for value in _array(text) if value is not None]


@scalar("_array_max", ["VARCHAR"], "VARCHAR")
def array_max(text: str) -> str | None:
    values = _present(text)
    return write(max(values, key=_order)) if values else None


@scalar("_array_min", ["VARCHAR"], "VARCHAR")
def array_min(text: str) -> str | None:
    values = _present(text)
    return write(min(values, key=_order)) if values else None


@scalar("_array_sort", ["VARCHAR", "BOOLEAN", "BOOLEAN"], "VARCHAR", nulls=True)
def array_sort(text: str | None, ascending: bool | None, nulls_first: bool | None) -> str | None:
    if text is None:
        return None
    up = ascending is not False
    first = (not up) if nulls_first is None else nulls_first
    values = sorted(_present(text), key=_order, reverse=not up)
    array = _array(text)
    nulls = [value for value in array if value is None]
    return write([*nulls, *values] if first else [*values, *nulls])


@scalar("_array_position", ["VARCHAR", "VARCHAR"], "INTEGER")
def array_position(value: str, text: str) -> int | None:
    wanted = _key(parse(value))
    return next((index for index, item in enumerate(_array(text)) if _key(item) == wanted), None)


@scalar("_array_remove", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_remove(text: str, value: str) -> str:
    wanted = _key(parse(value))
    return write([item for item in _array(text) if _key(item) != wanted])


@scalar("_array_remove_at", ["VARCHAR", "INTEGER"], "VARCHAR")
def array_remove_at(text: str, position: int) -> str:
    array = _array(text)
    if -len(array) <= position < len(array):
        del array[position]
    return write(array)


@scalar("_array_reverse", ["VARCHAR"], "VARCHAR")
def array_reverse(text: str) -> str:
    return write(_array(text)[::-1])


@scalar("_array_has", ["VARCHAR", "VARCHAR"], "BOOLEAN")
def array_has(value: str, text: str) -> bool:
    return array_position(value, text) is not None


@scalar("_arrays_overlap", ["VARCHAR", "VARCHAR"], "BOOLEAN")
def arrays_overlap(left: str, right: str) -> bool:
    return bool(set(map(_key, _array(left))) & set(map(_key, _array(right))))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else write(value)


@scalar("_array_join", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_join(text: str, separator: str) -> str:
    return separator.join(map(_plain, _array(text)))


@scalar("_array_range", ["INTEGER", "INTEGER", "INTEGER"], "VARCHAR")
def array_range(start: int, stop: int, step: int) -> str:
    if step == 0:
        raise SnowflakeError(1008, "22023", "Invalid parameter value: 0. Reason: the step cannot be 0")
    return write([Number(n) for n in range(start, stop, step)])


@scalar("_array_length", ["VARCHAR"], "INTEGER")
def array_length(text: str) -> int | None:
    value = parse(text)
    return len(value) if isinstance(value, list) else None


# -- objects

define("OBJECT_KEYS", "_object_keys", texts="j", result="json")


@builder("OBJECT_INSERT")
def _object_insert(arguments: list[Expr]) -> Expr:
    update = arguments[3] if len(arguments) > 3 else exp.false()
    return as_json(
        call(
            "_object_insert",
            call("_json_text", arguments[0]),
            as_text(arguments[1]),
            call("_json_text", arguments[2]),
            update,
        )
    )


def _keys_of(arguments: list[Expr]) -> Expr:
    return call("_json_text", call("json_array", *arguments))


@builder("OBJECT_DELETE")
def _object_delete(arguments: list[Expr]) -> Expr:
    return as_json(call("_object_delete", call("_json_text", arguments[0]), _keys_of(arguments[1:])))


@builder("OBJECT_PICK")
def _object_pick(arguments: list[Expr]) -> Expr:
    return as_json(call("_object_pick", call("_json_text", arguments[0]), _keys_of(arguments[1:])))


@scalar("_object_keys", ["VARCHAR"], "VARCHAR")
def object_keys(text: str) -> str:
    return write(sorted(_object(text)))


@scalar("_object_insert", ["VARCHAR", "VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR", nulls=True)
def object_insert(text: str | None, key: str | None, value: str | None, update: bool | None) -> str | None:
    if text is None or key is None:
        return None
    made = _object(text)
    if key in made and not update:
        raise SnowflakeError(100335, "22000", f"duplicate field key '{key}'")
    if value is None:
        return write({k: v for k, v in made.items() if k != key})
    return write(made | {key: parse(value)})


def _listed(keys: str) -> list[str]:
    names: list[str] = []
    for key in _array(keys):
        names += [str(k) for k in key] if isinstance(key, list) else [str(key)]
    return names


@scalar("_object_delete", ["VARCHAR", "VARCHAR"], "VARCHAR")
def object_delete(text: str, keys: str) -> str:
    return write({k: v for k, v in _object(text).items() if k not in _listed(keys)})


@scalar("_object_pick", ["VARCHAR", "VARCHAR"], "VARCHAR")
def object_pick(text: str, keys: str) -> str:
    return write({k: v for k, v in _object(text).items() if k in _listed(keys)})


# -- what kind of value

for _name, _kinds in {
    "IS_ARRAY": "ARRAY", "IS_OBJECT": "OBJECT", "IS_BOOLEAN": "BOOLEAN", "IS_INTEGER": "INTEGER", "IS_DECIMAL": "INTEGER DECIMAL",
    "IS_DOUBLE": "INTEGER DECIMAL DOUBLE", "IS_REAL": "INTEGER DECIMAL DOUBLE", "IS_VARCHAR": "VARCHAR", "IS_CHAR": "VARCHAR", "IS_NULL_VALUE": "NULL_VALUE",
    "IS_DATE": "DATE", "IS_DATE_VALUE": "DATE", "IS_TIME": "TIME", "IS_BINARY": "BINARY",
    "IS_TIMESTAMP_NTZ": "TIMESTAMP_NTZ", "IS_TIMESTAMP_LTZ": "TIMESTAMP_LTZ", "IS_TIMESTAMP_TZ": "TIMESTAMP_TZ",
}.items():  # fmt: skip
    LIBRARY[_name] = lambda arguments, kinds=_kinds: exp.In(
        this=call("_variant_type", arguments[0]), expressions=[exp.Literal.string(kind) for kind in kinds.split()]
    )


# -- with a lambda


@builder("FILTER")
def _filter(arguments: list[Expr]) -> Expr:
    return call("to_json", call("list_filter", call("_elements", arguments[0]), _lambda(arguments[1])))


@builder("TRANSFORM")
def _transform(arguments: list[Expr]) -> Expr:
    return call("to_json", call("list_transform", call("_elements", arguments[0]), _lambda(arguments[1])))


@builder("REDUCE")
def _reduce(arguments: list[Expr]) -> Expr:
    start = call("_variant", arguments[1])
    return call("list_reduce", call("_elements", arguments[0]), _lambda(arguments[2]), start)


def _lambda(node: Expr) -> Expr:
    """A lambda over VARIANTs: where arithmetic or a comparison meets one, it is read as a number."""
    if not isinstance(node, exp.Lambda):
        raise SnowflakeError(1044, "22023", "SQL compilation error:\na lambda, such as x -> x + 1, is expected")
    names = {parameter.name.upper() for parameter in node.expressions}
    for operation in list(node.this.find_all(exp.Binary)):
        if not isinstance(operation, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Predicate)):
            continue
        other_is_text = any(
            isinstance(side, exp.Literal) and side.is_string for side in (operation.left, operation.right)
        )
        for key in ("this", "expression"):
            side = operation.args[key]
            is_parameter = isinstance(side, (exp.Identifier, exp.Column)) and side.name.upper() in names
            is_path = (
                isinstance(side, exp.JSONExtract)
                or isinstance(side, exp.Anonymous)
                and side.name.startswith("json_extract")
            )
            if is_parameter or is_path:
                operation.set(key, call("_text", side.copy()) if other_is_text else call("_number_of", side.copy()))
    return node


# -- a VARIANT's value where it has the type, else null

for _name, _kinds, _type in (
    ("AS_INTEGER", "INTEGER", "NUMBER"), ("AS_NUMBER", "INTEGER DECIMAL", "NUMBER"), ("AS_DECIMAL", "INTEGER DECIMAL", "NUMBER"),
    ("AS_DOUBLE", "INTEGER DECIMAL DOUBLE", "DOUBLE"), ("AS_REAL", "INTEGER DECIMAL DOUBLE", "DOUBLE"), ("AS_BOOLEAN", "BOOLEAN", "BOOLEAN"),
    ("AS_VARCHAR", "VARCHAR", "VARCHAR"), ("AS_CHAR", "VARCHAR", "VARCHAR"), ("AS_ARRAY", "ARRAY", "VARIANT"), ("AS_OBJECT", "OBJECT", "VARIANT"),
    ("AS_DATE", "DATE", "DATE"), ("AS_TIME", "TIME", "TIME"),
):  # fmt: skip

    def _as_type(arguments: list[Expr], kinds: str = _kinds, type_: str = _type) -> Expr:
        value = arguments[0]
        sizes = ", ".join(size.name for size in arguments[1:])
        target = exp.DataType.build(f"{type_}({sizes})" if sizes else type_, dialect="snowflake")
        fits = exp.In(
            this=call("_variant_type", value.copy()), expressions=[exp.Literal.string(k) for k in kinds.split()]
        )
        return exp.Case(ifs=[exp.If(this=fits, true=exp.TryCast(this=value, to=target))])

    LIBRARY[_name] = _as_type
