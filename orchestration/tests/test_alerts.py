"""Alerts: one for each change, none lost, none with a secret."""

import traceback
from collections.abc import Iterable
from pathlib import Path

import pytest

from orchestration.alerting.alert import Alert, Kind
from orchestration.alerting.cause import Cause
from orchestration.alerting.channel import Channel, ChannelError
from orchestration.alerting.email import EmailChannel
from orchestration.alerting.fault import Fault
from orchestration.alerting.freshness_alerts import Freshness, observe_freshness
from orchestration.alerting.language import CAUSES, LANGUAGES, PHRASES
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.redact import redact
from orchestration.alerting.routes import router
from orchestration.alerting.run_alerts import Ended, RunFacts, StepRetry, Telling, observe_run
from orchestration.alerting.slack import SlackChannel
from orchestration.alerting.wording import RUNBOOKS, runbook, what_is_wrong
from orchestration.paths import REPOSITORY
from orchestration.setting import SettingError
from orchestration.tests.stand_ins import SLACK_TOKEN, SMTP_PASSWORD, WEBHOOK_PATH, MailStandIn, SlackStandIn

NOW = 1_764_060_000.0  # 25 November 2025, 09:40 in Berlin
HOUR = 3600.0
ALL = [(list(Kind), ["slack", "email"])]


class Recorder:
    """Keeps what a channel would send."""

    def __init__(self, name: str = "slack") -> None:
        self.name = name
        self.sent: list[tuple[str, str]] = []
        self.error: ChannelError | None = None

    def send(self, headline: str, body: str) -> None:
        if self.error:
            raise self.error
        self.sent.append((headline, body))


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.sqlite", router(ALL, ["slack"]))


def run(number: int, **facts: object) -> RunFacts:
    fields = {
        "run_id": f"run-{number}",
        "job": "sevdesk_refresh",
        "link": f"http://dagster/runs/run-{number}",
        "started_at": NOW + number * HOUR,
        "ended_at": NOW + number * HOUR + 60,
        **facts,
    }
    return RunFacts(**fields)


def failed(number: int, reason: str = "the extractor failed", **facts: object) -> RunFacts:
    fields = {"error": "tap-sevdesk: sevDesk answered 503", "failed_assets": ("RAW/INVOICES",), **facts}
    return run(number, ended=Ended.FAILURE, reason=reason, **fields)


def good(number: int, **facts: object) -> RunFacts:
    return run(number, ended=Ended.SUCCESS, **facts)


def retry(number: int, at: float = NOW) -> StepRetry:
    return StepRetry("tap_sevdesk", number, at, "tap-sevdesk: sevDesk answered 503", ("RAW/INVOICES",), 120)


def headlines(outbox: Outbox, runs: Iterable[RunFacts], recorder: Recorder) -> list[str]:
    for facts in runs:
        now = max(facts.ended_at, NOW)
        observe_run(outbox, facts, NOW - HOUR, now)
        deliver(outbox, [recorder], now)
    return [headline for headline, _ in recorder.sent]


RETRYING, DOWN = "🟡 sevDesk cannot be reached (retrying)", "🔴 sevDesk cannot be reached"


def test_a_trouble_that_heals_is_told_twice_when_it_begins_and_when_it_ends(outbox: Outbox, recorder: Recorder) -> None:
    told = headlines(
        outbox,
        [
            run(1, retries=(retry(1),)),
            run(1, retries=(retry(1), retry(2))),
            good(1, retries=(retry(1), retry(2))),
            good(2),
        ],
        recorder,
    )
    assert told == [RETRYING, "🟢 Resolved after 1 h 1 min: sevDesk cannot be reached"]


def test_a_lasting_fault_is_told_once_however_many_runs_fail(outbox: Outbox, recorder: Recorder) -> None:
    runs = [failed(number, retries=(retry(1, NOW + number * HOUR),)) for number in range(1, 25)]
    told = headlines(outbox, [*runs, good(30)], recorder)
    assert told == [RETRYING, DOWN, "🟢 Resolved after 1 d 5 h: sevDesk cannot be reached"]


