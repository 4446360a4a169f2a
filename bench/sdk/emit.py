"""A tap on the Python SDK that gives BENCH_RECORDS invoices out of memory."""

import datetime
import json
import os
import pathlib

from singer_sdk import Stream, Tap

INVOICE = json.loads(pathlib.Path(__file__).with_name("invoice.json").read_text(encoding="utf-8"))
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class Invoices(Stream):
    name = "invoices"
    schema = INVOICE["schema"]
    primary_keys = ("id",)
    replication_key = "updated_at"

    def get_records(self, context):
        for n in range(int(os.environ["BENCH_RECORDS"])):
            updated_at = (START + datetime.timedelta(seconds=n)).isoformat()
            yield {**INVOICE["record"], "id": n, "number": f"RE-{n}", "updated_at": updated_at}


class TapBench(Tap):
    name = "tap-bench"
    config_jsonschema = {"properties": {}}

    def discover_streams(self):
        return [Invoices(self)]


TapBench.cli()
