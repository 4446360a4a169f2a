"""What COPY INTO a table takes: its options, those of each file format, and the transformations that its page lists."""

from __future__ import annotations

from typing import Any

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError, syntax_error
from local_snowflake.trees import find_all

# user-guide/data-load-transform, supported functions
_FUNCTIONS = frozenset(
    [
        "ARRAY_CONSTRUCT",
        "ARRAY_SIZE",
        "ASCII",
        "CASE",
        "CAST",
        "CEIL",
        "CHECK_JSON",
        "CHECK_XML",
        "CHR",
        "CHAR",
        "CONCAT",
        "CONVERT_TIMEZONE",
        "ENDSWITH",
        "EQUAL_NULL",
        "FLOOR",
        "GET",
        "GET_PATH",
        "HEX_DECODE_STRING",
        "HEX_ENCODE",
        "IFF",
        "IFNULL",
        "ILIKE",
        "IN",
        "IS_ARRAY",
        "IS_BOOLEAN",
        "IS_DECIMAL",
        "IS_INTEGER",
        "IS_NULL_VALUE",
        "IS_OBJECT",
        "IS_TIME",
        "IS_TIMESTAMP_LTZ",
        "IS_TIMESTAMP_NTZ",
        "IS_TIMESTAMP_TZ",
        "LENGTH",
        "LEN",
        "LIKE",
        "LPAD",
        "LTRIM",
        "MD5",
        "MD5_HEX",
        "NULLIF",
        "NVL",
        "NVL2",
        "OBJECT_CONSTRUCT",
        "PARSE_IP",
        "PARSE_JSON",
        "PARSE_URL",
        "PARSE_XML",
        "RANDOM",
        "REGEXP_REPLACE",
        "REGEXP_SUBSTR",
        "REPLACE",
        "REVERSE",
        "RPAD",
        "RTRIM",
        "SPLIT",
        "SPLIT_PART",
        "STARTSWITH",
        "SUBSTR",
        "SUBSTRING",
        "TO_ARRAY",
        "TO_BINARY",
        "TO_BOOLEAN",
        "TO_CHAR",
        "TO_VARCHAR",
        "TO_DATE",
        "DATE",
        "TO_DECFLOAT",
        "TO_DECIMAL",
        "TO_NUMBER",
        "TO_NUMERIC",
        "TO_DOUBLE",
        "TO_OBJECT",
        "TO_TIME",
        "TIME",
        "TO_TIMESTAMP",
        "TO_TIMESTAMP_LTZ",
        "TO_TIMESTAMP_NTZ",
        "TO_TIMESTAMP_TZ",
        "TO_VARIANT",
        "TRIM",
        "TRY_CAST",
        "TRY_HEX_DECODE_STRING",
        "TRY_TO_BINARY",
        "TRY_TO_BOOLEAN",
        "TRY_TO_DATE",
        "TRY_TO_DECFLOAT",
        "TRY_TO_DECIMAL",
        "TRY_TO_NUMBER",
        "TRY_TO_NUMERIC",
        "TRY_TO_DOUBLE",
        "TRY_TO_TIME",
        "TRY_TO_TIMESTAMP",
        "TRY_TO_TIMESTAMP_LTZ",
        "TRY_TO_TIMESTAMP_NTZ",
        "TRY_TO_TIMESTAMP_TZ",
        "UNICODE",
        "UUID_STRING",
        "XMLGET",
    ]
)
_WITHOUT_FORMAT = frozenset(("TRY_TO_DATE", "TRY_TO_TIME"))
_ARITHMETIC: dict[type[Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}

_COPY_OPTIONS = frozenset(
    [
        "FILES",
        "PATTERN",
        "FILE_FORMAT",
        "VALIDATION_MODE",
        "ON_ERROR",
        "SIZE_LIMIT",
        "PURGE",
        "RETURN_FAILED_ONLY",
        "MATCH_BY_COLUMN_NAME",
        "INCLUDE_METADATA",
        "ENFORCE_LENGTH",
        "TRUNCATECOLUMNS",
        "FORCE",
        "LOAD_UNCERTAIN_FILES",
        "FILE_PROCESSOR",
        "LOAD_MODE",
        "CLUSTER_AT_INGEST_TIME",
    ]
)
_TIMES = {"DATE_FORMAT", "TIME_FORMAT", "TIMESTAMP_FORMAT", "BINARY_FORMAT"}
_COMMON = {"TYPE", "COMPRESSION", "NULL_IF", "REPLACE_INVALID_CHARACTERS", "TRIM_SPACE"}
FORMAT_OPTIONS: dict[str, set[str]] = {
    "CSV": _COMMON | _TIMES | set(
        ["RECORD_DELIMITER", "FIELD_DELIMITER", "MULTI_LINE", "FILE_EXTENSION", "PARSE_HEADER", "SKIP_HEADER", "SKIP_BLANK_LINES", "ESCAPE", "ESCAPE_UNENCLOSED_FIELD", "FIELD_OPTIONALLY_ENCLOSED_BY", "ERROR_ON_COLUMN_COUNT_MISMATCH", "EMPTY_FIELD_AS_NULL", "SKIP_BYTE_ORDER_MARK", "ENCODING"]
    ),
    "JSON": _COMMON | _TIMES | set(
        ["FILE_EXTENSION", "MULTI_LINE", "ENABLE_OCTAL", "ALLOW_DUPLICATE", "STRIP_OUTER_ARRAY", "STRIP_NULL_VALUES", "IGNORE_UTF8_ERRORS", "SKIP_BYTE_ORDER_MARK"]
    ),
    "AVRO": _COMMON, "ORC": _COMMON,
    "PARQUET": _COMMON | {"SNAPPY_COMPRESSION", "BINARY_AS_TEXT", "USE_LOGICAL_TYPE", "USE_VECTORIZED_SCANNER"},
    "XML": _COMMON | set(["IGNORE_UTF8_ERRORS", "PRESERVE_SPACE", "STRIP_OUTER_ELEMENT", "DISABLE_SNOWFLAKE_DATA", "DISABLE_AUTO_CONVERT", "SKIP_BYTE_ORDER_MARK"]),
    "CUSTOM": {"TYPE"},
}  # fmt: skip
_COMPRESSIONS = frozenset(["AUTO", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE", "LZO", "SNAPPY"])
_BOOLEAN_OPTIONS = frozenset(
    [
        "PURGE",
        "RETURN_FAILED_ONLY",
        "ENFORCE_LENGTH",
        "TRUNCATECOLUMNS",
        "FORCE",
        "LOAD_UNCERTAIN_FILES",
        "CLUSTER_AT_INGEST_TIME",
        "MULTI_LINE",
        "PARSE_HEADER",
        "SKIP_BLANK_LINES",
        "TRIM_SPACE",
        "ERROR_ON_COLUMN_COUNT_MISMATCH",
        "EMPTY_FIELD_AS_NULL",
        "SKIP_BYTE_ORDER_MARK",
        "ENABLE_OCTAL",
        "ALLOW_DUPLICATE",
        "STRIP_OUTER_ARRAY",
        "STRIP_NULL_VALUES",
        "IGNORE_UTF8_ERRORS",
        "REPLACE_INVALID_CHARACTERS",
        "SNAPPY_COMPRESSION",
        "BINARY_AS_TEXT",
        "USE_LOGICAL_TYPE",
        "USE_VECTORIZED_SCANNER",
    ]
)
_CHOICES = {
    "MATCH_BY_COLUMN_NAME": frozenset(("CASE_SENSITIVE", "CASE_INSENSITIVE", "NONE")),
    "LOAD_MODE": frozenset(("FULL_INGEST", "ADD_FILES_COPY")),
    "BINARY_FORMAT": frozenset(("HEX", "BASE64", "UTF8", "UTF-8")),
    "COMPRESSION": _COMPRESSIONS,
}


def _invalid(name: str, value: Any) -> SnowflakeError:
    return SnowflakeError(1008, "22023", f"SQL compilation error:\ninvalid value [{value}] for parameter '{name}'")


def _check_values(options: dict[str, Any]) -> None:
    for name, value in options.items():
        if name in _BOOLEAN_OPTIONS and not isinstance(value, bool):
            raise _invalid(name, value)
        if name in _CHOICES and str(value).upper() not in _CHOICES[name]:
            raise _invalid(name, value)
        if name in ("SKIP_HEADER", "SIZE_LIMIT") and (
            not isinstance(value, int) or isinstance(value, bool) or value < 0
        ):
            raise _invalid(name, value)


def check_file_format(options: dict[str, Any]) -> None:
    """Raises where FILE_FORMAT has an unknown type, an option that its type does not take, or a value that is none."""
    kind = str(options.get("TYPE", "CSV")).upper()
    if kind not in FORMAT_OPTIONS:
        raise _invalid("TYPE", options.get("TYPE"))
    for name in options:
        if name in ("FORMAT_NAME", "COMMENT"):
            continue
        if name not in FORMAT_OPTIONS[kind] and (
            "TYPE" in options or not any(name in known for known in FORMAT_OPTIONS.values())
        ):
            raise SnowflakeError(1420, "22023", f"SQL compilation error:\ninvalid property '{name}' for 'FILE_FORMAT'")
    _check_values(options)


def check_copy_options(options: dict[str, Any]) -> None:
    for name in options:
        if name not in _COPY_OPTIONS:
            raise SnowflakeError(1420, "22023", f"SQL compilation error:\ninvalid property '{name}' for 'COPY'")
    on_error = str(options.get("ON_ERROR") or "ABORT_STATEMENT").upper()
    if on_error not in ("CONTINUE", "ABORT_STATEMENT") and not on_error.startswith("SKIP_FILE"):
        raise _invalid("ON_ERROR", options["ON_ERROR"])
    if "VALIDATION_MODE" in options:
        mode = str(options["VALIDATION_MODE"]).upper()
        if not mode.startswith("RETURN_") or not mode.endswith(("_ROWS", "_ERRORS")):
            raise _invalid("VALIDATION_MODE", options["VALIDATION_MODE"])
    _check_values({name: value for name, value in options.items() if name != "FILE_FORMAT"})
    if isinstance(options.get("FILE_FORMAT"), dict):
        check_file_format(options["FILE_FORMAT"])


def _not_in_copy(name: str) -> SnowflakeError:
    return SnowflakeError(2237, "0A000", f"SQL compilation error:\nFunction '{name}' not supported within a COPY")


def check_transformation(select: Expr, calls: list[tuple[str, int]]) -> None:
    """Raises for a SELECT that COPY cannot run while it loads; `calls` are the functions that the statement names."""
    simple = SnowflakeError(
        2098, "0A000",
        "SQL compilation error:\nCOPY statement only supports simple SELECT from stage statements for import.",
    )  # fmt: skip
    if not isinstance(select, exp.Select):
        raise simple
    for clause in (
        "where",
        "joins",
        "group",
        "having",
        "order",
        "limit",
        "offset",
        "qualify",
        "laterals",
        "with_",
        "windows",
        "sample",
    ):
        if select.args.get(clause):
            raise simple
    if select.find(exp.Subquery, exp.Window) or len(find_all(select, exp.Select)) > 1:
        raise simple
    for name, arguments in calls:
        if name.upper() not in _FUNCTIONS:
            raise _not_in_copy(name.upper())
        if name.upper() in _WITHOUT_FORMAT and arguments > 1:
            raise _not_in_copy(name.upper())
    for item in select.expressions:
        for node in find_all(item, *_ARITHMETIC):
            raise _not_in_copy(_ARITHMETIC[type(node)])
        if item.is_star:
            raise syntax_error("COPY takes columns of the staged files by position, such as $1, not *.")
