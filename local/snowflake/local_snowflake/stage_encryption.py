"""Client-side encryption of staged files: the keys that PUT hands out, and what they decrypt.

A driver makes a key of its own for each file, encrypts the file with it (AES-CBC) and sends that key along, encrypted with
the key that PUT's answer gave it (AES-ECB), so that the way through the driver is the one to a real account. What
arrives is decrypted at once: files lie in the data folder as they were.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.padding import PKCS7

_KEY_BYTES = 16  # CLIENT_ENCRYPTION_KEY_SIZE is 128 unless an account says otherwise
_KEPT = 10_000  # keys of PUTs whose files may still come
_CHUNK = 1024 * 1024
_DATA, _KEY = "x-goog-meta-encryptiondata", "x-goog-meta-matdesc"


class EncryptionError(Exception):
    """An upload is not encrypted with a key of this server's."""


class StageKeys:
    """The keys given out since the server started."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def material(self, query_id: str) -> dict[str, Any]:
        """A new key, as PUT's answer carries it."""
        key = secrets.token_bytes(_KEY_BYTES)
        with self._guard:
            number = secrets.randbelow(2**53)
            self._keys[str(number)] = key
            while len(self._keys) > _KEPT:
                self._keys.popitem(last=False)
        return {"queryStageMasterKey": base64.b64encode(key).decode(), "queryId": query_id, "smkId": number}

    def file_key(self, headers: Mapping[str, str]) -> FileKey:
        """The key of a file, from the headers of its upload. Raises EncryptionError."""
        try:
            data, described = json.loads(headers[_DATA]), json.loads(headers[_KEY])
            master = self._keys[str(described["smkId"])]
            wrapped = base64.b64decode(data["WrappedContentKey"]["EncryptedKey"])
            start = base64.b64decode(data["ContentEncryptionIV"])
        except (KeyError, TypeError, ValueError) as error:
            raise EncryptionError("the upload does not say by which of this server's keys it is encrypted") from error
        return FileKey(_without_padding(Cipher(AES(master), ECB()).decryptor().update(wrapped)), start)


class FileKey:
    """What one file is encrypted with."""

    def __init__(self, key: bytes, start: bytes) -> None:
        self._key, self._start = key, start

    def decrypt(self, source: Path, target: Path) -> None:
        """Raises EncryptionError where the file is not encrypted with it."""
        cipher, unpadder = Cipher(AES(self._key), CBC(self._start)).decryptor(), PKCS7(AES.block_size).unpadder()
        try:
            with source.open("rb") as read, target.open("wb") as written:
                while chunk := read.read(_CHUNK):
                    written.write(unpadder.update(cipher.update(chunk)))
                written.write(unpadder.update(cipher.finalize()) + unpadder.finalize())
        except ValueError as error:
            target.unlink(missing_ok=True)
            raise EncryptionError("the file cannot be decrypted with the key that came with it") from error


def _without_padding(block: bytes) -> bytes:
    unpadder = PKCS7(AES.block_size).unpadder()
    return unpadder.update(block) + unpadder.finalize()
