"""Lineage events by OpenLineage, when OPENLINEAGE_URL is set."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration.setting import text

logger = logging.getLogger("orchestration.lineage")

PRODUCER = "urn:sevdesk-data-platform"
JOBS = "sevdesk-data-platform"
DATABASE = "SEVDESK"


@dataclass(frozen=True)
class Move:
    """What a part of a run read and wrote. Tables are `SCHEMA/TABLE`; a service is named as in the asset graph.

    :ivar job: what did it, such as the loader's step or a model
    """

    job: str
    inputs: Collection[str]
    outputs: Collection[str]
    succeeded: bool = True


def emit(run_id: str, moves: Collection[Move]) -> int:
    """Sends an event for each move and returns how many were taken. A collector that is down fails no step."""
    if not text("OPENLINEAGE_URL") or not moves:
        return 0
    # Loaded only where it is used.
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.uuid import generate_static_uuid

    client, now, sent = OpenLineageClient(), datetime.now(UTC), 0
    for move in moves:
        # A run of each job of its own, the same when it is sent again.
        own = generate_static_uuid(now, f"{run_id} {move.job}".encode())
        event = RunEvent(
            eventType=RunState.COMPLETE if move.succeeded else RunState.FAIL,
            eventTime=now.isoformat(),
            run=Run(runId=str(own)),
            job=Job(namespace=JOBS, name=move.job),
            inputs=[InputDataset(*_dataset(name)) for name in move.inputs],
            outputs=[OutputDataset(*_dataset(name)) for name in move.outputs],
            producer=PRODUCER,
        )
        try:
            client.emit(event)
            sent += 1
        except Exception as error:
            # The address is left out: it may hold a key.
            logger.warning("lineage could not be sent (%s)", type(error).__name__)
            break
    return sent


def _dataset(name: str) -> tuple[str, str]:
    """Namespace and name as OpenLineage's naming says."""
    schema, _, table = name.partition("/")
    if not table:
        return f"https://{schema}", schema
    account = text("SNOWFLAKE_ACCOUNT", "local")
    return f"snowflake://{account}", f"{text('SNOWFLAKE_DATABASE', DATABASE)}.{schema}.{table}"
