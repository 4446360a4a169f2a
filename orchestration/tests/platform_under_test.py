"""The whole platform as `npm run dagster` starts it, on a temporary folder, with loopback Slack and mail."""

import base64
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import psutil
from dagster import DagsterEventType
from dagster._core.scheduler.instigation import InstigatorStatus, ScheduleInstigatorData
from standardwebhooks.webhooks import Webhook

from orchestration.paths import REPOSITORY
from orchestration.tests.node_servers import admin
from orchestration.tests.stand_ins import MailStandIn, SlackStandIn, free_port

PATIENCE_SECONDS = 1200
INVOICES = 150
HOUR_IS_NEAR_SECONDS = 180


class Platform:
    """Starts, watches, kills and stops the platform."""

    def __init__(self) -> None:
        # Short, for the sake of Unix sockets.
        self.folder = Path(tempfile.mkdtemp(prefix="platform-"))
        self.home = self.folder / "dagster"
        self.slack, self.mail = SlackStandIn(), MailStandIn(self.folder)
        self.secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        self.ports = {name: free_port() for name in ("dagster", "webhook", "sevdesk", "snowflake", "ecb")}
        self.sevdesk_url = f"http://127.0.0.1:{self.ports['sevdesk']}/api/v1"
        self.output = self.folder / "output.log"
        self._process: subprocess.Popen | None = None
        self._instance: dg.DagsterInstance | None = None

    def start(self) -> None:
        # A real full hour while the schedules are on would start a run of its own.
        left = 3600 - time.time() % 3600
        if left < HOUR_IS_NEAR_SECONDS:
            time.sleep(left + 1)
        env = {
            **os.environ,
            "LOCAL_DIR": str(self.folder),
            "DAGSTER_PORT": str(self.ports["dagster"]),
            "WEBHOOK_PORT": str(self.ports["webhook"]),
            "LOCAL_SEVDESK_PORT": str(self.ports["sevdesk"]),
            "LOCAL_SNOWFLAKE_PORT": str(self.ports["snowflake"]),
            "LOCAL_ECB_PORT": str(self.ports["ecb"]),
            "LOCAL_SEVDESK_INVOICES": str(INVOICES),
            **self.slack.bot_env,
            **self.mail.env,
            "WEBHOOK_SECRET": self.secret,
            "WEBHOOK_DEBOUNCE_SECONDS": "2",
            "PIPELINE_RETRIES": "1",
            "PIPELINE_RETRY_SECONDS": "1",
            # The tap's own retries would hide the faults from Dagster.
            "TAP_SEVDESK_MAX_RETRIES": "0",
            "DASHBOARD_MAX_AGE_MINUTES": "2",
            "POLL_SEVDESK": "off",
        }
        with self.output.open("a") as output:
            self._process = subprocess.Popen(
                ["node", str(REPOSITORY / "scripts" / "dagster.mjs")],
                cwd=REPOSITORY,
                env=env,
                stdout=output,
                stderr=output,
            )
        wait_for(lambda: "Dagster ready on" in self.output.read_text(), "the platform is ready", self._alive)
        os.environ["DAGSTER_HOME"] = str(self.home)
        self._instance = dg.DagsterInstance.from_config(str(self.home))

    def stop(self) -> int:
        """Ends it as a user would, and returns the exit code."""
        if self._instance:
            self._instance.dispose()
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise

    def close(self) -> None:
        """Whatever happened, nothing is left."""
        if self._process and self._process.poll() is None:
            self.kill_all()
        self.slack.stop()
        self.mail.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_all(self) -> None:
        for process in [*psutil.Process(self._process.pid).children(recursive=True), psutil.Process(self._process.pid)]:
            kill(process)

    def _alive(self) -> None:
        assert self._process.poll() is None, self.output.read_text()[-3000:]

    # -- processes

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children(recursive=True)

    def process(self, *words: str) -> psutil.Process:
        """The one process whose command line has these words."""
        found = [p for p in psutil.Process(self._process.pid).children() if all(w in command_line(p) for w in words)]
        assert len(found) == 1, (words, found)
        return found[0]

    def run_process(self) -> psutil.Process:
        """The process of the run that is going: a child of the code location."""
        children = self.process("api", "grpc").children()
        return next(child for child in children if "spawn_main" in command_line(child))

    # -- runs

    def runs(self) -> list[dg.DagsterRun]:
        """All runs, oldest first."""
        return list(reversed(self._instance.get_runs()))

    def run(self, number: int) -> dg.DagsterRun:
        """The run with this number, counted from 1, once it is there."""
        wait_for(lambda: len(self.runs()) >= number, f"run {number} is there", self._alive)
        return self.runs()[number - 1]

    def finished(self, number: int) -> dg.DagsterRun:
        self.run(number)
        wait_for(lambda: self.runs()[number - 1].is_finished, f"run {number} has ended", self._alive)
        return self.runs()[number - 1]

    def step_started(self, run: dg.DagsterRun, step: str) -> None:
        wait_for(lambda: step in self.steps(run, DagsterEventType.STEP_START), f"step {step} has started", self._alive)

    def step_succeeded(self, run: dg.DagsterRun, step: str) -> None:
        wait_for(lambda: step in self.steps(run, DagsterEventType.STEP_SUCCESS), f"step {step} is done", self._alive)

    def steps(self, run: dg.DagsterRun, kind: DagsterEventType) -> list[str]:
        records = self._instance.get_records_for_run(run.run_id, of_type=kind).records
        return [record.event_log_entry.dagster_event.step_key for record in records]

    def materialised(self, run: dg.DagsterRun) -> dict[str, dict[str, object]]:
        """The assets that a run materialised, with what it told of them."""
        records = self._instance.get_records_for_run(run.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION).records
        events = [record.event_log_entry.dagster_event for record in records]
        return {
            event.asset_key.to_user_string(): {
                name: value.value for name, value in event.step_materialization_data.materialization.metadata.items()
            }
            for event in events
        }

    def planned(self, run: dg.DagsterRun) -> set[str]:
        kind = DagsterEventType.ASSET_MATERIALIZATION_PLANNED
        records = self._instance.get_records_for_run(run.run_id, of_type=kind).records
        return {record.event_log_entry.dagster_event.asset_key.to_user_string() for record in records}

    def explain(self, run: dg.DagsterRun) -> str:
        """Why a run failed, for a failed test."""
        kinds = {DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}
        records = self._instance.get_records_for_run(run.run_id, of_type=kinds).records
        errors = [record.event_log_entry.dagster_event.event_specific_data.error for record in records]
        causes = []
        for error in filter(None, errors):
            while error.cause is not None:
                error = error.cause
            causes.append(f"{error.message}{''.join(error.stack[-4:])}")
        return "\n".join(causes)

    def make_the_last_hour_due(self) -> None:
        """As if the schedule had been on for an hour while the daemon was down: the last full hour's tick is due now."""

        def hourly() -> list:
            return [state for state in self._instance.all_instigator_state() if state.instigator_name == "hourly"]

        wait_for(hourly, "the daemon knows the schedule", self._alive)
        [state] = hourly()
        data = ScheduleInstigatorData(state.instigator_data.cron_schedule, time.time() - 3600)
        self._instance.update_instigator_state(state.with_data(data))
        # The daemon remembers the next tick; a new one reads the state.
        kill(self.process("_daemon"))

    def stop_schedules(self) -> None:
        """So that a real full hour in the middle of a test starts nothing."""
        for state in self._instance.all_instigator_state():
            if state.instigator_name in ("hourly", "nightly_full_sync"):
                self._instance.update_instigator_state(state.with_status(InstigatorStatus.STOPPED))

    def graphql(self, query: str) -> dict:
        """Asks the web server."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['dagster']}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    # -- the world around

    def sevdesk(self, method: str, path: str, body: object = None) -> object:
        return admin(self.sevdesk_url, method, path, body)

    def fail_sevdesk(self, **fault: object) -> None:
        self.sevdesk("POST", "/faults", {"faults": [fault]})

    def heal_sevdesk(self) -> None:
        self.sevdesk("DELETE", "/faults")

    def deliver(self, delivery_id: str, *, at: float | None = None, secret: str | None = None) -> int:
        """Delivers a signed event and returns the answer's status."""
        body = json.dumps({"type": "invoice.updated", "id": delivery_id})
        stamp = int(time.time() if at is None else at)
        signature = Webhook(secret or self.secret).sign(delivery_id, datetime.fromtimestamp(stamp, UTC), body)
        headers = {"webhook-id": delivery_id, "webhook-timestamp": str(stamp), "webhook-signature": signature}
        return self.post(body.encode(), headers)

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['webhook']}/webhook", body, {"Content-Type": "application/json", **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    # -- what people were told

    def slack_headlines(self) -> list[str]:
        return [without_duration(message.splitlines()[0].strip("*")) for message in self.slack.messages]

    def mail_subjects(self) -> list[str]:
        return [without_duration(_subject(mail)) for mail in self.mail.mails]

    def everything_told(self) -> str:
        """All that left the platform for people, and all that it wrote to its logs."""
        logs = [path.read_text() for path in (self.home / "console").glob("*.log")]
        return "\n".join([*self.slack.messages, *self.mail.mails, self.output.read_text(), *logs])


def without_duration(headline: str) -> str:
    """How long something took is up to the machine."""
    return re.sub(r"Resolved after [^:]+:", "Resolved:", headline)


def _subject(mail: str) -> str:
    from email import message_from_string
    from email.header import decode_header, make_header

    return str(make_header(decode_header(message_from_string(mail)["Subject"])))


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


def wait_for(condition: Callable[[], object], what: str, check: Callable[[], None] = lambda: None) -> None:
    """Waits until something is so. How long it takes is not judged; after twenty minutes it is not going to happen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        check()
        assert time.monotonic() < deadline, f"it never came to pass that {what}"
        time.sleep(0.3)


SECRET_WORDS = re.compile(r"whsec_[A-Za-z0-9+/]{20,}|xoxb-\d+")
