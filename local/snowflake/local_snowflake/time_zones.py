"""The names of time zones."""

from __future__ import annotations

import functools
import zoneinfo


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())  # walks through hundreds of files


def is_time_zone(name: str) -> bool:
    return name in _known()
