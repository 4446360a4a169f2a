"""Which objects a GRANT or a SHOW GRANTS is about."""

from __future__ import annotations

from local_snowflake import catalog
from local_snowflake.errors import not_found
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.users import find_user
from local_snowflake.warehouses import is_there

_IN_SCHEMA = ("TABLE", "VIEW", "STAGE", "FILE FORMAT", "SEQUENCE")


def targets(session: Session, which: str, kind: str, path: tuple[str, ...]) -> list[tuple[str, Key]]:
    """One object, or with `which` ALL those of the kind in a schema or database. Raises where it is not there."""
    if which == "ALL":
        exists = session.store.has_schema(*path) if len(path) == 2 else session.store.has_database(path[0])
        if not exists:
            raise not_found("Schema" if len(path) == 2 else "Database", ".".join(path))
        return [(kind, key) for key in _all(session, kind, path)]
    return [(kind, one(session, kind, path))]


def one(session: Session, kind: str, path: tuple[str, ...]) -> Key:
    """The object's key. Raises where it is not there."""
    store = session.store
    if kind in _IN_SCHEMA:
        name = session.resolve(list(path))
        key = Key.of(kind, name.database, name.schema, name.name)
        if key not in _all(session, kind, key.path[:2]):
            raise not_found(kind.title(), str(name))
        return key
    if kind == "SCHEMA" and len(path) == 1:
        path = (session.database or "", *path)
    there = {
        "DATABASE": lambda: store.has_database(path[0]),
        "SCHEMA": lambda: store.has_schema(*path),
        "USER": lambda: find_user(store, path[0]) is not None,
        "ROLE": lambda: session.account.roles.exists(path[0]),
        "WAREHOUSE": lambda: is_there(session, path[0]),
    }.get(kind, lambda: store.has_object(kind, path[0]))
    if not there():
        raise not_found(kind.title(), ".".join(path))
    return Key.of(kind, *path)


def kind_of(session: Session, path: list[str]) -> str:
    """TABLE or VIEW, for a name without its kind."""
    found = catalog.find(session, session.resolve(path))
    return found.kind if found else "TABLE"


def _all(session: Session, kind: str, path: tuple[str, ...]) -> list[Key]:
    database, schema = path[0], path[1] if len(path) > 1 else None
    if kind in ("TABLE", "VIEW"):
        return [
            Key.of(kind, *_parts(r.name))
            for r in catalog.relations(session, database, schema)
            if r.kind == kind and not r.properties.get("temporary")
        ]
    if kind == "SCHEMA":
        return [Key.of(kind, database, name) for name, *_ in session.store.schemas(database)]
    if kind == "STAGE":
        found = [(db, sc, name) for _, name, db, sc, _ in session.store.list_stages()]
        return [Key.of(kind, *parts) for parts in found if parts[: len(path)] == path]
    return [key for key, _ in session.account.securables if key.space == kind and key.path[: len(path)] == path]


def _parts(name: catalog.ObjectName) -> tuple[str, str, str]:
    return name.database, name.schema, name.name
