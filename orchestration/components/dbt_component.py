"""The dbt project as assets: `dbt build` as one step that can be run for any subset of the models."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, DbtProject, DbtProjectComponent
from dagster_dbt.dbt_project_manager import NoopDbtProjectManager
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from orchestration.alerting.cause import Cause
from orchestration.alerting.redact import redact
from orchestration.build_ledger import Built, last_built, moved, newest_events, note_built
from orchestration.dashboard import DASHBOARD_KEY, verified_until
from orchestration.dbt_project import DBT, prepared_project, project_stamp, target_path
from orchestration.dbt_tables import ANALYTICS, TABLES, sources_of, stage_of, table_key
from orchestration.freshness import built_daily
from orchestration.meltano.leftovers import clean_up
from orchestration.observability.lineage import Move, emit
from orchestration.observability.metrics import note_run_figures
from orchestration.observability.telemetry import Part, StepTelemetry, telemetry
from orchestration.paths import state_dir
from orchestration.processes import ProcessRecords
from orchestration.retries import retry_request

RUN_RESULTS = "run_results.json"
HOPELESS = ("Compilation Error", "Parsing Error", "Contract Error", "does not exist or not authorized")
"""How dbt's messages begin or what they say when trying again cannot help."""


class BuildConfig(dg.Config):
    """What can be chosen for a run in the launchpad.

    :ivar rebuild: build the models also when nothing has moved since they were built
    """

    rebuild: bool = False


