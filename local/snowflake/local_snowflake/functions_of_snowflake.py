"""All of the library: importing this makes every function known."""

from local_snowflake import (
    array_library,
    date_library,
    decfloat,
    encoding_library,
    json_library,
    number_library,
    object_library,
    regular_expression_library,
    text_library,
)

__all__ = [
    "array_library",
    "date_library",
    "decfloat",
    "encoding_library",
    "json_library",
    "number_library",
    "object_library",
    "regular_expression_library",
    "text_library",
]
