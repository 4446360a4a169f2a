"""Which alerts a run leads to: one for each change of its job's condition."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from orchestration.alerting.alert import Alert, Kind, duration
from orchestration.alerting.outbox import Condition, Outbox

OK = "ok"
RETRYING = "retrying"
FAILING = "failing"


class Ended(StrEnum):
    """How a run ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELED = "canceled"


@dataclass(frozen=True)
class StepRetry:
    """A step that failed and will be tried again in the same run.

    :ivar number: 1 for the first retry
    :ivar wait_seconds: how long until then; None when it is not known
    """

    step: str
    number: int
    at: float
    error: str
    assets: tuple[str, ...]
    wait_seconds: float | None = None


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run. Texts are redacted already.

    :ivar reason: why it failed, in few words; two failures with the same job and reason are one condition
    :ivar will_retry: whether the daemon starts the run again
    """

    run_id: str
    job: str
    link: str
    started_at: float
    retries: tuple[StepRetry, ...] = ()
    ended: Ended | None = None
    ended_at: float = 0
    will_retry: bool = False
    reason: str = ""
    error: str = ""
    failed_assets: tuple[str, ...] = field(default=())
    advice: str = ""


def observe_run(outbox: Outbox, run: RunFacts, data_as_of: float | None, now: float) -> None:
    """Moves the condition of the run's job along and posts the alerts of the changes. Seeing a run again does nothing.

    - The first retry, of a step or of the whole run, says that something is being retried; further ones in the same
    trouble
      are part of it.
    - A failure that is final is told once; the same failure of later runs is not told again until a run succeeded.
      A failure for another reason is news.
    - A success after any of these is told once.
    """
    for retry in run.retries:
        _observe(outbox, run, f"{retry.step}:{retry.number}", retry.at, _retrying(run, retry, data_as_of), now)
    if run.ended is Ended.FAILURE:
        decide = _run_retrying(run, data_as_of) if run.will_retry else _failed(run, data_as_of)
        _observe(outbox, run, "ended", run.ended_at, decide, now)
    elif run.ended is Ended.SUCCESS:
        _observe(outbox, run, "ended", run.ended_at, _succeeded(run, data_as_of), now)


Decide = Callable[[Condition | None], tuple[str, Alert | None]]


def _observe(outbox: Outbox, run: RunFacts, event: str, at: float, decide: Decide, now: float) -> None:
    outbox.transition(f"job {run.job}", decide, min(at, now) if at else now, once=f"run {run.run_id} {event}")


def _in_trouble(before: Condition | None) -> bool:
    return before is not None and before.state != OK


def _retrying(run: RunFacts, retry: StepRetry, data_as_of: float | None) -> Decide:
    def decide(before: Condition | None) -> tuple[str, Alert | None]:
        if _in_trouble(before):
            return before.state, None
        wait = f" in {duration(retry.wait_seconds)}" if retry.wait_seconds and retry.wait_seconds >= 60 else ""
        return RETRYING, Alert(
            Kind.RETRYING,
            f"{run.job}: step {retry.step} is being retried",
            f"{retry.error} The step is tried again{wait} (retry {retry.number}).",
            retry.assets,
            retry.at,
            data_as_of,
            run.link,
            "Nothing yet: you will be told when it succeeds or fails for good.",
        )

    return decide


def _run_retrying(run: RunFacts, data_as_of: float | None) -> Decide:
    def decide(before: Condition | None) -> tuple[str, Alert | None]:
        if _in_trouble(before):
            return before.state, None
        return RETRYING, Alert(
            Kind.RETRYING,
            f"{run.job}: the run is being retried",
            f"{run.error or 'The run broke off.'} It goes on in a new run, from where it stopped.",
            run.failed_assets,
            run.ended_at,
            data_as_of,
            run.link,
            "Nothing yet: you will be told when it succeeds or fails for good.",
        )

    return decide


def _failed(run: RunFacts, data_as_of: float | None) -> Decide:
    state = f"{FAILING}: {run.reason}"

    def decide(before: Condition | None) -> tuple[str, Alert | None]:
        if before is not None and before.state == state:
            return state, None
        return state, Alert(
            Kind.RUN_FAILED,
            f"{run.job} failed: {run.reason}" if run.reason else f"{run.job} failed",
            run.error or "The run failed.",
            run.failed_assets,
            before.since if _in_trouble(before) else run.ended_at,
            data_as_of,
            run.link,
            run.advice,
        )

    return decide


def _succeeded(run: RunFacts, data_as_of: float | None) -> Decide:
    def decide(before: Condition | None) -> tuple[str, Alert | None]:
        if not _in_trouble(before):
            return OK, None
        was = "failing" if before.state.startswith(FAILING) else "being retried"
        return OK, Alert(
            Kind.RECOVERED,
            f"{run.job} succeeded again",
            f"It had been {was} for {duration(run.ended_at - before.since)}.",
            (),
            run.ended_at,
            data_as_of,
            run.link,
        )

    return decide