class InstalledDbt(DbtCliResource):
    """Dagster's dbt, which need not be started to know its version: `dbt --version` takes seconds and asks PyPI."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))


@dataclass
class WarehouseModelsComponent(DbtProjectComponent):
    """Dagster's own dbt component with three changes: an asset's key is `<SCHEMA>/<TABLE>` as in the warehouse, so that
    dbt's sources are the loader's assets and the lineage has no gap; nothing is built when nothing moved; errors of the
    warehouse are retried, a failed test or wrong SQL is not."""

    @property
    def op_config_schema(self) -> type[dg.Config]:
        return BuildConfig

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        # The manifest is parsed when the project's files changed, not with each load.
        found = self.build_defs_from_state(context, None)
        self._tables = frozenset(key for assets in found.assets or () for key in assets.keys)
        return found

    @cached_property
    def _project_manager(self) -> NoopDbtProjectManager:
        return NoopDbtProjectManager(prepared_project())

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] not in TABLES:
            return spec
        stage = stage_of(props)
        spec = spec.replace_attributes(key=table_key(props), group_name=stage.lower(), owners=["team:data"])
        is_mart = props["resource_type"] == "model" and stage == ANALYTICS
        return spec.replace_attributes(freshness_policy=built_daily()) if is_mart else spec

    def execute(self, context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        project = self.dbt_project
        dbt = InstalledDbt(project_dir=project, dbt_executable=str(DBT))
        instance, sources = context.instance, sources_of(json.loads(project.manifest_path.read_text()))
        stamp, built = project_stamp(), last_built(instance)
        rebuild = context.op_execution_context.op_config.get("rebuild", False)
        selected = set(context.selected_asset_keys)
        # Not `context.is_subset`: that says that assets were named, be it all of them.
        is_whole = selected >= self._tables
        if built is not None and built.project == stamp and is_whole and not rebuild:
            changed = moved(instance, sources, built)
            if not changed:
                yield from _nothing_to_do(context)
                return
            context.log.info("Moved: " + ", ".join(key.to_user_string() for key in changed))
        events = newest_events(instance, sources)
        with telemetry("dbt", context.run_id) as sink:
            yield from _build(context, dbt, self.get_cli_args(context), sink)
        taken_in = {
            name: number
            for name, number in events.items()
            if is_whole or sources[dg.AssetKey(name.split("/"))] <= selected
        }
        # A part of the models says nothing about the project's files as a whole.
        known = built.project if built and not is_whole else stamp
        note_built(instance, Built(known, {**(built.events if built else {}), **taken_in}))


def _nothing_to_do(context: dg.AssetExecutionContext) -> Iterator[dg.AssetObservation]:
    """No table is touched; the figures are as good as the newest look at the source."""
    context.log.info("Nothing moved since the models were built, so nothing is built.")
    until = verified_until(context.instance)
    if until is not None:
        metadata = {"data_as_of": dg.MetadataValue.timestamp(until)}
        context.log_event(
            dg.AssetObservation(DASHBOARD_KEY, description="Nothing has changed up to then.", metadata=metadata)
        )
    yield from ()


def _build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, arguments: list[str], sink: StepTelemetry
) -> Iterator[Any]:
    records = ProcessRecords(state_dir() / "processes")
    # The dbt of a killed run may still be at work on the same tables.
    clean_up(records, context.log.info)
    # One folder for all runs: they never overlap, and dbt parses only what changed since the last one.
    target = target_path() / "run"
    # A dbt that dies early writes none, and the last run's must not speak for it.
    (target / RUN_RESULTS).unlink(missing_ok=True)
    invocation = dbt.cli(arguments, context=context, target_path=target)
    record = records.add(invocation.process.pid, own_group=False, details={"tool": "dbt"})
    try:
        yield from invocation.stream()
    except DagsterDbtCliRuntimeError:
        # Its text quotes the command and whole log lines; the step's stdout has them.
        raised = failure(_run_results(invocation), _tested_tables(invocation))
        raise retry_request(context, raised) from None
    finally:
        record.unlink(missing_ok=True)
        _report(context.run_id, invocation, sink)


def _report(run_id: str, invocation: DbtCliInvocation, sink: StepTelemetry) -> None:
    """The models as parts of the step, and what each was made from."""
    tables, moves, seconds = _tested_tables(invocation), [], 0.0
    for result in _run_results(invocation):
        unique_id = str(result.get("unique_id"))
        node = invocation.manifest["nodes"].get(unique_id, {})
        took = float(result.get("execution_time") or 0)
        seconds += took
        timing = [
            part for part in result.get("timing") or () if part.get("name") == "execute" and part.get("started_at")
        ]
        if timing:
            began = datetime.fromisoformat(timing[0]["started_at"]).timestamp()
            sink.parts([Part(_name(result), began, took, {"status": result["status"], "dbt.unique_id": unique_id})])
        if node.get("resource_type") in TABLES:
            inputs = [name for one in node["depends_on"].get("nodes", ()) for name in tables.get(one, ())]
            done = result["status"] == "success"
            moves.append(Move(f"dbt.{node['name']}", inputs, tables[unique_id], succeeded=done))
    sink.count("dbt.execution_seconds", seconds, {})
    note_run_figures(
        state_dir(), {"dbt_execution_seconds": round(seconds, 3), "dbt_built_timestamp_seconds": time.time()}
    )
    emit(run_id, moves)


def _run_results(invocation: DbtCliInvocation) -> list[dict[str, Any]]:
    try:
        return invocation.get_artifact(RUN_RESULTS)["results"]
    except (OSError, ValueError, KeyError):
        return []


def _tested_tables(invocation: DbtCliInvocation) -> dict[str, list[str]]:
    """The tables that each test looks at, and the table that each model is."""
    nodes = {**invocation.manifest["nodes"], **invocation.manifest["sources"]}

    def tables(node: Mapping[str, Any]) -> list[str]:
        if node["resource_type"] in TABLES:
            return [table_key(node).to_user_string()]
        near = [node["attached_node"]] if node.get("attached_node") else node.get("depends_on", {}).get("nodes", [])
        return [table_key(nodes[one]).to_user_string() for one in near if one in nodes]

    return {unique_id: tables(node) for unique_id, node in nodes.items()}


def failure(results: list[dict[str, Any]], tables: Mapping[str, list[str]] | None = None) -> dg.Failure:
    """What is raised when `dbt build` failed, from its run_results.json (empty when it died before writing one).

    :param tables: the tables that each resource is or looks at, by its id
    """
    errors = [result for result in results if result["status"] in ("error", "runtime error")]
    failed = [result for result in results if result["status"] == "fail"]
    cause = ""
    if errors:
        message = str(errors[0].get("message") or "")
        what = f"{_name(errors[0])} could not be built: {redact(message)}"
        hopeless = any(sign in str(error.get("message")) for error in errors for sign in HOPELESS)
        reason = "dbt could not build a model"
        cause = Cause.MODEL_ERROR if hopeless else ""
    elif failed:
        names = ", ".join(_name(result) for result in failed[:5])
        more = f" and {len(failed) - 5} more" if len(failed) > 5 else ""
        what, hopeless, reason = f"dbt tests failed: {names}{more}", True, "the data failed a test"
        cause = Cause.DATA_TEST
    else:
        what, hopeless, reason = "dbt ended before it built anything; its output is in stdout", False, "dbt failed"
    names = [_name(result) for result in [*errors, *failed]]
    found = [table for result in [*errors, *failed] for table in (tables or {}).get(str(result.get("unique_id")), ())]
    return dg.Failure(
        description=what,
        metadata={
            "reason": reason,
            "cause": str(cause),
            "failed": names,
            "failed_assets": list(dict.fromkeys(found)),
            # Another test that fails on the same table is another fault.
            "detail": ", ".join(sorted(names)[:5]) if failed and not errors else "",
        },
        allow_retries=not hopeless,
    )


def _name(result: dict[str, Any]) -> str:
    parts = str(result.get("unique_id", "?")).split(".")
    return parts[2] if len(parts) > 2 else parts[-1]
