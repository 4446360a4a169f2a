"""Reads `meltano.yml`."""

import fnmatch
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from orchestration.setting import SettingError

DISCOVER_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Stream:
    """A stream that an extractor offers."""

    name: str
    key_properties: tuple[str, ...]
    replication_method: str
    columns: tuple[tuple[str, str], ...] = ()


class MeltanoProject:
    """A Meltano project on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        path = root / "meltano.yml"
        try:
            content = yaml.safe_load(path.read_text())
        except FileNotFoundError:
            raise SettingError(f"there is no meltano.yml in {root}") from None
        except yaml.YAMLError as error:
            raise SettingError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
        self._content: dict = content if isinstance(content, dict) else {}

    def environments(self) -> list[str]:
        """The names of the project's environments."""
        return [environment["name"] for environment in self._content.get("environments", [])]

    def plugin(self, kind: str, name: str) -> dict:
        """The definition of a plugin.

        :param kind: `extractors` or `loaders`
        :raises SettingError: when the project has no such plugin
        """
        plugins = self._content.get("plugins", {}).get(kind, [])
        for plugin in plugins:
            if plugin.get("name") == name:
                return plugin
        known = ", ".join(plugin.get("name", "?") for plugin in plugins) or "none"
        raise SettingError(f"meltano.yml has no {kind.removesuffix('s')} {name!r}; it has: {known}")

    def select(self, extractor: str, environment: str) -> list[str]:
        """The extractor's selection rules, those of the environment in place of its own."""
        own = self.plugin("extractors", extractor).get("select", ["*.*"])
        return list(self._overrides(extractor, environment).get("select", own))

    def extractor_config(self, extractor: str, environment: str) -> dict[str, object]:
        """The settings of an extractor that `meltano.yml` gives: defaults, its own, the environment's, the last wins.
        Environment variables (`TAP_…`), which Meltano puts above these, are not looked at."""
        plugin = self.plugin("extractors", extractor)
        defaults = {item["name"]: item["value"] for item in plugin.get("settings", []) if "value" in item}
        return {**defaults, **plugin.get("config", {}), **self._overrides(extractor, environment).get("config", {})}

    def _overrides(self, extractor: str, environment: str) -> dict:
        """What an environment says about an extractor."""
        for entry in self._content.get("environments", []):
            if entry.get("name") == environment:
                plugins = entry.get("config", {}).get("plugins", {}).get("extractors", [])
                return next((plugin for plugin in plugins if plugin.get("name") == extractor), {})
        return {}

    def discover(self, extractor: str, cache: Path) -> list[Stream]:
        """The streams that the extractor offers, by `--discover`; kept in `cache` until its program changes.

        :raises SettingError: when the extractor cannot be run or prints no catalog
        """
        executable = self.plugin("extractors", extractor).get("executable", "")
        if not executable.startswith("./"):
            raise SettingError(
                f"meltano.yml gives {extractor} no executable in the project, so its streams cannot be discovered: "
                "list them under `streams` in the component's YAML"
            )
        program = (self.root / executable).resolve()
        if not program.exists():
            raise SettingError(f"{extractor} is not built: {executable} is missing; run `npm run build`")
        stamp = f"{program} {_newest_change(program)}"
        kept = _read_cache(cache, stamp)
        if kept is not None:
            return kept
        streams = _discover(extractor, program, self.root)
        cache.parent.mkdir(parents=True, exist_ok=True)
        partial = cache.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps({"stamp": stamp, "streams": [asdict(stream) for stream in streams]}))
        partial.replace(cache)
        return streams


def selected_streams(names: Sequence[str], rules: Sequence[str]) -> list[str]:
    """The streams that Meltano's selection rules (`stream.property`, `!` excludes) select, in their own order.

    Only rules that exclude all properties of a stream take it out.
    """
    included, excluded = set(), set()
    for rule in rules:
        pattern, _, attribute = rule.removeprefix("!").partition(".")
        matching = fnmatch.filter(names, pattern)
        if not rule.startswith("!"):
            included.update(matching)
        elif attribute in ("*", ""):
            excluded.update(matching)
    return [name for name in names if name in included and name not in excluded]


def _newest_change(program: Path) -> int:
    """When the program or what lies beside it was last changed: compiled files, schemas."""
    package = next((folder for folder in program.parents if (folder / "package.json").exists()), program.parent)
    times = [program.stat().st_mtime_ns]
    for folder in (package / "dist", package / "schemas"):
        times += [path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix in (".js", ".json")]
    return max(times)


def _read_cache(cache: Path, stamp: str) -> list[Stream] | None:
    try:
        kept = json.loads(cache.read_text())
        if kept["stamp"] != stamp:
            return None
        return [
            Stream(
                s["name"],
                tuple(s["key_properties"]),
                s["replication_method"],
                tuple((name, kind) for name, kind in s["columns"]),
            )
            for s in kept["streams"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _discover(extractor: str, program: Path, root: Path) -> list[Stream]:
    try:
        done = subprocess.run(
            [str(program), "--discover"], cwd=root, capture_output=True, text=True, timeout=DISCOVER_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SettingError(f"{extractor} --discover could not be run ({type(error).__name__})") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise SettingError(f"{extractor} --discover ended with {done.returncode}: {last}")
    try:
        return [_stream(entry) for entry in json.loads(done.stdout)["streams"]]
    except (ValueError, KeyError, TypeError):
        raise SettingError(f"{extractor} --discover printed no catalog") from None


def _stream(entry: dict) -> Stream:
    top = next((item["metadata"] for item in entry.get("metadata", []) if item.get("breadcrumb") == []), {})
    keys = entry.get("key_properties") or top.get("table-key-properties") or []
    method = entry.get("replication_method") or top.get("forced-replication-method") or ""
    properties = (entry.get("schema") or {}).get("properties") or {}
    columns = tuple((name, _type(schema)) for name, schema in properties.items())
    return Stream(entry.get("tap_stream_id") or entry["stream"], tuple(keys), method, columns)


def _type(schema: object) -> str:
    """A property's type as its JSON Schema names it, without "null"."""
    named = schema.get("type") if isinstance(schema, dict) else None
    kinds = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    found = " or ".join(str(kind) for kind in kinds if kind != "null") or "any"
    return str(schema.get("format", found)) if found == "string" else found
