"""Routes as `defs/alerts/defs.yaml` gives them, for processes that do not load the code location."""

from collections.abc import Callable, Sequence

import yaml

from orchestration.alerting.alert import Alert
from orchestration.alerting.channel import Channel
from orchestration.alerting.routes import router
from orchestration.paths import REPOSITORY

DEFS = REPOSITORY / "orchestration" / "defs" / "alerts" / "defs.yaml"


def configured_router(channels: Sequence[Channel]) -> Callable[[Alert], list[str]]:
    """Tells the channels of an alert.

    :raises SettingError: when a route names a kind or channel that does not exist
    """
    routes = yaml.safe_load(DEFS.read_text())["attributes"]["routes"]
    return router([(route["kinds"], route["channels"]) for route in routes], [channel.name for channel in channels])
