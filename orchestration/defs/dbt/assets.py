"""`dbt build` as one step that can be run for any subset of the models."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from orchestration.alerting.redact import redact
from orchestration.dbt_project import DBT, prepared_project, target_path
from orchestration.defs.dbt.translator import TableTranslator
from orchestration.meltano.leftovers import clean_up
from orchestration.paths import state_dir
from orchestration.pool import POOL
from orchestration.processes import ProcessRecords
from orchestration.retries import retry_policy

RUN_RESULTS = "run_results.json"
HOPELESS = ("Compilation Error", "Parsing Error", "Contract Error", "does not exist or not authorized")
"""How dbt's messages begin or what they say when trying again cannot help."""


@dg.definitions
def defs() -> dg.Definitions:
    project = prepared_project()
    translator = TableTranslator()

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=translator,
        name="dbt_build",
        pool=POOL,
        retry_policy=retry_policy(),
    )
    def build(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        """Builds and tests the models. Errors of the warehouse are retried; a failed test or wrong SQL is not."""
        records = ProcessRecords(state_dir() / "processes")
        # The dbt of a killed run may still be at work on the same tables.
        clean_up(records, context.log.info)
        # Unit tests test the SQL and not the data, so they belong to CI. One folder for all runs: they never overlap,
        # and dbt parses only what changed since the last one.
        target = target_path() / "run"
        # A dbt that dies early writes none, and the last run's must not speak for it.
        (target / RUN_RESULTS).unlink(missing_ok=True)
        invocation = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context, target_path=target)
        record = records.add(invocation.process.pid, own_group=False, details={"tool": "dbt"})
        try:
            yield from invocation.stream()
        except DagsterDbtCliRuntimeError:
            # Its text quotes the command and whole log lines; the step's stdout has them.
            raise failure(_run_results(invocation)) from None
        finally:
            record.unlink(missing_ok=True)

    return dg.Definitions(
        assets=[build],
        resources={"dbt": DbtCliResource(project_dir=project, dbt_executable=str(DBT))},
    )


def _run_results(invocation: DbtCliInvocation) -> list[dict[str, Any]]:
    try:
        return invocation.get_artifact(RUN_RESULTS)["results"]
    except (OSError, ValueError, KeyError):
        return []


def failure(results: list[dict[str, Any]]) -> dg.Failure:
    """What is raised when `dbt build` failed, from its run_results.json (empty when it died before writing one)."""
    errors = [result for result in results if result["status"] in ("error", "runtime error")]
    failed = [result for result in results if result["status"] == "fail"]
    if errors:
        message = str(errors[0].get("message") or "")
        what = f"{_name(errors[0])} could not be built: {redact(message)}"
        hopeless = any(sign in str(error.get("message")) for error in errors for sign in HOPELESS)
        reason = "dbt could not build a model"
    elif failed:
        names = ", ".join(_name(result) for result in failed[:5])
        more = f" and {len(failed) - 5} more" if len(failed) > 5 else ""
        what, hopeless, reason = f"dbt tests failed: {names}{more}", True, "the data failed a test"
    else:
        what, hopeless, reason = "dbt ended before it built anything; its output is in stdout", False, "dbt failed"
    return dg.Failure(
        description=what,
        metadata={"reason": reason, "failed": [_name(result) for result in [*errors, *failed]]},
        allow_retries=not hopeless,
    )


def _name(result: dict[str, Any]) -> str:
    parts = str(result.get("unique_id", "?")).split(".")
    return parts[2] if len(parts) > 2 else parts[-1]
