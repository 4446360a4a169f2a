"""Puts alerts into words."""

from orchestration.alerting.alert import Alert, Kind, duration, listed, local_time
from orchestration.alerting.cause import ABOUT_TABLES, Cause
from orchestration.alerting.fault import Fault
from orchestration.alerting.incidents import Incident
from orchestration.alerting.language import Language, cause_text, phrase

TITLE_ASSETS = 2
RUNBOOKS = "docs/runbooks"


def what_is_wrong(fault: Fault, assets: tuple[str, ...], language: Language) -> str:
    """What is concerned and what is wrong with it, in a few words."""
    tables = listed(assets, language, TITLE_ASSETS)
    subject = tables if fault.cause in ABOUT_TABLES else fault.service or tables
    return cause_text(language, fault.cause).title.format(subject=subject)


def runbook(cause: Cause, base: str) -> str:
    """Where the page about a cause is."""
    return f"{base.rstrip('/')}/{cause.replace('_', '-')}.md"


def solved(
    incident: Incident, at: float, data_as_of: float | None, link: str, language: Language, kind: Kind = Kind.RECOVERED
) -> Alert:
    """That an incident is over: what it was and how long it took."""
    return Alert(
        kind,
        phrase(language, "solved", age=duration(at - incident.opened_at, language), what=base_title(incident.alert)),
        phrase(language, "solved_what", since=local_time(incident.opened_at, language), end=local_time(at, language)),
        incident.alert.assets,
        incident.opened_at,
        data_as_of,
        link or incident.alert.link,
        language=language,
    )


def again(incident: Incident, name: str, data_as_of: float | None, now: float, language: Language) -> Alert:
    """What was told of an incident, told again: `still` or `escalated`."""
    told = incident.alert
    title = phrase(language, name, age=duration(now - incident.opened_at, language), what=base_title(told))
    return Alert(
        told.kind,
        title,
        told.what,
        told.assets,
        incident.opened_at,
        data_as_of,
        told.link,
        told.advice,
        told.who,
        told.runbook,
        language,
    )


def base_title(alert: Alert) -> str:
    """The title without what is only true while something is being retried."""
    return alert.title.removesuffix(phrase(alert.language, "retrying", what=""))
