"""Parameters of a session: what ALTER SESSION takes, SHOW PARAMETERS lists and a client is told at sign-in.

The account sets defaults for all its users (`--account-parameter`); a session sets its own over them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_snowflake.time_zones import is_time_zone

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Parameter:
    """A documented session parameter: its type, default and the values that it takes."""

    kind: str
    default: Any
    takes: Check = lambda _value: True


def _flag(default: bool) -> Parameter:
    return Parameter("BOOLEAN", default)


def _number(default: int, low: int, high: int | None = None) -> Parameter:
    return Parameter("NUMBER", default, lambda v: low <= v and (high is None or v <= high))


def _text(default: str, *values: str) -> Parameter:
    return Parameter("STRING", default, (lambda v: v.upper() in values) if values else lambda _v: True)


_WEEK = 604_800
_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF")

SESSION: dict[str, Parameter] = {
    "ABORT_DETACHED_QUERY": _flag(False),
    "ACTIVE_PYTHON_PROFILER": _text("", "", "LINE", "MEMORY"),
    "AUTOCOMMIT": _flag(True),
    "BINARY_INPUT_FORMAT": _text("HEX", "HEX", "BASE64", "UTF8", "UTF-8"),
    "BINARY_OUTPUT_FORMAT": _text("HEX", "HEX", "BASE64"),
    "CLIENT_MEMORY_LIMIT": _number(1536, 0),
    "CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX": _flag(False),
    "CLIENT_METADATA_USE_SESSION_DATABASE": _flag(False),
    "CLIENT_PREFETCH_THREADS": _number(4, 1, 10),
    "CLIENT_RESULT_CHUNK_SIZE": _number(160, 16, 160),
    "CLIENT_RESULT_COLUMN_CASE_INSENSITIVE": _flag(False),
    "CLIENT_SESSION_KEEP_ALIVE": _flag(False),
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": _number(3600, 900, 3600),
    "CLIENT_TIMESTAMP_TYPE_MAPPING": _text("TIMESTAMP_LTZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ"),
    "CSV_TIMESTAMP_FORMAT": _text(""),
    "DATE_INPUT_FORMAT": _text("AUTO"),
    "DATE_OUTPUT_FORMAT": _text("YYYY-MM-DD"),
    "DEFAULT_NULL_ORDERING": _text("LAST", "FIRST", "LAST"),
    "ENABLE_GET_DDL_USE_DATA_TYPE_ALIAS": _flag(False),
    "ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION": _flag(True),
    "ENABLE_UNREDACTED_QUERY_SYNTAX_ERROR": _flag(False),
    "ERROR_ON_NONDETERMINISTIC_MERGE": _flag(True),
    "ERROR_ON_NONDETERMINISTIC_UPDATE": _flag(False),
    "GEOGRAPHY_OUTPUT_FORMAT": _text("GEOJSON", "GEOJSON", "WKT", "WKB", "EWKT", "EWKB"),
    "GEOMETRY_OUTPUT_FORMAT": _text("GEOJSON", "GEOJSON", "WKT", "WKB", "EWKT", "EWKB"),
    "HYBRID_TABLE_LOCK_TIMEOUT": _number(3600, 0),
    "JDBC_TREAT_DECIMAL_AS_INT": _flag(True),
    "JDBC_TREAT_TIMESTAMP_NTZ_AS_UTC": _flag(False),
    "JDBC_USE_SESSION_TIMEZONE": _flag(True),
    "JSON_INDENT": _number(2, 0, 16),
    "JS_TREAT_INTEGER_AS_BIGINT": _flag(False),
    "LOCK_TIMEOUT": _number(43200, 0),
    "LOG_LEVEL": _text("OFF", *_LEVELS),
    "METRIC_LEVEL": _text("NONE", "ALL", "NONE"),
    "MULTI_STATEMENT_COUNT": _number(1, 0),
    "NOORDER_SEQUENCE_AS_DEFAULT": _flag(True),
    "ODBC_TREAT_DECIMAL_AS_INT": _flag(False),
    "PYTHON_PROFILER_MODULES": _text(""),
    "PYTHON_PROFILER_TARGET_STAGE": _text(""),
    "QUERY_TAG": Parameter("STRING", "", lambda v: len(v) <= 2000),
    "QUOTED_IDENTIFIERS_IGNORE_CASE": _flag(False),
    "READ_CONSISTENCY_MODE": _text("SESSION", "SESSION", "GLOBAL"),
    "ROWS_PER_RESULTSET": _number(0, 0),
    "S3_STAGE_VPCE_DNS_NAME": _text(""),
    "SEARCH_PATH": _text("$current, $public"),
    "SIMULATED_DATA_SHARING_CONSUMER": _text(""),
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": _number(0, 0),
    "STATEMENT_TIMEOUT_IN_SECONDS": _number(172800, 0, _WEEK),
    "STRICT_JSON_OUTPUT": _flag(False),
    "TIMESTAMP_DAY_IS_ALWAYS_24H": _flag(False),
    "TIMESTAMP_INPUT_FORMAT": _text("AUTO"),
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": _text(""),
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": _text("YYYY-MM-DD HH24:MI:SS.FF3"),
    "TIMESTAMP_OUTPUT_FORMAT": _text("YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"),
    "TIMESTAMP_TYPE_MAPPING": _text("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TIMESTAMP_TZ"),
    "TIMESTAMP_TZ_OUTPUT_FORMAT": _text(""),
    "TIMEZONE": Parameter("STRING", "UTC", is_time_zone),
    "TIME_INPUT_FORMAT": _text("AUTO"),
    "TIME_OUTPUT_FORMAT": _text("HH24:MI:SS"),
    "TRACE_LEVEL": _text("OFF", "ALWAYS", "ON_EVENT", "PROPAGATE", "OFF"),
    "TRANSACTION_ABORT_ON_ERROR": _flag(False),
    "TRANSACTION_DEFAULT_ISOLATION_LEVEL": _text("READ COMMITTED", "READ COMMITTED"),
    "TWO_DIGIT_CENTURY_START": _number(1970, 1900, 2100),
    "UNSUPPORTED_DDL_ACTION": _text("IGNORE", "IGNORE", "FAIL"),
    "USE_CACHED_RESULT": _flag(True),
    "WEEK_OF_YEAR_POLICY": _number(0, 0, 1),
    "WEEK_START": _number(0, 0, 7),
}

# What the drivers read beside the documented parameters.
_CLIENT = {"CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": 1_000_000_000}


def parse(name: str, value: Any) -> Any:
    """The value as the parameter keeps it.

    Raises ValueError, saying what is wrong, where the parameter is unknown or does not take the value.
    """
    known = SESSION.get(name)
    if known is None:
        raise ValueError(f"invalid parameter '{name}'")
    wrong = ValueError(f"invalid value [{value}] for parameter '{name}'")
    match known.kind:
        case "BOOLEAN":
            text = str(value).upper()
            if text not in ("TRUE", "FALSE"):
                raise wrong
            made: Any = text == "TRUE"
        case "NUMBER":
            try:
                made = int(str(value))
            except ValueError:
                raise wrong from None
        case _:
            made = str(value)
    if not known.takes(made):
        raise wrong
    return made


def parse_assignments(texts: list[str]) -> dict[str, Any]:
    """`NAME=VALUE` texts of a command line. Raises ValueError."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} is not NAME=VALUE")
        found[name.strip().upper()] = parse(name.strip().upper(), value.strip())
    return found


