"""When waiting events start a run: pure, so that the promise can be read and tested without Dagster."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.webhook.inbox import Event


@dataclass(frozen=True)
class Runs:
    """What is known of the job's runs.

    :ivar unfinished: whether a run is queued, starting or going
    :ivar last_success_started_at: when the newest successful run of the whole job started, in unix seconds
    :ivar last_success_id: that run's id
    """

    unfinished: bool
    last_success_started_at: float | None = None
    last_success_id: str | None = None


@dataclass(frozen=True)
class Decision:
    """What to do: `start` for these events, `served` for those that a finished run has read already, and why."""

    start: Sequence[Event]
    served: Sequence[Event]
    reason: str


def decide(events: Sequence[Event], runs: Runs, now: float, debounce_seconds: int, max_wait_seconds: int) -> Decision:
    """Decides about the waiting events (oldest first).

    - A run that started after an event came, and succeeded, has read what the event is about: nothing more to do.
    - While a run is going everything waits, so that all events of that time lead to one more run and not to several.
    - Otherwise one run starts for all of them as soon as none has come for `debounce_seconds`, or the oldest has
      waited for `max_wait_seconds`: a steady stream of events cannot put it off for ever.
    """
    started = runs.last_success_started_at
    served = [event for event in events if started is not None and event.received_at < started]
    waiting = [event for event in events if event not in served]
    if not waiting:
        return Decision([], served, "no events are waiting")
    if runs.unfinished:
        return Decision([], served, f"{len(waiting)} events wait for the run that is going")
    quiet = now - waiting[-1].received_at >= debounce_seconds
    if not quiet and now - waiting[0].received_at < max_wait_seconds:
        return Decision([], served, f"{len(waiting)} events wait for {debounce_seconds} quiet seconds")
    return Decision(waiting, served, f"{len(waiting)} events start a run")
