"""The retry policy of the pipeline's steps."""

import dagster as dg

from orchestration.settings import retries, retry_seconds


def retry_policy() -> dg.RetryPolicy:
    """Up to PIPELINE_RETRIES (3) retries, PIPELINE_RETRY_SECONDS (60) apart at first and twice as long each time, with
    jitter, so that several installations do not come back to a recovering service in step.

    A step that cannot heal raises `Failure(allow_retries=False)` and is not tried again.
    """
    return dg.RetryPolicy(
        max_retries=retries(),
        delay=retry_seconds(),
        backoff=dg.Backoff.EXPONENTIAL,
        jitter=dg.Jitter.PLUS_MINUS,
    )
