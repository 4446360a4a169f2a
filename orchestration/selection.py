"""Which assets a run of the pipeline is for."""

from collections.abc import Collection, Iterable

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph


def executable_keys(graph: BaseAssetGraph) -> set[dg.AssetKey]:
    """What runs can materialise."""
    return {key for key in graph.get_all_asset_keys() if graph.get(key).is_executable}


def with_downstream(graph: BaseAssetGraph, keys: Iterable[dg.AssetKey]) -> set[dg.AssetKey]:
    """Assets and everything that depends on them, as far as runs can materialise it."""
    found = set(keys)
    for key in keys:
        found |= {one for one in graph.get_all_asset_keys() if key in graph.get_ancestor_asset_keys(one)}
    return found & executable_keys(graph)


def what_can_go_on(
    graph: BaseAssetGraph,
    planned: Collection[dg.AssetKey],
    succeeded: Collection[dg.AssetKey],
    failed: Collection[dg.AssetKey],
    soft: Collection[dg.AssetKey],
) -> set[dg.AssetKey]:
    """What a run that failed in part has not done and needs nothing of what failed; `soft` assets are not needed.

    Nothing when none of it depends on what succeeded: it would be built from what it was built from before.
    """
    blocked = with_downstream(graph, set(failed) - set(soft)) | set(failed)
    going = set(planned) - set(succeeded) - blocked
    return going if going & with_downstream(graph, succeeded) else set()