def test_a_run_that_broke_off_and_goes_on_in_a_new_one_is_being_retried(outbox: Outbox, recorder: Recorder) -> None:
    broken = failed(1, "the run broke off", error="", failed_assets=("RAW/INVOICES",), will_retry=True)
    told = headlines(outbox, [broken, good(2)], recorder)
    assert told == [
        "🟡 The run was interrupted: RAW/INVOICES (retrying)",
        "🟢 Resolved after 1 h 0 min: The run was interrupted: RAW/INVOICES",
    ]


def test_a_cancelled_run_is_no_failure(outbox: Outbox, recorder: Recorder) -> None:
    assert headlines(outbox, [run(1, ended=Ended.CANCELED, succeeded=())], recorder) == []


def test_a_sensor_that_dies_and_looks_again_tells_nothing_twice(tmp_path: Path, recorder: Recorder) -> None:
    for _ in range(3):
        fresh = Outbox(tmp_path / "same.sqlite", router(ALL, ["slack"]))
        observe_run(fresh, failed(1), NOW - HOUR, NOW)
    deliver(fresh, [recorder], NOW)
    assert len(recorder.sent) == 1


def test_an_alert_tells_what_which_since_when_how_old_who_and_where(outbox: Outbox, recorder: Recorder) -> None:
    observe_run(outbox, failed(0), NOW - 90 * 60, NOW + 60)
    deliver(outbox, [recorder], NOW + 60)
    assert recorder.sent == [
        (
            DOWN,
            "tap-sevdesk: sevDesk answered 503\n"
            "Concerns: RAW/INVOICES\n"
            "Since: 25 Nov 2025, 09:41 CET\n"
            "The dashboard shows data as of 25 Nov 2025, 08:10 CET (1 h 31 min old).\n"
            "What to do (no action needed yet): The next run retries. If it persists, check the service's status page.\n"
            "Details: http://dagster/runs/run-0\n"
            "Runbook: docs/runbooks/unreachable.md",
        )
    ]


def test_the_same_in_german(outbox: Outbox, recorder: Recorder) -> None:
    telling = Telling("de", soft_assets=("RAW/EXCHANGE_RATES",), runbooks="https://wiki.example/runbooks/")
    rates = failed(0, error="tap-ecb: timeout after 60 s", failed_assets=("RAW/EXCHANGE_RATES",))
    observe_run(outbox, rates, NOW - 90 * 60, NOW + 60, telling)
    observe_run(outbox, good(3), NOW, NOW + 4 * HOUR, telling)
    deliver(outbox, [recorder], NOW + 4 * HOUR)
    (began, body), (over, _) = recorder.sent
    assert (began, over) == ("🟠 ECB ist nicht erreichbar", "🟢 Behoben nach 3 Std 0 Min: ECB ist nicht erreichbar")
    assert body.splitlines() == [
        "tap-ecb: timeout after 60 s Die Umsätze werden weiter berechnet, mit den neuesten vorhandenen Kursen.",
        "Betrifft: RAW/EXCHANGE_RATES",
        "Seit: 25.11.2025, 09:41 CET",
        "Das Dashboard zeigt den Stand vom 25.11.2025, 08:10 CET (5 Std 30 Min alt).",
        "Zu tun (vorerst nichts): Der nächste Lauf versucht es erneut. Hält es an, die Statusseite des Dienstes ansehen.",
        "Details: http://dagster/runs/run-0",
        "Anleitung: https://wiki.example/runbooks/unreachable.md",
    ]


def test_every_cause_has_its_words_and_its_runbook() -> None:
    for language in LANGUAGES:
        assert set(CAUSES[language]) == set(Cause)
        assert all("{subject}" in text.title for text in CAUSES[language].values())
    assert set(PHRASES["en"]) == set(PHRASES["de"])
    missing = [cause for cause in Cause if not (REPOSITORY / runbook(cause, RUNBOOKS)).exists()]
    assert missing == []


