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

# The first that matches decides, so the narrower ones come first.
_SIGNS: Sequence[tuple[Cause, re.Pattern[str]]] = [
    (Cause.LOCKED, re.compile(r"already running|another run of the same pipeline", re.I)),
    (
        Cause.SIGN_IN_REFUSED,
        re.compile(
            r"sign-?in (was |is )?refused|refused the (sign-?in|api key|token)|\b40[13]\b|unauthori[sz]ed|forbidden"
            r"|incorrect username|jwt token is invalid|invalid credentials|authentication",
            re.I,
        ),
    ),
    (
        Cause.CONFIGURATION,
        re.compile(r"configuration is wrong|bad configuration|setting|not set\b|unknown option", re.I),
    ),
    (Cause.BROKE_OFF, re.compile(r"broke off|process is gone|was killed|out of memory|terminated", re.I)),
    (Cause.DATA_TEST, re.compile(r"failed a test|\btests? failed|a test failed", re.I)),
    (
        Cause.MODEL_ERROR,
        re.compile(r"could not (be )?buil[dt]|compilation error|parsing error|contract error|sql compilation", re.I),
    ),
    (
        Cause.UNREACHABLE,
        re.compile(
            r"nothing answers|no answer|did not answer|unreachable|(could|can) ?not (be )?reach|time[ds]? ?out|timeout"
            r"|econn|enotfound|eai_again|socket hang up|connection (was )?(reset|refused|closed|aborted)|network"
            r"|\b(429|5\d\d)\b|rate limit|unavailable|maintenance",
            re.I,
        ),
    ),
    (Cause.RECORD_REFUSED, re.compile(r"record|refused a value|does not match the schema|schema conflict|copy:", re.I)),
    (Cause.BAD_ANSWER, re.compile(r"unexpected|not json|no \"objects\"|filter was ignored|cannot be read", re.I)),
]


def classify(*texts: str) -> Cause:
    """The class of a failure by what was said of it; the first text that says anything decides."""
    for text in texts:
        for cause, sign in _SIGNS:
            if sign.search(text):
                return cause
    return Cause.OTHER


def service_of(*texts: str) -> str:
    """The service that a message is about, by the plugin that it comes from; empty when no plugin is named."""
    for text in texts:
        for plugin, service in SERVICES.items():
            if re.search(rf"\b{re.escape(plugin)}\b", text):
                return service
    return ""
