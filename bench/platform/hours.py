"""Plays hourly ticks, one for each line of stdin: `{"now": "<ISO 8601>", "load_only": false}`. Answers are lines of JSON.

The clock is the caller's: while a tick lasts, this process and the taps take it for that time. A run is made of what
the schedule asks for then; with `load_only` it reads the sources and builds nothing.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg

from orchestration.definitions import defs
from orchestration.jobs import REFRESH_JOB
from orchestration.meltano import invocation
from orchestration.refresh import whole_refresh

LOADED = "RAW"
"""The schema of what the loads bring; dbt builds what lies in the others."""


@contextmanager
def time_is(now: datetime) -> Iterator[None]:
    """What is recorded meanwhile is recorded as of `now` and the seconds after; `source-clock.mjs` tells the taps."""
    real = time.time, time.time_ns
    ahead = now.timestamp() - time.time()
    os.environ["SOURCE_CLOCK_AHEAD_MS"] = str(round(ahead * 1000))
    time.time = lambda: real[0]() + ahead
    time.time_ns = lambda: real[1]() + int(ahead * 1e9)
    try:
        yield
    finally:
        time.time, time.time_ns = real


class CountedProcesses:
    """Stands for the module `subprocess` where Meltano is started, and counts."""

    def __init__(self) -> None:
        self.started = 0

    def __getattr__(self, name: str) -> object:
        return getattr(subprocess, name)

    def Popen(self, *arguments: object, **options: object) -> subprocess.Popen:
        self.started += 1
        # In this process's own group, which a signal to the benchmark ends as a whole.
        return subprocess.Popen(*arguments, **{**options, "start_new_session": False})


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    logging.disable(logging.CRITICAL)
    definitions = defs()
    job, graph = (
        definitions.resolve_job_def(REFRESH_JOB),
        definitions.resolve_asset_graph(),
    )
    with dg.DagsterInstance.get() as instance:
        print("ready", file=answers, flush=True)
        for line in sys.stdin:
            tick, began = json.loads(line), time.monotonic()
            now = datetime.fromisoformat(tick["now"])
            meltano = invocation.subprocess = CountedProcesses()
            with time_is(now):
                asked = whole_refresh(instance, graph, tick["now"], now).asset_selection or ()
                chosen = [key for key in asked if key.path[0] == LOADED or not tick["load_only"]]
                result = job.execute_in_process(instance=instance, raise_on_error=False, asset_selection=chosen)
            for failure in result.get_step_failure_events():
                print(failure.step_failure_data.error_display_string, file=sys.stderr)
            keys = {event.asset_key for event in result.get_asset_materialization_events()}
            answer = {
                "success": result.success,
                "seconds": round(time.monotonic() - began, 1),
                "meltano": meltano.started,
                "models": sum(1 for key in keys if key and key.path[0] != LOADED and key.path[0] != "dashboard"),
            }
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    assert Path("orchestration").is_dir(), "run it in the repository"
    main()
