"""Who is told what: configuration, read from YAML by the alerts' component."""

from collections.abc import Callable, Iterable, Sequence

from orchestration.alerting.alert import Alert, Kind
from orchestration.alerting.channel import Channel
from orchestration.alerting.email import EmailChannel
from orchestration.alerting.slack import SlackChannel
from orchestration.setting import SettingError

KNOWN_CHANNELS = ("slack", "email", "email_escalation")


def channels_from_env() -> list[Channel]:
    """The channels whose settings are there.

    :raises SettingError: when a channel is configured by half
    """
    found = (SlackChannel.from_env(), EmailChannel.from_env(), EmailChannel.escalation_from_env())
    return [channel for channel in found if channel is not None]


def router(
    routes: Iterable[tuple[Sequence[str], Sequence[str]]], available: Iterable[str]
) -> Callable[[Alert], list[str]]:
    """A function that tells the channels of an alert: those that a route names for its kind and that are available.

    :param routes: pairs of kinds and channels
    :raises SettingError: when a route names a kind or channel that does not exist
    """
    wanted: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for kinds, channels in routes:
        for name in channels:
            if name not in KNOWN_CHANNELS:
                raise SettingError(f"alert route: there is no channel {name!r}; there are {', '.join(KNOWN_CHANNELS)}")
        for name in kinds:
            if name not in list(Kind):
                raise SettingError(f"alert route: there is no kind {name!r}; there are {', '.join(Kind)}")
            wanted[Kind(name)].update(channels)
    present = set(available)
    return lambda alert: sorted(wanted[alert.kind] & present)
