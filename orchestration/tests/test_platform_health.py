"""Whether the code location answers, at a socket or at a host and port."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from grpc_health.v1.health import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import add_HealthServicer_to_server

from orchestration.platform_health import SERVICE, PlatformHealth, code_location_address
from orchestration.platform_pulse import note_pulse


@pytest.fixture
def code_location(tmp_path: Path) -> Iterator[tuple[HealthServicer, list[str]]]:
    """A server with the health service of Dagster's code location, and where it answers."""
    server, health = grpc.server(ThreadPoolExecutor(2)), HealthServicer()
    add_HealthServicer_to_server(health, server)
    socket = tmp_path / "code.sock"
    server.add_insecure_port(f"unix:{socket}")
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield health, [str(socket), f"127.0.0.1:{port}", f"localhost:{port}"]
    server.stop(None).wait()


def test_it_is_found_at_its_socket_and_at_its_host_and_port(
    code_location: tuple[HealthServicer, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    health, addresses = code_location
    note_pulse(tmp_path)
    # A proxy is for what is outside.
    for name in ("http_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for address in addresses:
        health.set(SERVICE, HealthCheckResponse.SERVING)
        assert PlatformHealth(address, tmp_path).problems() == []
        health.set(SERVICE, HealthCheckResponse.NOT_SERVING)
        assert PlatformHealth(address, tmp_path).problems() == ["the code location is not loaded"]


def test_nobody_at_the_address_is_a_problem(tmp_path: Path) -> None:
    note_pulse(tmp_path)
    for address in ("127.0.0.1:1", "no-such-host.invalid:3030"):
        assert PlatformHealth(address, tmp_path).problems() == ["the code location is not loaded"]


def test_an_address_wins_over_the_socket_that_the_image_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE_LOCATION_SOCKET", "/run/code.sock")
    monkeypatch.delenv("CODE_LOCATION_ADDRESS", raising=False)
    assert code_location_address() == "/run/code.sock"
    monkeypatch.setenv("CODE_LOCATION_ADDRESS", "code-location:3030")
    assert code_location_address() == "code-location:3030"
