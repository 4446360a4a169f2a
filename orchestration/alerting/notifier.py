"""The one way out: takes alerts from the outbox and hands them to the channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.alerting.alert import SYMBOLS, Alert, Kind, local_time
from orchestration.alerting.channel import Channel, ChannelError
from orchestration.alerting.language import phrase
from orchestration.alerting.outbox import Outbox, Pending
from orchestration.alerting.wording import base_title

DIGEST_FROM = 4
"""So many alerts waiting for one channel are sent as one message."""
LISTED_IN_DIGEST = 15
SEVEREST_FIRST = [
    Kind.NOTHING_RUNS,
    Kind.RUN_FAILED,
    Kind.DEGRADED,
    Kind.DASHBOARD_OUTDATED,
    Kind.RETRYING,
]
ALL_CLEARS = (Kind.RECOVERED, Kind.DASHBOARD_FRESH)


@dataclass(frozen=True)
class Attempt:
    """What came of one channel: how many alerts it took, or the error."""

    channel: str
    delivered: int
    error: str | None = None


def deliver(outbox: Outbox, channels: Sequence[Channel], now: float) -> list[Attempt]:
    """Delivers what is due. A channel that does not take a message keeps it for later and never raises; the other
    channels are not held up by it."""
    attempts = []
    for channel in channels:
        pending = outbox.due(channel.name, now)
        if not pending:
            continue
        messages = [pending] if len(pending) >= DIGEST_FROM else [[item] for item in pending]
        delivered = 0
        try:
            for group in messages:
                channel.send(*(_digest(group, now) if len(group) > 1 else _single(group[0], now)))
                outbox.delivered(channel.name, [item.alert_id for item in group], now)
                delivered += len(group)
        except ChannelError as error:
            outbox.failed(channel.name, pending[delivered:], str(error), now, error.retry_after)
            attempts.append(Attempt(channel.name, delivered, str(error)))
        else:
            attempts.append(Attempt(channel.name, delivered))
    return attempts


def _single(item: Pending, now: float) -> tuple[str, str]:
    return item.alert.headline(), item.alert.body(now)


def _digest(group: list[Pending], now: float) -> tuple[str, str]:
    """One message for many alerts: a line each, and the last one in full, since it tells how things stand."""
    shown = group[-LISTED_IN_DIGEST:]
    last = group[-1].alert
    language = last.language
    lines = [f"{local_time(item.alert.since, item.alert.language)}  {item.alert.headline()}" for item in shown]
    if len(group) > len(shown):
        lines.insert(0, phrase(language, "digest_earlier", count=len(group) - len(shown)))
    standing = sorted({alert.kind for alert in _unsolved(group)}, key=SEVEREST_FIRST.index)
    sign = SYMBOLS[standing[0] if standing else last.kind]
    return (
        f"{sign} {phrase(language, 'digest', count=len(group), title=last.title)}",
        "\n".join([*lines, "", phrase(language, "digest_last", title=last.title), last.body(now)]),
    )


def _unsolved(group: list[Pending]) -> list[Alert]:
    """Those that no later one of the group says to be over."""
    left: list[Alert] = []
    for alert in (item.alert for item in group):
        if alert.kind in ALL_CLEARS:
            left = [one for one in left if not _is_over(one, alert)]
        else:
            left.append(alert)
    return left


def _is_over(told: Alert, clear: Alert) -> bool:
    """An all-clear repeats the title behind how long it took, and tells of the same beginning. So does a reminder."""
    title = base_title(told)
    return told.since == clear.since and clear.title.endswith(title.partition(": ")[2] or title)
