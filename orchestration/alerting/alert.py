"""What an alert says."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from orchestration.alerting.language import Language, phrase

BERLIN = ZoneInfo("Europe/Berlin")
MAX_LISTED_ASSETS = 8
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Kind(StrEnum):
    """Why somebody is told. Routes choose channels by it."""

    RUN_FAILED = "run_failed"
    DEGRADED = "degraded"
    RETRYING = "retrying"
    RECOVERED = "recovered"
    DASHBOARD_OUTDATED = "dashboard_outdated"
    DASHBOARD_FRESH = "dashboard_fresh"
    NOTHING_RUNS = "nothing_runs"


SYMBOLS = {
    Kind.RUN_FAILED: "🔴",
    Kind.DEGRADED: "🟠",
    Kind.RETRYING: "🟡",
    Kind.RECOVERED: "🟢",
    Kind.DASHBOARD_OUTDATED: "🟠",
    Kind.DASHBOARD_FRESH: "🟢",
    Kind.NOTHING_RUNS: "⚫",
}


@dataclass(frozen=True)
class Alert:
    """One message. It holds no secret and no record value: whoever makes one passes errors through `redact`.

    :ivar what: what happened, one or two sentences
    :ivar assets: the tables or dashboards that it is about
    :ivar since: since when, in unix seconds
    :ivar data_as_of: the age of the numbers on the dashboard, in unix seconds; None when it is not known
    :ivar link: where to look
    :ivar advice: what to do about it; empty when there is nothing to do
    :ivar who: who is to do it
    :ivar runbook: the page about this kind of alert; empty when there is none
    """

    kind: Kind
    title: str
    what: str
    assets: tuple[str, ...]
    since: float
    data_as_of: float | None
    link: str
    advice: str = ""
    who: str = ""
    runbook: str = ""
    language: Language = "en"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Alert":
        fields = json.loads(text)
        return cls(**{**fields, "kind": Kind(fields["kind"]), "assets": tuple(fields["assets"])})

    def headline(self) -> str:
        """The title with its sign, in one line."""
        return f"{SYMBOLS[self.kind]} {self.title}"

    def body(self, now: float) -> str:
        """Everything but the headline, a fact a line."""
        language = self.language
        lines = [self.what] if self.what else []
        if self.assets:
            lines.append(phrase(language, "concerns", assets=listed(self.assets, language)))
        lines.append(phrase(language, "since", time=local_time(self.since, language)))
        lines.append(data_age(self.data_as_of, now, language))
        if self.advice:
            name = "action" if self.who else "action_of_anyone"
            lines.append(phrase(language, name, who=self.who, advice=self.advice))
        lines.append(phrase(language, "link", link=self.link))
        if self.runbook:
            lines.append(phrase(language, "runbook", link=self.runbook))
        return "\n".join(lines)


def listed(names: tuple[str, ...], language: Language, at_most: int = MAX_LISTED_ASSETS) -> str:
    """Names in one line, cut off after `at_most`."""
    more = len(names) - at_most
    return ", ".join(names[:at_most]) + (phrase(language, "more", count=more) if more > 0 else "")


def data_age(data_as_of: float | None, now: float, language: Language = "en") -> str:
    """How old the numbers are, in a sentence."""
    if data_as_of is None:
        return phrase(language, "age_unknown")
    return phrase(language, "age", time=local_time(data_as_of, language), age=duration(now - data_as_of, language))


def local_time(unix_seconds: float, language: Language = "en") -> str:
    """A time as people in the office write it, with its zone: `28 Nov 2026, 15:04 CET`, `28.11.2026, 15:04 CET`."""
    local = datetime.fromtimestamp(unix_seconds, BERLIN)
    # Not %b: the months are English, whatever the machine's locale is.
    date = f"{local.day} {_MONTHS[local.month - 1]} {local.year}" if language == "en" else f"{local:%d.%m.%Y}"
    return f"{date}, {local:%H:%M %Z}"


def duration(seconds: float, language: Language = "en") -> str:
    """A duration in its two largest units."""
    minutes = max(0, int(seconds // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return phrase(language, "days", days=days, hours=hours)
    if hours:
        return phrase(language, "hours", hours=hours, minutes=minutes % 60)
    return phrase(language, "minutes", minutes=minutes) if minutes else phrase(language, "moments")
