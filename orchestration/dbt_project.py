"""Where the dbt project is and how it is run here."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import yaml
from dagster_dbt import DbtProject

from orchestration.alerting.redact import redact
from orchestration.paths import REPOSITORY, state_dir
from orchestration.setting import SettingError, text

DBT_DIR = REPOSITORY / "dbt"
DBT = Path(sys.executable).parent / "dbt"
PARSE_TIMEOUT_SECONDS = 300
# What changes a build, as in scripts/lib/dbt-sources.mjs.
PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "packages.yml", "dependencies.yml", "package-lock.yml")
PATH_SETTINGS = ("model-paths", "seed-paths", "test-paths", "macro-paths", "snapshot-paths", "analysis-paths")
SOURCE_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".py"}


def dbt_target() -> str:
    """The target of profiles.yml: DBT_TARGET, else the name of the Meltano environment, else local."""
    return text("DBT_TARGET", text("MELTANO_ENVIRONMENT", "local"))


def target_path() -> Path:
    """Where dbt's files of this installation are, apart from those of dbt runs by hand."""
    return state_dir() / "dbt-target"


def prepared_project() -> DbtProject:
    """The dbt project with a manifest that fits its files: dbt parses them when something changed, and only then.

    :raises SettingError: when dbt cannot parse the project
    """
    target = target_path()
    target.mkdir(parents=True, exist_ok=True)
    manifest, stamp_file = target / "manifest.json", target / "manifest.stamp"
    with (target / "manifest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = project_stamp()
        if not (manifest.exists() and stamp_file.exists() and stamp_file.read_text() == stamp):
            _parse(target)
            stamp_file.write_text(stamp)
    return DbtProject(DBT_DIR, target_path=target, profiles_dir=DBT_DIR, target=dbt_target())


def project_stamp() -> str:
    """Tells this state of the project's files, for this target, apart from others."""
    return f"{dbt_target()} {_newest_change()}"


def _parse(target: Path) -> None:
    command = [str(DBT), "--no-use-colors", "parse", "--target", dbt_target(), "--target-path", str(target)]
    env = {
        **os.environ,
        "DBT_PROJECT_DIR": str(DBT_DIR),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_LOG_PATH": str(target),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(command, cwd=DBT_DIR, env=env, capture_output=True, text=True, timeout=PARSE_TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise SettingError(f"dbt cannot parse {DBT_DIR.name}/: {redact(done.stdout[-1000:] or done.stderr[-1000:])}")


def _newest_change() -> str:
    """Tells what dbt builds from apart from an earlier state of it. A README or a test in Python does not count."""
    files = [DBT_DIR / name for name in PROJECT_FILES]
    settings = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text()) or {}
    for setting in PATH_SETTINGS:
        for folder in settings.get(setting, []):
            files += [file for file in (DBT_DIR / folder).rglob("*") if file.suffix in SOURCE_SUFFIXES]
    changes = [file.stat().st_mtime_ns for file in files if file.is_file()]
    return f"{max(changes)} {len(changes)}"
