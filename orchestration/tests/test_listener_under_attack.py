"""The listener as a process of its own: silent connections, many deliveries at once, and a platform in which nothing can run."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.routes import router
from orchestration.alerting.run_alerts import Telling
from orchestration.paths import REPOSITORY
from orchestration.platform_health import PULSE_SECONDS, PlatformHealth
from orchestration.platform_pulse import note_pulse
from orchestration.tests.alerting import Recorder
from orchestration.tests.stand_ins import free_port
from orchestration.webhook.inbox import Inbox
from orchestration.webhook.watch import PATIENCE_SECONDS, Watch

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
PATIENCE = 300


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    home, port = tmp_path_factory.mktemp("home"), free_port()
    env = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SHARED_SECRET": SECRET,
        "PYTHONPATH": str(REPOSITORY),
    }
    process = subprocess.Popen([sys.executable, "-m", "orchestration.webhook"], env=env, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while _health(port) != 200:
            assert time.monotonic() < deadline, "the listener did not start"
            time.sleep(0.2)
        yield port, home
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _health(port: int) -> int:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/health")
        return connection.getresponse().status
    except OSError:
        return 0


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"POST /webhook HTTP/1.1\r\nhost: x\r\nx-slow: ",
        b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{",
        b"GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /",
    ],
    ids=["silent", "half a head", "half a body", "half a second request"],
)
def test_who_says_nothing_is_cut_off_and_keeps_nobody_out(listener: tuple[int, Path], said: bytes) -> None:
    port, _ = listener
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(150)]
    for connection in held:
        connection.sendall(said)
    assert _health(port) == 200
    for connection in held:
        connection.settimeout(PATIENCE)
        # The end, by whatever name the system gives it.
        try:
            while connection.recv(4096):
                pass
        except ConnectionResetError:
            pass
        connection.close()


def test_five_thousand_deliveries_on_two_hundred_connections_lose_none(listener: tuple[int, Path]) -> None:
    port, home = listener
    headers = {"authorization": f"Bearer {SECRET}", "content-type": "application/json"}
    answers: Counter[int] = Counter()
    lock = threading.Lock()

    def send(sender: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        for number in range(25):
            body = json.dumps({"type": "invoice.updated", "n": f"{sender}-{number}"})
            connection.request("POST", "/webhook", body, headers)
            answer = connection.getresponse()
            answer.read()
            with lock:
                answers[answer.status] += 1

    with ThreadPoolExecutor(200) as senders:
        list(senders.map(send, range(200)))
    assert answers == {202: 5000}
    assert Inbox(home / "platform" / "webhook-inbox.sqlite").counts() == (5000, 5000)


def test_what_the_listener_writes_is_for_its_user_alone(listener: tuple[int, Path]) -> None:
    _, home = listener
    files = [path for path in (home / "platform").rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def test_without_a_code_location_nothing_can_run(tmp_path: Path) -> None:
    clock = Clock()
    note_pulse(tmp_path)
    health = PlatformHealth(str(tmp_path / "gone.sock"), tmp_path, clock)
    assert health.problems() == ["the code location is not loaded"]
    clock.now += PULSE_SECONDS + 60
    assert health.problems() == ["the code location is not loaded", "Dagster's daemon evaluates no sensors"]
    assert PlatformHealth("", tmp_path, clock).problems() == []


def test_that_nothing_can_run_is_told_once_and_its_end_too(tmp_path: Path) -> None:
    clock, recorder = Clock(), Recorder()
    box = Outbox(tmp_path / "outbox.sqlite", router([(["nothing_runs"], ["slack"])], ["slack"]))
    wrong = ["the code location is not loaded"]
    watch = Watch(box, [recorder], lambda: wrong, "http://dagster.example", Telling(), clock)
    for _ in range(40):
        watch.look()
        clock.now += 15
    assert [headline for headline, _ in recorder.sent] == ["⚫ Nothing can run: sevDesk data platform"]
    assert "the code location is not loaded" in recorder.sent[0][1]
    wrong.clear()
    watch.look()
    # Dagster's own sensor delivers again.
    deliver(box, [recorder], clock.now)
    assert recorder.sent[-1][0].startswith("🟢 Resolved after")


def test_a_restart_is_nothing_to_tell(tmp_path: Path) -> None:
    clock, recorder = Clock(), Recorder()
    box = Outbox(tmp_path / "outbox.sqlite", router([(["nothing_runs"], ["slack"])], ["slack"]))
    wrong = ["the code location is not loaded"]
    watch = Watch(box, [recorder], lambda: wrong, "", Telling(), clock)
    watch.look()
    clock.now += PATIENCE_SECONDS - 1
    watch.look()
    wrong.clear()
    watch.look()
    assert recorder.sent == []
