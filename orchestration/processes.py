"""Notes which child processes a run started, so that a later one can end what a killed run left behind."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

START_TOLERANCE_SECONDS = 2.0
"""Start times are read from the kernel's clock ticks and may differ a little between two readings."""


def ended(process: psutil.Process) -> bool:
    """Whether a process has ended, its parent having asked for its exit code or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


POLL_SECONDS = 0.2
KILL_SECONDS = 10
"""How long the kernel may take to end a killed process; one that waits for a disk takes longer."""


@dataclass(frozen=True)
class ProcessId:
    """A process, told apart from a later one that got the same number by when it started."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        return cls(pid, psutil.Process(pid).create_time())

    def alive(self) -> bool:
        """Whether this very process is still there (a zombie is not)."""
        try:
            process = psutil.Process(self.pid)
            return abs(process.create_time() - self.started) < START_TOLERANCE_SECONDS and not ended(process)
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True)
class ProcessRecord:
    """A child process of a run.

    :ivar owner: the run's own process; while it lives the child is its business
    :ivar leader: the child
    :ivar own_group: whether the child leads a process group of its own, with all that it started
    :ivar details: what else is needed to clean up after it
    """

    owner: ProcessId
    leader: ProcessId
    own_group: bool
    details: dict[str, str]


class ProcessRecords:
    """Records in a folder, one file each, written before anybody may depend on them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, pid: int, *, own_group: bool, details: dict[str, str]) -> Path:
        """Notes a child of this process. Returns the record's file, to be deleted when the child has ended."""
        self._folder.mkdir(parents=True, exist_ok=True)
        record = ProcessRecord(ProcessId.of(os.getpid()), ProcessId.of(pid), own_group, details)
        path = self._folder / f"{pid}-{int(record.leader.started)}.json"
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(record)))
        partial.replace(path)
        return path

    def abandoned(self) -> Iterator[tuple[Path, ProcessRecord]]:
        """The records whose run is not alive any more."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                fields = json.loads(path.read_text())
                record = ProcessRecord(
                    ProcessId(**fields["owner"]), ProcessId(**fields["leader"]), fields["own_group"], fields["details"]
                )
            except (OSError, ValueError, KeyError, TypeError):
                # Deleted meanwhile, or cut off by a full disk: nothing can be learnt from it.
                path.unlink(missing_ok=True)
                continue
            if not record.owner.alive():
                yield path, record


def members(record: ProcessRecord) -> list[psutil.Process]:
    """The processes of a record that still live: the leader, what it started, and the rest of its group."""
    found: dict[int, psutil.Process] = {}
    if record.leader.alive():
        leader = psutil.Process(record.leader.pid)
        found[leader.pid] = leader
        for child in leader.children(recursive=True):
            found[child.pid] = child
    if record.own_group:
        for process in psutil.process_iter():
            try:
                in_group = os.getpgid(process.pid) == record.leader.pid
                if in_group and process.create_time() >= record.leader.started - START_TOLERANCE_SECONDS:
                    found[process.pid] = process
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue
    return [process for process in found.values() if not ended(process)]


def stop(record: ProcessRecord, grace_seconds: float) -> int:
    """Ends what is left of a record: SIGTERM, `grace_seconds` to finish, then SIGKILL. Returns how many there were."""
    left = members(record)
    count = len(left)
    told: set[int] = set()
    deadline = time.monotonic() + grace_seconds
    while left and time.monotonic() < deadline:
        # The leader passes SIGTERM on in good order; the others are told directly once it is gone.
        first = [process for process in left if process.pid == record.leader.pid] or left
        for process in first:
            if process.pid not in told:
                told.add(process.pid)
                _signal(process, signal.SIGTERM)
        time.sleep(POLL_SECONDS)
        left = members(record)
    for process in left:
        _signal(process, signal.SIGKILL)
    deadline = time.monotonic() + KILL_SECONDS
    while members(record) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return count


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
