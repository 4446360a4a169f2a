"""Where things are: the repository, and what a deployment keeps between runs."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
"""The repository's top folder: `meltano.yml`, `dbt/` and `looker/` are in it."""


def state_dir() -> Path:
    """The folder that the platform keeps its own files in (alerts, webhook events, run records), made when missing.

    `<DAGSTER_HOME>/platform`, so that whoever backs up or moves DAGSTER_HOME has everything.
    """
    home = os.environ.get("DAGSTER_HOME") or str(REPOSITORY / ".local" / "dagster")
    folder = Path(home) / "platform"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
