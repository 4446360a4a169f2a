"""Tells again what is still wrong, and tells others when nobody fixes it."""

from collections.abc import Collection
from dataclasses import dataclass

from orchestration.alerting.incidents import Level
from orchestration.alerting.language import Language
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.wording import again


@dataclass(frozen=True)
class ReminderPolicy:
    """When something is told again.

    :ivar repeat_seconds: how long after it was last told; 0 for never
    :ivar escalate_seconds: how long after it began the further channels are told; 0 for never
    :ivar channels: these further channels
    """

    repeat_seconds: float = 0
    escalate_seconds: float = 0
    channels: Collection[str] = ()


def remind(outbox: Outbox, policy: ReminderPolicy, data_as_of: float | None, now: float, language: Language) -> int:
    """Posts what is due and returns how many alerts that made. What is only being retried is not told again."""
    count = 0
    with outbox.incidents() as incidents:
        for incident in incidents.open():
            if incident.level is not Level.FAILING:
                continue
            if policy.repeat_seconds and now - incident.told_at >= policy.repeat_seconds:
                incidents.tell_again(incident, again(incident, "still", data_as_of, now, language), now)
                count += 1
            overdue = policy.escalate_seconds and now - incident.opened_at >= policy.escalate_seconds
            if overdue and policy.channels and incident.escalated_at is None:
                alert = again(incident, "escalated", data_as_of, now, language)
                incidents.escalate(incident, alert, policy.channels, now)
                count += 1
    return count
