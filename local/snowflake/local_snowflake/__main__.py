"""`python -m local_snowflake --port P --data DIR`: the local Snowflake in the foreground."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_snowflake.store import Store

# What takes long to load is imported where it is needed, so that bad usage is answered at once.


class UsageError(Exception):
    """Bad usage: one line for a person, exit code 2."""


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="local-snowflake",
        description="A Snowflake for this machine: its drivers, dbt and SQL work against it, and its data stays in a folder.",
    )
    default_port = os.environ.get("LOCAL_SNOWFLAKE_PORT") or "18300"
    parser.add_argument(
        "--port",
        default=default_port,
        metavar="P",
        help=f"port to listen on; 0 takes a free one (default {default_port})",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="address to listen on (default 127.0.0.1; uploads are not authenticated)",
    )
    parser.add_argument(
        "--data", required=True, metavar="DIR", type=Path, help="folder that keeps the data; one process at a time"
    )
    parser.add_argument(
        "--memory-limit",
        default=os.environ.get("LOCAL_SNOWFLAKE_MEMORY") or "2GB",
        metavar="SIZE",
        help="memory for queries, beyond which they use the disk (default 2GB)",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads for queries (default: one per core)")
    parser.add_argument(
        "--database",
        action="append",
        metavar="NAME",
        help="database to make, with a schema RAW, where it is not there yet; may be repeated (default SEVDESK)",
    )
    parser.add_argument(
        "--detached-seconds",
        type=float,
        default=5.0,
        metavar="S",
        help="a transaction whose client is gone is rolled back after this time (default 5)",
    )
    parser.add_argument(
        "--account-parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter that the account sets for all its sessions, such as TIMEZONE=America/Los_Angeles; may be repeated",
    )
    parser.add_argument(
        "--public-key", metavar="FILE", type=Path, help="PEM file whose key signs in the user local by key pair"
    )
    return parser.parse_args(argv)


def _listen(host: str, port_text: str) -> socket.socket:
    if not port_text.isdigit() or int(port_text) > 65535:
        raise UsageError(f"--port must be a number from 0 to 65535, not {port_text!r}")
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, or asyncio leaves TCP_NODELAY off
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port_text)))
        listener.listen(128)
    except OSError as error:
        raise UsageError(
            f"port {port_text} on {host} cannot be used: {error.strerror}; choose another with --port or LOCAL_SNOWFLAKE_PORT"
        ) from error
    return listener


def _open(arguments: argparse.Namespace) -> Store:
    from local_snowflake.store import Store, StoreError

    try:
        return Store(arguments.data.resolve(), arguments.memory_limit, arguments.threads)
    except StoreError as error:
        raise UsageError(str(error)) from error


def _public_key(file: Path | None) -> str | None:
    if file is None:
        return None
    from local_snowflake.public_keys import public_key_text

    try:
        return public_key_text(file.read_bytes())
    except OSError as error:
        raise UsageError(f"--public-key {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"--public-key {file} is not a public key in PEM form") from error


def _account_parameters(texts: list[str]) -> dict[str, object]:
    from local_snowflake.parameters import parse_assignments

    try:
        return parse_assignments(texts)
    except ValueError as error:
        raise UsageError(f"--account-parameter: {error}") from error


def main(argv: list[str] | None = None) -> int:
    arguments = _arguments(argv)
    try:
        listener = _listen(arguments.host, arguments.port)
        public_key = _public_key(arguments.public_key)
        account_parameters = _account_parameters(arguments.account_parameter)
        store = _open(arguments)
    except UsageError as error:
        print(f"local-snowflake: {error}", file=sys.stderr)
        return 2
    for database in arguments.database or ["SEVDESK"]:
        if not store.has_database(database):
            store.create_database(database)
            store.create_schema(database, "RAW")
    if public_key:
        store.alter_user("LOCAL", rsa_public_key=public_key)
    from local_snowflake.serve import serve
    from local_snowflake.sessions import Account

    try:
        serve(Account(store, account_parameters), listener, arguments.detached_seconds)
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a statement's thread that does not end must not keep the process
