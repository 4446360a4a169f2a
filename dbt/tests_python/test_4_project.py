"""The project as such: names of schemas, changed models only, columns spelt in another case, and its own rules."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local_platform import DBT, ROOT


def test_after_the_repair_everything_builds_and_passes_again(platform):
    built = platform.dbt("build", "--exclude-resource-type", "unit_test")
    assert built.code == 0, built.output[-5000:]
    assert "FAILED" not in built.output


def listed(result) -> list[dict]:
    return [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]


def test_raw_columns_are_found_whatever_their_case(platform):
    """Tables of other loaders may hold "create" and "update" in small letters."""
    before = platform.query("select * exclude (written_at) from SEVDESK.STAGING.INVOICES_STG order by invoice_id")
    for old, new in (("CREATE", "create"), ("UPDATE", "update"), ("INVOICENUMBER", "invoicenumber")):
        platform.query(f'alter table SEVDESK.RAW.INVOICES rename column "{old}" to "{new}_"')
        platform.query(f'alter table SEVDESK.RAW.INVOICES rename column "{new}_" to "{new}"')
    try:
        built = platform.dbt("run", "--select", "invoices_stg", "--full-refresh")
        assert built.code == 0, built.output[-3000:]
        assert (
            platform.query("select * exclude (written_at) from SEVDESK.STAGING.INVOICES_STG order by invoice_id")
            == before
        )
    finally:
        for name in ("CREATE", "UPDATE", "INVOICENUMBER"):
            platform.query(f'alter table SEVDESK.RAW.INVOICES rename column "{name.lower()}" to "{name}_"')
            platform.query(f'alter table SEVDESK.RAW.INVOICES rename column "{name}_" to "{name}"')


def test_source_freshness_is_read_from_the_ledger(platform):
    fresh = platform.dbt("source", "freshness")
    assert fresh.code == 0, fresh.output[-3000:]
    results = json.loads((platform.folder / "dbt" / "sources.json").read_text())["results"]
    assert {result["unique_id"].split(".")[-1]: result["status"] for result in results}["invoices"] == "pass"


def test_the_project_keeps_its_own_rules(platform, tmp_path):
    """dbt-bouncer: every model and column described, every mart with a contract, layers in one direction."""
    rules = tmp_path / "dbt-bouncer.yml"
    rules.write_text(
        (DBT / "dbt-bouncer.yml")
        .read_text()
        .replace("dbt_artifacts_dir: target", f"dbt_artifacts_dir: {platform.folder / 'dbt'}")
    )
    command = [str(Path(sys.executable).parent / "dbt-bouncer"), "run", "--config-file", str(rules)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    assert int(re.search(r"SUCCESS=(\d+)", done.stdout)[1]) > 250


def test_only_changed_models_and_what_they_feed_are_selected(platform, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    shutil.copy(platform.folder / "dbt" / "manifest.json", state)
    project = tmp_path / "project"
    shutil.copytree(DBT, project, ignore=shutil.ignore_patterns("target", "logs", "tests_python"))
    model = project / "models" / "next" / "revenue_documents.sql"
    model.write_text(model.read_text() + "\n-- changed\n")
    selected = platform.dbt(
        "ls",
        "--quiet",
        "--select",
        "state:modified+",
        "--state",
        str(state),
        "--resource-type",
        "model",
        "--output",
        "name",
        project=project,
    )
    assert set(re.findall(r"^\w+$", selected.output, re.MULTILINE)) == {
        "revenue_documents",
        "next_cities",
        "next_countries",
        "next_months",
        "next_restatements",
        "published_cities",
        "published_countries",
        "published_months",
        "restatements",
        "publication",
        "published_documents",
        "invoices_amount_by_city",
        "invoices_amount_by_country",
        "revenue_by_month",
        "pipeline_health",
    }


@pytest.mark.parametrize(
    ("target", "schemas", "database"),
    [
        ("prod", {"STAGING", "DBT", "ANALYTICS"}, "SEVDESK"),
        ("ci", {"PR_7_STAGING", "PR_7_DBT", "PR_7_ANALYTICS"}, "SEVDESK_CI"),
    ],
)
def test_schemas_are_named_exactly_in_production_and_apart_elsewhere(platform, target, schemas, database):
    models = listed(
        platform.dbt(
            "ls",
            "--quiet",
            "--resource-type",
            "model",
            "--output",
            "json",
            "--output-keys",
            "name",
            "schema",
            "database",
            target=target,
            SNOWFLAKE_CI_SCHEMA="pr_7",
        )
    )
    assert {model["schema"] for model in models} == schemas
    assert {model["database"] for model in models} == {database}
    by_name = {model["name"]: model["schema"].removeprefix("PR_7_") for model in models}
    assert (by_name["invoices_stg"], by_name["enriched"], by_name["invoices_summary"]) == (
        "STAGING",
        "DBT",
        "ANALYTICS",
    )


def test_the_sql_keeps_the_style(platform):
    """sqlfluff over what dbt compiles; it needs the warehouse, since dbt looks there before it compiles."""
    command = [str(Path(sys.executable).parent / "sqlfluff"), "lint", "--config", str(DBT / ".sqlfluff"), "--nocolor"]
    done = subprocess.run(
        [*command, "dbt/models", "dbt/tests/rules", "dbt/tests/reconciliation"],
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "LOCAL_SNOWFLAKE_PORT": str(platform.snowflake.port),
            "DBT_TARGET_PATH": str(platform.folder / "lint"),
        },
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-5000:]
