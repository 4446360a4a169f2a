"""The pool that keeps runs apart."""

POOL = "sevdesk"
"""Every step that reads sevDesk or writes the warehouse is in this pool of one. With
`concurrency.pools.granularity: run` (in dagster.yaml) a run holds it from its start to its end, so that runs never overlap. One pool per sevDesk account."""
