"""Alerts on their way: none lost, none with a secret."""

import traceback
from pathlib import Path

import pytest

from orchestration.alerting.alert import Alert, Kind
from orchestration.alerting.channel import Channel, ChannelError
from orchestration.alerting.email import EmailChannel
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.redact import redact
from orchestration.alerting.routes import router
from orchestration.alerting.run_alerts import observe_run
from orchestration.alerting.slack import SlackChannel
from orchestration.setting import SettingError
from orchestration.tests.alerting import ALL, HOUR, NOW, Recorder, failed
from orchestration.tests.stand_ins import SLACK_TOKEN, SMTP_PASSWORD, WEBHOOK_PATH, MailStandIn, SlackStandIn


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
