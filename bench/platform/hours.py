"""Plays hourly ticks, one for each line of stdin: the tick's time in ISO 8601. Answers each with a line of JSON.

The clock is the caller's: what a tick asks for is decided as the schedule decides it, at the time that the line gives.
"""

import json
import logging
import sys
import time
from datetime import datetime
from pathlib import Path

import dagster as dg

from orchestration.definitions import defs
from orchestration.jobs import REFRESH_JOB
from orchestration.refresh import whole_refresh


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    logging.disable(logging.CRITICAL)
    definitions = defs()
    job, graph = definitions.resolve_job_def(REFRESH_JOB), definitions.resolve_asset_graph()
    with dg.DagsterInstance.get() as instance:
        print("ready", file=answers, flush=True)
        for line in sys.stdin:
            now, start = datetime.fromisoformat(line.strip()), time.monotonic()
            asked = whole_refresh(instance, graph, line.strip(), now)
            result = job.execute_in_process(
                instance=instance, raise_on_error=False, asset_selection=list(asked.asset_selection or ())
            )
            for failure in result.get_step_failure_events():
                print(failure.step_failure_data.error_display_string, file=sys.stderr)
            keys = {event.asset_key for event in result.get_asset_materialization_events()}
            answer = {
                "success": result.success,
                "seconds": round(time.monotonic() - start, 1),
                "models": sum(1 for key in keys if key and key.path[0] != "RAW" and key.path[0] != "dashboard"),
            }
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    assert Path("orchestration").is_dir(), "run it in the repository"
    main()
