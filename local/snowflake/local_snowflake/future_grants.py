"""Grants on objects that do not exist yet, in a schema or a database."""

from __future__ import annotations

from local_snowflake.store import REGISTRY, Store

FutureGrant = tuple[str, str, str, str, str, bool]
"""Database, schema (empty: the whole database), kind, privilege, role, grant option."""


class FutureGrants:
    """Kept in memory and in the registry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all: set[FutureGrant] = set(store.rows(f"SELECT * FROM {REGISTRY}.future_grants"))

    def add(self, grant: FutureGrant) -> None:
        self.remove(grant[:5])
        self._all.add(grant)
        self._store.rows(f"INSERT INTO {REGISTRY}.future_grants VALUES (?, ?, ?, ?, ?, ?)", *grant)

    def remove(self, grant: tuple[str, str, str, str, str]) -> None:
        for found in [g for g in self._all if g[:5] == grant]:
            self._all.discard(found)
            self._store.rows(
                f"DELETE FROM {REGISTRY}.future_grants WHERE database=? AND schema=? AND kind=? AND privilege=? AND role=?",
                *grant,
            )

    def of(self, kind: str, path: tuple[str, ...]) -> list[tuple[str, str, bool]]:
        """Privilege, role and grant option for a new object. Those of the schema win: the database's do not count then."""
        if len(path) < 2:
            return []
        schema = path[1] if len(path) == 3 else ""
        in_schema = [g for g in self._all if schema and g[:3] == (path[0], schema, kind)]
        found = in_schema or [g for g in self._all if g[:3] == (path[0], "", kind)]
        return sorted(g[3:] for g in found)

    def drop_in(self, path: tuple[str, ...]) -> None:
        for grant in [g for g in self._all if g[: len(path)] == path]:
            self.remove(grant[:5])

    def forget_role(self, role: str) -> None:
        for grant in [g for g in self._all if g[4] == role]:
            self.remove(grant[:5])

    def listed(self) -> list[FutureGrant]:
        return sorted(self._all)
