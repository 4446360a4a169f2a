"""Settings from environment variables, read when they are needed, with one clear line for each that is wrong."""

import os
from collections.abc import Mapping


class SettingError(ValueError):
    """A setting is missing or unusable; the message names it and says what is expected. It never holds a secret."""


def whole_number(
    name: str, default: int, *, minimum: int = 0, maximum: int = 10**9, env: Mapping[str, str] | None = None
) -> int:
    """The setting `name` as a whole number within the bounds; an unset or empty one is `default`.

    :raises SettingError: when it is no such number
    """
    text = (os.environ if env is None else env).get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not minimum <= int(text) <= maximum:
        raise SettingError(f"{name} must be a whole number from {minimum} to {maximum}")
    return int(text)


def text(name: str, default: str = "", *, env: Mapping[str, str] | None = None) -> str:
    """The setting `name` without surrounding spaces; an unset or empty one is `default`."""
    return (os.environ if env is None else env).get(name, "").strip() or default


def words(name: str, *, env: Mapping[str, str] | None = None) -> list[str]:
    """The setting `name` as a list: values are separated by commas or spaces."""
    return text(name, env=env).replace(",", " ").split()
