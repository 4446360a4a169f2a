"""All of the library: importing this makes every function known."""

from local_snowflake import date_library, decfloat, json_library, number_library, text_library

__all__ = ["date_library", "decfloat", "json_library", "number_library", "text_library"]
