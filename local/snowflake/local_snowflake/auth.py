"""Sign-in: password, programmatic access token or OAuth token (all equal to the password here), and key pair."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from local_snowflake.errors import SnowflakeError
from local_snowflake.store import Store

_REFUSED = SnowflakeError(390100, "08001", "Incorrect username or password was specified.")
_BAD_JWT = SnowflakeError(390144, "08001", "JWT token is invalid.")


def load_public_key(text: str) -> Any:
    """A public key as PEM, or as the bare base64 that ALTER USER takes."""
    if "-----BEGIN" in text:
        return load_pem_public_key(text.encode())
    return load_der_public_key(base64.b64decode("".join(text.split())))


def public_key_text(pem: bytes) -> str:
    """A PEM file's key as ALTER USER keeps it. Raises ValueError for anything else."""
    load_pem_public_key(pem)
    return "".join(line for line in pem.decode().splitlines() if "-----" not in line)


def _fingerprint(key: Any) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def _check_jwt(token: str, user: str, keys: list[str]) -> None:
    for text in keys:
        key = load_public_key(text)
        try:
            # Node's driver writes iat in milliseconds, which Snowflake takes.
            options = {"verify_aud": False, "verify_iat": False, "require": ["iss", "sub", "exp"]}
            claims = jwt.decode(token, key, algorithms=["RS256"], options=options, leeway=60)
        except jwt.PyJWTError:
            continue
        subject = str(claims["sub"]).upper()
        if subject.split(".")[-1] == user.upper() and str(claims["iss"]) == f"{claims['sub']}.{_fingerprint(key)}":
            return
    raise _BAD_JWT


def authenticate(store: Store, data: dict[str, Any]) -> str:
    """The user's name as Snowflake keeps it. Raises 390100 or 390144 when refused."""
    name = str(data.get("LOGIN_NAME") or "")
    found = store.find_user(name) if name else None
    authenticator = str(data.get("AUTHENTICATOR") or "SNOWFLAKE").upper()
    if authenticator == "SNOWFLAKE_JWT":
        if found is None:
            raise _BAD_JWT
        _check_jwt(str(data.get("TOKEN") or ""), name, found[1])
        return name.upper()
    given = str(data.get("PASSWORD") or data.get("TOKEN") or "")
    if authenticator == "OAUTH" and not name:
        name, found = "LOCAL", store.find_user("LOCAL")
    if found is None or found[0] is None or not hmac.compare_digest(given.encode(), found[0].encode()):
        raise _REFUSED
    return name.upper()
