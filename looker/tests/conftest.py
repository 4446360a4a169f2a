"""The LookML project, dbt's contract, and the marts that dbt really built."""

import os
import re
import sys
from pathlib import Path

import pytest
import yaml

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "dbt" / "tests_python")]

from lookml import LookmlProject  # noqa: E402

INVOICES = 400


@pytest.fixture(scope="session")
def project() -> LookmlProject:
    return LookmlProject(ROOT / "looker")


@pytest.fixture(scope="session")
def contract() -> dict[str, set[str]]:
    """The columns that dbt promises for each table of ANALYTICS."""
    models = yaml.safe_load((ROOT / "dbt" / "models" / "analytics" / "_models.yml").read_text())["models"]
    return {model["name"].upper(): {column["name"].lower() for column in model["columns"]} for model in models}


@pytest.fixture(scope="session")
def exposure() -> set[str]:
    """The tables that dbt's lineage says Looker reads."""
    exposures = yaml.safe_load((ROOT / "dbt" / "models" / "exposures.yml").read_text())["exposures"]
    (looker,) = (one for one in exposures if one["name"] == "looker_revenue")
    return {re.fullmatch(r"ref\('(\w+)'\)", one)[1].upper() for one in looker["depends_on"]}


@pytest.fixture(scope="session")
def platform(tmp_path_factory):
    """A company's invoices, extracted, loaded and built by dbt on a local Snowflake."""
    from local_platform import LocalPlatform

    running = LocalPlatform(tmp_path_factory.mktemp("marts"), invoices=INVOICES)
    try:
        running.extract_and_load()
        built = running.dbt("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
        assert built.code == 0, built.output[-3000:]
        running.query("use database SEVDESK")
        yield running
    finally:
        running.stop()
