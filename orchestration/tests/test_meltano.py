"""Running Meltano: its log understood, its project read, and a killed run cleaned up. Uses the real Meltano."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import psutil
import pytest

from orchestration.alerting.cause import Cause
from orchestration.alerting.fault import Fault
from orchestration.alerting.redact import redact
from orchestration.components.meltano_component import failure as component_failure
from orchestration.meltano.invocation import Invocation, run_meltano
from orchestration.meltano.leftovers import clean_up
from orchestration.meltano.project import MeltanoProject, selected_streams
from orchestration.meltano.run_log import RunReport
from orchestration.paths import REPOSITORY
from orchestration.processes import ProcessRecords, ended
from orchestration.setting import SettingError

MELTANO = str(REPOSITORY / ".venvs" / "meltano" / "bin" / "meltano")

PROJECT = """
default_environment: dev
project_id: throwaway
send_anonymous_usage_stats: false
plugins:
  extractors:
    - name: tap-plain
      namespace: tap_plain
      executable: ./tap.py
      capabilities: [catalog, discover, state, structured-logging]
      settings: [{ name: api_key, kind: string, sensitive: true }, { name: mode, kind: string, value: normal }]
      config: { api_key: secret-in-the-config }
      select: ["*.*", "!audit.*"]
  loaders:
    - name: target-plain
      namespace: target_plain
      executable: ./target.py
      capabilities: [structured-logging]
environments:
  - name: dev
  - name: small
    config: { plugins: { extractors: [{ name: tap-plain, select: ["invoices.*"], config: { mode: refuse } }] } }
"""

TAP = """#!{python}
import json, os, sys, time
streams = ["invoices", "contacts", "audit"]
if "--discover" in sys.argv:
    print(json.dumps({{"streams": [{{"stream": s, "tap_stream_id": s, "key_properties": ["id"], "schema": {{"properties": {{"id": {{"type": "string"}}}}}},
        "metadata": [{{"breadcrumb": [], "metadata": {{"inclusion": "available"}}}}, {{"breadcrumb": ["properties", "id"], "metadata": {{"inclusion": "automatic"}}}}]}} for s in streams]}}))
    sys.exit()
def log(message, level="INFO", **more):
    print(json.dumps({{"level": level, "pid": os.getpid(), "logger_name": "tap-plain", "ts": time.time(), "thread_name": "Main",
        "app_name": "tap-plain", "message": message, "stream_name": None, "extra": {{}}, **more}}), file=sys.stderr, flush=True)
catalog = json.load(open(sys.argv[sys.argv.index("--catalog") + 1]))
chosen = [s["tap_stream_id"] for s in catalog["streams"] if any(m["breadcrumb"] == [] and m["metadata"].get("selected") for m in s["metadata"])]
mode = os.environ["TAP_PLAIN_MODE"]
for stream in chosen:
    print(json.dumps({{"type": "SCHEMA", "stream": stream, "schema": {{"properties": {{"id": {{"type": "string"}}}}}}, "key_properties": ["id"]}}))
    metric = {{"type": "counter", "metric": "record_count", "value": 3, "tags": {{"stream": stream}}}}
    log("METRIC: " + json.dumps(metric), metric_info=metric, stream_name=stream)
print(json.dumps({{"type": "STATE", "value": {{"bookmarks": {{s: {{"window_end": "2026-01-02T03:04:05Z"}} for s in chosen}}}}}}), flush=True)
if mode == "refuse":
    log("sevDesk refused the API key", level="ERROR", stream_name="invoices")
    sys.exit(3)
if mode == "hang":
    open("hanging", "w").write(str(os.getpid()))
    time.sleep(300)
"""

TARGET = """#!{python}
import json, signal, sys
def finish(*_):
    open("committed", "w").write("yes")
    sys.exit(143)
signal.signal(signal.SIGTERM, finish)
open("loading", "w").write("yes")
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "STATE":
        print(json.dumps(message["value"]), flush=True)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("meltano")
    (folder / "meltano.yml").write_text(PROJECT)
    for name, text in (("tap.py", TAP), ("target.py", TARGET)):
        (folder / name).write_text(text.format(python=sys.executable))
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def records(tmp_path: Path) -> ProcessRecords:
    return ProcessRecords(tmp_path / "processes")


def invocation(project: Path, **changes: object) -> Invocation:
    return Invocation(
        **{
            "meltano": MELTANO,
            "project": project,
            "environment": "dev",
            "extractor": "tap-plain",
            "loader": "target-plain",
            "streams": ["invoices", "contacts"],
            "settings": {},
            **changes,
        }
    )


