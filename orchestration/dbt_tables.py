"""The tables that dbt's resources are."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

ANALYTICS = "ANALYTICS"
TABLES = ("model", "seed", "snapshot", "source")
"""The types of resources that are tables or views."""


def stage_of(props: Mapping[str, Any]) -> str:
    """The stage that a resource belongs to: the schema that the project names, whatever a developer's prefix is."""
    configured = (props.get("config") or {}).get("schema")
    return str(configured or props.get("schema") or "").upper()


def table_key(props: Mapping[str, Any]) -> dg.AssetKey:
    """`<SCHEMA>/<TABLE>` of a resource of the manifest."""
    name = props.get("identifier") if props["resource_type"] == "source" else props.get("alias")
    return dg.AssetKey([stage_of(props), str(name or props["name"]).upper()])


def sources_of(manifest: Mapping[str, Any]) -> dict[dg.AssetKey, set[dg.AssetKey]]:
    """The tables that dbt reads, each with all tables that dbt makes from it."""
    children, nodes = manifest["child_map"], {**manifest["nodes"], **manifest["sources"]}

    def below(unique_id: str, found: set[str]) -> set[str]:
        for child in children.get(unique_id, ()):
            if child not in found:
                found.add(child)
                below(child, found)
        return found

    return {
        table_key(source): {
            table_key(nodes[one])
            for one in below(unique_id, set())
            if nodes.get(one, {}).get("resource_type") in TABLES
        }
        for unique_id, source in manifest["sources"].items()
    }
