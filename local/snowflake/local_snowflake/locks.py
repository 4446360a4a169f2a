"""Writers queue per table, as in Snowflake; DuckDB alone would fail the second one."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterable

from local_snowflake.errors import SnowflakeError


class LockManager:
    """Exclusive table locks, held by a session until its transaction (or its statement) ends."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._owner: dict[Hashable, int] = {}
        self._waits: dict[int, Hashable] = {}
        self._cancelled: set[int] = set()

    def acquire(self, session: int, keys: Iterable[Hashable], timeout_seconds: float) -> None:
        """Waits until `session` holds every key, in a fixed order.

        Raises 625 after `timeout_seconds`, 604 when cancelled, and 40001 at once where waiting would be a deadlock.
        """
        deadline = time.monotonic() + timeout_seconds
        for key in sorted(set(keys), key=str):
            with self._changed:
                while (owner := self._owner.get(key)) not in (None, session):
                    self._waits[session] = key
                    try:
                        self._check(session, key, owner, deadline)
                        self._changed.wait(min(1.0, max(0.0, deadline - time.monotonic())))
                    finally:
                        self._waits.pop(session, None)
                self._owner[key] = session

    def _check(self, session: int, key: Hashable, owner: int | None, deadline: float) -> None:
        if session in self._cancelled:
            self._cancelled.discard(session)
            raise SnowflakeError(604, "57014", "SQL execution canceled")
        if time.monotonic() >= deadline:
            raise SnowflakeError(
                625, "57014",
                f"Statement was aborted: table '{key}' is locked by another transaction and was not released within LOCK_TIMEOUT.",
            )  # fmt: skip
        seen = set()
        while owner is not None and owner not in seen:
            seen.add(owner)
            waited = self._waits.get(owner)
            owner = self._owner.get(waited) if waited is not None else None
            if owner == session:
                raise SnowflakeError(
                    625, "40001", f"Deadlock: this transaction and another wait for each other at table '{key}'."
                )

    def cancel(self, session: int) -> None:
        """Ends a wait of `session`, if it waits."""
        with self._changed:
            if session in self._waits:
                self._cancelled.add(session)
                self._changed.notify_all()

    def release(self, session: int) -> None:
        with self._changed:
            for key in [key for key, owner in self._owner.items() if owner == session]:
                del self._owner[key]
            self._changed.notify_all()
