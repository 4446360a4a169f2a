"""How often an address may call."""

from collections import OrderedDict
from collections.abc import Callable

MAX_ADDRESSES = 4096


class RateLimit:
    """A token bucket for each address: `burst` calls at once, then `per_minute` evenly.

    Memory is bounded: past 4,096 addresses the one that called least recently is forgotten.
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float]) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Takes a token. Returns 0 when there was one, else the seconds until there will be."""
        now = self._clock()
        tokens, since = self._buckets.pop(address, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        self._buckets[address] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second
