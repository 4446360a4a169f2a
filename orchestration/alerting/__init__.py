"""Alerts: what they say, the outbox that keeps them until they are delivered, and the channels. No part imports
Dagster."""
