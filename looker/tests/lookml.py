"""A LookML project as its tests need it: views with their fields, explores, dashboards, data tests."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import lkml
import yaml

# Looker's names for the parts of a date or an instant: `invoice` with `month` is the field `invoice_month`.
FIELD_KINDS = ("dimensions", "dimension_groups", "measures")


@dataclass
class View:
    name: str
    table: str
    """Name of the table, without database and schema."""
    raw: dict
    fields: set[str] = field(default_factory=set)
    sets: set[str] = field(default_factory=set)

    def definitions(self) -> list[dict]:
        return [definition for kind in FIELD_KINDS for definition in self.raw.get(kind, [])]

    def sql(self) -> list[str]:
        """Everything in it that Looker sends to the warehouse."""
        return [definition["sql"] for definition in self.definitions() if "sql" in definition]


class LookmlProject:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._load("manifest.lkml")
        self.constants = {constant["name"]: constant["value"] for constant in self.manifest["constants"]}

    @cached_property
    def files(self) -> list[Path]:
        return sorted(self.folder.rglob("*.lkml"))

    @cached_property
    def views(self) -> dict[str, View]:
        return {raw["name"]: self._view(raw) for file in self.files for raw in self._load(file).get("views", [])}

    @cached_property
    def explores(self) -> dict[str, dict]:
        return {raw["name"]: raw for file in self.files for raw in self._load(file).get("explores", [])}

    @cached_property
    def data_tests(self) -> dict[str, dict]:
        return {raw["name"]: raw for file in self.files for raw in self._load(file).get("tests", [])}

    @cached_property
    def model(self) -> dict:
        return self._load(next(self.folder.glob("models/*.model.lkml")))

    @cached_property
    def model_name(self) -> str:
        return next(self.folder.glob("models/*.model.lkml")).name.removesuffix(".model.lkml")

    @cached_property
    def dashboards(self) -> dict[str, dict]:
        files = sorted(self.folder.rglob("*.dashboard.lookml"))
        return {one["dashboard"]: one for file in files for one in yaml.safe_load(file.read_text())}

    def with_constants(self, text: str) -> str:
        """A text as Looker reads it, constants put in. A constant that the manifest lacks is an error."""
        return re.sub(r"@\{(\w+)\}", lambda match: self.constants[match[1]], text)

    def has_field(self, name: str) -> bool:
        view, _, one = name.partition(".")
        return view in self.views and one in self.views[view].fields

    def _load(self, file: Path | str) -> dict:
        return lkml.load((self.folder / file).read_text())

    def _view(self, raw: dict) -> View:
        view = View(raw["name"], self.with_constants(raw["sql_table_name"]).split(".")[-1].strip(), raw)
        view.fields = {one["name"] for kind in ("dimensions", "measures") for one in raw.get(kind, [])}
        for group in raw.get("dimension_groups", []):
            view.fields |= {f"{group['name']}_{timeframe}" for timeframe in group["timeframes"]}
        view.sets = {one["name"] for one in raw.get("sets", [])}
        return view
