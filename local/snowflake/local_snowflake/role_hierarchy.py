"""Which roles there are, and which are granted to which roles and users."""

from __future__ import annotations

from local_snowflake.privileges import SYSTEM_ROLES
from local_snowflake.store import REGISTRY, Store

# What stands above what from the start.
_SYSTEM = (
    ("SECURITYADMIN", "ROLE", "ACCOUNTADMIN"),
    ("SYSADMIN", "ROLE", "ACCOUNTADMIN"),
    ("USERADMIN", "ROLE", "SECURITYADMIN"),
    ("ACCOUNTADMIN", "USER", "LOCAL"),
)


class RoleHierarchy:
    """Grants of roles. Kept in memory, since each statement asks for them, and in the registry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        rows = store.rows(f"SELECT role, kind, grantee FROM {REGISTRY}.role_grants")
        self._grants = {*rows, *_SYSTEM}

    def exists(self, role: str) -> bool:
        return role in SYSTEM_ROLES or self._store.has_object("ROLE", role)

    def grant(self, role: str, kind: str, grantee: str) -> None:
        if (role, kind, grantee) not in self._grants:
            self._grants.add((role, kind, grantee))
            self._store.rows(f"INSERT INTO {REGISTRY}.role_grants VALUES (?, ?, ?)", role, kind, grantee)

    def revoke(self, role: str, kind: str, grantee: str) -> None:
        self._grants.discard((role, kind, grantee))
        self._store.rows(
            f"DELETE FROM {REGISTRY}.role_grants WHERE role=? AND kind=? AND grantee=?", role, kind, grantee
        )

    def forget(self, kind: str, name: str) -> None:
        """The role or user is dropped, and with it what it was granted and, for a role, to whom."""
        for grant in [g for g in self._grants if g[1:] == (kind, name) or kind == "ROLE" and g[0] == name]:
            self.revoke(*grant)

    def held(self, role: str) -> set[str]:
        """The role itself, all roles below it, and PUBLIC."""
        found = {role, "PUBLIC"}
        waiting = [role]
        while waiting:
            above = waiting.pop()
            for below, kind, grantee in self._grants:
                if kind == "ROLE" and grantee == above and below not in found:
                    found.add(below)
                    waiting.append(below)
        return found

    def granted_to(self, kind: str, name: str) -> list[str]:
        """The roles that were granted to a role or a user by name, in their order."""
        return sorted(role for role, k, grantee in self._grants if (k, grantee) == (kind, name))

    def grantees(self, role: str) -> list[tuple[str, str]]:
        return sorted((kind, grantee) for r, kind, grantee in self._grants if r == role)

    def of_user(self, user: str) -> set[str]:
        """All roles that a user may take."""
        return {"PUBLIC"}.union(*(self.held(role) for role in self.granted_to("USER", user)))
