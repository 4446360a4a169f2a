"""A LookML project as its tests need it: views with their fields, explores with their joins, dashboards, data tests, texts."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import lkml
import yaml

KINDS = ("dimensions", "measures", "filters", "parameters")


@dataclass
class View:
    name: str
    source: str
    """What stands after FROM: a table of three parts, or a query in parentheses."""
    fields: dict[str, dict] = field(default_factory=dict)
    """Field by name, each with its `kind`: dimension, measure, filter or parameter."""
    sets: dict[str, list[str]] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[dict]:
        return [one for one in self.fields.values() if one["kind"] in kinds]

    def add(self, raw: dict) -> None:
        for kinds in KINDS:
            for one in raw.get(kinds, []):
                assert one["name"] not in self.fields, f"{self.name}.{one['name']} is there twice"
                self.fields[one["name"]] = {**one, "kind": kinds.removesuffix("s")}
        self.sets |= {one["name"]: one["fields"] for one in raw.get("sets", [])}


class LookmlProject:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = lkml.load((folder / "manifest.lkml").read_text())
        self.constants = {constant["name"]: constant["value"] for constant in self.manifest["constants"]}

    @cached_property
    def files(self) -> list[Path]:
        return sorted(self.folder.rglob("*.lkml"))

    @cached_property
    def _parsed(self) -> list[dict]:
        return [lkml.load(self.with_constants(file.read_text())) for file in self.files]

    def _named(self, kind: str) -> dict[str, dict]:
        return {raw["name"]: raw for parsed in self._parsed for raw in parsed.get(kind, [])}

    @cached_property
    def views(self) -> dict[str, View]:
        """Views with their refinements."""
        raws = self._named("views")
        views = {}
        for name, raw in raws.items():
            if not name.startswith("+"):
                query = raw.get("derived_table", {}).get("sql")
                views[name] = View(name, f"({query})" if query else raw["sql_table_name"].strip())
                views[name].add(raw)
        for name, raw in raws.items():
            if name.startswith("+"):
                views[name[1:]].add(raw)
        return views

    @cached_property
    def explores(self) -> dict[str, dict]:
        return {name: raw for name, raw in self._named("explores").items() if not name.startswith("+")}

    @cached_property
    def refinements(self) -> dict[str, dict]:
        return {name[1:]: raw for name, raw in self._named("explores").items() if name.startswith("+")}

    @cached_property
    def data_tests(self) -> dict[str, dict]:
        return self._named("tests")

    @cached_property
    def model(self) -> dict:
        return next(parsed for parsed in self._parsed if "connection" in parsed)

    @cached_property
    def model_name(self) -> str:
        return next(self.folder.glob("models/*.model.lkml")).name.removesuffix(".model.lkml")

    @cached_property
    def dashboards(self) -> dict[str, dict]:
        files = sorted(self.folder.rglob("*.dashboard.lookml"))
        return {one["dashboard"]: one for file in files for one in yaml.safe_load(file.read_text())}

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Text by key and locale."""
        files = sorted(self.folder.glob("*.strings.json"))
        return {file.name.removesuffix(".strings.json"): json.loads(file.read_text()) for file in files}

    @cached_property
    def translatable(self) -> set[str]:
        """Every text that Looker shows in the language of the user. Labels of hidden fields are never shown."""
        texts: set[str | None] = set()
        for parsed in self._parsed:
            for view in parsed.get("views", []):
                fields = [one for kinds in KINDS for one in view.get(kinds, []) if one.get("hidden") != "yes"]
                texts |= {view.get("label")}
                texts |= {
                    one.get(key)
                    for one in fields
                    for key in ("label", "description", "group_label", "group_item_label")
                }
            for explore in parsed.get("explores", []):
                texts |= {explore.get(key) for key in ("label", "description", "group_label")}
                texts |= {join.get("view_label") for join in explore.get("joins", [])}
        for dashboard in self.dashboards.values():
            texts |= {dashboard["title"], dashboard["description"], *(one["title"] for one in dashboard["filters"])}
            for tile in dashboard["elements"]:
                texts |= {tile.get(key) for key in ("title", "comparison_label", "note_text")}
                texts |= {one["label"] for one in tile.get("dynamic_fields", [])}
        return {self.model["label"], *(one for one in texts if one)}

    def with_constants(self, text: str) -> str:
        """A text as Looker reads it, constants put in. A constant that the manifest lacks is an error."""
        return re.sub(r"@\{(\w+)\}", lambda match: self.constants[match[1]], text)

    def views_of(self, explore: str) -> dict[str, View]:
        """The views of an explore by the names that they have in it."""
        joins = self.explores[explore].get("joins", [])
        return {
            explore: self.views[explore],
            **{one["name"]: self.views[one.get("from", one["name"])] for one in joins},
        }

    def field(self, explore: str, name: str) -> dict:
        view, _, one = name.partition(".")
        return self.views_of(explore)[view].fields[one]

    def has_field(self, explore: str, name: str) -> bool:
        view, _, one = name.partition(".")
        return view in self.views_of(explore) and one in self.views_of(explore)[view].fields
