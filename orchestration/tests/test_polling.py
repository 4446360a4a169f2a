"""The cheap question to sevDesk, asked of the local one."""

import time
from collections.abc import Iterator

import pytest

from orchestration.polling.change_check import CheckFailed, SignInRefused, find_change
from orchestration.tests.node_servers import API_KEY, LocalSevdesk, admin


@pytest.fixture(scope="module")
def server() -> Iterator[LocalSevdesk]:
    local = LocalSevdesk("--invoices", "60")
    yield local
    local.stop()


@pytest.fixture
def sevdesk(server: LocalSevdesk) -> Iterator[str]:
    admin(server.url, "DELETE", "/stats")
    yield server.url
    admin(server.url, "DELETE", "/faults")


def asked(url: str) -> dict:
    return admin(url, "GET", "/stats")


def touch(url: str, model: str) -> None:
    record = admin(url, "GET", f"/dump/{model}?fields=id")["objects"][0]
    admin(url, "POST", "/edit", {"edits": [{"op": "update", "model": model, "id": record["id"], "fields": {}}]})


def test_nothing_new_costs_two_requests_without_a_record(sevdesk: str) -> None:
    assert find_change(sevdesk, API_KEY, time.time() - 60) is None
    assert (asked(sevdesk)["calls"], asked(sevdesk)["records"]) == (2, 0)


@pytest.mark.parametrize("model", ["Invoice", "Contact"])
def test_a_change_is_seen_with_one_record_at_most(sevdesk: str, model: str) -> None:
    start = time.time() - 5
    time.sleep(1.1)
    touch(sevdesk, model)
    admin(sevdesk, "DELETE", "/stats")
    change = find_change(sevdesk, API_KEY, start)
    assert change is not None
    assert change.updated_at >= start
    assert asked(sevdesk)["records"] == 1


def test_an_ignored_filter_is_not_taken_for_a_change(sevdesk: str) -> None:
    admin(sevdesk, "POST", "/faults", {"faults": [{"kind": "ignoreFilters"}]})
    assert find_change(sevdesk, API_KEY, time.time() + 3600) is None


def test_a_refused_key_is_tried_once_only(sevdesk: str) -> None:
    with pytest.raises(SignInRefused):
        find_change(sevdesk, "f" * 32, 0)
    assert asked(sevdesk)["calls"] == 1


@pytest.mark.parametrize(
    "kind", ["html200", "error200", "objectsNull", "cut", "truncate", "reset", "wrongTypes", "status"]
)
def test_a_broken_answer_is_a_clear_line_without_the_key(sevdesk: str, kind: str) -> None:
    touch(sevdesk, "Invoice")
    admin(sevdesk, "POST", "/faults", {"faults": [{"kind": kind}]})
    with pytest.raises(CheckFailed) as caught:
        find_change(sevdesk, API_KEY, 0)
    assert API_KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