class SessionParameters:
    """The parameters of one session over those of its user and its account; names are case-insensitive."""

    def __init__(self, account: dict[str, Any]) -> None:
        self._account = account
        self._user: dict[str, Any] = {}
        self._set: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        key = name.upper()
        if key in self._set:
            return self._set[key]
        if key in self._user:
            return self._user[key]
        return self._account[key] if key in self._account else SESSION[key].default

    def preset(self, name: str, value: Any) -> None:
        """What ALTER USER has set for all sessions of the user."""
        self._user[name] = value

    def set(self, name: str, value: Any) -> None:
        self._set[name.upper()] = parse(name.upper(), value)

    def unset(self, name: str) -> None:
        if name.upper() not in SESSION:
            raise ValueError(f"invalid parameter '{name}'")
        self._set.pop(name.upper(), None)

    def announced(self) -> list[dict[str, Any]]:
        """As sign-in and every answer carry them."""
        found = {name: self[name] for name in SESSION if name != "MULTI_STATEMENT_COUNT"} | _CLIENT
        return [{"name": name, "value": value} for name, value in found.items()]

    def listed(self) -> list[list[str]]:
        """SHOW PARAMETERS: key, value, default, level, description, type."""
        rows = []
        for name, known in sorted(SESSION.items()):
            level = (
                "SESSION"
                if name in self._set
                else "USER"
                if name in self._user
                else "ACCOUNT"
                if name in self._account
                else ""
            )
            rows.append([name, _shown(self[name]), _shown(known.default), level, "", known.kind])
        return rows


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
