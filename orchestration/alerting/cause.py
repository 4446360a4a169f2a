"""The classes of causes that faults are told apart by."""

import re
from collections.abc import Sequence
from enum import StrEnum


class Cause(StrEnum):
    """Why something failed, as coarse as what somebody does about it."""

    SIGN_IN_REFUSED = "sign_in_refused"
    CONFIGURATION = "configuration"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad_answer"
    RECORD_REFUSED = "record_refused"
    DATA_TEST = "data_test"
    MODEL_ERROR = "model_error"
    LOCKED = "locked"
    BROKE_OFF = "broke_off"
    OUTDATED = "outdated"
    NOTHING_RUNS = "nothing_runs"
    OTHER = "other"


SERVICES = {
    "tap-sevdesk": "sevDesk",
    "tap-ecb": "ECB",
    "target-snowflake-ts": "Snowflake",
}
"""The service behind each plugin, as people call it."""

SERVICE_WIDE = {Cause.SIGN_IN_REFUSED, Cause.UNREACHABLE}
"""Causes that lie with a service as a whole: whatever reads or writes it fails alike, and that is one fault."""

ABOUT_TABLES = {Cause.RECORD_REFUSED, Cause.DATA_TEST, Cause.MODEL_ERROR}
"""Causes that lie with what one table holds, whichever service said so."""

VERDICTS = {Cause.SIGN_IN_REFUSED, Cause.CONFIGURATION, Cause.LOCKED}
"""Causes that a plugin's exit code or Meltano itself states; its messages name settings and numbers of all kinds."""

_WAREHOUSE_AWAY = r"(could not|failed to) connect|failed to execute request|\b25000[1-9]\b"
"""How dbt's messages of a model tell that the warehouse, not the model, is the reason."""

# A number alone is no status: lines, rows and ids are numbers, too.
_STATUS = r"\b(http|status|code|answered|answer|error)\W{{0,2}} ?({codes})\b|(^|: )({codes}) (?-i:[A-Z])"

# The first that matches decides, so the narrower ones come first.
_SIGNS: Sequence[tuple[Cause, re.Pattern[str]]] = [
    (Cause.RECORD_REFUSED, re.compile(r"(^|: |\] )line \d+\b|max_invalid_records", re.I)),
    (Cause.LOCKED, re.compile(r"already running|another run of the same pipeline", re.I)),
    (
        Cause.SIGN_IN_REFUSED,
        re.compile(
            r"sign-?in (was |is )?refused|refused (the )?(sign-?in|api key|token)|unauthori[sz]ed|forbidden"
            r"|incorrect username|jwt token is invalid|invalid credentials|authentication"
            rf"|{_STATUS.format(codes='40[13]')}",
            re.I,
        ),
    ),
    (
        Cause.CONFIGURATION,
        re.compile(r"configuration is wrong|bad configuration|setting|not set\b|unknown option", re.I),
    ),
    (Cause.BROKE_OFF, re.compile(r"broke off|process is gone|was killed|out of memory|terminated", re.I)),
    (Cause.DATA_TEST, re.compile(r"failed a test|\btests? failed|a test failed", re.I)),
    (Cause.UNREACHABLE, re.compile(_WAREHOUSE_AWAY, re.I)),
    (
        Cause.MODEL_ERROR,
        re.compile(r"could not (be )?buil[dt]|compilation error|parsing error|contract error|sql compilation", re.I),
    ),
    (
        Cause.UNREACHABLE,
        re.compile(
            r"nothing answers|no answer|did not answer|unreachable|(could|can) ?not (be )?reach|time[ds]? ?out|timeout"
            r"|econn|enotfound|eai_again|socket hang up|connection (was )?(reset|refused|closed|aborted)|network"
            r"|rate limit|too many requests|unavailable|maintenance|bad gateway|the server's side|internal server error"
            rf"|{_STATUS.format(codes='429|5[0-9][0-9]')}",
            re.I,
        ),
    ),
    (Cause.RECORD_REFUSED, re.compile(r"record|refused a value|does not match the schema|schema conflict|copy:", re.I)),
    (Cause.BAD_ANSWER, re.compile(r"unexpected|not json|no \"objects\"|filter was ignored|cannot be read", re.I)),
]


def classify(error: str, reason: str) -> Cause:
    """The class of a failure.

    :param error: what was said in detail, which tells more than how the step sums it up
    :param reason: how the step sums it up; a verdict of it stands
    """
    verdict = _class_of(reason)
    if verdict in VERDICTS:
        return verdict
    return _class_of(error, reason)


def _class_of(*texts: str) -> Cause:
    """By the first text that says anything."""
    for text in texts:
        for cause, sign in _SIGNS:
            if sign.search(text):
                return cause
    return Cause.OTHER


def service_of(error: str, reason: str, cause: Cause) -> str:
    """The service that a failure is about, by the plugin that tells of it; empty when it is not known."""
    for text in (error, reason):
        for plugin, service in SERVICES.items():
            if re.search(rf"\b{re.escape(plugin)}\b", text):
                return service
    # All that dbt talks to is the warehouse.
    of_dbt = reason.startswith("dbt ") or "could not be built: " in error
    return SERVICES["target-snowflake-ts"] if cause in SERVICE_WIDE and of_dbt else ""
