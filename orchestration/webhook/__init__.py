"""The webhook listener, its inbox, and what is decided about events: no part of it imports Dagster."""
