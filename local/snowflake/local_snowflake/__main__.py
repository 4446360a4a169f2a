"""`python -m local_snowflake --port P --data DIR`: the local Snowflake in the foreground."""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_snowflake.store import Store

# What takes long to load is imported where it is needed, so that bad usage is answered at once.


class UsageError(Exception):
    """Bad usage: a line for a person about each problem, exit code 2."""


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="local-snowflake",
        description="A Snowflake for this machine: its drivers, dbt and SQL work against it, and its data stays in a folder.",
    )
    parser.add_argument(
        "--port", metavar="P", help="port to listen on; 0 takes a free one (default LOCAL_SNOWFLAKE_PORT, or 18300)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="address to listen on (default 127.0.0.1; uploads are not authenticated)",
    )
    parser.add_argument(
        "--data", required=True, metavar="DIR", help="folder that keeps the data; one process at a time"
    )
    parser.add_argument(
        "--memory-limit",
        metavar="SIZE",
        help="memory for queries, beyond which they use the disk (default LOCAL_SNOWFLAKE_MEMORY, or 2GB)",
    )
    parser.add_argument("--threads", metavar="N", help="threads for queries (default: one per core)")
    parser.add_argument(
        "--database",
        action="append",
        metavar="NAME",
        help="database to make, with a schema RAW, where it is not there yet; may be repeated (default SEVDESK)",
    )
    parser.add_argument(
        "--detached-seconds",
        default="5",
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


def _chosen(option: str, value: str | None, variable: str, default: str) -> tuple[str, str]:
    """What gave a setting, the option or the variable, and its text; an empty variable counts as not set."""
    if value is not None:
        return option, value
    return variable, os.environ.get(variable, "").strip() or default


def _check(arguments: argparse.Namespace) -> None:
    """Fills in what variables say and checks everything that can be checked before anything starts.

    :raises UsageError: with a line for each option or variable that cannot be used
    """
    problems = []
    name, port = _chosen("--port", arguments.port, "LOCAL_SNOWFLAKE_PORT", "18300")
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        problems.append(f"{name} must be a number from 0 to 65535, not {port!r}")
    arguments.port = port
    name, memory = _chosen("--memory-limit", arguments.memory_limit, "LOCAL_SNOWFLAKE_MEMORY", "2GB")
    if not re.fullmatch(r"\d+(\.\d+)? *([kmgt]i?b)", memory, re.IGNORECASE):
        problems.append(f"{name} must be a size such as 2GB, not {memory!r}")
    arguments.memory_limit = memory
    if not arguments.data.strip():
        problems.append("--data must be a folder; it is empty")
    arguments.data = Path(arguments.data)
    threads = arguments.threads
    if threads is not None and not (re.fullmatch(r"\d{1,4}", threads, re.ASCII) and int(threads) > 0):
        problems.append(f"--threads must be a whole number from 1 to 9999, not {threads!r}")
    seconds = arguments.detached_seconds
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", seconds, re.ASCII):
        problems.append(f"--detached-seconds must be a number of seconds such as 5, not {seconds!r}")
    if any(not database.strip() for database in arguments.database or []):
        problems.append("--database must be a name")
    if problems:
        raise UsageError("\n".join(problems))
    arguments.threads = None if threads is None else int(threads)
    arguments.detached_seconds = float(seconds)


def _listen(host: str, port_text: str) -> socket.socket:
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
    except OSError as error:
        raise UsageError(f"--data {arguments.data} cannot be used: {error.strerror}") from error


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
        _check(arguments)
        listener = _listen(arguments.host, arguments.port)
        public_key = _public_key(arguments.public_key)
        account_parameters = _account_parameters(arguments.account_parameter)
        store = _open(arguments)
    except UsageError as error:
        for line in str(error).split("\n"):
            print(f"local-snowflake: {line}", file=sys.stderr)
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
