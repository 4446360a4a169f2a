"""Starts the repository's own local servers for tests."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from orchestration.paths import REPOSITORY

READY = re.compile(r"ready on (http://\S+)")
API_KEY = "0123456789abcdef0123456789abcdef"


class LocalSevdesk:
    """A local sevDesk on a free port."""

    def __init__(self, *arguments: str) -> None:
        main = REPOSITORY / "local" / "sevdesk" / "dist" / "main.js"
        self.url = ""
        self._process = start(["node", str(main), "--port", "0", *arguments])
        for line in self._process.stdout:
            if match := READY.search(line):
                self.url = match.group(1)
                break
        assert self.url, "the local sevDesk did not start"

    def stop(self) -> None:
        stop(self._process)


def start(command: Sequence[str], cwd: Path = REPOSITORY, env: dict[str, str] | None = None) -> subprocess.Popen:
    return subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def stop(process: subprocess.Popen, timeout: float = 60) -> int:
    """Ends a process by SIGTERM and returns its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout)
    finally:
        process.stdout.close()


def admin(api_url: str, method: str, path: str, body: object = None) -> object:
    """Calls an admin endpoint of a local sevDesk."""
    base = api_url.split("/api/")[0]
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{base}/_local{path}", data=data, method=method, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None
