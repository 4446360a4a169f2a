"""A Meltano pipeline as assets: one for each stream."""

import sys
import time
from collections.abc import Iterator, Mapping

import dagster as dg
from pydantic import Field

from orchestration.alerting.redact import redact
from orchestration.build_ledger import ROWS_LOADED
from orchestration.freshness import freshness_policy
from orchestration.meltano.invocation import Invocation, run_meltano
from orchestration.meltano.leftovers import clean_up
from orchestration.meltano.project import MeltanoProject, Stream, selected_streams
from orchestration.meltano.run_log import LogLine, RunReport
from orchestration.observability.lineage import Move, emit
from orchestration.observability.metrics import note_run_figures
from orchestration.observability.telemetry import Part, StepTelemetry, telemetry
from orchestration.paths import REPOSITORY, state_dir
from orchestration.pool import POOL
from orchestration.processes import ProcessRecords
from orchestration.retries import retry_policy
from orchestration.setting import text

NAMED_STREAMS = 5
"""So many streams that failed are named in the message; the metadata has all of them."""
MAX_LOG_LINES = 500
"""Lines of a run that go into Dagster's event log; all of them are in the step's stdout."""


class MeltanoRunConfig(dg.Config):
    """What can be chosen for a run in the launchpad.

    :ivar full_sync: read everything again, so that deletions arrive; the state is kept
    :ivar full_refresh: forget the state first (`meltano run --full-refresh`)
    :ivar start_date: where a first sync begins, in place of the setting (with `full_refresh`)
    """

    full_sync: bool = False
    full_refresh: bool = False
    start_date: str = ""


class UpstreamModel(dg.Model, dg.Resolvable):
    """The service that an extractor reads, shown as the first asset of the lineage."""

    key: str
    description: str = ""


class MeltanoComponent(dg.Component, dg.Model, dg.Resolvable):
    """`meltano run <extractor> <loader>` as one step that can be run for any subset of its streams.

    An asset `<target_schema>/<STREAM>` is made for each stream that `meltano.yml` selects, under the name of the table
    that the loader writes. A materialisation tells rows, bytes, duration and the newest bookmark. The step is in a
    pool of one;
    it is retried unless the sign-in was refused or the configuration is wrong. However a run ends, Meltano and its
    plugins end with it, and the next run cleans up what a killed one left behind.
    """

    extractor: str
    loader: str
    target_schema: str = Field(default="RAW", description="First part of the assets' keys")
    environment: str = Field(default="", description="Meltano environment; else MELTANO_ENVIRONMENT, else local")
    project_dir: str = Field(default=".", description="Folder of meltano.yml, below the repository")
    upstream: UpstreamModel | None = None
    full_sync_settings: dict[str, int | float | bool | str] = Field(
        default_factory=dict, description="Extractor settings of a full sync"
    )
    streams: list[str] | None = Field(default=None, description="Instead of those that meltano.yml selects")
    group: str = "raw"
    looks_hourly: bool = Field(default=True, description="Whether each hourly run reads it")

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        project = MeltanoProject((REPOSITORY / self.project_dir).resolve())
        environment = self.environment or text("MELTANO_ENVIRONMENT", "local")
        project.plugin("loaders", self.loader)
        streams = self._streams(project, environment)
        keys = {stream.name: dg.AssetKey([self.target_schema, stream.name.upper()]) for stream in streams}
        upstream = [dg.AssetKey(self.upstream.key.split("/"))] if self.upstream else []
        specs = [
            dg.AssetSpec(
                keys[stream.name],
                deps=upstream,
                group_name=self.group,
                kinds={"meltano", "snowflake"},
                owners=["team:data"],
                freshness_policy=freshness_policy() if self.looks_hourly else None,
                skippable=True,
                description=f"Stream {stream.name} of {self.extractor}, loaded by {self.loader}.",
                metadata={
                    "singer/stream": stream.name,
                    "singer/replication_method": stream.replication_method or "unknown",
                    "singer/key_properties": ", ".join(stream.key_properties) or "none",
                    **({"dagster/column_schema": _columns(stream)} if stream.columns else {}),
                },
            )
            for stream in streams
        ]
        meltano = text("MELTANO_BIN", str(REPOSITORY / ".venvs" / "meltano" / "bin" / "meltano"))

        @dg.multi_asset(
            name=self.extractor.replace("-", "_"),
            specs=specs,
            can_subset=True,
            pool=POOL,
            retry_policy=retry_policy(),
        )
        def load(context: dg.AssetExecutionContext, config: MeltanoRunConfig) -> Iterator[dg.MaterializeResult]:
            records = ProcessRecords(state_dir() / "processes")
            clean_up(records, context.log.info)
            chosen = [name for name, key in keys.items() if key in context.selected_asset_keys]
            invocation = Invocation(
                meltano=meltano,
                project=project.root,
                environment=environment,
                extractor=self.extractor,
                loader=self.loader,
                streams=chosen,
                settings={
                    **(self.full_sync_settings if config.full_sync else {}),
                    **({"start_date": config.start_date} if config.start_date else {}),
                },
                full_refresh=config.full_refresh,
            )
            started = time.time()
            with telemetry(self.extractor, context.run_id) as sink:
                code, report = run_meltano(invocation, records, _Log(context))
                _report(report, sink, started)
            # A stream fails alone: what the others brought is loaded, and what needs only them goes on.
            done = [name for name in chosen if name not in report.failed_alone]
            for name in done if code == 0 or report.failed_in_part() else ():
                yield dg.MaterializeResult(asset_key=keys[name], metadata=stream_metadata(report, name))
            self._note(context.run_id, report, [name for name in done if code == 0 or report.failed_in_part()], started)
            if code != 0:
                raise failure(code, report, keys)

        external = (
            [
                dg.AssetSpec(
                    upstream[0], description=self.upstream.description, group_name="sources", kinds={self.upstream.key}
                )
            ]
            if self.upstream
            else []
        )
        return dg.Definitions(assets=[load, *external])

    def _note(self, run_id: str, report: RunReport, done: list[str], started: float) -> None:
        """Leaves figures for Prometheus and tells what was moved where."""
        step = f'step="{self.extractor}"'
        figures = {
            f"step_seconds/{step}": round(time.time() - started, 3),
            f"step_ended_timestamp_seconds/{step}": time.time(),
        }
        figures |= {f'rows_loaded/stream="{name}"': report.rows(name) or 0 for name in done}
        note_run_figures(state_dir(), figures)
        source = [self.upstream.key] if self.upstream else []
        tables = [f"{self.target_schema}/{name.upper()}" for name in done]
        emit(run_id, [Move(f"{self.extractor}.{table.partition('/')[2].lower()}", source, [table]) for table in tables])

    def _streams(self, project: MeltanoProject, environment: str) -> list[Stream]:
        if self.streams is not None:
            return [Stream(name, (), "") for name in self.streams]
        found = project.discover(self.extractor, state_dir() / "catalogs" / f"{self.extractor}.json")
        wanted = selected_streams([stream.name for stream in found], project.select(self.extractor, environment))
        return [stream for stream in found if stream.name in wanted]