@pytest.mark.parametrize(
    ("reason", "error", "cause"),
    [
        ("the sign-in was refused", "tap-sevdesk: sevDesk answered 401", Cause.SIGN_IN_REFUSED),
        ("the loader failed", "target-snowflake-ts: JWT token is invalid", Cause.SIGN_IN_REFUSED),
        ("the configuration is wrong", "tap-sevdesk: page_size must be a number", Cause.CONFIGURATION),
        ("the extractor failed", "tap-ecb: connect ECONNREFUSED", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: sevDesk answered 502", Cause.UNREACHABLE),
        ("the data failed a test", "dbt tests failed: not_null_x", Cause.DATA_TEST),
        ("dbt could not build a model", "m could not be built: Database Error", Cause.MODEL_ERROR),
        ("another run of the same pipeline is going", "", Cause.LOCKED),
        ("step x failed", "division by zero", Cause.OTHER),
        ("the loader failed", 'target-snowflake-ts: line 401: record of stream "a" is no object', Cause.RECORD_REFUSED),
        ("the loader failed", "target-snowflake-ts: line 512 is not valid UTF-8", Cause.RECORD_REFUSED),
        (
            "the loader failed",
            "target-snowflake-ts: line 503 of x.jsonl: a record must be an object",
            Cause.RECORD_REFUSED,
        ),
        (
            "the loader failed",
            'target-snowflake-ts: more than 500 records do not fit (setting "max_invalid_records")',
            Cause.RECORD_REFUSED,
        ),
        ("the extractor failed", "tap-sevdesk: invoices: object 403 has no id", Cause.OTHER),
        ("the extractor failed", "tap-sevdesk: 503 rows are left", Cause.OTHER),
        ("the extractor failed", "tap-sevdesk: GET /Invoice failed on the server's side (HTTP 500)", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: 504 Gateway Time-out", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: access was denied (HTTP 403 for GET /Voucher)", Cause.SIGN_IN_REFUSED),
        # A plugin's exit code says more than its words.
        (
            "the sign-in was refused",
            'target-snowflake-ts: refused sign-in by key pair; check setting "user"',
            Cause.SIGN_IN_REFUSED,
        ),
        ("dbt could not build a model", "m could not be built: 250001: Could not connect", Cause.UNREACHABLE),
        ("dbt could not build a model", "m could not be built: division by 500, unexpected x", Cause.MODEL_ERROR),
    ],
)
def test_failures_fall_into_classes(reason: str, error: str, cause: Cause) -> None:
    assert Fault.of(reason, error, ("RAW/INVOICES",)).cause is cause


def test_an_outage_that_dbt_meets_is_the_one_that_the_loader_meets() -> None:
    """And what is wrong with a table names the table."""
    loader = Fault.of("the loader failed", "target-snowflake-ts: nothing answers at x", ("RAW/INVOICES",))
    dbt = Fault.of("dbt could not build a model", "m could not be built: 250001: Could not connect", ("DBT/M",))
    assert loader.group == dbt.group
    refused = Fault.of("the loader failed", "target-snowflake-ts: line 7: no record", ("RAW/INVOICES",))
    assert what_is_wrong(refused, refused.assets, "en") == "A record cannot be loaded: RAW/INVOICES"


OUTDATED = "🟠 The revenue dashboard shows outdated figures"


def freshness(age: float | None, overdue: bool = False) -> Freshness:
    return Freshness(None if age is None else NOW - age, NOW - 60, overdue)


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        (
            [60, 7000, 7300, 9000, 30, 40],
            [OUTDATED, f"🟢 Resolved after less than a minute: {OUTDATED[2:]}"],
        ),
        ([30, 60], []),
        ([9000, 9000], [OUTDATED]),
    ],
)
def test_the_dashboards_age_is_told_when_it_passes_the_limit_and_when_it_is_back(
    outbox: Outbox, recorder: Recorder, ages: list[float], told: list[str]
) -> None:
    for age in ages:
        observe_freshness(outbox, freshness(age), ("dashboard/revenue",), 7200, "http://dagster/assets", NOW)
        deliver(outbox, [recorder], NOW)
    assert [headline for headline, _ in recorder.sent] == told


