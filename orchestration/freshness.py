"""How old the numbers may be."""

from datetime import timedelta

import dagster as dg

from orchestration.settings import max_age_seconds


def freshness_policy() -> dg.FreshnessPolicy:
    """The policy of the marts: to be rebuilt within the time that numbers may be old, with a warning before."""
    fail = max_age_seconds()
    warn = max(60, fail * 3 // 5)
    return dg.FreshnessPolicy.time_window(
        fail_window=timedelta(seconds=fail), warn_window=timedelta(seconds=warn) if warn < fail else None
    )
