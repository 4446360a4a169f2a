"""Functions of objects, on their JSON text."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.casts import as_text
from local_snowflake.errors import SnowflakeError
from local_snowflake.json_text import parse, read_array, read_object, write
from local_snowflake.library import as_json, builder, define
from local_snowflake.nodes import call
from local_snowflake.python_functions import scalar

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
    return write(sorted(read_object(text)))


@scalar("_object_insert", ["VARCHAR", "VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR", nulls=True)
def object_insert(text: str | None, key: str | None, value: str | None, update: bool | None) -> str | None:
    if text is None or key is None:
        return None
    made = read_object(text)
    if key in made and not update:
        raise SnowflakeError(100335, "22000", f"duplicate field key '{key}'")
    if value is None:
        return write({k: v for k, v in made.items() if k != key})
    return write(made | {key: parse(value)})


def _listed(keys: str) -> list[str]:
    names: list[str] = []
    for key in read_array(keys):
        names += [str(k) for k in key] if isinstance(key, list) else [str(key)]
    return names


@scalar("_object_delete", ["VARCHAR", "VARCHAR"], "VARCHAR")
def object_delete(text: str, keys: str) -> str:
    return write({k: v for k, v in read_object(text).items() if k not in _listed(keys)})


@scalar("_object_pick", ["VARCHAR", "VARCHAR"], "VARCHAR")
def object_pick(text: str, keys: str) -> str:
    return write({k: v for k, v in read_object(text).items() if k in _listed(keys)})


define("GET_IGNORE_CASE", "_get_ignore_case", texts="jt", result="json")


@scalar("_get_ignore_case", ["VARCHAR", "VARCHAR"], "VARCHAR")
def get_ignore_case(text: str, name: str) -> str | None:
    """The element of that name, or else the first whose name differs only in case."""
    made = parse(text)
    if not isinstance(made, dict):
        return None
    found = name if name in made else next((key for key in sorted(made) if key.lower() == name.lower()), None)
    return None if found is None else write(made[found])


@builder("JSON_EXTRACT_PATH_TEXT")
def _path_text(arguments: list[Expr]) -> Expr:
    path = exp.DPipe(this=exp.Literal.string("$."), expression=as_text(arguments[1]))
    return call("json_extract_string", call("_parse_json", arguments[0], exp.Literal.string("s")), exp.Paren(this=path))
