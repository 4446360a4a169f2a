"""Tells when the dashboard gets outdated and when it is fresh again."""

from dataclasses import dataclass

from orchestration.alerting.alert import Alert, Kind, duration
from orchestration.alerting.cause import Cause
from orchestration.alerting.fault import Fault
from orchestration.alerting.incidents import Level
from orchestration.alerting.language import cause_text, phrase
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.run_alerts import Telling
from orchestration.alerting.wording import runbook, solved

FRESH = "fresh"
OUTDATED = "outdated"
MARK = "dashboard#age"
"""Stands for the age of the figures among the assets of incidents; no run can clear it."""


@dataclass(frozen=True)
class Freshness:
    """What is known of the dashboard's age.

    :ivar data_as_of: all changes up to this time are in the numbers (unix seconds); None when nobody knows
    :ivar built_at: when the dashboard's step last succeeded; None before the first time
    :ivar overdue_by_dagster: whether Dagster's own freshness policy of the dashboard failed
    """

    data_as_of: float | None
    built_at: float | None
    overdue_by_dagster: bool


def observe_freshness(
    outbox: Outbox,
    freshness: Freshness,
    assets: tuple[str, ...],
    max_age_seconds: int,
    link: str,
    now: float,
    telling: Telling | None = None,
) -> str:
    """Moves the dashboard's condition along, posts an alert when it changes, and returns it.

    The age of the data decides, not the time of the last build: a pipeline that builds the same old rows again every
    hour is outdated too. Only where no age is known does Dagster's freshness policy decide. Before the first run
    nothing is outdated, since nobody looks at it yet.
    """
    telling = telling or Telling()
    language = telling.language
    reference = freshness.data_as_of if freshness.data_as_of is not None else freshness.built_at
    if reference is None:
        return FRESH
    outdated = now - reference > max_age_seconds if freshness.data_as_of is not None else freshness.overdue_by_dagster
    text = cause_text(language, Cause.OUTDATED)

    def tell(_: tuple[str, ...], since: float) -> Alert:
        return Alert(
            Kind.DASHBOARD_OUTDATED,
            text.title.format(subject=phrase(language, "dashboard")),
            phrase(
                language, "outdated", age=duration(now - reference, language), limit=duration(max_age_seconds, language)
            ),
            assets,
            reference + max_age_seconds,
            freshness.data_as_of,
            link,
            text.advice,
            text.who,
            runbook(Cause.OUTDATED, telling.runbooks),
            language,
        )

    with outbox.incidents() as incidents:
        if outdated:
            incidents.report(Fault(Cause.OUTDATED, (MARK,)), Level.FAILING, now, now, tell)
        else:
            incidents.succeeded(
                [MARK],
                now,
                now,
                lambda incident: solved(incident, now, freshness.data_as_of, link, language, Kind.DASHBOARD_FRESH),
            )
    return OUTDATED if outdated else FRESH
