"""Names dbt's resources as the tables that they are."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration.freshness import freshness_policy

ANALYTICS = "ANALYTICS"


class TableTranslator(DagsterDbtTranslator):
    """An asset's key is `<SCHEMA>/<TABLE>` as in the warehouse, so that dbt's sources are the loader's assets and the
    lineage has no gap. Marts have a freshness policy."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_source_tests_as_checks=True))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] not in ("model", "seed", "snapshot", "source"):
            return spec
        stage = stage_of(props)
        spec = spec.replace_attributes(key=table_key(props), group_name=stage.lower())
        is_mart = props["resource_type"] == "model" and stage == ANALYTICS
        return spec.replace_attributes(freshness_policy=freshness_policy()) if is_mart else spec


def stage_of(props: Mapping[str, Any]) -> str:
    """The stage that a resource belongs to: the schema that the project names, whatever a developer's prefix is."""
    configured = (props.get("config") or {}).get("schema")
    return str(configured or props.get("schema") or "").upper()


def table_key(props: Mapping[str, Any]) -> dg.AssetKey:
    """`<SCHEMA>/<TABLE>` of a resource of the manifest."""
    name = props.get("identifier") if props["resource_type"] == "source" else props.get("alias")
    return dg.AssetKey([stage_of(props), str(name or props["name"]).upper()])
