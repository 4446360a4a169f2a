"""Components: what is configured in YAML under `defs/`."""

from orchestration.components.alerts_component import AlertsComponent
from orchestration.components.dbt_component import WarehouseModelsComponent
from orchestration.components.meltano_component import MeltanoComponent

__all__ = ["AlertsComponent", "MeltanoComponent", "WarehouseModelsComponent"]
