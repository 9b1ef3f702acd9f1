"""Snowflake's HTTP protocol, as far as its drivers use it: log in, run a statement, cancel it, log out."""

from __future__ import annotations

import gzip
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fakesnow.transforms import SERVER_VERSION
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.key_pairs import KeyRing, LoginRefused
from emulator.log import redacted
from emulator.session import Session
from emulator.statement import OUTPUT_PARAMETERS, run_statement
from emulator.warehouse import Warehouse
from emulator.write_locks import WriteLocks

INVALID_LOGIN = "390144"
ROLE_NOT_GRANTED = "390189"
NO_SESSION = "390104"
SESSION_SECONDS = 14_400
TOKEN = re.compile(r'Snowflake Token="([^"]+)"')
OK = {"data": None, "code": None, "message": None, "success": True}


@dataclass
class Server:
    """The account: its users, its sessions and its warehouse."""

    warehouse: Warehouse
    key_ring: KeyRing
    log: logging.Logger
    abandoned_after_seconds: float
    locks: WriteLocks = field(default_factory=WriteLocks)
    sessions: dict[str, Session] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The ASGI application; it closes the warehouse when the server ends."""
        return Starlette(
            routes=[
                Route("/health", self.health, methods=["GET"]),
                Route("/session/v1/login-request", self.login, methods=["POST"]),
                Route("/session", self._in_session(self.session), methods=["POST"]),
                Route("/session/heartbeat", self._in_session(self.heartbeat), methods=["POST"]),
                Route("/queries/v1/query-request", self._in_session(self.query), methods=["POST"]),
                Route("/queries/v1/abort-request", self._in_session(self.abort), methods=["POST"]),
                Route("/telemetry/send", self.telemetry, methods=["POST"]),
            ],
            lifespan=self.lifespan,
        )

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.log.info("ready")
        yield
        for session in list(self.sessions.values()):
            session.cancel()
            async with session.turn:
                await run_in_threadpool(session.end)
        await run_in_threadpool(self.warehouse.close)
        self.log.info("closed")

    async def health(self, _: Request) -> JSONResponse:
        return JSONResponse({"status": "ready", "sessions": len(self.sessions)})

    async def telemetry(self, _: Request) -> JSONResponse:
        return JSONResponse(OK)

    async def heartbeat(self, _: Request, __: Session) -> JSONResponse:
        return JSONResponse(OK)

    async def login(self, request: Request) -> JSONResponse:
        data = (await _body(request)).get("data", {})
        try:
            user = self.key_ring.verify(data)
        except LoginRefused as refusal:
            return self._refused(data, INVALID_LOGIN, str(refusal))
        query = request.query_params
        role = (query.get("roleName") or user).upper()
        if role not in (user, "PUBLIC"):
            # Each user of the platform has the one role of its own name.
            reason = f"Role '{role}' specified in the connect string is not granted to this user."
            return self._refused(data, ROLE_NOT_GRANTED, reason)
        session = Session(
            warehouse=self.warehouse,
            locks=self.locks,
            user=user,
            account=str(data.get("ACCOUNT_NAME", "")).upper(),
            role=role,
            warehouse_name=query.get("warehouse"),
            database=query.get("databaseName"),
            schema=query.get("schemaName"),
            abandoned_after_seconds=self.abandoned_after_seconds,
        )
        self.sessions[session.token] = session
        self.log.info("login", extra={"fields": {"user": user, "role": role}})
        return JSONResponse({**OK, "data": _welcome(session)})

    def _refused(self, data: dict[str, Any], code: str, reason: str) -> JSONResponse:
        self.log.warning("login refused", extra={"fields": {"user": data.get("LOGIN_NAME"), "code": code}})
        answer = {"data": {"authnMethod": "KEYPAIR"}, "code": code, "message": reason, "success": False}
        return JSONResponse(answer)

    async def query(self, request: Request, session: Session) -> JSONResponse:
        body = await _body(request)
        # DuckDB refuses a second statement on a connection that is running one.
        async with session.turn:
            session.start_statement()
            started = time.monotonic()
            try:
                answer = await run_in_threadpool(run_statement, session, body)
            finally:
                session.end_statement()
        fields = {"user": session.user, "ms": round(1000 * (time.monotonic() - started)), "code": answer["code"]}
        self.log.info("statement", extra={"fields": fields | {"sql": redacted(body.get("sqlText", ""))}})
        return JSONResponse(answer)

    async def abort(self, _: Request, session: Session) -> JSONResponse:
        session.cancel()
        return JSONResponse(OK)

    async def session(self, request: Request, session: Session) -> JSONResponse:
        if request.query_params.get("delete"):
            self.sessions.pop(session.token, None)
            session.cancel()
            async with session.turn:
                await run_in_threadpool(session.end)
        return JSONResponse(OK)

    def _in_session(
        self, handle: Callable[[Request, Session], Awaitable[JSONResponse]]
    ) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def answer(request: Request) -> JSONResponse:
            token = TOKEN.search(request.headers.get("Authorization", ""))
            session = self.sessions.get(token[1]) if token else None
            if session is None:
                gone = {"data": None, "code": NO_SESSION, "message": "User must login again to access the service."}
                return JSONResponse({**gone, "success": False}, status_code=401)
            return await handle(request, session)

        return answer


def _welcome(session: Session) -> dict[str, Any]:
    return {
        "token": session.token,
        "masterToken": session.token,
        "validityInSeconds": SESSION_SECONDS,
        "masterValidityInSeconds": SESSION_SECONDS,
        "sessionId": int(session.session_id),
        "serverVersion": SERVER_VERSION,
        "parameters": [
            *OUTPUT_PARAMETERS,
            {"name": "AUTOCOMMIT", "value": True},
            {"name": "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", "value": 3600},
            # Array bindings come inside the request; there is no internal stage to put them on.
            {"name": "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "value": 0},
        ],
        "sessionInfo": {
            "databaseName": session.database,
            "schemaName": session.schema,
            "warehouseName": session.warehouse_name,
            "roleName": session.role,
        },
    }


async def _body(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return json.loads(body or b"{}")
