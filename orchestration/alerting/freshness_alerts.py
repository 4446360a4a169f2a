"""Tells when the dashboard gets outdated and when it is fresh again."""

from dataclasses import dataclass

from orchestration.alerting.alert import Alert, Kind, duration
from orchestration.alerting.outbox import Condition, Outbox

FRESH = "fresh"
OUTDATED = "outdated"
SUBJECT = "dashboard"


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
    outbox: Outbox, freshness: Freshness, assets: tuple[str, ...], max_age_seconds: int, link: str, now: float
) -> str:
    """Moves the dashboard's condition along, posts an alert when it changes, and returns it.

    The age of the data decides, not the time of the last build: a pipeline that builds the same old rows again every
    hour
    is outdated too. Only where no age is known does Dagster's freshness policy decide. Before the first run nothing is
    outdated, since nobody looks at it yet.
    """
    reference = freshness.data_as_of if freshness.data_as_of is not None else freshness.built_at
    if reference is None:
        return FRESH
    outdated = now - reference > max_age_seconds if freshness.data_as_of is not None else freshness.overdue_by_dagster

    def decide(before: Condition | None) -> tuple[str, Alert | None]:
        if outdated:
            if before is not None and before.state == OUTDATED:
                return OUTDATED, None
            return OUTDATED, Alert(
                Kind.DASHBOARD_OUTDATED,
                "The revenue dashboard is outdated",
                f"Its numbers are {duration(now - reference)} old; they may be {duration(max_age_seconds)} old.",
                assets,
                reference + max_age_seconds,
                freshness.data_as_of,
                link,
                "See whether runs fail or none is started; the alert about the failed run says why.",
            )
        if before is not None and before.state == OUTDATED:
            return FRESH, Alert(
                Kind.DASHBOARD_FRESH,
                "The revenue dashboard is fresh again",
                f"It had been outdated for {duration(now - before.since)}.",
                assets,
                now,
                freshness.data_as_of,
                link,
            )
        return FRESH, None

    outbox.transition(SUBJECT, decide, now)
    return OUTDATED if outdated else FRESH
