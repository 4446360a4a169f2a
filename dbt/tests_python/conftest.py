import os
import shutil

import pytest

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"

from local_platform import LocalPlatform


@pytest.fixture(scope="session")
def platform(tmp_path_factory):
    """A company with 600 invoices, extracted, loaded and built once, unit tests included."""
    running = LocalPlatform(tmp_path_factory.mktemp("platform"), invoices=600)
    try:
        running.extract_and_load()
        running.first_build = running.dbt("build")
        # The runner of all suites counts dbt's own tests beside these.
        if report := os.environ.get("DBT_RUN_RESULTS"):
            shutil.copy(running.folder / "dbt" / "run_results.json", report)
        yield running
    finally:
        running.stop()
