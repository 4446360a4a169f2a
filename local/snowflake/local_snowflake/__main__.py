"""`python -m local_snowflake --port P --data DIR`: the local Snowflake in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")  # fakesnow loads the connector, which would probe cloud addresses

import uvicorn

from local_snowflake import exact_numbers
from local_snowflake.auth import public_key_text
from local_snowflake.connections import protocol
from local_snowflake.server import Api
from local_snowflake.store import Store, StoreError


class UsageError(Exception):
    """Bad usage: one line for a person, exit code 2."""


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


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="local-snowflake",
        description="A Snowflake for this machine: its drivers, dbt and SQL work against it, and its data stays in a folder.",
    )
    default_port = os.environ.get("LOCAL_SNOWFLAKE_PORT") or "18300"
    parser.add_argument("--port", default=default_port, metavar="P", help=f"port to listen on; 0 takes a free one (default {default_port})")
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on (default 127.0.0.1; uploads are not authenticated)")
    parser.add_argument("--data", required=True, metavar="DIR", type=Path, help="folder that keeps the data; one process at a time")
    parser.add_argument("--memory-limit", default=os.environ.get("LOCAL_SNOWFLAKE_MEMORY") or "1GB", metavar="SIZE", help="memory for queries, beyond which they use the disk (default 1GB)")
    parser.add_argument("--threads", type=int, metavar="N", help="threads for queries (default: one per core)")
    parser.add_argument("--database", action="append", metavar="NAME", help="database to make, with a schema RAW, where it is not there yet; may be repeated (default SEVDESK)")
    parser.add_argument(
        "--detached-seconds", type=float, default=5.0, metavar="S", help="a session in a transaction whose client is gone ends after this time (default 5)"
    )
    parser.add_argument("--public-key", metavar="FILE", type=Path, help="PEM file whose key signs in the user local by key pair")
    return parser.parse_args(argv)


def _listen(host: str, port_text: str) -> socket.socket:
    if not port_text.isdigit() or int(port_text) > 65535:
        raise UsageError(f"--port must be a number from 0 to 65535, not {port_text!r}")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves TCP_NODELAY off
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port_text)))
        listener.listen(128)
    except OSError as error:
        raise UsageError(f"port {port_text} on {host} cannot be used: {error.strerror}; choose another with --port or LOCAL_SNOWFLAKE_PORT") from error
    return listener


def _public_key(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return public_key_text(file.read_bytes())
    except OSError as error:
        raise UsageError(f"--public-key {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"--public-key {file} is not a public key in PEM form") from error


def main(argv: list[str] | None = None) -> int:
    arguments = _arguments(argv)
    try:
        public_key = _public_key(arguments.public_key)
        listener = _listen(arguments.host, arguments.port)
        store = Store(arguments.data.resolve(), arguments.memory_limit, arguments.threads)
    except (UsageError, StoreError) as error:
        print(f"local-snowflake: {error}", file=sys.stderr)
        return 2
    exact_numbers.register(store.duckdb)
    for database in arguments.database or ["SEVDESK"]:
        if not store.has_database(database):
            store.create_database(database)
            store.create_schema(database, "RAW")
    if public_key:
        store.alter_user("LOCAL", rsa_public_key=public_key)
    api = Api(store, arguments.detached_seconds)
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        api.app(), http=protocol(api.connections), log_level="warning", access_log=False, lifespan="off", timeout_keep_alive=600, timeout_graceful_shutdown=2)
    try:
        asyncio.run(_Server(config, f"http://{host}:{port}").serve([listener]))
    finally:
        api.close()
        store.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a statement's thread that does not end must not keep the process
