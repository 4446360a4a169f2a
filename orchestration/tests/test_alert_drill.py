"""A drill over the alert machine with simulated runs: outages that overlap, flapping, two jobs, lost channels, restarts."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from orchestration.alerting.alert import Kind
from orchestration.alerting.channel import ChannelError
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.reminders import ReminderPolicy, remind
from orchestration.alerting.routes import router
from orchestration.alerting.run_alerts import AD_HOC_JOB, Ended, RunFacts, observe_run

NOW = 1_764_060_000.0
HOUR = 3600.0
ROUTES = [([Kind.RUN_FAILED, Kind.DEGRADED], ["slack", "email"]), ([Kind.RETRYING], ["slack"])]
SEVDESK = ("RAW/INVOICES", "RAW/CONTACTS")
MARTS = ("ANALYTICS/REVENUE",)


class Box:
    """A channel that keeps what it was sent, and may be down."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.down = False
        self.headlines: list[str] = []

    def send(self, headline: str, body: str) -> None:
        if self.down:
            raise ChannelError("down")
        self.headlines.append(headline)


class Drill:
    """An alert machine on a clock of its own."""

    def __init__(self, folder: Path, *channels: str) -> None:
        self.now = NOW
        self.channels = [Box(name) for name in channels or ("slack", "email")]
        self._folder = folder
        self._runs = 0
        self.restart()

    def restart(self) -> None:
        """As after a crash: only what is on disk is known."""
        self.outbox = Outbox(self._folder / "outbox.sqlite", router(ROUTES, [box.name for box in self.channels]))

    def play(
        self,
        *succeeded: str,
        job: str = "hourly",
        error: str = "",
        failed: tuple[str, ...] = (),
        times_seen: int = 1,
    ) -> None:
        """A run ends; the sensor may see it more than once."""
        self._runs += 1
        self.now += 60
        run = RunFacts(
            f"run-{self._runs}",
            job,
            "http://dagster.example",
            self.now - 30,
            ended=Ended.FAILURE if error else Ended.SUCCESS,
            ended_at=self.now,
            reason="a step failed" if error else "",
            error=error,
            failed_assets=failed,
            succeeded=succeeded,
        )
        for _ in range(times_seen):
            observe_run(self.outbox, run, None, self.now)
        self.tick()

    def tick(self, seconds: float = 0) -> None:
        self.now += seconds
        deliver(self.outbox, self.channels, self.now)

    def told(self, name: str = "slack") -> list[str]:
        return next(box for box in self.channels if box.name == name).headlines


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    return Drill(tmp_path)


SEVDESK_DOWN, ECB_DOWN = "tap-sevdesk: nothing answers", "tap-ecb: nothing answers"


def signs(headlines: list[str]) -> list[str]:
    return [headline[0] for headline in headlines]


def test_outages_that_overlap_are_told_and_cleared_each_by_itself(drill: Drill) -> None:
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    drill.play(error=ECB_DOWN, failed=("RAW/RATES",))
    drill.play(*SEVDESK, error=ECB_DOWN, failed=("RAW/RATES",))
    drill.play("RAW/RATES")
    assert [headline.replace("Resolved after ", "")[:20] for headline in drill.told()] == [
        "🔴 sevDesk cannot be ",
        "🔴 ECB cannot be reac",
        "🟢 2 min: sevDesk can",
        "🟢 2 min: ECB cannot ",
    ]
    assert drill.told("email") == drill.told()


def test_one_outage_that_many_jobs_meet_is_told_once(drill: Drill) -> None:
    for job in ("hourly", "nightly", AD_HOC_JOB, "hourly"):
        drill.play(job=job, error=SEVDESK_DOWN, failed=SEVDESK)
    drill.play(*SEVDESK, job="nightly")
    drill.play(*SEVDESK, job="hourly")
    assert signs(drill.told()) == ["🔴", "🟢"]


def test_a_second_fault_of_another_class_on_the_same_asset_is_told(drill: Drill) -> None:
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    drill.play(error="tap-sevdesk: the sign-in was refused", failed=SEVDESK)
    drill.play(error="the same: tap-sevdesk: the sign-in was refused", failed=SEVDESK)
    assert signs(drill.told()) == ["🔴", "🔴"]
    drill.play(*SEVDESK)
    assert signs(drill.told()) == ["🔴", "🔴", "🟢", "🟢"]


def test_a_second_asset_of_the_same_class_is_told_unless_one_service_is_at_fault(drill: Drill) -> None:
    drill.play(error="a test failed", failed=("ANALYTICS/A",))
    drill.play(error="a test failed", failed=("ANALYTICS/A", "ANALYTICS/B"))
    assert drill.told() == ["🔴 A data test failed: ANALYTICS/A", "🔴 A data test failed: ANALYTICS/B"]


def test_nothing_but_success_of_every_asset_clears_a_fault(drill: Drill) -> None:
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    drill.play("RAW/RATES", "ANALYTICS/OTHER", job=AD_HOC_JOB)
    drill.play("RAW/INVOICES", job=AD_HOC_JOB)
    assert signs(drill.told()) == ["🔴"]
    drill.play("RAW/CONTACTS", error="dbt tests failed: x", failed=MARTS)
    assert signs(drill.told()) == ["🔴", "🔴", "🟢"]


def test_flapping_tells_each_change_once(drill: Drill) -> None:
    for _ in range(2):
        drill.play(error=SEVDESK_DOWN, failed=SEVDESK, times_seen=3)
        drill.play(*SEVDESK, times_seen=3)
    assert signs(drill.told()) == ["🔴", "🟢", "🔴", "🟢"]


