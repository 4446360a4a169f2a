"""The one way out: takes alerts from the outbox and hands them to the channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.alerting.alert import Kind, local_time
from orchestration.alerting.channel import Channel, ChannelError
from orchestration.alerting.language import phrase
from orchestration.alerting.outbox import Outbox, Pending

DIGEST_FROM = 4
"""So many alerts waiting for one channel are sent as one message."""
LISTED_IN_DIGEST = 15


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
    worst = Kind.RUN_FAILED if any(item.alert.kind is Kind.RUN_FAILED for item in group) else group[-1].alert.kind
    shown = group[-LISTED_IN_DIGEST:]
    last = group[-1].alert
    language = last.language
    lines = [f"{local_time(item.alert.since)}  {item.alert.headline()}" for item in shown]
    if len(group) > len(shown):
        lines.insert(0, phrase(language, "digest_earlier", count=len(group) - len(shown)))
    sign = next(item.alert.headline().split()[0] for item in reversed(group) if item.alert.kind is worst)
    return (
        f"{sign} {phrase(language, 'digest', count=len(group), title=last.title)}",
        "\n".join([*lines, "", phrase(language, "digest_last", title=last.title), last.body(now)]),
    )
