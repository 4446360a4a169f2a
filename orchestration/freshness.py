"""How old the numbers may be."""

from datetime import timedelta

import dagster as dg

from orchestration.setting import whole_number


def max_age_seconds() -> int:
    """DASHBOARD_MAX_AGE_MINUTES (150) in seconds: two hourly runs may fail before somebody is told that the numbers are old.
    Dagster's freshness policies know no window under a minute."""
    return 60 * whole_number("DASHBOARD_MAX_AGE_MINUTES", 150, minimum=1, maximum=60 * 24 * 30)


def freshness_policy() -> dg.FreshnessPolicy:
    """The policy of the marts: to be rebuilt within the time that numbers may be old, with a warning before."""
    fail = max_age_seconds()
    warn = max(60, fail * 3 // 5)
    return dg.FreshnessPolicy.time_window(
        fail_window=timedelta(seconds=fail), warn_window=timedelta(seconds=warn) if warn < fail else None
    )
