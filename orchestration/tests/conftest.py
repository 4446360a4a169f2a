"""Fixtures of all tests: nothing of the machine's own settings reaches a test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.alerting.outbox import Outbox
from orchestration.alerting.routes import router
from orchestration.tests.alerting import ALL, Recorder
from orchestration.tests.stand_ins import MailStandIn, SlackStandIn

SETTINGS = (
    "SLACK_",
    "SMTP_",
    "ALERT_",
    "WEBHOOK_",
    "DAGSTER_",
    "PIPELINE_",
    "POLL_",
    "DASHBOARD_",
    "TAP_",
    "TARGET_",
    "MELTANO_",
    "DBT_",
    "SNOWFLAKE_",
    "SEVDESK_",
)


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> None:
    for name in list(os.environ):
        if name.startswith(SETTINGS):
            del os.environ[name]
    os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    stand_in = SlackStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailStandIn]:
    stand_in = MailStandIn(tmp_path)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.sqlite", router(ALL, ["slack"]))
