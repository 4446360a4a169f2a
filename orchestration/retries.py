"""The retry policy of the pipeline's steps."""

import random

import dagster as dg

from orchestration.settings import retries, retry_seconds

MAX_WAIT_SECONDS = 3600


def retry_request(context: dg.AssetExecutionContext, failure: dg.Failure) -> Exception:
    """What a step raises whose component takes no retry policy: the same retries, or the failure itself when they are
    used up or cannot help."""
    if not failure.allow_retries or context.retry_number >= retries():
        return failure
    wait = min(retry_seconds() * 2**context.retry_number, MAX_WAIT_SECONDS) * random.uniform(0.5, 1.5)
    context.log.warning(failure.description)
    return dg.RetryRequested(max_retries=retries(), seconds_to_wait=wait)


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
