"""LookML views, explores and dashboards as downstream assets, read from `looker/` without an account."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import lkml
from dagster_looker import DagsterLookerLkmlTranslator, build_looker_asset_specs

from orchestration.paths import REPOSITORY

LOOKER_DIR = REPOSITORY / "looker"
CONSTANT = re.compile(r"@\{(\w+)\}")


class LookmlTranslator(DagsterLookerLkmlTranslator):
    """Keys are `looker/<kind>/<name>`; tables are the marts' own assets.

    :param constants: the project's constants, which stand for database and schema in names of tables
    """

    def __init__(self, constants: Mapping[str, str]) -> None:
        super().__init__()
        self._constants = constants

    def get_asset_spec(self, lookml_structure: tuple[Path, str, Mapping[str, Any]]) -> dg.AssetSpec:
        path, kind, props = lookml_structure
        if kind == "table":
            parts = [part.name.upper() for part in props["table"].parts]
            spec = super().get_asset_spec(lookml_structure)
            return spec.replace_attributes(key=dg.AssetKey(parts[-2:]))
        if kind == "view":
            props = self._without_constants(props)
        spec = super().get_asset_spec((path, kind, props))
        return spec.replace_attributes(
            key=dg.AssetKey(["looker", *spec.key.path]), group_name="looker", kinds={"looker"}
        )

    def _without_constants(self, props: Mapping[str, Any]) -> Mapping[str, Any]:
        def fill(sql: str) -> str:
            return CONSTANT.sub(lambda match: self._constants.get(match[1], match[1]), sql)

        filled = dict(props)
        if "sql_table_name" in props:
            filled["sql_table_name"] = fill(props["sql_table_name"])
        if "sql" in props.get("derived_table", {}):
            filled["derived_table"] = {**props["derived_table"], "sql": fill(props["derived_table"]["sql"])}
        return filled


def lookml_specs(folder: Path) -> list[dg.AssetSpec]:
    """The assets of a LookML project; none when there is no LookML in the folder."""
    if not folder.is_dir() or not any(folder.rglob("*.lkml")):
        return []
    manifest = folder / "manifest.lkml"
    parsed = lkml.load(manifest.read_text()) if manifest.exists() else {}
    translator = LookmlTranslator({item["name"]: item.get("value", "") for item in parsed.get("constants", [])})
    found = list(build_looker_asset_specs(project_dir=folder, dagster_looker_translator=translator))
    return [*found, *_included_explores(folder, translator, {spec.key for spec in found})]


def _included_explores(
    folder: Path, translator: LookmlTranslator, known: Collection[dg.AssetKey]
) -> Iterator[dg.AssetSpec]:
    """The explores in files that models include: dagster-looker reads those in the models' own files only."""
    for path in sorted(folder.rglob("*.explore.lkml")):
        for explore in lkml.load(path.read_text()).get("explores", []):
            # "+name" refines an explore that stands elsewhere.
            spec = None if explore["name"].startswith("+") else translator.get_asset_spec((path, "explore", explore))
            if spec is not None and spec.key not in known:
                yield spec


@dg.definitions
def defs() -> dg.Definitions:
    """External assets: Looker reads the marts when somebody looks, so there is nothing to run."""
    return dg.Definitions(assets=lookml_specs(LOOKER_DIR))
