"""The pool that keeps runs apart."""

POOL = "sevdesk"
"""Every step that reads sevDesk or writes the warehouse is in this pool of one. With the granularity `run` that
dagster.yaml sets, a run holds it from start to end, so that runs never overlap. One pool per sevDesk account."""
