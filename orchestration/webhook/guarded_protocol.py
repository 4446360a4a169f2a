"""HTTP/1.1 with deadlines for what a client has to send, and a bound on its connections."""

import asyncio
from collections import OrderedDict
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0
"""How long a client may take for the head of a request, from the connection on or after the answer before."""
BODY_SECONDS = 15.0
"""How long it may take for the body, however much comes in between."""
MAX_CONNECTIONS_PER_CLIENT = 400
MAX_CONNECTIONS = 2000


class GuardedProtocol(H11Protocol):
    """Ends connections that do not say what they have to in time. Past the limits it is the one that has been silent
    for longest, of the same client first, that makes room: a client cannot keep others out by holding connections."""

    _waiting: ClassVar["OrderedDict[GuardedProtocol, str]"] = OrderedDict()
    """All connections without a whole request, the one that has waited longest first, and whose they are."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else "unknown"
        self._deadline: asyncio.TimerHandle | None = None
        self._reads_body = False
        self._wait(HEADER_SECONDS)
        self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        request = self.cycle
        if request is None or request.response_complete:
            return
        if not request.more_body:
            self._stop_waiting()
        elif not self._reads_body:
            self._reads_body = True
            self._wait(BODY_SECONDS)

    def on_response_complete(self) -> None:
        self._reads_body = False
        self._wait(HEADER_SECONDS)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._waiting[self] = self._address
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        self._waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._stop_waiting()
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()

    def _make_room(self) -> None:
        others = [one for one in self._waiting if one is not self]
        mine = sum(1 for one in self.connections if getattr(one, "_address", None) == self._address)
        if mine > MAX_CONNECTIONS_PER_CLIENT:
            silent = next((one for one in others if one._address == self._address), self)
        elif len(self.connections) > MAX_CONNECTIONS:
            silent = next(iter(others), self)
        else:
            return
        silent._give_up()
