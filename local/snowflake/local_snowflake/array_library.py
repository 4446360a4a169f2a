"""Functions of arrays, on their JSON text. An array shows a missing element as `undefined`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError
from local_snowflake.json_text import Number, identity, parse, read_array, write
from local_snowflake.library import as_json, builder, define
from local_snowflake.nodes import call
from local_snowflake.python_functions import scalar
from local_snowflake.trees import find_all

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
    return write(read_array(text)[start:end])


@scalar("_array_insert", ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR")
def array_insert(text: str, position: int, value: str) -> str | None:
    array = read_array(text)
    index = position if position >= 0 else len(array) + position
    if index < 0:
        return None
    array += [None] * (index - len(array))
    array.insert(index, parse(value))
    return write(array)


@scalar("_array_append_text", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def array_append(text: str | None, value: str | None) -> str | None:
    return None if text is None else write([*read_array(text), None if value is None else parse(value)])


@scalar("_array_prepend", ["VARCHAR", "VARCHAR"], "VARCHAR", nulls=True)
def array_prepend(text: str | None, value: str | None) -> str | None:
    return None if text is None else write([None if value is None else parse(value), *read_array(text)])


@scalar("_array_cat", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_cat(left: str, right: str) -> str:
    return write([*read_array(left), *read_array(right)])


@scalar("_array_compact", ["VARCHAR"], "VARCHAR")
def array_compact(text: str) -> str:
    return write([value for value in read_array(text) if value is not None])


@scalar("_array_distinct", ["VARCHAR"], "VARCHAR")
def array_distinct(text: str) -> str:
    return write(list({identity(value): value for value in reversed(read_array(text))}.values())[::-1])


def _counted(values: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[identity(value)] = found.get(identity(value), 0) + 1
    return found


@scalar("_array_except", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_except(left: str, right: str) -> str:
    """As with bags: each element of the second takes one of its kind away."""
    taken, kept = _counted(read_array(right)), []
    for value in read_array(left):
        if taken.get(identity(value)):
            taken[identity(value)] -= 1
        else:
            kept.append(value)
    return write(kept)


@scalar("_array_intersection", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_intersection(left: str, right: str) -> str:
    there, kept = _counted(read_array(right)), []
    for value in read_array(left):
        if there.get(identity(value)):
            there[identity(value)] -= 1
            kept.append(value)
    return write(kept)


@scalar("_array_flatten", ["VARCHAR"], "VARCHAR")
def array_flatten(text: str) -> str | None:
    made: list[Any] = []
    for value in read_array(text):
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
    return [value for value in read_array(text) if value is not None]


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
    array = read_array(text)
    nulls = [value for value in array if value is None]
    return write([*nulls, *values] if first else [*values, *nulls])


@scalar("_array_position", ["VARCHAR", "VARCHAR"], "INTEGER")
def array_position(value: str, text: str) -> int | None:
    wanted = identity(parse(value))
    return next((index for index, item in enumerate(read_array(text)) if identity(item) == wanted), None)


@scalar("_array_remove", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_remove(text: str, value: str) -> str:
    wanted = identity(parse(value))
    return write([item for item in read_array(text) if identity(item) != wanted])


@scalar("_array_remove_at", ["VARCHAR", "INTEGER"], "VARCHAR")
def array_remove_at(text: str, position: int) -> str:
    array = read_array(text)
    if -len(array) <= position < len(array):
        del array[position]
    return write(array)


@scalar("_array_reverse", ["VARCHAR"], "VARCHAR")
def array_reverse(text: str) -> str:
    return write(read_array(text)[::-1])


@scalar("_array_has", ["VARCHAR", "VARCHAR"], "BOOLEAN")
def array_has(value: str, text: str) -> bool:
    return array_position(value, text) is not None


@scalar("_arrays_overlap", ["VARCHAR", "VARCHAR"], "BOOLEAN")
def arrays_overlap(left: str, right: str) -> bool:
    return bool(set(map(identity, read_array(left))) & set(map(identity, read_array(right))))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else write(value)


@scalar("_array_join", ["VARCHAR", "VARCHAR"], "VARCHAR")
def array_join(text: str, separator: str) -> str:
    return separator.join(map(_plain, read_array(text)))


@scalar("_array_range", ["INTEGER", "INTEGER", "INTEGER"], "VARCHAR")
def array_range(start: int, stop: int, step: int) -> str:
    if step == 0:
        raise SnowflakeError(1008, "22023", "Invalid parameter value: 0. Reason: the step cannot be 0")
    return write([Number(n) for n in range(start, stop, step)])


@scalar("_array_length", ["VARCHAR"], "INTEGER")
def array_length(text: str) -> int | None:
    value = parse(text)
    return len(value) if isinstance(value, list) else None


@builder("ARRAYS_ZIP")
def _zip(arguments: list[Expr]) -> Expr:
    return as_json(call("_arrays_zip", call("_json_text", call("json_array", *arguments))))


@scalar("_arrays_zip", ["VARCHAR"], "VARCHAR")
def arrays_zip(text: str) -> str | None:
    """Objects of the elements at one position, under `$1`, `$2`, …; a shorter array gives nulls."""
    arrays = read_array(text)
    if any(array is None for array in arrays):
        return None
    longest = max(map(len, arrays), default=0)
    rows = [{f"${i + 1}": a[at] if at < len(a) else None for i, a in enumerate(arrays)} for at in range(longest)]
    return write(rows)


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
    for operation in find_all(node.this, exp.Binary):
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
