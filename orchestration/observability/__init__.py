"""What leaves the platform for those who watch it: OpenTelemetry, Prometheus, OpenLineage."""
