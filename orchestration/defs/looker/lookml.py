"""LookML views, explores and dashboards as downstream assets, read from `looker/` without an account."""

from pathlib import Path

import dagster as dg
from dagster_looker import DagsterLookerLkmlTranslator, build_looker_asset_specs

from orchestration.paths import REPOSITORY

LOOKER_DIR = REPOSITORY / "looker"


class LookmlTranslator(DagsterLookerLkmlTranslator):
    """Keys are `looker/<kind>/<name>`; tables are the marts' own assets."""

    def get_asset_spec(self, lookml_structure) -> dg.AssetSpec:
        _, kind, props = lookml_structure
        spec = super().get_asset_spec(lookml_structure)
        if kind == "table":
            # SEVDESK.ANALYTICS.INVOICES_SUMMARY, with or without the database, constants and quotes.
            return spec.replace_attributes(key=dg.AssetKey([part.name.upper() for part in props["table"].parts][-2:]))
        return spec.replace_attributes(
            key=dg.AssetKey(["looker", *spec.key.path]), group_name="looker", kinds={"looker"}
        )


def lookml_specs(folder: Path) -> list[dg.AssetSpec]:
    """The assets of a LookML project; none when there is no LookML in the folder."""
    if not folder.is_dir() or not any(folder.rglob("*.lkml")):
        return []
    return list(build_looker_asset_specs(project_dir=folder, dagster_looker_translator=LookmlTranslator()))


@dg.definitions
def defs() -> dg.Definitions:
    """External assets: Looker reads the marts when somebody looks, so there is nothing to run."""
    return dg.Definitions(assets=lookml_specs(LOOKER_DIR))
