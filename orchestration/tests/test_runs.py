"""What is read from Dagster's instance: failures for the alerts, runs whose process is gone, runs that are going."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.events import EngineEventData
from dagster._core.test_utils import create_run_for_test

from orchestration.alerting.cause import Cause
from orchestration.alerting.run_alerts import Ended
from orchestration.components.dbt_component import failure
from orchestration.defs.recovery.sensor import stranded
from orchestration.jobs import REFRESH_JOB, UNFINISHED, any_run, last_success
from orchestration.recovery import fail_runs, process_alive, stranded_runs
from orchestration.run_facts import read_run

DAGSTER_YAML = Path(__file__).parent.parent / "dagster.yaml"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML.read_text())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.from_config(str(tmp_path)) as found:
        yield found


def run_in_state(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, pid: int | None = None) -> dg.DagsterRun:
    run = create_run_for_test(instance, job_name=REFRESH_JOB, status=status)
    if pid is not None:
        instance.report_engine_event(f"Started process for run (pid: {pid}).", run, EngineEventData.in_process(pid))
    return run


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def recover_runs(instance: dg.DagsterInstance) -> list[str]:
    runs = stranded_runs(instance)
    fail_runs(instance, runs)
    return [run.run_id for run in runs]


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run.run_id).status


def test_a_run_whose_process_is_gone_is_failed_and_will_be_retried(instance: dg.DagsterInstance) -> None:
    run = run_in_state(instance, dg.DagsterRunStatus.STARTED, dead_pid())
    assert recover_runs(instance) == [run.run_id]
    assert status(instance, run) is dg.DagsterRunStatus.FAILURE
    assert instance.get_run_by_id(run.run_id).tags["dagster/will_retry"] == "true"
    assert recover_runs(instance) == []


def test_a_run_whose_process_lives_is_left_alone(instance: dg.DagsterInstance) -> None:
    alive = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        run = run_in_state(instance, dg.DagsterRunStatus.STARTED, alive.pid)
        assert recover_runs(instance) == []
        assert status(instance, run) is dg.DagsterRunStatus.STARTED
    finally:
        alive.kill()
        alive.wait()


def test_while_the_daemon_runs_a_run_is_failed_when_it_was_seen_stranded_twice(instance: dg.DagsterInstance) -> None:
    """Once is not enough: the code location notices most deaths itself, a moment later."""
    run = run_in_state(instance, dg.DagsterRunStatus.STARTED, dead_pid())
    first = dg.build_sensor_context(instance=instance)
    stranded(first)
    assert status(instance, run) is dg.DagsterRunStatus.STARTED
    stranded(dg.build_sensor_context(instance=instance, cursor=first.cursor))
    assert status(instance, run) is dg.DagsterRunStatus.FAILURE


def test_a_number_that_went_to_another_process_is_not_taken_for_the_run() -> None:
    me = psutil.Process()
    assert process_alive(me.pid, time.time())
    assert not process_alive(me.pid, me.create_time() - 60)


def test_a_cancelled_run_without_a_process_is_cancelled_and_a_launched_one_is_waited_for(
    instance: dg.DagsterInstance,
) -> None:
    canceling = run_in_state(instance, dg.DagsterRunStatus.CANCELING, dead_pid())
    launched = run_in_state(instance, dg.DagsterRunStatus.STARTING)
    waiting = run_in_state(instance, dg.DagsterRunStatus.NOT_STARTED)
    assert recover_runs(instance) == [canceling.run_id]
    assert [status(instance, run) for run in (canceling, launched, waiting)] == [
        dg.DagsterRunStatus.CANCELED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.NOT_STARTED,
    ]


def test_between_a_runs_death_and_its_retry_the_pipeline_counts_as_going(instance: dg.DagsterInstance) -> None:
    assert not any_run(instance, UNFINISHED)
    run_in_state(instance, dg.DagsterRunStatus.STARTED, dead_pid())
    assert any_run(instance, UNFINISHED)
    recover_runs(instance)
    assert any_run(instance, UNFINISHED)


@dg.op(name="tap_sevdesk")
def refused(context: dg.OpExecutionContext) -> None:
    raise dg.Failure(
        "the sign-in was refused: tap-sevdesk: 401 for token 0123456789abcdef0123456789abcdef",
        metadata={"reason": "the sign-in was refused", "failed_assets": ["RAW/INVOICES"]},
        allow_retries=False,
    )


@dg.op(name="dbt_build", retry_policy=dg.RetryPolicy(max_retries=1))
def broken(context: dg.OpExecutionContext) -> None:
    raise ValueError("no such host: password=hunter2") from KeyError("a detail of the library")


@dg.op
def fine(context: dg.OpExecutionContext) -> None:
    pass


def execute(instance: dg.DagsterInstance, op: dg.OpDefinition):
    job = dg.GraphDefinition(name=REFRESH_JOB, node_defs=[op]).to_job()
    run_id = job.execute_in_process(instance=instance, raise_on_error=False).run_id
    return instance.get_run_record_by_id(run_id)


def test_a_failures_facts_hold_its_cause_and_assets_but_no_secret(instance: dg.DagsterInstance) -> None:
    facts = read_run(instance, execute(instance, refused))
    assert (facts.ended, facts.will_retry) == (Ended.FAILURE, False)
    [fault] = facts.faults
    assert (fault.cause, fault.service, fault.assets) == (Cause.SIGN_IN_REFUSED, "sevDesk", ("RAW/INVOICES",))
    assert fault.error == "the sign-in was refused: tap-sevdesk: 401 for token ***"
    assert facts.retries == ()
    assert facts.link.endswith(f"/runs/{facts.run_id}")


def test_a_retrys_facts_tell_what_went_wrong(instance: dg.DagsterInstance) -> None:
    facts = read_run(instance, execute(instance, broken))
    [retry] = facts.retries
    assert (retry.step, retry.number, retry.error) == ("dbt_build", 1, "no such host: password=***")
    assert [fault.assets for fault in facts.faults] == [("dbt_build",)]


def test_a_retry_counts_from_when_the_first_of_its_line_started(instance: dg.DagsterInstance) -> None:
    record = execute(instance, fine)
    assert last_success(instance).started_at == record.start_time
    assert read_run(instance, record).ended is Ended.SUCCESS


@pytest.mark.parametrize(
    ("results", "description", "retried"),
    [
        ([("fail", "test.p.not_null_x", "Got 3 results")], "dbt tests failed: not_null_x", False),
        ([("error", "model.p.m", "Database Error\n  could not connect")], "m could not be built", True),
        ([("error", "model.p.m", "Compilation Error in model m")], "m could not be built", False),
        ([("error", "model.p.a", "Database Error"), ("fail", "test.p.t", "Got 1")], "a could not be built", True),
        ([("success", "model.p.m", ""), ("skipped", "model.p.n", "")], "before it built anything", True),
        ([], "before it built anything", True),
    ],
)
def test_dbts_failures_are_retried_only_when_that_can_help(
    results: list[tuple[str, str, str]], description: str, retried: bool
) -> None:
    raised = failure([{"status": s, "unique_id": u, "message": m} for s, u, m in results])
    assert description in raised.description
    assert raised.allow_retries is retried
