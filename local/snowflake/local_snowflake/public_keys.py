"""Public keys of users, as PEM files and as ALTER USER keeps them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)


def load_public_key(text: str) -> Any:
    """An RSA key of 2048 bits or more as PEM, or as the bare base64 that ALTER USER takes. Raises ValueError for anything else."""
    if "-----BEGIN" in text:
        key = load_pem_public_key(text.encode())
    else:
        key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise ValueError("not an RSA key of 2048 bits or more")
    return key


def public_key_text(pem: bytes) -> str:
    """A PEM file's key as ALTER USER keeps it. Raises ValueError for anything else."""
    load_public_key(pem.decode())
    return "".join(line for line in pem.decode().splitlines() if "-----" not in line)


def fingerprint(key: Any) -> str:
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()