def test_a_run_tells_rows_of_the_streams_that_were_asked_for(project: Path, records: ProcessRecords) -> None:
    lines = []
    code, report = run_meltano(invocation(project, streams=["contacts"]), records, lines.append)
    assert code == 0
    assert (report.rows("contacts"), report.rows("invoices")) == (3, None)
    assert report.duration_seconds is not None
    assert any(line.level == "debug" and "METRIC" in line.text for line in lines)
    assert list(records.abandoned()) == []


def test_a_refused_sign_in_is_hopeless_and_says_why(project: Path, records: ProcessRecords) -> None:
    code, report = run_meltano(invocation(project, settings={"mode": "refuse"}), records, lambda _: None)
    assert code == 1
    assert report.hopeless()
    assert report.reason() == "the sign-in was refused"
    assert report.first_error() == "tap-plain: sevDesk refused the API key"
    assert report.failed_streams == {"invoices"}


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def running(pid: int) -> bool:
    return psutil.pid_exists(pid) and not ended(psutil.Process(pid))


@pytest.fixture
def hanging(project: Path) -> Iterator[Path]:
    marks = [project / "hanging", project / "committed", project / "loading"]
    for mark in marks:
        mark.unlink(missing_ok=True)
    yield marks[0]


def test_an_interrupted_run_lets_the_loader_commit_and_leaves_no_process(
    project: Path, records: ProcessRecords, hanging: Path
) -> None:
    def interrupt_once_it_hangs() -> None:
        wait_for(hanging.exists)
        # A loader that has not started yet has nothing to commit.
        wait_for((project / "loading").exists)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt_once_it_hangs).start()
    with pytest.raises(KeyboardInterrupt):
        run_meltano(invocation(project, settings={"mode": "hang"}), records, lambda _: None)
    assert (project / "committed").exists()
    assert not running(int(hanging.read_text()))


RUNNER = """
import sys
from pathlib import Path
from orchestration.tests.test_meltano import invocation
from orchestration.meltano.invocation import run_meltano
from orchestration.processes import ProcessRecords, ended
run_meltano(invocation(Path(sys.argv[1]), settings={"mode": "hang"}), ProcessRecords(Path(sys.argv[2])), lambda line: None)
"""


def test_what_a_killed_run_left_behind_does_not_stop_the_next_one(
    project: Path, tmp_path: Path, records: ProcessRecords, hanging: Path
) -> None:
    """kill -9 of the run leaves Meltano, tap and target running, a lock for five minutes and a file with the API key."""
    folder = tmp_path / "processes"
    command = [sys.executable, "-c", RUNNER, str(project), str(folder)]
    run = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    wait_for(hanging.exists)
    run.kill()
    run.wait()
    configs = lambda: list((project / ".meltano" / "run").rglob("*.config.json"))  # noqa: E731
    assert any("secret-in-the-config" in path.read_text() for path in configs())
    [(_, record)] = records.abandoned()
    # The worst case: Meltano itself is killed too, so that nobody tidies up after the orphaned tap.
    os.kill(record.leader.pid, signal.SIGKILL)

    said: list[str] = []
    assert clean_up(records, said.append) == 1
    assert not running(int(hanging.read_text()))
    assert configs() == []
    assert any("released the lock" in line for line in said)
    code, report = run_meltano(invocation(project), records, lambda _: None)
    assert (code, report.blocked_by_lock) == (0, False)
    assert clean_up(records, said.append) == 0


@pytest.mark.parametrize("container", [False, True], ids=["below the project", "on a container's volume"])
def test_files_with_secrets_are_deleted_wherever_meltano_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, container: bool
) -> None:
    system = tmp_path / "volume" if container else tmp_path / ".meltano"
    monkeypatch.delenv("MELTANO_SYS_DIR_ROOT", raising=False)
    if container:
        monkeypatch.setenv("MELTANO_SYS_DIR_ROOT", str(system))
    config = system / "run" / "tap-plain" / "tap.0.config.json"
    config.parent.mkdir(parents=True)
    config.write_text("{}")
    gone = {"pid": 2**22 + 1, "started": config.stat().st_mtime - 10}
    details = {"tool": "meltano", "meltano": "/gone", "project": str(tmp_path), "run_id": "1", "plugins": "tap-plain"}
    (tmp_path / "records").mkdir()
    record = {"owner": gone, "leader": gone, "own_group": True, "details": details}
    (tmp_path / "records" / "1.json").write_text(json.dumps(record))
    assert clean_up(ProcessRecords(tmp_path / "records"), lambda _: None) == 1
    assert not config.exists()


