"""Cleans up after a run that was killed: orphans, Meltano's lock, configuration files with secrets."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil

from orchestration.processes import ProcessRecord, ProcessRecords, members, stop

GRACE_SECONDS = 60
UNLOCK_TIMEOUT_SECONDS = 120

# Run by Meltano's own interpreter, so that it works with whatever database the project keeps its runs in.
UNLOCK = """
import sys, uuid
from meltano.core.job import Job, State
from meltano.core.db import project_engine
from meltano.core.project import Project
project = Project.find()
_, make_session = project_engine(project)
session = make_session()
for job in session.query(Job).filter(Job.run_id == uuid.UUID(sys.argv[1]), Job.state == State.RUNNING):
    job.fail("the process was killed")
    job.save(session)
    print(job.job_name)
"""


def clean_up(records: ProcessRecords, log: Callable[[str], None]) -> int:
    """Cleans up after every run whose own process is gone, and returns how many there were.

    What a record names is ended first (SIGTERM, on which the loader commits what it holds; SIGKILL after a minute).
    Only then is the lock of exactly that Meltano run released, so that nothing else's lock is ever touched, and its
    configuration files are deleted. A run by hand that goes on beside it is left alone.
    """
    count = 0
    for path, record in records.abandoned():
        count += 1
        ended = stop(record, GRACE_SECONDS)
        if members(record):
            log(f"process {record.leader.pid} of a killed run cannot be ended; its leftovers stay")
            continue
        if ended:
            log(f"ended {ended} processes that a killed run had left behind")
        if record.details.get("tool") == "meltano":
            _release_lock(record, log)
            _delete_configs(record, log)
        path.unlink(missing_ok=True)
    return count


def _release_lock(record: ProcessRecord, log: Callable[[str], None]) -> None:
    python = Path(record.details["meltano"]).parent / "python"
    try:
        done = subprocess.run(
            [str(python), "-c", UNLOCK, record.details["run_id"]],
            cwd=record.details["project"],
            capture_output=True,
            text=True,
            timeout=UNLOCK_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        # Meltano itself gives the lock up five minutes after the last heartbeat; retries come after that.
        log(f"Meltano's lock could not be released ({type(error).__name__})")
        return
    if done.returncode != 0:
        log(f"Meltano's lock could not be released: {(done.stderr.strip().splitlines() or [''])[-1]}")
    elif done.stdout.strip():
        log(f"released the lock of the killed Meltano run {done.stdout.split()[-1]}")


def _delete_configs(record: ProcessRecord, log: Callable[[str], None]) -> None:
    """Meltano deletes these files itself unless it is killed; they hold tokens and passwords in the clear."""
    # Where Meltano puts what it writes itself; a container's is on its volume.
    system = Path(os.environ.get("MELTANO_SYS_DIR_ROOT") or Path(record.details["project"]) / ".meltano")
    in_use = " ".join(" ".join(_command_line(process)) for process in psutil.process_iter())
    for plugin in record.details["plugins"].split():
        folder = system / "run" / plugin
        for config in folder.glob("*.config.json"):
            if config.stat().st_mtime >= record.leader.started - 1 and config.name not in in_use:
                config.unlink(missing_ok=True)
                log(f"deleted the configuration file that {plugin} had left behind")


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []
