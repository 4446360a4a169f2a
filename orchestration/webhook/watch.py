"""Tells people that nothing can run: Dagster's own sensors cannot, since they do not run then either."""

import logging
import threading
import time
from collections.abc import Callable

from orchestration.alerting.alert import Alert, Kind
from orchestration.alerting.cause import Cause
from orchestration.alerting.channel import Channel
from orchestration.alerting.fault import Fault
from orchestration.alerting.incidents import Level
from orchestration.alerting.language import cause_text, phrase
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.run_alerts import Telling
from orchestration.alerting.wording import runbook, solved

logger = logging.getLogger("orchestration.webhook")

MARK = "platform#runs"
"""Stands for the platform as a whole among the assets of incidents; no run can clear it."""
LOOK_SECONDS = 15
PATIENCE_SECONDS = 90
"""A restart, such as a deploy makes, takes less."""


class Watch:
    """Looks at the platform again and again. Something that lasts for 90 seconds is told once, and that it is over."""

    def __init__(
        self,
        outbox: Outbox,
        channels: list[Channel],
        problems: Callable[[], list[str]],
        link: str,
        telling: Telling,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._problems = problems
        self._link = link
        self._telling = telling
        self._clock = clock
        self._bad_since: float | None = None

    def look(self) -> list[str]:
        """Looks once and returns what is wrong. Alerts are delivered from here only while nothing else does it."""
        problems, now = self._problems(), self._clock()
        if not problems:
            self._bad_since = None
            with self._outbox.incidents() as incidents:
                incidents.succeeded(
                    [MARK], now, now, lambda incident: solved(incident, now, None, self._link, self._telling.language)
                )
            return problems
        self._bad_since = now if self._bad_since is None else self._bad_since
        if now - self._bad_since >= PATIENCE_SECONDS:
            self._report("; ".join(problems), self._bad_since, now)
            for attempt in deliver(self._outbox, self._channels, now):
                if attempt.error:
                    logger.warning("%s: %s; it will be retried", attempt.channel, attempt.error)
        return problems

    def start(self) -> None:
        """Goes on looking in a thread that ends with the process."""

        def loop() -> None:
            while True:
                try:
                    self.look()
                except Exception as error:
                    # A full disk or a locked file heals; the watch must not end by it.
                    logger.error("the platform could not be looked at: %s", error)
                time.sleep(LOOK_SECONDS)

        threading.Thread(target=loop, name="watch", daemon=True).start()

    def _report(self, what: str, since: float, now: float) -> None:
        language = self._telling.language
        text = cause_text(language, Cause.NOTHING_RUNS)

        def tell(_: tuple[str, ...], at: float) -> Alert:
            return Alert(
                Kind.NOTHING_RUNS,
                text.title.format(subject=phrase(language, "platform")),
                what,
                (),
                at,
                None,
                self._link,
                text.advice,
                text.who,
                runbook(Cause.NOTHING_RUNS, self._telling.runbooks),
                language,
            )

        with self._outbox.incidents() as incidents:
            incidents.report(Fault(Cause.NOTHING_RUNS, (MARK,)), Level.FAILING, since, now, tell)
