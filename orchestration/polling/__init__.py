"""Asks sevDesk whether anything changed, since it sends no events itself. No part imports Dagster."""
