"""A sign that Dagster's daemon evaluates the code location's sensors, for watchers that do not import Dagster."""

import contextlib
import os
from pathlib import Path


def note_pulse(folder: Path) -> None:
    """Called by a sensor with each of its ticks."""
    (folder / "pulse").touch()


def pulse_at(folder: Path) -> float | None:
    """When a sensor last ticked, in unix seconds; None before the first time."""
    with contextlib.suppress(FileNotFoundError):
        return os.stat(folder / "pulse").st_mtime
    return None
