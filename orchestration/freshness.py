"""How old the numbers may be."""

from datetime import timedelta

import dagster as dg

from orchestration.settings import max_age_seconds

REBUILT_WITHIN = timedelta(hours=26)


def built_daily() -> dg.FreshnessPolicy:
    """The policy of what is rebuilt when something moved, and each night: how old its figures are is another matter."""
    return dg.FreshnessPolicy.time_window(fail_window=REBUILT_WITHIN, warn_window=REBUILT_WITHIN - timedelta(hours=1))


def freshness_policy() -> dg.FreshnessPolicy:
    """The policy of what each run looks at: within the time that the figures may be old, with a warning before."""
    fail = max_age_seconds()
    warn = max(60, fail * 3 // 5)
    return dg.FreshnessPolicy.time_window(
        fail_window=timedelta(seconds=fail), warn_window=timedelta(seconds=warn) if warn < fail else None
    )
