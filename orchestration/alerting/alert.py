"""What an alert says."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
MAX_LISTED_ASSETS = 8


class Kind(StrEnum):
    """Why somebody is told. Routes choose channels by it."""

    RUN_FAILED = "run_failed"
    RETRYING = "retrying"
    RECOVERED = "recovered"
    DASHBOARD_OUTDATED = "dashboard_outdated"
    DASHBOARD_FRESH = "dashboard_fresh"


SYMBOLS = {
    Kind.RUN_FAILED: "🔴",
    Kind.RETRYING: "🟡",
    Kind.RECOVERED: "🟢",
    Kind.DASHBOARD_OUTDATED: "🟠",
    Kind.DASHBOARD_FRESH: "🟢",
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
    """

    kind: Kind
    title: str
    what: str
    assets: tuple[str, ...]
    since: float
    data_as_of: float | None
    link: str
    advice: str = ""

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
        lines = [self.what]
        if self.assets:
            more = len(self.assets) - MAX_LISTED_ASSETS
            listed = ", ".join(self.assets[:MAX_LISTED_ASSETS]) + (f" and {more} more" if more > 0 else "")
            lines.append(f"Concerns: {listed}")
        lines.append(f"Since: {local_time(self.since)}")
        lines.append(data_age(self.data_as_of, now))
        if self.advice:
            lines.append(f"What to do: {self.advice}")
        lines.append(f"Look here: {self.link}")
        return "\n".join(lines)


def data_age(data_as_of: float | None, now: float) -> str:
    """How old the numbers are, in a sentence."""
    if data_as_of is None:
        return "It is not known yet how old the numbers on the dashboard are."
    return f"The dashboard shows data as of {local_time(data_as_of)}, {duration(now - data_as_of)} old."


def local_time(unix_seconds: float) -> str:
    """A time as people in the office write it, with its zone."""
    return datetime.fromtimestamp(unix_seconds, BERLIN).strftime("%d.%m.%Y %H:%M %Z")


def duration(seconds: float) -> str:
    """A duration in its two largest units."""
    minutes = max(0, int(seconds // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
