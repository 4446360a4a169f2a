"""What a session's roles may do: the questions that statements ask before they act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_snowflake.errors import SnowflakeError, not_found
from local_snowflake.identifiers import ObjectName
from local_snowflake.securables import ACCOUNT, Key, Securable

if TYPE_CHECKING:
    from local_snowflake.sessions import Session


def insufficient(kind: str, name: str) -> SnowflakeError:
    return SnowflakeError(
        3001, "42501", f"SQL access control error:\nInsufficient privileges to operate on {kind.lower()} '{name}'"
    )


class Access:
    """A session's own view of roles and grants.

    CREATE counts the primary role alone; everything else the secondary roles too.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._hierarchy = session.account.roles
        self._securables = session.account.securables

    def primary(self) -> set[str]:
        return self._hierarchy.held(self._session.role)

    def roles(self) -> set[str]:
        found = self.primary()
        return found | self._hierarchy.of_user(self._session.user) if self._session.secondary_roles else found

    def sees(self, key: Key) -> bool:
        """Whether SHOW and INFORMATION_SCHEMA list the object: some privilege on it, and on what it is in."""
        if self._is_temporary(key):
            return True
        roles = self.roles()
        node: Key | None = key
        while node is not None:
            if not self._securables.get(node).any(roles):
                return False
            node = node.parent
        return True

    def sees_path(self, database: str, schema: str | None = None) -> bool:
        key = Key("DATABASE", (database,)) if schema is None else Key("SCHEMA", (database, schema))
        return self.sees(key)

    def owner(self, key: Key) -> str:
        return self._session.role if self._is_temporary(key) else self._securables.get(key).owner

    def _is_temporary(self, key: Key) -> bool:
        if len(key.path) != 3:
            return False
        name = ObjectName(*key.path)
        return (
            key.space == "RELATION"
            and self._session.is_temporary(name)
            or (key.space == "STAGE" and name in self._session.temporary_stages)
        )

    def require_path(self, database: str, schema: str | None = None) -> None:
        """The way to an object: at least one privilege on its database and on its schema."""
        roles = self.roles()
        if not self._get("DATABASE", database).any(roles):
            raise not_found("Database", database)
        if schema is not None and not self._get("SCHEMA", database, schema).any(roles):
            raise not_found("Schema", f"{database}.{schema}")

    def require(self, privilege: str, kind: str, name: ObjectName) -> None:
        """A privilege on an object that exists; OWNERSHIP for what only its owner may do."""
        key = Key.of(kind, name.database, name.schema, name.name)
        if self._is_temporary(key):
            return
        found = self._seen(key, name, "Stage" if kind == "STAGE" else "Object")
        if not found.holds(privilege, self.roles()):
            raise insufficient(found.kind, name.name)

    def require_any(self, kind: str, name: ObjectName) -> None:
        key = Key.of(kind, name.database, name.schema, name.name)
        if not self._is_temporary(key):
            self._seen(key, name, "Object")

    def _seen(self, key: Key, name: ObjectName, shown: str) -> Securable:
        self.require_path(name.database, name.schema)
        found = self._securables.get(key)
        if not found.any(self.roles()):
            raise not_found(shown, str(name))
        return found

    def require_create(self, kind: str, database: str, schema: str) -> None:
        """CREATE of something in a schema, whether or not it is there already."""
        self.require_path(database, schema)
        if not self._get("SCHEMA", database, schema).holds(f"CREATE {kind}", self.primary()):
            raise insufficient("schema", schema)

    def require_create_schema(self, database: str) -> None:
        self.require_path(database)
        if not self._get("DATABASE", database).holds("CREATE SCHEMA", self.primary()):
            raise insufficient("database", database)

    def require_account(self, privilege: str) -> None:
        if not self._securables.get(ACCOUNT).holds(privilege, self.primary()):
            raise insufficient("account", "LOCAL")

    def may_manage_grants(self) -> bool:
        return self._securables.get(ACCOUNT).holds("MANAGE GRANTS", self.roles())

    def owns(self, kind: str, *path: str) -> bool:
        return self._get(kind, *path).owner in self.roles()

    def require_owner(self, kind: str, *path: str) -> None:
        """Ownership of a database, a schema, a warehouse, a user, a role or a policy."""
        found = self._get(kind, *path)
        roles = self.roles()
        if found.owner in roles:
            return
        if kind in ("DATABASE", "SCHEMA", "WAREHOUSE") and not found.any(roles):
            raise not_found(kind.title(), ".".join(path))
        raise insufficient(kind, path[-1])

    def holds(self, privilege: str, kind: str, *path: str) -> bool:
        return self._get(kind, *path).holds(privilege, self.roles())

    def may_use_role(self, role: str) -> bool:
        return role in self._hierarchy.of_user(self._session.user)

    def _get(self, kind: str, *path: str) -> Securable:
        return self._securables.get(Key.of(kind, *path))
