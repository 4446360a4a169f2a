"""Writes deliveries to the inbox together: one commit for all that came while the one before was on its way to disk."""

import asyncio
import sqlite3
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from orchestration.webhook.inbox import Delivery, Inbox, Receipt

MAX_BATCH = 500


@dataclass
class _Waiting:
    delivery: Delivery
    done: "asyncio.Future[Receipt]" = field(repr=False)


class BatchReceiver:
    """`receive` returns when the delivery is on disk. One writer at a time: deliveries never wait for a lock."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._queue: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def receive(self, delivery: Delivery) -> Receipt:
        """:raises sqlite3.Error: when it could not be stored"""
        waiting = _Waiting(delivery, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await waiting.done

    async def _write(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
            try:
                receipts = await run_in_threadpool(self._inbox.receive, [one.delivery for one in batch])
            except sqlite3.Error as error:
                for one in batch:
                    if not one.done.done():
                        one.done.set_exception(error)
                continue
            for one, receipt in zip(batch, receipts, strict=True):
                if not one.done.done():
                    one.done.set_result(receipt)
