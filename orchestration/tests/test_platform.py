"""The real Dagster, daemon and web server, through an hour's trouble. One platform for all; the tests go on from each other.

sevDesk, the ECB and Snowflake are the embedded ones; Slack and the mail server are loopback stand-ins.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import dagster as dg
import psutil
import pytest
from dagster import DagsterEventType

from orchestration.tests.node_servers import API_KEY
from orchestration.tests.platform_under_test import Platform, command_line, kill, wait_for, without_duration
from orchestration.tests.stand_ins import SLACK_TOKEN, SMTP_PASSWORD
from orchestration.webhook.inbox import Inbox

pytestmark = pytest.mark.filterwarnings("ignore")
RETRYING = "🟡 sevDesk cannot be reached (retrying)"
RECOVERED = "🟢 Resolved: sevDesk cannot be reached"
FAILED = "🔴 sevDesk cannot be reached"
OUTDATED = "🟠 The revenue dashboard shows outdated figures"
FRESH = "🟢 Resolved: The revenue dashboard shows outdated figures"
SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    under_test = Platform()
    try:
        under_test.start()
        yield under_test
    finally:
        under_test.close()


@pytest.fixture(autouse=True)
def _only_while_the_story_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tests tell one story: after a broken chapter the later ones would only fail for its sake."""
    if request.session.testsfailed and getattr(request.module, "broken", False):
        pytest.fail("an earlier test of this story failed")
    before = request.session.testsfailed
    yield
    request.module.broken = request.session.testsfailed > before


def test_a_full_hour_runs_the_job_and_materialises_every_asset(platform: Platform) -> None:
    platform.make_the_last_hour_due()
    run = platform.run(1)
    platform.stop_schedules()
    assert run.tags["dagster/schedule_name"] == "hourly"
    platform.step_succeeded(run, "tap_sevdesk")
    # What follows is delivered while the run is going; the next run is to meet a fault.
    platform.fail_sevdesk(kind="status", status=503, path="Invoice", times=1)
    _fifty_deliveries(platform)
    run = platform.finished(1)
    assert run.status is SUCCESS, platform.explain(run)
    told = platform.materialised(run)
    assert set(told) == platform.planned(run)
    assert {"RAW/INVOICES", "STAGING/INVOICES_STG", "DBT/ENRICHED", "ANALYTICS/INVOICES_AMOUNT_BY_CITY"} <= set(told)
    invoices = told["RAW/INVOICES"]
    assert invoices["rows_loaded"] == len(platform.sevdesk("GET", "/dump/Invoice?fields=id")["objects"])
    assert {"bytes", "duration_seconds", "bookmark"} <= set(invoices)
    assert "data_as_of" in told["dashboard/revenue"]


def _fifty_deliveries(platform: Platform) -> None:
    """20 events, 10 of them twice; 10 with a wrong signature, 5 too old, 5 from the future."""
    import base64
    import time

    other = "whsec_" + base64.b64encode(b"another secret of thirty-two byte").decode()
    now = time.time()
    answers = Counter(platform.deliver(f"event-{number}", at=now) for number in range(20))
    answers.update(platform.deliver(f"event-{number}", at=now) for number in range(10))
    answers.update(platform.deliver(f"forged-{number}", secret=other) for number in range(10))
    answers.update(platform.deliver(f"old-{number}", at=now - 3600) for number in range(5))
    answers.update(platform.deliver(f"early-{number}", at=now + 3600) for number in range(5))
    assert answers == {202: 20, 409: 10, 401: 20}


def test_fifty_deliveries_during_a_run_lead_to_one_more_and_its_trouble_is_told_and_heals(platform: Platform) -> None:
    run = platform.finished(2)
    assert run.status is SUCCESS, platform.explain(run)
    assert run.tags["webhook/events"] == "20"
    assert platform.steps(run, DagsterEventType.STEP_UP_FOR_RETRY) == ["tap_sevdesk"]
    inbox = Inbox(platform.home / "platform" / "webhook-inbox.sqlite")
    wait_for(lambda: inbox.counts() == (0, 20), "the run has served all events")
    wait_for(lambda: RECOVERED in platform.slack_headlines(), "it was told that the run succeeded again")
    assert len(platform.runs()) == 2
    assert _about_runs(platform.slack_headlines()) == [RETRYING, RECOVERED]
    retried = next(message for message in platform.slack.messages if RETRYING in message)
    assert "503" in retried
    assert "Concerns: RAW/" in retried
    assert f"/runs/{run.run_id}" in retried
    # Retries heal by themselves: they wake nobody by mail.
    assert _about_runs(platform.mail_subjects()) == []


def test_a_lasting_fault_is_told_once_and_a_channel_that_is_down_loses_nothing(platform: Platform) -> None:
    platform.fail_sevdesk(kind="status", status=503)
    platform.slack.down = True
    platform.deliver("fault-1")
    assert platform.finished(3).status is FAILURE
    wait_for(lambda: FAILED in platform.mail_subjects(), "the failure was told by mail")
    assert not _has(platform, FAILED)
    platform.slack.down = False
    platform.deliver("fault-2")
    assert platform.finished(4).status is FAILURE
    assert len(platform.steps(platform.run(4), DagsterEventType.STEP_UP_FOR_RETRY)) == 1
    wait_for(lambda: _about_age(platform)[-1:] == [OUTDATED], "the dashboard's age was told by mail")
    wait_for(lambda: _has(platform, FAILED) and _has(platform, OUTDATED), "Slack got what it had missed")
    assert _about_runs(platform.mail_subjects()) == [FAILED]
    failed = next(mail for mail in platform.mail.mails if "Details: " in mail and "/runs/" in mail)
    assert "The dashboard shows data as of" in failed.replace("=\n", "")


