"""fakesnow's rewrites and macros, without the rest of it.

Importing fakesnow loads the Snowflake connector and with it the clients of three clouds, which took half of the time until
the server was ready. So the packages around the two modules that are needed stand empty while these are loaded.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_AROUND = ("snowflake.connector", "fakesnow", "fakesnow.transforms")


@contextmanager
def _empty(names: tuple[str, ...]) -> Iterator[None]:
    """Packages whose modules can be imported, but whose own code has not run."""
    made = {}
    for name in names:
        found = importlib.util.find_spec(name)
        assert found is not None and found.submodule_search_locations is not None, name
        made[name] = ModuleType(name)
        made[name].__path__ = list(found.submodule_search_locations)
        sys.modules[name] = made[name]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


with _empty(_AROUND):
    transforms = importlib.import_module("fakesnow.transforms.transforms")
    creation_sql = importlib.import_module("fakesnow.macros").creation_sql
