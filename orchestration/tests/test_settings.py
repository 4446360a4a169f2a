"""Settings: each wrong one is told in one line that names it and shows no value."""

import pytest

from orchestration.settings import check_all, dagster_url, max_age_seconds

RIGHT = {"WEBHOOK_SHARED_SECRET": "a-shared-secret-of-enough-length"}


@pytest.fixture(autouse=True)
def _right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)


def test_the_defaults_are_right() -> None:
    assert check_all() == []


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {
        "PIPELINE_RETRIES": "-1",
        "PIPELINE_RETRY_SECONDS": "a minute",
        "PIPELINE_SCHEDULES": "sometimes",
        "DASHBOARD_MAX_AGE_MINUTES": "0",
        "POLL_SECONDS": "1",
        "WEBHOOK_DEBOUNCE_SECONDS": "1e3",
        "DAGSTER_PORT": "70000",
        "WEBHOOK_RATE_PER_MINUTE": "٣",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-not-to-be-shown")
    told = check_all()
    assert [name for name in [*wrong, "SLACK_CHANNEL"] if not any(name in line for line in told)] == []
    assert not any("\n" in line or "xoxb-not-to-be-shown" in line for line in told)


def test_an_empty_setting_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_MAX_AGE_MINUTES", " ")
    assert max_age_seconds() == 150 * 60


def test_in_production_links_must_lead_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MELTANO_ENVIRONMENT", "prod")
    assert [line for line in check_all() if "DAGSTER_URL" in line]
    monkeypatch.setenv("DAGSTER_URL", "dagster.example.com")
    assert [line for line in check_all() if "https://" in line]
    monkeypatch.setenv("DAGSTER_URL", "https://dagster.example.com/")
    assert check_all() == []
    assert dagster_url() == "https://dagster.example.com"


@pytest.mark.parametrize(
    ("name", "value"), [("ALERT_LANGUAGE", "fr"), ("HEARTBEAT_URL", "ping"), ("POLL_MIN_MINUTES", "-1")]
)
def test_a_wrong_setting_of_alerts_or_polling_is_told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    [line] = check_all()
    assert name in line
