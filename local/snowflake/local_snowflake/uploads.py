"""What drivers upload for PUT: whole files or parts, in the form of Google's cloud storage, encrypted by the driver."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import OrderedDict
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from local_snowflake.stage_encryption import EncryptionError, FileKey
from local_snowflake.store import Store

_STAGE_ID = re.compile(r"[a-z0-9-]+")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_ANNOUNCED = 1000


class Uploads:
    """The route `/stages/{stage_id}/{path}`. A file appears under its name only when it is whole and decrypted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: OrderedDict[str, FileKey] = OrderedDict()  # of uploads in parts

    async def receive(self, request: Request) -> Response:
        stage_id = request.path_params["stage_id"]
        root = (self._store.stages_folder / stage_id).resolve()
        target = (root / request.path_params["path"]).resolve()
        if not _STAGE_ID.fullmatch(stage_id) or not target.is_relative_to(root) or target == root:
            return Response(status_code=400)
        upload_id = request.query_params.get("upload_id", uuid.uuid4().hex)
        if not _STAGE_ID.fullmatch(upload_id):
            return Response(status_code=400)
        part = self._store.folder / "spill" / f"upload-{upload_id}"
        if request.method == "DELETE":
            part.unlink(missing_ok=True)
            return Response(status_code=204)
        try:
            key = self._keys.get(upload_id) or self._store.stage_keys.file_key(request.headers)
        except EncryptionError as error:
            return Response(str(error), status_code=400)
        if request.method == "POST":  # announces parts
            self._keys[upload_id] = key
            while len(self._keys) > _ANNOUNCED:
                self._keys.popitem(last=False)
            return Response(headers={"Location": str(request.url.replace_query_params(upload_id=upload_id))})
        return await self._write(request, part, target, key, upload_id)

    async def _write(self, request: Request, part: Path, target: Path, key: FileKey, upload_id: str) -> Response:
        piece = _CONTENT_RANGE.fullmatch(request.headers.get("content-range", ""))
        more = False
        whole = part.with_name(f"{part.name}-whole")
        try:
            with part.open("ab" if piece else "wb") as file:
                async for chunk in request.stream():
                    file.write(chunk)
            if piece and int(piece[2]) + 1 < int(piece[3]):
                more = True
                return Response(status_code=308, headers={"Range": f"bytes=0-{piece[2]}"})
            await asyncio.to_thread(key.decrypt, part, whole)
            self._keys.pop(upload_id, None)
            target.parent.mkdir(parents=True, exist_ok=True)
            whole.replace(target)
        except EncryptionError as error:
            return Response(str(error), status_code=400)
        finally:
            if not more:
                part.unlink(missing_ok=True)
                whole.unlink(missing_ok=True)
        return Response()