def test_a_failure_that_a_later_success_has_overtaken_is_no_news(drill: Drill) -> None:
    drill.play(*SEVDESK)
    late = RunFacts(
        "late", "nightly", "", NOW, ended=Ended.FAILURE, ended_at=NOW, error=SEVDESK_DOWN, failed_assets=SEVDESK
    )
    observe_run(drill.outbox, late, None, drill.now)
    drill.tick()
    assert drill.told() == []


def test_a_lost_channel_gets_every_change_later_in_order(drill: Drill) -> None:
    slack = drill.channels[0]
    slack.down = True
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    drill.restart()
    drill.play(*SEVDESK)
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    slack.down = False
    drill.tick(HOUR)
    assert signs(drill.told("email")) == signs(drill.told("slack")) == ["🔴", "🟢", "🔴"]


def test_the_end_is_told_to_every_channel_that_was_told_and_to_no_other(drill: Drill) -> None:
    from orchestration.alerting.run_alerts import StepRetry

    retried = RunFacts("r", "hourly", "", NOW, retries=(StepRetry("tap", 1, NOW, SEVDESK_DOWN, SEVDESK),))
    observe_run(drill.outbox, retried, None, NOW)
    drill.play(*SEVDESK)
    assert (signs(drill.told("slack")), drill.told("email")) == (["🟡", "🟢"], [])


def test_what_lasts_is_told_again_and_to_others_when_nobody_fixes_it(tmp_path: Path) -> None:
    drill = Drill(tmp_path, "slack", "email_escalation")
    policy = ReminderPolicy(24 * HOUR, 4 * HOUR, ["email_escalation"])
    drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
    for _ in range(60):
        remind(drill.outbox, policy, None, drill.now, "en")
        drill.tick(HOUR)
    assert drill.told("slack") == [
        "🔴 sevDesk cannot be reached",
        "🔴 Not resolved after 1 d 0 h: sevDesk cannot be reached",
        "🔴 Not resolved after 2 d 0 h: sevDesk cannot be reached",
    ]
    assert drill.told("email_escalation")[0] == "🔴 Still not resolved after 4 h 0 min: sevDesk cannot be reached"
    drill.play(*SEVDESK)
    assert signs([drill.told("slack")[-1], drill.told("email_escalation")[-1]]) == ["🟢", "🟢"]
    assert remind(drill.outbox, policy, None, drill.now + 1000 * HOUR, "en") == 0


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_of_events_beginnings_and_ends_alternate_and_agree_with_the_truth(
    tmp_path: Path, seed: int
) -> None:
    """A week of hours at random: each source fails or not, each job runs or not, channels are lost, the sensor restarts."""
    random, drill = Random(seed), Drill(tmp_path)
    assets = {"tap-sevdesk": SEVDESK, "tap-ecb": ("RAW/RATES",)}
    down = dict.fromkeys(assets, False)
    truth: Counter[str] = Counter()
    for _ in range(120):
        for plugin in assets:
            if random.random() < 0.2:
                down[plugin] = not down[plugin]
        drill.channels[0].down = random.random() < 0.3
        if random.random() < 0.2:
            drill.restart()
        for plugin, keys in assets.items():
            known_down = truth[f"began {plugin}"] > truth[f"over {plugin}"]
            if down[plugin]:
                drill.play(error=f"{plugin}: nothing answers", failed=keys, times_seen=random.randint(1, 2))
                truth[f"began {plugin}"] += not known_down
            else:
                drill.play(*keys, job=random.choice(["hourly", "nightly"]))
                truth[f"over {plugin}"] += known_down
        drill.tick(HOUR)
    drill.channels[0].down = False
    drill.tick(HOUR)
    for name, plugin in (("sevDesk", "tap-sevdesk"), ("ECB", "tap-ecb")):
        about = [headline[0] for headline in drill.told("email") if name in headline]
        assert about.count("🔴") == truth[f"began {plugin}"]
        assert about.count("🟢") == truth[f"over {plugin}"]
        assert all(first != second for first, second in pairwise(about))


def test_an_outage_of_the_warehouse_is_one_whether_the_loader_or_dbt_meets_it(drill: Drill) -> None:
    drill.play(error="target-snowflake-ts: nothing answers", failed=SEVDESK)
    drill.play(*SEVDESK, error="m could not be built: 250001: Could not connect to Snowflake", failed=MARTS)
    drill.play(*SEVDESK, *MARTS)
    assert signs(drill.told()) == ["🔴", "🟢"]


@pytest.mark.parametrize(
    ("stays", "sign"),
    [((), "🟢"), (("RAW/RATES",), "🔴")],
    ids=["all is well again", "one outage goes on"],
)
def test_a_digest_has_the_sign_of_what_is_still_wrong(drill: Drill, stays: tuple[str, ...], sign: str) -> None:
    mail = drill.channels[1]
    mail.down = True
    for asset in stays:
        drill.play(error=ECB_DOWN, failed=(asset,))
    for _ in range(3):
        drill.play(error=SEVDESK_DOWN, failed=SEVDESK)
        drill.play(*SEVDESK)
    mail.down = False
    drill.tick(HOUR)
    [headline] = drill.told("email")
    assert headline.startswith(f"{sign} {6 + len(stays)} alerts, the latest: Resolved after ")
