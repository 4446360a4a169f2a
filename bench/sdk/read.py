"""A target on the Python SDK that checks records and keeps none."""

from singer_sdk import Target
from singer_sdk.sinks import BatchSink


class Nothing(BatchSink):
    max_size = 10_000

    def process_batch(self, context):
        """What is measured is reading."""


class TargetBench(Target):
    name = "target-bench"
    config_jsonschema = {"properties": {}}
    default_sink_class = Nothing


TargetBench.cli()
