"""Clients that vanish: a session whose last TCP connection is gone is detached.

The transaction that it left open is rolled back after a few seconds, which frees its locks, where Snowflake takes minutes
to hours. A statement that still runs is completed first, unless ABORT_DETACHED_QUERY is set. The session itself lives on
for a quarter of an hour, in which its client may come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.h11_impl import H11Protocol

from local_snowflake.sessions import Session

Address = tuple[str, int]


class Connections:
    """Which connections each session has used and still has."""

    def __init__(
        self,
        abort: Callable[[Session], None],
        end: Callable[[Session], None],
        grace_seconds: float,
        idle_seconds: float = 900,
    ) -> None:
        self._abort = abort
        self._end = end
        self._grace_seconds = grace_seconds
        self._idle_seconds = idle_seconds
        self._sessions: dict[Address, set[Session]] = {}
        self._open: dict[Session, set[Address]] = {}
        self._timers: dict[Session, asyncio.TimerHandle] = {}

    def used(self, client: Address | None, session: Session) -> None:
        """A request of `session` came over this connection."""
        if client is None:
            return
        self._sessions.setdefault(client, set()).add(session)
        self._open.setdefault(session, set()).add(client)
        if timer := self._timers.pop(session, None):
            timer.cancel()

    def lost(self, client: Address | None) -> None:
        """The connection is closed."""
        for session in self._sessions.pop(client, ()) if client else ():
            left = self._open.get(session, set())
            left.discard(client)
            if not left:
                self._schedule(session)

    def forget(self, session: Session) -> None:
        self._open.pop(session, None)
        if timer := self._timers.pop(session, None):
            timer.cancel()

    def _schedule(self, session: Session) -> None:
        busy = session.transactions.open or session.lock.locked()
        wait = self._grace_seconds if busy else self._idle_seconds
        self._timers[session] = asyncio.get_running_loop().call_later(wait, self._expire, session, busy)

    def _expire(self, session: Session, busy: bool) -> None:
        self._timers.pop(session, None)
        if not busy:
            self._open.pop(session, None)
            self._end(session)
            return
        if not session.lock.locked() or session.parameters["ABORT_DETACHED_QUERY"]:
            self._abort(session)
        self._schedule(session)


def protocol(connections: Connections) -> type[H11Protocol]:
    """uvicorn's HTTP protocol, telling `connections` of every end."""

    class TrackedProtocol(H11Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            connections.lost(self.client)

    return TrackedProtocol
