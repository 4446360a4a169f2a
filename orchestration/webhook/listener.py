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
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from orchestration.webhook.batch_receiver import BatchReceiver
from orchestration.webhook.credentials import Credentials, Refused
from orchestration.webhook.inbox import Delivery, Inbox, Receipt
from orchestration.webhook.rate_limit import RateLimit

logger = logging.getLogger("orchestration.webhook")

MAX_BODY_BYTES = 64 * 1024
MAX_ID_LENGTH = 200
MAX_TYPE_LENGTH = 100


class TooLarge(Exception):
    """The body is over the limit."""


def create_app(
    inbox: Inbox,
    credentials: Credentials,
    limit: RateLimit,
    clock: Callable[[], float],
    problems: Callable[[], list[str]] = list,
    pulse_at: Callable[[], float | None] = lambda: None,
    metrics: Callable[[], str] = str,
) -> Starlette:
    """The listener: `POST /webhook` takes events. For a monitoring: `GET /live` says that it is up and can write, `GET
    /health` that runs can start, too, and `GET /metrics` gives figures for Prometheus.

    202 means that the event is on disk and a run will follow; 200 that it was known already. 401 refuses a delivery
    without a valid signature, 409 the repetition of a signed attempt, 413 a body over 64 KiB, 400 one that is no JSON,
    429 too many calls that prove nothing (with Retry-After); 503 means that the inbox cannot be written and the sender
    should try again.

    :param problems: what keeps runs from starting, a line each
    :param pulse_at: when Dagster's daemon last evaluated a sensor, in unix seconds
    :param metrics: figures in Prometheus' text format
    """
    receiver = BatchReceiver(inbox)

    async def receive(request: Request) -> Response:
        try:
            body = await _read(request)
        except TooLarge:
            return _refuse(413, f"the body is over {MAX_BODY_BYTES} bytes", {"Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=400)
        try:
            sender = credentials.check(request.headers, body)
        except Refused as refused:
            # Whoever knows the secret is never kept out by others behind the same address who do not.
            wait = limit.take(request.client.host if request.client else "unknown")
            if wait > 0:
                return _refuse(429, "too many calls", {"Retry-After": str(math.ceil(wait))})
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
            receipt = await receiver.receive(Delivery(delivery_id, _event_type(event), clock(), sender.attempt))
        except sqlite3.Error as error:
            logger.error("the inbox cannot be written: %s", error)
            return _refuse(503, "the event could not be stored", {"Retry-After": "30"})
        if receipt is Receipt.REPLAY:
            return _refuse(409, "this delivery was received before")
        return JSONResponse({"status": receipt.value}, status_code=202 if receipt is Receipt.STORED else 200)

    async def live(_: Request) -> Response:
        try:
            waiting, _all = await run_in_threadpool(inbox.counts)
        except sqlite3.Error:
            return JSONResponse({"status": "inbox cannot be read"}, status_code=503)
        return JSONResponse({"status": "ok", "waiting": waiting})

    async def health(request: Request) -> Response:
        own = await live(request)
        found = await run_in_threadpool(problems)
        if own.status_code == 200 and found:
            return JSONResponse({"status": "nothing can run", "problems": found}, status_code=503)
        return JSONResponse({**json.loads(own.body), "pulse_at": pulse_at()}, status_code=own.status_code)

    async def figures(_: Request) -> Response:
        return PlainTextResponse(await run_in_threadpool(metrics), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[
            Route("/webhook", receive, methods=["POST"]),
            Route("/live", live),
            Route("/health", health),
            Route("/metrics", figures),
        ]
    )


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
