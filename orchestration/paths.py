"""Where things are: the repository, and what a deployment keeps between runs."""

import os
from pathlib import Path

from orchestration.setting import SettingError

REPOSITORY = Path(__file__).resolve().parent.parent
"""The repository's top folder: `meltano.yml`, `dbt/` and `looker/` are in it."""


def state_dir() -> Path:
    """The folder that the platform keeps its own files in (alerts, webhook events, run records), made when missing.

    `<DAGSTER_HOME>/platform`, so that whoever backs up or moves DAGSTER_HOME has everything.

    :raises SettingError: when it cannot be made
    """
    home = os.environ.get("DAGSTER_HOME") or str(REPOSITORY / ".local" / "dagster")
    folder = Path(home) / "platform"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"DAGSTER_HOME must be a folder that can be written to ({error.strerror})") from error
    return folder