def _about_age(platform: Platform) -> list[str]:
    return [subject for subject in platform.mail_subjects() if subject in (OUTDATED, FRESH)]


def _has(platform: Platform, headline: str) -> bool:
    return any(headline in without_duration(message) for message in platform.slack.messages)


def test_killing_run_code_location_and_daemon_in_the_middle_loses_nothing(platform: Platform) -> None:
    platform.heal_sevdesk()
    # The server's clock goes ahead, so that its data is young enough however slow the machine is.
    platform.sevdesk("PUT", "/clock", {"advanceSeconds": 900})
    platform.sevdesk("POST", "/activity", {"invoices": 9})
    platform.fail_sevdesk(kind="delay", ms=3000)
    platform.deliver("after-the-fault")
    run = platform.run(5)
    platform.step_started(run, "tap_sevdesk")
    wait_for(lambda: any("tap-sevdesk" in command_line(p) for p in platform.processes()), "the tap is at work")
    worker, code, daemon = platform.run_process(), platform.process("api", "grpc"), platform.process("_daemon")
    orphans = worker.children(recursive=True)
    for process in (worker, code, daemon):
        kill(process)
    platform.heal_sevdesk()
    assert platform.deliver("in-the-middle") == 202, "the listener takes events while the rest is down"

    retry = platform.finished(6)
    assert retry.status is SUCCESS, platform.explain(retry)
    assert platform.finished(5).status is FAILURE
    assert retry.parent_run_id == run.run_id
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in orphans)
    assert list((platform.home / "platform" / "processes").glob("*.json")) == []

    last = platform.finished(7)
    assert last.status is SUCCESS, platform.explain(last)
    inbox = Inbox(platform.home / "platform" / "webhook-inbox.sqlite")
    wait_for(lambda: inbox.counts()[0] == 0, "every event is served")
    assert len(platform.runs()) == 7


def test_nothing_is_missing_in_the_warehouse(platform: Platform) -> None:
    import snowflake.connector

    wanted = {record["id"] for record in platform.sevdesk("GET", "/dump/Invoice?fields=id")["objects"]}
    with snowflake.connector.connect(
        account="local",
        user="local",
        password="local",
        host="127.0.0.1",
        port=platform.ports["snowflake"],
        protocol="http",
    ) as connection:
        rows = connection.cursor().execute("select ID from SEVDESK.RAW.INVOICES").fetchall()
    assert sorted(row[0] for row in rows) == sorted(wanted)


def test_the_end_of_the_trouble_is_told_and_each_change_once(platform: Platform) -> None:
    wait_for(lambda: _about_age(platform)[-1] == FRESH, "it was told that the dashboard is fresh")
    wait_for(
        lambda: any(RECOVERED in without_duration(message) for message in platform.slack.messages[-4:]),
        "it was told that runs succeed",
    )
    # A slow machine may see the numbers grow old between two runs, too; what counts is that each change is told once.
    assert _about_age(platform)[-2:] == [OUTDATED, FRESH]
    assert all(first != second for first, second in pairwise(_about_age(platform)))
    assert platform.mail_subjects().count(FAILED) == 1


def test_the_web_page_shows_runs_and_lineage(platform: Platform) -> None:
    answer = platform.graphql(
        "{ runsOrError { ... on Runs { results { runId status } } } assetNodes { assetKey { path } dependencyKeys { path } } }"
    )
    assert len(answer["runsOrError"]["results"]) == 7
    lineage = {
        "/".join(node["assetKey"]["path"]): ["/".join(k["path"]) for k in node["dependencyKeys"]]
        for node in answer["assetNodes"]
    }
    assert lineage["RAW/INVOICES"] == ["sevdesk"]
    assert "ANALYTICS/INVOICES_AMOUNT_BY_CITY" in lineage["dashboard/revenue"]


def test_no_secret_was_told_or_logged(platform: Platform) -> None:
    told = platform.everything_told()
    for secret in (API_KEY, platform.secret, platform.secret.removeprefix("whsec_"), SLACK_TOKEN, SMTP_PASSWORD):
        assert secret not in told
    customer = platform.sevdesk("GET", "/dump/Contact")["objects"][0]
    names = [customer.get(name) for name in ("name", "surename", "familyname") if customer.get(name)]
    people = "\n".join([*platform.slack.messages, *platform.mail.mails])
    assert names
    assert not any(name in people for name in names)


def test_it_stops_in_order_and_leaves_no_process(platform: Platform) -> None:
    processes = platform.processes()
    assert platform.stop() == 0
    assert [command_line(p) for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def _about_runs(headlines: list[str]) -> list[str]:
    return [headline for headline in headlines if "dashboard" not in headline]