def test_old_numbers_that_are_built_again_every_hour_are_still_old(outbox: Outbox) -> None:
    found = observe_freshness(outbox, Freshness(NOW - 9000, NOW - 1, False), (), 7200, "", NOW)
    assert found == "outdated"


def test_without_a_ledger_dagsters_own_policy_decides(outbox: Outbox) -> None:
    assert observe_freshness(outbox, freshness(None, overdue=False), (), 1, "", NOW) == "fresh"
    assert observe_freshness(outbox, freshness(None, overdue=True), (), 1, "", NOW) == "outdated"
    assert observe_freshness(outbox, Freshness(None, None, True), (), 1, "", NOW) == "fresh"


def test_a_channel_that_is_down_gets_everything_later_and_holds_up_no_other(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite", router(ALL, ["slack", "email"]))
    down, up = Recorder("slack"), Recorder("email")
    down.error = ChannelError("Slack answered 503")
    observe_run(outbox, failed(1), None, NOW)
    assert [attempt.error for attempt in deliver(outbox, [down, up], NOW)] == ["Slack answered 503", None]
    assert len(up.sent) == 1
    down.error = None
    deliver(outbox, [down, up], NOW + 29)
    assert down.sent == [], "it is left alone until the next attempt is due"
    deliver(outbox, [down, up], NOW + 31)
    assert len(down.sent) == len(up.sent) == 1
    assert outbox.undelivered() == []


def test_attempts_get_rarer_but_never_stop_and_a_wish_to_wait_is_granted(outbox: Outbox, recorder: Recorder) -> None:
    observe_run(outbox, failed(1), None, NOW)
    now, pauses = NOW, []
    for attempt in range(12):
        recorder.error = ChannelError("down", retry_after=200 if attempt == 1 else 0)
        deliver(outbox, [recorder], now)
        due = next(t for t in range(1, 2000) if outbox.due("slack", now + t))
        pauses.append(due)
        now += due
    assert pauses == [30, 200, 120, 240, 480, *[900] * 7]


def test_what_gathered_while_a_channel_was_down_comes_as_one_digest(outbox: Outbox, recorder: Recorder) -> None:
    for number in range(30):
        observe_run(outbox, failed(number, failed_assets=(f"RAW/S{number}",), error="odd"), NOW, NOW + 40 * HOUR)
    deliver(outbox, [recorder], NOW + 40 * HOUR)
    [(headline, body)] = recorder.sent
    assert headline == "🔴 30 alerts, the latest: Failed: RAW/S29"
    assert "(15 earlier ones omitted)" in body
    assert "Details: http://dagster/runs/run-29" in body


def test_who_is_told_is_configuration() -> None:
    channels_of = router([(["run_failed"], ["slack", "email"]), (["retrying"], ["slack"])], ["slack", "email"])
    alert = Alert(Kind.RETRYING, "", "", (), NOW, None, "")
    assert channels_of(alert) == ["slack"]
    with pytest.raises(SettingError, match="no channel 'pager'"):
        router([(["run_failed"], ["pager"])], [])
    with pytest.raises(SettingError, match="no kind 'everything'"):
        router([(["everything"], ["slack"])], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key 0123456789abcdef0123456789abcdef refused", "key *** refused"),
        (
            "GET https://my.sevdesk.de/api/v1/Invoice?token=abc&limit=1 failed",
            "GET https://my.sevdesk.de/api/v1/Invoice?*** failed",
        ),
        ("postgres://user:pass@host/db", "postgres://***@host/db"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("password=hunter2; next", "password=***; next"),
        ("hunter-from-env is in here", "*** is in here"),
        ("https://hooks.example/services/T0/B0/abc", "https://hooks.example/services/***"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- x", "*** x"),
        ("mail from erika@example.com", "mail from ***"),
        (
            "the loader failed: COPY: code 100038, file a.gz, line 7",
            "the loader failed: COPY: code 100038, file a.gz, line 7",
        ),
    ],
)
def test_no_secret_leaves(text: str, expected: str) -> None:
    assert redact(text, {"SNOWFLAKE_PASSWORD": "hunter-from-env"}) == expected


def test_long_texts_are_cut() -> None:
    assert len(redact("x " * 1000, {})) == 400


def test_slack_takes_messages_by_bot_token_and_by_webhook(slack: SlackStandIn) -> None:
    for env in (slack.bot_env, slack.webhook_env):
        SlackChannel.from_env(env).send("🔴 a & b", "<https://x|y>")
    assert slack.messages == ["*🔴 a &amp; b*\n&lt;https://x|y&gt;"] * 2


@pytest.mark.parametrize("kind", ["bot_env", "webhook_env"])
def test_slacks_errors_name_no_secret(slack: SlackStandIn, kind: str) -> None:
    env = getattr(slack, kind)
    slack.down = True
    with pytest.raises(ChannelError) as refused:
        SlackChannel.from_env(env).send("a", "b")
    slack.stop()
    with pytest.raises(ChannelError) as unreachable:
        SlackChannel.from_env(env).send("a", "b")
    for caught in (refused, unreachable):
        shown = "".join(traceback.format_exception(caught.value))
        assert SLACK_TOKEN not in shown
        assert WEBHOOK_PATH not in shown
    assert "503" in str(refused.value)


def test_a_wrong_channel_is_said_by_name(slack: SlackStandIn) -> None:
    with pytest.raises(ChannelError, match="channel_not_found; check SLACK_CHANNEL"):
        SlackChannel.from_env({**slack.bot_env, "SLACK_CHANNEL": "#gone"}).send("a", "b")


def test_mail_is_sent_encrypted_to_everybody(mail: MailStandIn) -> None:
    EmailChannel.from_env(mail.env).send("🔴 sevdesk_refresh failed", "Details: http://x")
    [sent] = mail.mails
    assert "To: finance@example.com, data@example.com" in sent
    assert "Auto-Submitted: auto-generated" in sent
    assert "Details: http://x" in sent


def test_mail_is_not_sent_to_a_server_whose_certificate_is_not_known(mail: MailStandIn) -> None:
    with pytest.raises(ChannelError, match="SSLCertVerificationError"):
        EmailChannel.from_env({**mail.env, "SMTP_CA_FILE": ""}).send("a", "b")
    assert mail.mails == []


def test_mail_errors_name_no_secret(mail: MailStandIn) -> None:
    with pytest.raises(ChannelError, match="535") as refused:
        EmailChannel.from_env({**mail.env, "SMTP_PASSWORD": "wrong-password"}).send("a", "b")
    mail.down = True
    with pytest.raises(ChannelError, match="451") as later:
        EmailChannel.from_env(mail.env).send("a", "b")
    for caught in (refused, later):
        assert "password" not in str(caught.value)
        assert SMTP_PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"SMTP_HOST": "mail.example.com", "SMTP_TLS": "none", "ALERT_EMAIL_TO": "a@b.c"}, "SMTP_TLS"),
        ({"SMTP_HOST": "mail.example.com", "SMTP_PORT": "many", "ALERT_EMAIL_TO": "a@b.c"}, "SMTP_PORT"),
        ({"SMTP_HOST": "mail.example.com"}, "ALERT_EMAIL_TO"),
        ({"SMTP_HOST": "mail.example.com", "SMTP_TLS": "maybe", "ALERT_EMAIL_TO": "a@b.c"}, "SMTP_TLS"),
    ],
)
def test_a_channel_configured_by_half_is_told_in_one_line(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        EmailChannel.from_env(env)


def test_a_bot_token_needs_a_channel() -> None:
    with pytest.raises(SettingError, match="SLACK_CHANNEL"):
        SlackChannel.from_env({"SLACK_BOT_TOKEN": "xoxb-1"})


def _is_channel(value: Channel) -> Channel:
    return value


_is_channel(Recorder())
