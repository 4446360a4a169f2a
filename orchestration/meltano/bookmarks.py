"""How far each stream has got, from Meltano's state."""

import json
import os
import subprocess

from orchestration.meltano.invocation import Invocation

TIMEOUT_SECONDS = 120
VALUE_KEYS = ("window_end", "replication_key_value")
"""Where taps keep the time up to which a stream is complete; the first that is there counts."""


def read_bookmarks(invocation: Invocation) -> dict[str, str]:
    """The newest bookmark of each stream that has one. Empty when the state cannot be read: it is only shown."""
    state_id = f"{invocation.environment}:{invocation.extractor}-to-{invocation.loader}"
    command = [invocation.meltano, f"--environment={invocation.environment}", "state", "get", state_id]
    env = {name: value for name, value in os.environ.items() if name != "MELTANO_PROJECT_ROOT"}
    try:
        done = subprocess.run(
            command, cwd=invocation.project, env=env, capture_output=True, text=True, timeout=TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return bookmarks_of(done.stdout) if done.returncode == 0 else {}


def bookmarks_of(printed: str) -> dict[str, str]:
    """The bookmarks in what `meltano state get` printed."""
    line = next((line for line in reversed(printed.splitlines()) if line.startswith("{")), "")
    try:
        bookmarks = json.loads(line)["singer_state"]["bookmarks"]
        return {
            stream: str(value)
            for stream, bookmark in bookmarks.items()
            if (value := next((bookmark[key] for key in VALUE_KEYS if bookmark.get(key) is not None), None)) is not None
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
