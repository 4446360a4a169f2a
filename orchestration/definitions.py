"""The code location: everything under `defs/`, merged."""

import os
from pathlib import Path

import dagster as dg

# Before any Snowflake driver is loaded: it would ask cloud metadata services where it runs, which takes seconds
# elsewhere.
os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")


@dg.definitions
def defs() -> dg.Definitions:
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
