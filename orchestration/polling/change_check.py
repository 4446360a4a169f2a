"""One cheap question to sevDesk: is there anything newer than what was loaded?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

ENDPOINTS: Sequence[tuple[str, dict[str, str]]] = (
    # showAll: cancellations, reminders and parts change figures too. depth: persons, not only organisations.
    ("Invoice", {"showAll": "true"}),
    ("Contact", {"depth": "1"}),
)
TIMEOUT_SECONDS = 20
MAX_ANSWER_BYTES = 1024 * 1024


class SignInRefused(Exception):
    """sevDesk refused the token. It is not to be used again: tokens that keep failing may be locked."""


class CheckFailed(Exception):
    """No answer that can be used. The message holds neither token nor record."""


@dataclass(frozen=True)
class Change:
    """Something is newer than what was loaded: what, and when it changed (unix seconds)."""

    endpoint: str
    updated_at: float


def find_change(
    api_url: str, api_key: str, after: float, *, transport: httpx.BaseTransport | None = None
) -> Change | None:
    """The first change after an instant (unix seconds) that sevDesk shows, or None. It costs one record at most.

    A record that is not newer than asked means that the filter was ignored, which sevDesk does silently: that says
    nothing.
    Changes in the very second of `after` are left to the next hourly run.

    :raises SignInRefused: on 401 and 403, after which nothing more is asked
    :raises CheckFailed: when there is no usable answer
    """
    asked = int(after) + 1
    headers = {"Authorization": api_key, "User-Agent": "sevdesk-data-platform polling", "Accept": "application/json"}
    with httpx.Client(timeout=TIMEOUT_SECONDS, headers=headers, transport=transport) as client:
        for endpoint, parameters in ENDPOINTS:
            query = {**parameters, "updateAfter": str(asked), "limit": "1"}
            newest = _newest(_ask(client, f"{api_url.rstrip('/')}/{endpoint}", query), endpoint)
            if newest is not None and newest >= asked:
                return Change(endpoint, newest)
    return None


def _ask(client: httpx.Client, url: str, query: dict[str, str]) -> list[object]:
    try:
        with client.stream("GET", url, params=query) as answer:
            if answer.status_code in (401, 403):
                raise SignInRefused
            if answer.status_code != 200:
                raise CheckFailed(f"sevDesk answered {answer.status_code}")
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise CheckFailed("sevDesk's answer is too large")
        content = httpx.Response(200, content=bytes(body)).json()
    except httpx.HTTPError as error:
        raise CheckFailed(f"sevDesk could not be reached ({type(error).__name__})") from None
    except ValueError:
        raise CheckFailed("sevDesk's answer is not JSON") from None
    objects = content.get("objects") if isinstance(content, dict) else None
    if not isinstance(objects, list):
        raise CheckFailed('sevDesk\'s answer has no "objects"')
    return objects


def _newest(objects: list[object], endpoint: str) -> float | None:
    try:
        return max((datetime.fromisoformat(record["update"]).timestamp() for record in objects), default=None)
    except (KeyError, TypeError, ValueError):
        raise CheckFailed(f"sevDesk's {endpoint} has no readable time of change") from None
