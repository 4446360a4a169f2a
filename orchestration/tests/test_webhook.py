"""The webhook listener: who may deliver, what is refused, and what survives."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook
from starlette.testclient import TestClient

from orchestration.setting import SettingError
from orchestration.webhook.credentials import Credentials
from orchestration.webhook.decision import Runs, decide
from orchestration.webhook.inbox import Event, Inbox
from orchestration.webhook.listener import MAX_BODY_BYTES, create_app
from orchestration.webhook.rate_limit import RateLimit

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLD_SECRET = "whsec_" + base64.b64encode(bytes(range(50, 82))).decode()
SHARED = "a-shared-secret-of-enough-length"


def signed(body: bytes, delivery_id: str, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    at = time.time() if at is None else at
    signature = Webhook(secret).sign(delivery_id, datetime.fromtimestamp(int(at), UTC), body.decode())
    return {"webhook-id": delivery_id, "webhook-timestamp": str(int(at)), "webhook-signature": signature}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox.sqlite")


@pytest.fixture
def client(inbox: Inbox, clock: Clock) -> TestClient:
    credentials = Credentials([SECRET, OLD_SECRET], [SHARED])
    return TestClient(create_app(inbox, credentials, RateLimit(60, 20, clock), time.time))


BODY = json.dumps({"type": "invoice.updated", "customer": "Erika Mustermann"}).encode()


def test_a_signed_delivery_is_on_disk_before_it_is_answered_with_202(client: TestClient, inbox: Inbox) -> None:
    answer = client.post("/webhook", content=BODY, headers=signed(BODY, "msg_1"))
    assert (answer.status_code, answer.json()) == (202, {"status": "stored"})
    assert [(event.delivery_id, event.event_type) for event in inbox.waiting()] == [("msg_1", "invoice.updated")]


def test_what_the_event_is_about_is_not_kept(client: TestClient, tmp_path: Path) -> None:
    client.post("/webhook", content=BODY, headers=signed(BODY, "msg_1"))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"msg_1" in kept
    assert b"Mustermann" not in kept


def test_the_same_signed_attempt_is_refused_the_second_time(client: TestClient, inbox: Inbox) -> None:
    headers = signed(BODY, "msg_1")
    client.post("/webhook", content=BODY, headers=headers)
    # The timestamp is part of what is signed as a whole number, so writing it differently makes no new attempt.
    again = {**headers, "webhook-timestamp": headers["webhook-timestamp"] + ".0"}
    assert [client.post("/webhook", content=BODY, headers=h).status_code for h in (headers, again)] == [409, 409]
    assert len(inbox.waiting()) == 1


def test_a_sender_that_tries_again_is_told_that_all_is_well(client: TestClient, inbox: Inbox) -> None:
    client.post("/webhook", content=BODY, headers=signed(BODY, "msg_1", time.time() - 30))
    answer = client.post("/webhook", content=BODY, headers=signed(BODY, "msg_1"))
    assert (answer.status_code, answer.json()) == (200, {"status": "duplicate"})
    assert len(inbox.waiting()) == 1


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        # Signed when the test runs: minutes may pass between collecting tests and running them.
        (lambda: {}, "not signed"),
        (lambda: signed(BODY, "msg_1", time.time() - 3600), "five minutes"),
        (lambda: signed(BODY, "msg_1", time.time() + 3600), "five minutes"),
        (lambda: signed(BODY + b" ", "msg_1"), "does not match"),
        (lambda: {**signed(BODY, "msg_1"), "webhook-id": "msg_2"}, "does not match"),
        (lambda: {**signed(BODY, "msg_1"), "webhook-signature": "v1,AAAA v2,x nonsense"}, "does not match"),
        (lambda: {**signed(BODY, "msg_1"), "webhook-timestamp": "nan"}, "does not match"),
        (lambda: signed(BODY, "msg_1", secret="whsec_" + base64.b64encode(b"x" * 32).decode()), "does not match"),
        (lambda: {"authorization": f"Bearer {SHARED[:-1]}x"}, "not signed"),
        (lambda: {"x-webhook-secret": ""}, "not signed"),
    ],
)
def test_whoever_cannot_prove_to_know_the_secret_is_refused(
    client: TestClient, inbox: Inbox, headers: Callable[[], dict[str, str]], reason: str
) -> None:
    answer = client.post("/webhook", content=BODY, headers=headers())
    assert answer.status_code == 401
    assert reason in answer.json()["error"]
    assert inbox.waiting() == []


def test_two_secrets_are_valid_while_one_is_changed(client: TestClient) -> None:
    answers = [
        client.post("/webhook", content=BODY, headers=signed(BODY, name, secret=secret)).status_code
        for name, secret in (("a", SECRET), ("b", OLD_SECRET))
    ]
    assert answers == [202, 202]


def test_a_sender_that_cannot_sign_uses_the_shared_secret(client: TestClient, inbox: Inbox) -> None:
    for headers in ({"authorization": f"Bearer {SHARED}"}, {"x-webhook-secret": SHARED}):
        client.post("/webhook", content=BODY, headers=headers)
    other = client.post("/webhook", content=b"{}", headers={"x-webhook-secret": SHARED})
    assert other.status_code == 202
    # Without an id the same content is the same delivery.
    assert len(inbox.waiting()) == 2


def test_bodies_that_are_too_large_or_no_json_are_refused(client: TestClient, inbox: Inbox) -> None:
    large = b'"' + b"x" * MAX_BODY_BYTES + b'"'
    assert client.post("/webhook", content=large, headers=signed(large, "big")).status_code == 413
    # Sent in chunks there is no length to see beforehand.
    chunks = (large[start : start + 1000] for start in range(0, len(large), 1000))
    assert client.post("/webhook", content=chunks, headers=signed(large, "big")).status_code == 413
    deep = b"[" * 60_000
    answers = [client.post("/webhook", content=body, headers=signed(body, "x")).status_code for body in (b"{", deep)]
    assert answers == [400, 400]
    assert client.get("/webhook").status_code == 405
    assert inbox.waiting() == []


def test_a_caller_that_calls_too_often_is_told_when_to_come_back(client: TestClient, clock: Clock) -> None:
    answers = [client.post("/webhook", content=b"{}").status_code for _ in range(21)]
    assert answers == [401] * 20 + [429]
    refused = client.post("/webhook", content=b"{}")
    assert int(refused.headers["retry-after"]) == 1
    clock.now += 1
    assert client.post("/webhook", content=BODY, headers=signed(BODY, "later")).status_code == 202


def test_a_full_disk_is_told_to_the_sender_so_that_nothing_is_lost(tmp_path: Path, clock: Clock) -> None:
    blocked = tmp_path / "inbox.sqlite"
    blocked.mkdir()
    client = TestClient(create_app(Inbox(blocked), Credentials([SECRET], []), RateLimit(60, 20, clock), time.time))
    answer = client.post("/webhook", content=BODY, headers=signed(BODY, "msg_1"))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert client.get("/health").status_code == 503


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SECRET": "whsec_c2hvcnQ="}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SECRET": "not base64 ***"}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SHARED_SECRET": "short-secret"}, "WEBHOOK_SHARED_SECRET"),
    ],
)
def test_the_listener_does_not_run_with_a_secret_that_protects_nothing(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError) as caught:
        Credentials.from_env(env)
    message = str(caught.value)
    assert named in message
    assert "\n" not in message
    assert "short" not in message.replace("shorter", "")


def events(*received_at: float) -> list[Event]:
    return [Event(number + 1, f"msg_{number}", "", at) for number, at in enumerate(received_at)]


@pytest.mark.parametrize(
    ("received", "runs", "now", "started", "served"),
    [
        pytest.param([100, 101], Runs(False), 105, 0, 0, id="waits for quiet"),
        pytest.param([100, 101], Runs(False), 121, 2, 0, id="one run for all after the quiet time"),
        pytest.param([100, 395, 399], Runs(False), 401, 3, 0, id="a steady stream cannot put it off for ever"),
        pytest.param([100, 101], Runs(True), 500, 0, 0, id="waits for the run that is going"),
        pytest.param([100, 101], Runs(False, 200, "a"), 500, 0, 2, id="a run that started later has read it all"),
        pytest.param([100, 300], Runs(False, 200, "a"), 500, 1, 1, id="what came during that run starts one more"),
        pytest.param([100], Runs(False, 50, "a"), 500, 1, 0, id="an older success serves nothing"),
    ],
)
def test_events_start_one_run(received: list[float], runs: Runs, now: float, started: int, served: int) -> None:
    decision = decide(events(*received), runs, now, debounce_seconds=20, max_wait_seconds=300)
    assert (len(decision.start), len(decision.served)) == (started, served)
