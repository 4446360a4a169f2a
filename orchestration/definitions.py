"""The code location: everything under `defs/`, merged."""

import os
import sys
from pathlib import Path

import dagster as dg

# Before any Snowflake driver is loaded: it would ask cloud metadata services where it runs, which takes seconds
# elsewhere.
os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")

# The dbt of this environment, which Dagster's dbt component looks for on the path.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@dg.definitions
def defs() -> dg.Definitions:
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
