"""The HTTP side: checks a delivery, writes it to the inbox and answers at once. Runs start elsewhere."""

import hashlib
import json
import logging
import math
import sqlite3
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestration.webhook.credentials import Credentials, Refused
from orchestration.webhook.inbox import Inbox, Receipt
from orchestration.webhook.rate_limit import RateLimit

logger = logging.getLogger("orchestration.webhook")

MAX_BODY_BYTES = 64 * 1024
MAX_ID_LENGTH = 200
MAX_TYPE_LENGTH = 100


class TooLarge(Exception):
    """The body is over the limit."""


def create_app(inbox: Inbox, credentials: Credentials, limit: RateLimit, clock: Callable[[], float]) -> Starlette:
    """The listener: `POST /webhook` takes events, `GET /health` says that it is up.

    202 means that the event is on disk and a run will follow; 200 that it was known already. 401 refuses a delivery
    without a valid signature, 409 the repetition of a signed attempt, 413 a body over 64 KiB, 400 one that is no JSON,
    429 too many calls (with Retry-After); 503 means that the inbox cannot be written and the sender should try again.
    """

    async def receive(request: Request) -> Response:
        wait = limit.take(request.client.host if request.client else "unknown")
        if wait > 0:
            return _refuse(429, "too many calls", {"Retry-After": str(math.ceil(wait))})
        try:
            body = await _read(request)
            sender = credentials.check(request.headers, body)
        except TooLarge:
            return _refuse(413, f"the body is over {MAX_BODY_BYTES} bytes", {"Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=400)
        except Refused as refused:
            return _refuse(401, str(refused))
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return _refuse(400, "the body is not JSON")
        # Without an id of its own a delivery is known by its content.
        delivery_id = sender.delivery_id or "sha256:" + hashlib.sha256(body).hexdigest()
        if len(delivery_id) > MAX_ID_LENGTH:
            return _refuse(400, f"webhook-id is longer than {MAX_ID_LENGTH} characters")
        try:
            # Off the event loop: the commit waits for the disk.
            receipt = await run_in_threadpool(inbox.receive, delivery_id, _event_type(event), clock(), sender.attempt)
        except sqlite3.Error as error:
            logger.error("the inbox cannot be written: %s", error)
            return _refuse(503, "the event could not be stored", {"Retry-After": "30"})
        if receipt is Receipt.REPLAY:
            return _refuse(409, "this delivery was received before")
        return JSONResponse({"status": receipt.value}, status_code=202 if receipt is Receipt.STORED else 200)

    async def health(_: Request) -> Response:
        try:
            waiting, _all = await run_in_threadpool(inbox.counts)
        except sqlite3.Error:
            return JSONResponse({"status": "inbox cannot be read"}, status_code=503)
        return JSONResponse({"status": "ok", "waiting": waiting})

    return Starlette(routes=[Route("/webhook", receive, methods=["POST"]), Route("/health", health)])


async def _read(request: Request) -> bytes:
    """The body, given up as soon as it is over the limit, whatever its Content-Length says."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
    return bytes(body)


def _event_type(event: object) -> str:
    kind = event.get("type") if isinstance(event, dict) else None
    return kind[:MAX_TYPE_LENGTH] if isinstance(kind, str) else ""


def _refuse(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    logger.info("refused with %s: %s", status, reason)
    return JSONResponse({"error": reason}, status_code=status, headers=headers)