def _columns(stream: Stream) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name.upper(), kind) for name, kind in stream.columns])


def _report(report: RunReport, sink: StepTelemetry, started: float) -> None:
    """The streams as parts of the step: what the tap read, and what the target loaded."""
    for stream, told in report.streams.items():
        for name, value in told.counters.items():
            plugin, _, metric = name.partition("/")
            if metric.endswith(("duration", "seconds", "_time")):
                sink.parts([Part(f"{plugin} {stream} {metric}", started, value, {"stream": stream, "plugin": plugin})])
            else:
                sink.count(f"{plugin}.{metric}", value, {"stream": stream})


class _Log:
    """Passes Meltano's lines on: all to the step's stdout, those that people read to the event log."""

    def __init__(self, context: dg.AssetExecutionContext) -> None:
        self._log = context.log
        self._lines = 0

    def __call__(self, line: LogLine) -> None:
        clean = redact(line.text)
        print(f"{line.level.upper():8} {clean}", file=sys.stdout, flush=True)
        if line.level == "debug":
            return
        self._lines += 1
        important = line.level in ("warning", "error", "critical")
        if self._lines <= MAX_LOG_LINES or important:
            self._log.log(line.level.upper(), clean)
        elif self._lines == MAX_LOG_LINES + 1:
            self._log.info("The rest of the log is in this step's stdout.")


def failure(code: int, report: RunReport, keys: Mapping[str, dg.AssetKey]) -> dg.Failure:
    """What is raised when a Meltano run failed."""
    errors = [redact(error) for error in report.errors]
    failed = [keys[name].to_user_string() for name in sorted(report.failed_streams) if name in keys]
    more = f" and {len(failed) - NAMED_STREAMS} more" if len(failed) > NAMED_STREAMS else ""
    where = f" ({', '.join(failed[:NAMED_STREAMS])}{more})" if failed else ""
    alone = [f"{report.extractor}: {redact(error)}" for error in report.failed_alone.values()]
    detail = f": {[*alone, *errors][0]}" if alone or errors else ""
    return dg.Failure(
        # What was said comes first: whoever is told of it reads the beginning of a long text only.
        description=f"{report.reason()}{detail}{where}",
        metadata={
            "reason": report.reason(),
            "exit_code": code,
            "exit_codes": report.exit_codes,
            "errors": errors,
            "failed_assets": failed,
        },
        allow_retries=not report.hopeless(),
    )


def stream_metadata(report: RunReport, stream: str) -> dict[str, object]:
    """What a materialisation of a stream tells."""
    counters = dict(report.streams[stream].counters) if stream in report.streams else {}
    metadata: dict[str, object] = {f"singer/{name}": _number(value) for name, value in sorted(counters.items())}
    rows = report.rows(stream)
    # A stream that said nothing had nothing new.
    metadata[ROWS_LOADED] = rows if rows is not None else 0
    sizes = [value for name, value in counters.items() if name.endswith(("/bytes", "/bytes_loaded", "_bytes"))]
    if sizes:
        metadata["bytes"] = int(max(sizes))
    duration = counters.get(f"{report.extractor}/sync_duration", report.duration_seconds)
    if duration is not None:
        metadata["duration_seconds"] = round(float(duration), 3)
    if stream in report.bookmarks:
        metadata["bookmark"] = report.bookmarks[stream]
    return metadata


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 3)
