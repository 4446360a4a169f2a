"""Session parameters: what ALTER SESSION sets, SHOW PARAMETERS lists and a client is told at sign-in."""

from __future__ import annotations

from typing import Any

# Those that change what this server does, and those whose value a client reads; others are kept and listed only.
DEFAULTS: dict[str, tuple[Any, str]] = {
    "ABORT_DETACHED_QUERY": (False, "BOOLEAN"),
    "AUTOCOMMIT": (True, "BOOLEAN"),
    "BINARY_INPUT_FORMAT": ("HEX", "STRING"),
    "BINARY_OUTPUT_FORMAT": ("HEX", "STRING"),
    "CLIENT_RESULT_CHUNK_SIZE": (160, "NUMBER"),
    "CLIENT_SESSION_KEEP_ALIVE": (False, "BOOLEAN"),
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": (3600, "NUMBER"),
    "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": (1_000_000_000, "NUMBER"),
    "DATE_INPUT_FORMAT": ("AUTO", "STRING"),
    "DATE_OUTPUT_FORMAT": ("YYYY-MM-DD", "STRING"),
    "ERROR_ON_NONDETERMINISTIC_MERGE": (True, "BOOLEAN"),
    "ERROR_ON_NONDETERMINISTIC_UPDATE": (False, "BOOLEAN"),
    "LOCK_TIMEOUT": (43200, "NUMBER"),
    "MULTI_STATEMENT_COUNT": (1, "NUMBER"),
    "QUERY_TAG": ("", "STRING"),
    "QUOTED_IDENTIFIERS_IGNORE_CASE": (False, "BOOLEAN"),
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": (0, "NUMBER"),
    "STATEMENT_TIMEOUT_IN_SECONDS": (172800, "NUMBER"),
    "TIME_INPUT_FORMAT": ("AUTO", "STRING"),
    "TIME_OUTPUT_FORMAT": ("HH24:MI:SS", "STRING"),
    "TIMESTAMP_DAY_IS_ALWAYS_24H": (False, "BOOLEAN"),
    "TIMESTAMP_INPUT_FORMAT": ("AUTO", "STRING"),
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": ("", "STRING"),
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": ("YYYY-MM-DD HH24:MI:SS.FF3", "STRING"),
    "TIMESTAMP_OUTPUT_FORMAT": ("YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM", "STRING"),
    "TIMESTAMP_TYPE_MAPPING": ("TIMESTAMP_NTZ", "STRING"),
    "TIMESTAMP_TZ_OUTPUT_FORMAT": ("", "STRING"),
    "TIMEZONE": ("UTC", "STRING"),
    "TRANSACTION_ABORT_ON_ERROR": (False, "BOOLEAN"),
    "WEEK_OF_YEAR_POLICY": (0, "NUMBER"),
    "WEEK_START": (0, "NUMBER"),
}


def _typed(name: str, value: Any) -> Any:
    kind = DEFAULTS.get(name, (None, None))[1]
    if kind is None:
        return value
    if kind == "BOOLEAN":
        return value if isinstance(value, bool) else str(value).upper() in ("TRUE", "ON", "1")
    if kind == "NUMBER":
        return int(value)
    return str(value)


class SessionParameters:
    """The parameters of one session; names are case-insensitive and unknown ones are kept."""

    def __init__(self) -> None:
        self._set: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        key = name.upper()
        return self._set[key] if key in self._set else DEFAULTS.get(key, ("", ""))[0]

    def set(self, name: str, value: Any) -> None:
        self._set[name.upper()] = _typed(name.upper(), value)

    def unset(self, name: str) -> None:
        self._set.pop(name.upper(), None)

    def announced(self) -> list[dict[str, Any]]:
        """As sign-in and every answer carry them."""
        return [{"name": name, "value": self[name]} for name in DEFAULTS | self._set if name != "MULTI_STATEMENT_COUNT"]

    def listed(self) -> list[list[str]]:
        """SHOW PARAMETERS: key, value, default, level, description, type."""
        rows = []
        for name in sorted(DEFAULTS | self._set):
            default, kind = DEFAULTS.get(name, ("", "STRING"))
            level = "SESSION" if name in self._set else ""
            rows.append([name, _shown(self[name]), _shown(default), level, "", kind])
        return rows


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
