"""One way to open the small SQLite files that outlive a crash."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def transaction(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A connection inside one write transaction: committed to disk when the block ends, rolled back when it raises.

    After a commit the rows survive a killed process and a lost power supply (WAL with synchronous=FULL). Several
    processes may do this at once; they wait for each other for up to 30 seconds.
    `schema` is run first and must be repeatable (`create table if not exists`).
    """
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        connection.execute("begin immediate")
        try:
            for statement in filter(None, (part.strip() for part in schema.split(";"))):
                connection.execute(statement)
            yield connection
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
    finally:
        connection.close()
