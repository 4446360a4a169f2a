"""Snowflake's HTTP interface, as its drivers speak it."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
import uuid
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local_snowflake import binds
from local_snowflake.connections import Connections
from local_snowflake.errors import SnowflakeError, from_duckdb
from local_snowflake.results import STATEMENT_TYPES, Result
from local_snowflake.sessions import Account, Session, Sessions
from local_snowflake.sign_in import authenticate, place
from local_snowflake.sql_text import statements
from local_snowflake.statements import Statements
from local_snowflake.uploads import Uploads

SERVER_VERSION = "10.0.0"
# A statement that takes longer is answered "in progress", and the driver asks again: the same as Snowflake.
_ANSWER_AFTER_SECONDS = 40.0
_KEPT_ANSWERS = 200

Answer = dict[str, Any]


def _failure(error: SnowflakeError, query_id: str | None = None) -> Answer:
    code = f"{error.code:06d}"
    data = {
        "errorCode": code,
        "sqlState": error.sql_state,
        "queryId": query_id,
        "internalError": False,
        "type": "COMPILATION",
        "pos": 0,
        "line": 1,
    }
    return {"success": False, "code": code, "message": error.message, "data": data}


class _Running:
    """A statement on its way, by its query id and by the request that asked for it."""

    def __init__(self, session: Session, future: Future[Answer]) -> None:
        self.session = session
        self.future = future


class Api:
    """The routes. Statements run in threads, one at a time per session."""

    def __init__(self, account: Account, detached_seconds: float) -> None:
        self.store = account.store
        self.sessions = Sessions(account)
        self.uploads = Uploads(self.store)
        self.connections = Connections(self._abort_detached, self._end_idle, detached_seconds)
        self._threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="statement")
        self._running: OrderedDict[str, _Running] = OrderedDict()
        self._by_request: OrderedDict[str, str] = OrderedDict()
        self._guard = threading.Lock()

    def _abort_detached(self, session: Session) -> None:
        self._threads.submit(session.abort_detached)

    def _end_idle(self, session: Session) -> None:
        self._threads.submit(self.sessions.close, session.token)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/session/v1/login-request", self.login, methods=["POST"]),
                Route("/session/token-request", self.renew, methods=["POST"]),
                Route("/session/heartbeat", self.heartbeat, methods=["POST"]),
                Route("/session", self.logout, methods=["POST"]),
                Route("/queries/v1/query-request", self.query, methods=["POST"]),
                Route("/queries/v1/abort-request", self.abort, methods=["POST"]),
                Route("/queries/{query_id}/result", self.result, methods=["GET"]),
                Route("/monitoring/queries/{query_id}", self.monitor, methods=["GET"]),
                Route("/stages/{stage_id}/{path:path}", self.uploads.receive, methods=["PUT", "POST", "DELETE"]),
                Route("/telemetry/send", self.ignore, methods=["POST"]),
                Route("/telemetry/send/sessionless", self.ignore, methods=["POST"]),
                Route("/health", self.ignore, methods=["GET"]),
            ]
        )

    def close(self) -> None:
        self.sessions.close_all()
        self._threads.shutdown(wait=False, cancel_futures=True)

    # -- sessions

    async def login(self, request: Request) -> JSONResponse:
        body = await _body(request)
        address = request.client.host if request.client else "127.0.0.1"
        query = dict(request.query_params)
        return JSONResponse(await self._in_thread(self._login, body.get("data") or {}, query, address))

    def _login(self, data: dict[str, Any], query: dict[str, str], address: str) -> Answer:
        session = None
        given = {str(name).upper(): value for name, value in (data.get("SESSION_PARAMETERS") or {}).items()}
        try:
            user = authenticate(self.store, data, address)
            session = self.sessions.open(user.name)
            place(session, user, query, str(given.get("CLIENT_VALIDATE_DEFAULT_PARAMETERS")).lower() == "true")
        except SnowflakeError as error:
            if session is not None:
                self.sessions.close(session.token)
            return {"success": False, "code": str(error.code), "message": error.message, "data": {}}
        session.client = str(data.get("CLIENT_APP_ID") or "")
        for name, value in (data.get("SESSION_PARAMETERS") or {}).items():
            try:
                session.set_parameter(name, value)
            except ValueError:
                continue
        return {
            "success": True,
            "code": None,
            "message": None,
            "data": {
                "token": session.token,
                "masterToken": session.master_token,
                "validityInSeconds": 86400,
                "masterValidityInSeconds": 86400,
                "sessionId": session.id,
                "displayUserName": user.name,
                "serverVersion": SERVER_VERSION,
                "firstLogin": False,
                "healthCheckInterval": 45,
                "parameters": session.parameters.announced(),
                "sessionInfo": self._place_of(session),
            },
        }

    @staticmethod
    def _place_of(session: Session) -> dict[str, Any]:
        return {
            "databaseName": session.database,
            "schemaName": session.schema,
            "warehouseName": session.warehouse,
            "roleName": session.role,
        }

    async def renew(self, request: Request) -> JSONResponse:
        session = self._session(request) or self.sessions.by_master_token(_token(request))
        if session is None:
            return _sign_in_again()
        data = {
            "sessionToken": session.token,
            "masterToken": session.master_token,
            "validityInSecondsST": 86400,
            "validityInSecondsMT": 86400,
            "sessionId": session.id,
        }
        return JSONResponse({"success": True, "code": None, "message": None, "data": data})

    async def heartbeat(self, request: Request) -> JSONResponse:
        return (
            JSONResponse({"success": True, "code": None, "message": None, "data": None})
            if self._session(request)
            else _sign_in_again()
        )

    async def logout(self, request: Request) -> JSONResponse:
        if self._session(request) is None:
            return _sign_in_again()
        if request.query_params.get("delete") == "true":
            self.connections.forget(self._session(request))
            await self._in_thread(self.sessions.close, _token(request))
        return JSONResponse({"success": True, "code": None, "message": None, "data": None})

    def _session(self, request: Request) -> Session | None:
        session = self.sessions.get(_token(request))
        if session is not None:
            self.connections.used(request.scope.get("client"), session)
        return session

    # -- statements

    async def query(self, request: Request) -> JSONResponse:
        session = self._session(request)
        if session is None:
            return _sign_in_again()
        body = await _body(request)
        request_id = request.query_params.get("requestId") or uuid.uuid4().hex
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        query_id = self._start(session, request_id, body, base_url)
        if body.get("asyncExec"):
            data = {
                "queryId": query_id,
                "getResultUrl": f"/queries/{query_id}/result",
                "queryAbortsAfterSecs": 300,
                "progressDesc": None,
            }
            return JSONResponse({"success": True, "code": "333334", "message": None, "data": data})
        return JSONResponse(await self._answer(query_id))

    def _start(self, session: Session, request_id: str, body: dict[str, Any], base_url: str) -> str:
        """Starts a statement, once per request: a driver that repeats a request after a lost answer gets the first one's."""
        with self._guard:
            if known := self._by_request.get(request_id):
                return known
            query_id = str(uuid.uuid4())
            self._by_request[request_id] = query_id
            future = self._threads.submit(self._execute, session, query_id, body, base_url)
            self._running[query_id] = _Running(session, future)
            while len(self._running) > _KEPT_ANSWERS:
                self._running.popitem(last=False)
            while len(self._by_request) > _KEPT_ANSWERS:
                self._by_request.popitem(last=False)
            return query_id

    async def _answer(self, query_id: str) -> Answer:
        running = self._running.get(query_id)
        if running is None:
            return _failure(SnowflakeError(709, "02000", f"Statement {query_id} not found"), query_id)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(running.future)), _ANSWER_AFTER_SECONDS)
        except TimeoutError:
            data = {"queryId": query_id, "getResultUrl": f"/queries/{query_id}/result", "queryAbortsAfterSecs": 300}
            return {"success": True, "code": "333333", "message": "Query execution in progress", "data": data}

    def _execute(self, session: Session, query_id: str, body: dict[str, Any], base_url: str) -> Answer:
        with session.lock:
            session.query_id = query_id
            try:
                given = binds.from_wire(body.get("bindings"))
                texts = statements(body["sqlText"])
                wanted = (body.get("parameters") or {}).get(
                    "MULTI_STATEMENT_COUNT", session.parameters["MULTI_STATEMENT_COUNT"]
                )
                if not texts:
                    raise SnowflakeError(900, "42601", "SQL compilation error:\nEmpty SQL statement.")
                if int(wanted) not in (0, len(texts)):
                    raise SnowflakeError(
                        8,
                        "0A000",
                        f"Actual statement count {len(texts)} did not match the desired statement count {wanted}.",
                    )
                runner = Statements(session, base_url)
                if len(texts) == 1:
                    return self._success(session, query_id, runner.run(texts[0], given, bool(body.get("describeOnly"))))
                return self._many(session, query_id, [runner.run(text, given) for text in texts])
            except Exception as error:
                return _failure(from_duckdb(error), query_id)

    def _many(self, session: Session, query_id: str, results: list[Result]) -> Answer:
        for result in results:
            future: Future[Answer] = Future()
            future.set_result(self._success(session, result.query_id, result))
            self._running[result.query_id] = _Running(session, future)
        parent = Result(
            [],
            "OTHER",
            extra={
                "resultIds": ",".join(r.query_id for r in results),
                "resultTypes": ",".join(str(STATEMENT_TYPES[r.kind]) for r in results),
            },
        )
        return self._success(session, query_id, parent)

    def _success(self, session: Session, query_id: str, result: Result) -> Answer:
        result.query_id = query_id
        session.remember(result)
        if result.extra.get("command") == "UPLOAD":
            return {
                "success": True,
                "code": None,
                "message": None,
                "data": {**result.extra, "queryId": query_id, "statementTypeId": STATEMENT_TYPES["OTHER"]},
            }
        rows = result.rowset()
        data = {
            "parameters": session.parameters.announced(),
            "rowtype": [column.rowtype() for column in result.columns],
            "rowset": rows,
            "total": len(rows),
            "returned": len(rows),
            "queryId": query_id,
            "databaseProvider": None,
            "finalDatabaseName": session.database,
            "finalSchemaName": session.schema,
            "finalWarehouseName": session.warehouse,
            "finalRoleName": session.role,
            "numberOfBinds": 0,
            "arrayBindSupported": result.kind == "INSERT",
            "statementTypeId": STATEMENT_TYPES[result.kind],
            "version": 1,
            "queryResultFormat": "json",
            **result.extra,
        }
        return {"success": True, "code": None, "message": None, "data": data}

    async def result(self, request: Request) -> JSONResponse:
        if self._session(request) is None:
            return _sign_in_again()
        return JSONResponse(await self._answer(request.path_params["query_id"]))

    async def monitor(self, request: Request) -> JSONResponse:
        running = self._running.get(request.path_params["query_id"])
        if running is None:
            return JSONResponse({"success": True, "code": None, "message": None, "data": {"queries": []}})
        state = "RUNNING"
        if running.future.done():
            state = "SUCCESS" if running.future.result()["success"] else "FAILED_WITH_ERROR"
        return JSONResponse(
            {
                "success": True,
                "code": None,
                "message": None,
                "data": {"queries": [{"id": request.path_params["query_id"], "status": state}]},
            }
        )

    async def abort(self, request: Request) -> JSONResponse:
        session = self._session(request)
        if session is None:
            return _sign_in_again()
        body = await _body(request)
        running = self._running.get(self._by_request.get(str(body.get("requestId")), ""))
        if running is not None and not running.future.done():
            running.session.interrupt(SnowflakeError(604, "57014", "SQL execution canceled"))
        return JSONResponse({"success": True, "code": None, "message": None, "data": None})

    async def ignore(self, _request: Request) -> JSONResponse:
        return JSONResponse({"success": True, "code": None, "message": None, "data": {}})

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        raw = gzip.decompress(raw)
    return json.loads(raw) if raw else {}


def _token(request: Request) -> str:
    """From `Authorization: Snowflake Token="…"`."""
    match = re.search(r'Token="([^"]*)"', request.headers.get("authorization", ""))
    return match[1] if match else ""


def _sign_in_again() -> JSONResponse:
    # 200, since drivers repeat a request that failed in HTTP
    return JSONResponse(
        {
            "success": False,
            "code": "390111",
            "message": "Session no longer exists. New login required to access the service.",
            "data": None,
        }
    )
