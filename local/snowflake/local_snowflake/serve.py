"""Running the HTTP interface until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import uvicorn

from local_snowflake.connections import protocol
from local_snowflake.server import Api
from local_snowflake.sessions import Account


class _Server(uvicorn.Server):
    """Says when it is ready, and ends with exit code 0 on SIGTERM or Ctrl-C."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Local Snowflake (user local, password local) ready on {self._url}", flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True


def serve(account: Account, listener: socket.socket, detached_seconds: float) -> None:
    """Serves on `listener` until SIGTERM or Ctrl-C; open transactions are rolled back then."""
    # SQL is a tree that is walked by recursion: deeply nested expressions need room, in Python and on the stack
    sys.setrecursionlimit(20_000)
    threading.stack_size(64 * 1024 * 1024)
    api = Api(account, detached_seconds)
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        api.app(),
        http=protocol(api.connections),
        log_level="warning",
        access_log=False,
        # so that scripts tell this server from a stranger on its port
        headers=[("X-Local-Server", "snowflake")],
        lifespan="off",
        timeout_keep_alive=600,
        timeout_graceful_shutdown=2,
    )
    try:
        asyncio.run(_Server(config, f"http://{host}:{port}").serve([listener]))
    finally:
        api.close()
