"""The Dagster code location of the sevDesk data platform."""
