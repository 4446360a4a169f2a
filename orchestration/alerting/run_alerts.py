"""Which alerts a run leads to: one for each change of what is wrong."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from orchestration.alerting.alert import Alert, Kind, duration
from orchestration.alerting.fault import Fault
from orchestration.alerting.incidents import Incidents, Level
from orchestration.alerting.language import Language, cause_text, phrase
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.wording import RUNBOOKS, runbook, solved, what_is_wrong

AD_HOC_JOB = "__ASSET_JOB"
"""Dagster's job of assets that somebody chose; it covers what it materialised and nothing else."""


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

    :ivar reason: why it failed, in few words
    :ivar will_retry: whether the daemon starts the run again
    :ivar faults: what failed in it; from `reason`, `error` and `failed_assets` when it is empty
    :ivar succeeded: the assets that succeeded; None for everything that its job covers
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
    faults: tuple[Fault, ...] = field(default=())
    succeeded: tuple[str, ...] | None = None

    def what_failed(self) -> tuple[Fault, ...]:
        """The faults that ended it."""
        return self.faults or (Fault.of(self.reason, self.error, self.failed_assets, subject=self.job),)


@dataclass(frozen=True)
class Telling:
    """How alerts are told.

    :ivar soft_assets: what others go on without: its failure is a warning
    :ivar runbooks: where the runbooks are
    """

    language: Language = "en"
    soft_assets: Collection[str] = ()
    runbooks: str = RUNBOOKS


def observe_run(
    outbox: Outbox, run: RunFacts, data_as_of: float | None, now: float, telling: Telling | None = None
) -> None:
    """Posts the alerts that a run leads to. Seeing a run again does nothing.

    - A fault is told apart by the step or asset and the class of its cause, whatever job meets it. It is told once
      while it lasts; another fault is told beside it.
    - The first retry says that something is being retried; further ones in the same trouble are part of it. When it
      fails for good, that is told.
    - A fault is over when every asset of it has succeeded since, in whatever run, also in one that failed elsewhere.
    """
    telling = telling or Telling()
    for retry in run.retries:
        with outbox.incidents() as incidents:
            if incidents.first_time(f"run {run.run_id} {retry.step}:{retry.number}", now):
                fault = Fault.of("", retry.error, retry.assets, subject=retry.step)
                tell = _retrying(run, retry, fault, data_as_of, telling)
                incidents.report(fault, Level.RETRYING, min(retry.at, now), now, tell)
    if run.ended is None:
        return
    with outbox.incidents() as incidents:
        if incidents.first_time(f"run {run.run_id} ended", now):
            _ended(incidents, run, data_as_of, now, telling)


def _ended(incidents: Incidents, run: RunFacts, data_as_of: float | None, now: float, telling: Telling) -> None:
    at = min(run.ended_at, now) if run.ended_at else now
    faults = run.what_failed() if run.ended is Ended.FAILURE else ()
    for fault in faults:
        level = Level.RETRYING if run.will_retry else Level.FAILING
        incidents.report(fault, level, at, now, _failed(run, fault, data_as_of, telling))
    failed = {asset for fault in faults for asset in fault.assets}
    incidents.succeeded(
        _what_succeeded(incidents, run) - failed,
        at,
        now,
        lambda incident: solved(incident, at, data_as_of, run.link, telling.language),
    )


def _what_succeeded(incidents: Incidents, run: RunFacts) -> set[str]:
    if run.succeeded is not None:
        return {*run.succeeded, *([run.job] if run.ended is Ended.SUCCESS else [])}
    if run.ended is not Ended.SUCCESS or run.job == AD_HOC_JOB:
        return set()
    # All that its job covers; what nobody complains of needs no note. Marks of other watchers are not a run's to clear.
    return {asset for incident in incidents.open() for asset in incident.assets if "#" not in asset} | {run.job}


Tell = Callable[[tuple[str, ...], float], Alert]


def _retrying(run: RunFacts, retry: StepRetry, fault: Fault, data_as_of: float | None, telling: Telling) -> Tell:
    language = telling.language
    if retry.wait_seconds and retry.wait_seconds >= 60:
        next_try = phrase(language, "retry_in", wait=duration(retry.wait_seconds, language), number=retry.number)
    else:
        next_try = phrase(language, "retry", number=retry.number)
    return _being_retried(run, fault, f"{retry.error} {next_try}".strip(), data_as_of, telling)


def _failed(run: RunFacts, fault: Fault, data_as_of: float | None, telling: Telling) -> Tell:
    language = telling.language
    error = fault.error or phrase(language, "unknown_error")
    if run.will_retry:
        return _being_retried(run, fault, f"{error} {phrase(language, 'run_retry')}", data_as_of, telling)
    text = cause_text(language, fault.cause)
    soft = bool(telling.soft_assets) and set(fault.assets) <= set(telling.soft_assets)

    def tell(assets: tuple[str, ...], since: float) -> Alert:
        return Alert(
            Kind.DEGRADED if soft else Kind.RUN_FAILED,
            what_is_wrong(fault, assets, language),
            f"{error} {phrase(language, 'soft')}" if soft else error,
            assets,
            since,
            data_as_of,
            run.link,
            text.advice,
            text.who,
            runbook(fault.cause, telling.runbooks),
            language,
        )

    return tell


def _being_retried(run: RunFacts, fault: Fault, what: str, data_as_of: float | None, telling: Telling) -> Tell:
    language = telling.language

    def tell(assets: tuple[str, ...], since: float) -> Alert:
        return Alert(
            Kind.RETRYING,
            phrase(language, "retrying", what=what_is_wrong(fault, assets, language)),
            what,
            assets,
            since,
            data_as_of,
            run.link,
            phrase(language, "wait"),
            runbook=runbook(fault.cause, telling.runbooks),
            language=language,
        )

    return tell