def test_a_run_by_hand_is_left_alone_and_told_of(project: Path, records: ProcessRecords, hanging: Path) -> None:
    command = [MELTANO, "--environment=dev", "run", "tap-plain", "target-plain"]
    by_hand = subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, "TAP_PLAIN_MODE": "hang"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(hanging.exists)
        assert clean_up(records, lambda _: None) == 0
        code, report = run_meltano(invocation(project), records, lambda _: None)
        assert code == 1
        assert report.reason() == "another run of the same pipeline is going"
        assert not report.hopeless()
        assert by_hand.poll() is None
    finally:
        by_hand.terminate()
        by_hand.wait(60)


def test_the_streams_of_an_extractor_are_discovered_once(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "catalog.json"
    found = MeltanoProject(project).discover("tap-plain", cache)
    assert [(stream.name, stream.key_properties) for stream in found] == [
        ("invoices", ("id",)),
        ("contacts", ("id",)),
        ("audit", ("id",)),
    ]
    kept = json.loads(cache.read_text())
    kept["streams"] = kept["streams"][:1]
    cache.write_text(json.dumps(kept))
    assert len(MeltanoProject(project).discover("tap-plain", cache)) == 1, "the cache is used"
    os.utime(project / "tap.py")
    assert len(MeltanoProject(project).discover("tap-plain", cache)) == 3, "a changed program is asked again"


def test_selection_and_settings_follow_the_environment(project: Path) -> None:
    read = MeltanoProject(project)
    names = ["invoices", "contacts", "audit"]
    assert selected_streams(names, read.select("tap-plain", "dev")) == ["invoices", "contacts"]
    assert selected_streams(names, read.select("tap-plain", "small")) == ["invoices"]
    assert read.extractor_config("tap-plain", "small")["mode"] == "refuse"


@pytest.mark.parametrize(
    ("rules", "selected"),
    [
        (["*.*"], ["invoices", "invoice_positions", "contacts"]),
        (["invoice*.*", "!invoice_positions"], ["invoices"]),
        (["*.*", "!contacts.email"], ["invoices", "invoice_positions", "contacts"]),
        (["invoices.id", "!invoices.*"], []),
    ],
)
def test_selection_rules_read_as_meltano_reads_them(rules: list[str], selected: list[str]) -> None:
    assert selected_streams(["invoices", "invoice_positions", "contacts"], rules) == selected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no meltano.yml"),
        ("plugins: [", "is not YAML"),
        ("plugins: {extractors: [{name: tap-other}]}", "has no extractor 'tap-plain'; it has: tap-other"),
        ("plugins: {extractors: [{name: tap-plain}]}", "no executable in the project"),
        ("plugins: {extractors: [{name: tap-plain, executable: ./gone}]}", "is not built"),
    ],
)
def test_a_project_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "meltano.yml").write_text(text)
    with pytest.raises(SettingError) as caught:
        MeltanoProject(tmp_path).discover("tap-plain", tmp_path / "cache.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lines_that_are_not_meltanos_pass_through_and_break_nothing() -> None:
    report = RunReport("tap", "target")
    odd = [
        "",
        "plain text",
        "[1,2]",
        "null",
        '"x"',
        '{"metric_info": 5}',
        '{"event": 7, "level": "shouting"}',
        '{"metric_info": {"metric": "m", "value": "many", "tags": null}}',
        '{"exit_codes": [1]}',
    ]
    for line in odd:
        report.feed(line)
    assert report.errors == []
    assert report.reason() == "Meltano failed"


def test_a_failure_of_many_streams_says_first_what_was_wrong() -> None:
    report = RunReport("tap-sevdesk", "target")
    for number in range(40):
        event = f'stream "a_stream_with_a_long_name_{number}" failed: GET /Invoice failed (HTTP 503)'
        report.feed(json.dumps({"event": event, "level": "warning", "string_id": "tap-sevdesk"}))
    report.exit_codes = {"extractors": 1}
    keys = {name: dg.AssetKey(["RAW", name.upper()]) for name in report.failed_alone}
    raised = component_failure(1, report, keys)
    fault = Fault.of("", redact(raised.description), ("RAW/X",))
    assert (fault.cause, fault.service) == (Cause.UNREACHABLE, "sevDesk")
    assert "and 35 more" in raised.description
    assert len(raised.metadata["failed_assets"].value) == 40
    assert report.failed_in_part()
