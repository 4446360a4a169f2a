"""Before the daemon starts: what a crash left behind is put right.

`python -m orchestration.recovery` fails the runs whose process is gone, so that the daemon starts them again, and ends
orphans. Dagster's default launcher does not notice these itself: such a run stays STARTED and holds the pool for ever.
"""

import re
import sys
from collections.abc import Iterable

import dagster as dg
import psutil
from dagster import DagsterEventType
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher

from orchestration.meltano.leftovers import clean_up
from orchestration.paths import state_dir
from orchestration.processes import ProcessRecords, ended

STARTED_PROCESS = re.compile(r"Started process for run \(pid: (\d+)\)")
CLOCK_TOLERANCE_SECONDS = 2


def process_alive(pid: int, noted_at: float) -> bool:
    """Whether the process that had this number at `noted_at` (unix seconds) still lives."""
    try:
        process = psutil.Process(pid)
        # One that started later only got the same number.
        return not ended(process) and process.create_time() <= noted_at + CLOCK_TOLERANCE_SECONDS
    except psutil.NoSuchProcess:
        return False


def stranded_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """The runs that have started a process which is gone.

    Only where runs are processes of this machine: other launchers (Kubernetes, containers) watch their own. A run
    without a process yet is being launched; `start_timeout_seconds` bounds that.
    """
    if not isinstance(instance.run_launcher, DefaultRunLauncher):
        return []
    statuses = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    runs = instance.get_runs(dg.RunsFilter(statuses=statuses))
    noted = [(run, _process_of(instance, run.run_id)) for run in runs]
    return [run for run, process in noted if process is not None and not process_alive(*process)]


def fail_runs(instance: dg.DagsterInstance, runs: Iterable[dg.DagsterRun]) -> None:
    """Ends stranded runs: one that was being cancelled is cancelled, the others fail, and the daemon retries them as
    `run_retries` says."""
    for run in runs:
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, message="The run's process is gone.")
        else:
            instance.report_run_failed(run, message="The run's process is gone; it was killed or the machine stopped.")


def _process_of(instance: dg.DagsterInstance, run_id: str) -> tuple[int, float] | None:
    """The number of a run's process, and when it was noted."""
    found = None
    for record in instance.get_records_for_run(run_id, of_type=DagsterEventType.ENGINE_EVENT).records:
        match = STARTED_PROCESS.search(record.event_log_entry.dagster_event.message or "")
        if match:
            found = int(match.group(1)), record.event_log_entry.timestamp
    return found


def main() -> int:
    """Returns the exit code."""
    with dg.DagsterInstance.get() as instance:
        runs = stranded_runs(instance)
        fail_runs(instance, runs)
        for run in runs:
            print(f"recovery: run {run.run_id} lost its process; it is being retried", file=sys.stderr)
    clean_up(ProcessRecords(state_dir() / "processes"), lambda line: print(f"recovery: {line}", file=sys.stderr))
    return 0


if __name__ == "__main__":
    sys.exit(main())
