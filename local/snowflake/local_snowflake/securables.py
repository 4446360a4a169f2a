"""Who owns which object, and which privileges on it are granted to which roles."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from local_snowflake.future_grants import FutureGrants
from local_snowflake.privileges import SYSTEM_PRIVILEGES
from local_snowflake.store import REGISTRY, Store

# Whose the databases, schemas and warehouses are that come with the account, and all that an earlier version has made.
FIRST_OWNER = "SYSADMIN"


@dataclass(frozen=True)
class Key:
    """An object: tables and views share their names, so they share the space `RELATION`."""

    space: str
    path: tuple[str, ...]

    @classmethod
    def of(cls, kind: str, *path: str) -> Key:
        return cls("RELATION" if kind in ("TABLE", "VIEW") else kind, path)

    def __str__(self) -> str:
        return ".".join(self.path)

    @property
    def parent(self) -> Key | None:
        """The schema of an object, the database of a schema."""
        if len(self.path) == 3:
            return Key("SCHEMA", self.path[:2])
        return Key("DATABASE", self.path[:1]) if len(self.path) == 2 else None


ACCOUNT = Key("ACCOUNT", ())


@dataclass
class Securable:
    """`grants`: privilege → role → whether the role may grant it on."""

    kind: str
    owner: str
    grants: dict[str, dict[str, bool]] = field(default_factory=dict)
    created: float = field(default_factory=time.time)

    def holds(self, privilege: str, roles: set[str]) -> bool:
        return self.owner in roles or not roles.isdisjoint(self.grants.get(privilege, ()))

    def any(self, roles: set[str]) -> bool:
        return self.owner in roles or any(not roles.isdisjoint(granted) for granted in self.grants.values())


class Securables:
    """Kept in memory, since each statement asks for them, and in the registry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.future = FutureGrants(store)
        self._objects: dict[Key, Securable] = {}
        rows = store.rows(f"SELECT space, path, kind, owner, grants, created FROM {REGISTRY}.securables")
        for space, path, kind, owner, grants, created in rows:
            self._objects[Key(space, tuple(json.loads(path)))] = Securable(kind, owner, json.loads(grants), created)
        account = self._objects.setdefault(ACCOUNT, Securable("ACCOUNT", ""))
        for role, privileges in SYSTEM_PRIVILEGES.items():
            for privilege in privileges:
                account.grants.setdefault(privilege, {}).setdefault(role, True)

    def get(self, key: Key) -> Securable:
        found = self._objects.get(key)
        return found or Securable("TABLE" if key.space == "RELATION" else key.space, FIRST_OWNER, {}, 0.0)

    def __iter__(self) -> Iterator[tuple[Key, Securable]]:
        return iter(sorted(self._objects.items(), key=lambda item: (item[0].space, item[0].path)))

    def create(self, kind: str, key: Key, owner: str, copied_grants: bool = False) -> None:
        """A new object of `owner`, with the future grants of its schema or database. One that it replaces is forgotten, but for its grants
        with `copied_grants` (COPY GRANTS)."""
        before = self._objects.get(key)
        made = Securable(kind, owner, dict(before.grants) if before and copied_grants else {})
        for privilege, role, option in self.future.of(kind, key.path):
            if privilege == "OWNERSHIP":
                made.owner = role
            else:
                made.grants.setdefault(privilege, {})[role] = option
        self._keep(key, made)

    def grant(self, key: Key, privilege: str, role: str, option: bool = False, kind: str | None = None) -> None:
        found = self.get(key)
        found.kind = kind or found.kind
        granted = found.grants.setdefault(privilege, {})
        granted[role] = granted.get(role, False) or option
        self._keep(key, found)

    def revoke(self, key: Key, privilege: str, role: str, option_only: bool = False) -> None:
        found = self.get(key)
        granted = found.grants.get(privilege, {})
        if option_only and role in granted:
            granted[role] = False
        else:
            granted.pop(role, None)
        self._keep(key, found)

    def own(self, key: Key, role: str, keep_grants: bool, kind: str | None = None) -> None:
        """A new owner. Without `keep_grants` the privileges that others hold are revoked."""
        found = self.get(key)
        found.kind, found.owner = kind or found.kind, role
        if not keep_grants:
            found.grants = {}
        self._keep(key, found)

    def drop(self, key: Key) -> None:
        """The object is gone, and whatever was in it."""
        for other in [k for k in self._objects if _within(k, key)]:
            del self._objects[other]
            self._store.rows(
                f"DELETE FROM {REGISTRY}.securables WHERE space=? AND path=?", other.space, json.dumps(other.path)
            )
        if key.space in ("DATABASE", "SCHEMA"):
            self.future.drop_in(key.path)

    def rename(self, key: Key, new: Key) -> None:
        found = self.get(key)
        self.drop(key)
        self._keep(new, found)

    def swap(self, key: Key, other: Key) -> None:
        """SWAP WITH exchanges owners and grants along with the content."""
        first, second = self.get(key), self.get(other)
        self._keep(key, second)
        self._keep(other, first)

    def forget_role(self, role: str, heir: str) -> None:
        """The role is dropped: it holds nothing any more, and what it owned goes to the role that dropped it."""
        for key, found in list(self._objects.items()):
            held = [privilege for privilege, roles in found.grants.items() if role in roles]
            if not held and found.owner != role:
                continue
            for privilege in held:
                del found.grants[privilege][role]
            if found.owner == role:
                found.owner = heir
            self._keep(key, found)
        self.future.forget_role(role)

    def _keep(self, key: Key, securable: Securable) -> None:
        self._objects[key] = securable
        path = json.dumps(key.path)
        self._store.rows(f"DELETE FROM {REGISTRY}.securables WHERE space=? AND path=?", key.space, path)
        self._store.rows(
            f"INSERT INTO {REGISTRY}.securables VALUES (?, ?, ?, ?, ?, ?)",
            key.space, path, securable.kind, securable.owner, json.dumps(securable.grants), securable.created,
        )  # fmt: skip


def _within(key: Key, container: Key) -> bool:
    if key == container:
        return True
    inside = key.path[: len(container.path)] == container.path and len(key.path) > len(container.path)
    return inside and container.space in ("DATABASE", "SCHEMA")
