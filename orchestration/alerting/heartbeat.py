"""Tells a dead man's switch (healthchecks.io and the like) that a run went well: it alerts when it hears nothing."""

import httpx

from orchestration.alerting.channel import ChannelError

TIMEOUT_SECONDS = 10


def beat(url: str) -> None:
    """Calls the address.

    :raises ChannelError: when it does not answer with success; the address is left out, since it is a secret
    """
    try:
        status = httpx.get(url, timeout=TIMEOUT_SECONDS, follow_redirects=True).status_code
    except httpx.HTTPError as error:
        raise ChannelError(f"the heartbeat could not be sent ({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise ChannelError(f"the heartbeat was answered with {status}; check HEARTBEAT_URL")
