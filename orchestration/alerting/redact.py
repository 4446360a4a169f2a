"""Takes secrets out of text that others wrote, before anybody is sent it."""

import os
import re
from collections.abc import Mapping

SECRET_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|WEBHOOK_URL|CREDENTIAL", re.IGNORECASE)
NOT_SECRET_NAMES = re.compile(r"_PATH$|_FILE$")
MIN_SECRET_LENGTH = 6
MAX_LENGTH = 400

_PATTERNS = [
    # Keys in PEM form
    (re.compile(r"-----BEGIN [^-]*-----.*?(-----END [^-]*-----|$)", re.DOTALL), "***"),
    # user:password@ and query strings of addresses
    (re.compile(r"(\w+://)[^/\s@]+@"), r"\1***@"),
    (re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]*"), r"\1?***"),
    # Slack's webhook addresses are secrets from end to end
    (re.compile(r"(/services/)[^\s\"'<>]+"), r"\1***"),
    (re.compile(r"xox[a-z]-[\w-]+"), "***"),
    # whatever follows the name of a secret
    (
        re.compile(
            r"((?:authorization|api[_-]?key|token|password|passphrase|secret)[\"']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?[^\s,;}]+",
            re.I,
        ),
        r"\1***",
    ),
    # tokens: long runs of hexadecimal digits or base64
    (re.compile(r"\b[0-9a-fA-F]{32,}\b"), "***"),
    (re.compile(r"\b(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{40,}={0,2}"), "***"),
    # e-mail addresses are personal data
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "***"),
]


def redact(text: str, env: Mapping[str, str] | None = None) -> str:
    """`text` in one line of at most 400 characters, without the values of secrets in the environment and without
    anything that looks like a token, key, password, query string or e-mail address."""
    secrets = {
        value
        for name, value in (os.environ if env is None else env).items()
        if SECRET_NAMES.search(name) and not NOT_SECRET_NAMES.search(name) and len(value) >= MIN_SECRET_LENGTH
    }
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    line = " ".join(text.split())
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 1] + "…"
