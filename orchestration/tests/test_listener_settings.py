"""What the webhook listener says of settings that it cannot start with: one line, exit code 2."""

import socket

import pytest

from orchestration.webhook.__main__ import main


@pytest.fixture(autouse=True)
def _settings(monkeypatch, tmp_path):
    monkeypatch.setenv("WEBHOOK_SHARED_SECRET", "a-secret-of-a-test-0123456789")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WEBHOOK_HOST", "127.0.0.1")


def test_a_port_that_is_taken_is_named_with_the_variable_that_moves_it(monkeypatch, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("WEBHOOK_PORT", str(port))
        assert main() == 2
    said = capsys.readouterr().err
    assert said.startswith(f"webhook listener: port {port} on 127.0.0.1 cannot be used: ")
    assert "WEBHOOK_PORT" in said and said.count("\n") == 1


def test_an_address_that_is_not_this_machines_is_named(monkeypatch, capsys):
    monkeypatch.setenv("WEBHOOK_HOST", "203.0.113.9")
    monkeypatch.setenv("WEBHOOK_PORT", "18999")
    assert main() == 2
    assert "203.0.113.9 cannot be used" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "file"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WEBHOOK_PORT", str(other.getsockname()[1]))
    assert main() == 2
    said = capsys.readouterr().err
    assert said.startswith("webhook listener: DAGSTER_HOME must be a folder that can be written to (")
    assert said.count("\n") == 1
