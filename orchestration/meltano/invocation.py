"""One `meltano run` as a child process that never outlives its purpose."""

import contextlib
import json
import os
import signal
import subprocess
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.meltano.run_log import LogLine, RunReport
from orchestration.processes import ProcessRecords

RUNNER = Path(__file__).with_name("runner.py")
GRACE_SECONDS = 90
"""How long the loader may take to commit what it holds when a run is ended. A request to sevDesk takes a minute at
most."""


@dataclass(frozen=True)
class Invocation:
    """What is run.

    :ivar settings: settings of the extractor for this run only, by name
    :ivar streams: the streams to extract
    """

    meltano: str
    project: Path
    environment: str
    extractor: str
    loader: str
    streams: Sequence[str]
    settings: Mapping[str, object]
    full_refresh: bool = False

    def command(self) -> list[str]:
        refresh = ["--full-refresh"] if self.full_refresh else []
        state_id = f"{self.environment}:{self.extractor}-to-{self.loader}"
        # Meltano's interpreter, without the script's folder among what it imports from.
        runner = [str(Path(self.meltano).parent / "python"), "-P", str(RUNNER), state_id]
        # Never --force: two runs at once would write one state.
        return [*runner, f"--environment={self.environment}", "run", *refresh, self.extractor, self.loader]

    def env(self, base: Mapping[str, str], run_id: str) -> dict[str, str]:
        prefix = self.extractor.upper().replace("-", "_")
        settings = {f"{prefix}_{name.upper()}": str(value) for name, value in self.settings.items()}
        return {
            # A parent's project would win over the working directory.
            **{name: value for name, value in base.items() if name != "MELTANO_PROJECT_ROOT"},
            "MELTANO_CLI_LOG_FORMAT": "json",
            "MELTANO_RUN_ID": run_id,
            "MELTANO_JOB_TRIGGER": "dagster",
            "NO_COLOR": "1",
            f"{prefix}__SELECT_FILTER": json.dumps(list(self.streams)),
            **settings,
        }


def run_meltano(
    invocation: Invocation, records: ProcessRecords, log: Callable[[LogLine], None]
) -> tuple[int, RunReport]:
    """Runs to the end and returns the exit code and what the log said.

    The child leads a process group of its own. However this function is left (an interrupt of the run included), the
    whole group has ended: first by SIGTERM, upon which the loader commits what it holds, after 90 seconds by SIGKILL.
    """
    run_id = str(uuid.uuid4())
    report = RunReport(invocation.extractor, invocation.loader)
    process = subprocess.Popen(
        invocation.command(),
        cwd=invocation.project,
        env=invocation.env(os.environ, run_id),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    record_path = None
    try:
        record_path = records.add(
            process.pid,
            own_group=True,
            details={
                "tool": "meltano",
                "meltano": invocation.meltano,
                "project": str(invocation.project),
                "run_id": run_id,
                "plugins": f"{invocation.extractor} {invocation.loader}",
            },
        )
        for line in process.stdout:
            log(report.feed(line))
        code = process.wait()
    finally:
        _end(process)
        if record_path is not None:
            record_path.unlink(missing_ok=True)
    return code, report


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    # Also after a normal end: nothing of the group may go on.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
