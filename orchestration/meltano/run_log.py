"""Understands Meltano's structured log (`MELTANO_CLI_LOG_FORMAT=json`)."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

EXIT_BAD_CONFIGURATION = 2
EXIT_SIGN_IN_REFUSED = 3
HOPELESS_EXIT_CODES = {EXIT_BAD_CONFIGURATION, EXIT_SIGN_IN_REFUSED}
"""Exit codes after which trying again cannot help."""
MAX_ERRORS = 20
STREAM_FAILED = re.compile(r'^stream "(?P<stream>[^"]+)" failed: (?P<error>.*)$')
"""How the tap tells that a stream failed while the others go on."""
ALREADY_RUNNING = re.compile(r"Another '.*' pipeline is already running")
LEVELS = {"debug", "info", "warning", "error", "critical"}


@dataclass(frozen=True)
class LogLine:
    """A line for the run's log. Metrics have level debug, since they are counted already."""

    level: str
    text: str


@dataclass
class StreamReport:
    """What the metrics said of one stream. Counts are None until something was said."""

    counters: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Sums by `<plugin>/<metric>`; timers are in seconds."""


@dataclass
class RunReport:
    """What is known of a Meltano run from its log, line by line."""

    extractor: str
    loader: str
    streams: dict[str, StreamReport] = field(default_factory=lambda: defaultdict(StreamReport))
    errors: list[str] = field(default_factory=list)
    failed_streams: set[str] = field(default_factory=set)
    failed_alone: dict[str, str] = field(default_factory=dict)
    """Streams that failed while the others were read to their end, and why."""
    bookmarks: dict[str, str] = field(default_factory=dict)
    exit_codes: dict[str, int] = field(default_factory=dict)
    duration_seconds: float | None = None
    blocked_by_lock: bool = False

    def feed(self, line: str) -> LogLine:
        """Takes one line; a line that is not of Meltano's JSON passes through as it is."""
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            return LogLine("info", line.rstrip())
        if isinstance(entry.get("bookmarks"), dict) and "event" not in entry:
            self.bookmarks = {str(stream): str(value) for stream, value in entry["bookmarks"].items()}
            return LogLine("debug", "bookmarks: " + ", ".join(sorted(self.bookmarks)))
        event = str(entry.get("event", ""))
        source = entry.get("string_id") or "meltano"
        metric = entry.get("metric_info")
        if isinstance(metric, dict) and self._take_metric(source, metric):
            return LogLine("debug", f"[{source}] {event}")
        level = entry.get("level") if entry.get("level") in LEVELS else "info"
        failed = STREAM_FAILED.match(event) if source == self.extractor else None
        if failed:
            self.failed_alone[failed["stream"]] = failed["error"]
            self.failed_streams.add(failed["stream"])
        if level in ("error", "critical"):
            self._take_error(source, entry, event)
        if isinstance(entry.get("exit_codes"), dict):
            self.exit_codes = {str(kind): int(code) for kind, code in entry["exit_codes"].items()}
        if event == "Run completed" and isinstance(entry.get("duration_seconds"), (int, float)):
            self.duration_seconds = entry["duration_seconds"]
        return LogLine(level, f"[{source}] {event}")

    def first_error(self) -> str:
        """The first error that a plugin reported, else Meltano's own, else an empty string."""
        return self.errors[0] if self.errors else ""

    def rows(self, stream: str) -> int | None:
        """Rows of a stream: as many as the loader says that it loaded, else as the extractor says that it read."""
        counters = self.streams[stream].counters if stream in self.streams else {}
        for name in (f"{self.loader}/rows_loaded", f"{self.loader}/record_count", f"{self.extractor}/record_count"):
            if name in counters:
                return int(counters[name])
        return None

    def failed_in_part(self) -> bool:
        """Whether the loader loaded what the extractor could read, and only some streams are missing."""
        return bool(self.failed_alone) and set(self.exit_codes) <= {"extractors"} and not self.blocked_by_lock

    def hopeless(self) -> bool:
        """Whether a plugin ended with a code that says that trying again cannot help."""
        return any(code in HOPELESS_EXIT_CODES for code in self.exit_codes.values())

    def reason(self) -> str:
        """Why it failed, in plain words."""
        codes = set(self.exit_codes.values())
        if EXIT_SIGN_IN_REFUSED in codes:
            return "the sign-in was refused"
        if EXIT_BAD_CONFIGURATION in codes:
            return "the configuration is wrong"
        if self.blocked_by_lock:
            return "another run of the same pipeline is going"
        failed = [kind.removesuffix("s") for kind in self.exit_codes]
        return f"the {' and the '.join(failed)} failed" if failed else "Meltano failed"

    def _take_metric(self, source: str, metric: dict) -> bool:
        value = metric.get("value")
        stream = (metric.get("tags") or {}).get("stream")
        name = metric.get("metric")
        if not isinstance(value, (int, float)) or not isinstance(name, str):
            return False
        if isinstance(stream, str):
            counters = self.streams[stream].counters
            if metric.get("type") == "gauge":
                counters[f"{source}/{name}"] = value
            else:
                counters[f"{source}/{name}"] += value
        return True

    def _take_error(self, source: str, entry: dict, event: str) -> None:
        if ALREADY_RUNNING.search(event) or ALREADY_RUNNING.search(str(entry.get("err", ""))):
            self.blocked_by_lock = True
        if isinstance(entry.get("stream_name"), str):
            self.failed_streams.add(entry["stream_name"])
        text = f"{source}: {event}"
        # What Meltano says of a plugin's end comes after the plugin's own words, and says less.
        if text not in self.errors and len(self.errors) < MAX_ERRORS and "exit_codes" not in entry:
            self.errors.append(text)
