"""When the ECB has new rates: on working days at about four in the afternoon in Berlin."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
PUBLISHED_AT = time(16, 5)
SATURDAY = 5
ASK_AGAIN_AFTER = timedelta(minutes=50)
GIVE_UP_AFTER = timedelta(hours=6)
"""On a holiday there are none, and the next working day brings the next."""


def last_publication(now: datetime) -> datetime:
    """When rates were to be published last."""
    at = datetime.combine(now.astimezone(BERLIN).date(), PUBLISHED_AT, BERLIN)
    while at > now or at.weekday() >= SATURDAY:
        at = datetime.combine(at.date() - timedelta(days=1), PUBLISHED_AT, BERLIN)
    return at


def rates_are_due(now: datetime, loaded_at: datetime | None, newest: date | None) -> bool:
    """Whether asking the ECB can bring anything.

    :param loaded_at: when it was last asked with success
    :param newest: the date of the newest rates that are there
    """
    published = last_publication(now)
    if loaded_at is None or loaded_at < published:
        return True
    # They may come late.
    is_missing = newest is None or newest < published.date()
    return is_missing and now - loaded_at >= ASK_AGAIN_AFTER and now - published < GIVE_UP_AFTER
