"""The web side: pages, requests, events. Answers this machine only; what it is asked is checked in `asking`."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import yaml
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from capsim.app.asking import (
    LARGEST_FILE_BYTES,
    DistrictQuestion,
    Files,
    MapQuestion,
    Question,
    asked_scenario,
    question_of,
)
from capsim.app.comparing import break_even_map, compare_worlds, follow_district, report_of
from capsim.app.pool import Jobs, Pool, problems_of
from capsim.app.told import LessonQuestion, lessons_told, play_positions, scenario_told, shipped_lesson
from capsim.errors import CapsimError
from capsim.figures.palette import css_variables
from capsim.lessons.page import lesson_facts
from capsim.page import PAGE
from capsim.scenario import Scenario, scenario_from_text, shipped_scenarios

HOST = "127.0.0.1"
LARGEST_QUESTION_BYTES = 20_000
_ALIVE_SECONDS = 10.0
"""Pause after which an idle stream says that it is still there, and finds out whether somebody is."""
_LONGEST_SESSION = 100
_MOST_FORGOTTEN = 20
"""Times the largest size after which nobody listens any more."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Guard:
    """Lets in who calls this server by its own address, and from its own page: no other site, no other name."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on, with the headers that every answer has."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refused = self._refused(headers)

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = [(key.lower().encode(), value.encode()) for key, value in _HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        if refused:
            await _problem(403, refused)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refused(self, headers: Mapping[str, str]) -> str:
        if headers.get("host", "") not in self._hosts:
            return f"this server answers to {' and '.join(sorted(self._hosts))} only"
        if headers.get("origin", next(iter(self._origins))) not in self._origins:
            return "this server answers its own page only"
        return ""


class _OfThePage(StaticFiles):
    """What a browser needs of the folder, and nothing else that lies there."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """A script or a style; no other file is found."""
        return super().lookup_path(path) if path.endswith((".js", ".css")) else ("", None)


def create_app(pool: Pool, *, port: int, own: Scenario | None = None) -> Starlette:
    """The app, for any ASGI server; `own` is the scenario of the command."""
    mimetypes.add_type("text/javascript", ".js")  # Windows may have it otherwise
    served = _Served(pool, Files(own))
    app = Starlette(
        routes=[
            Route("/", served.page),
            Route("/api/state", served.state),
            Route("/api/scenarios", _told(served.scenarios)),
            Route("/api/scenarios/{name}", _told(lambda name: scenario_told(served.files.named(name), name))),
            Route("/api/lessons", _told(lessons_told)),
            Route("/api/lessons/{name}", _told(lambda name: lesson_facts(shipped_lesson(name)))),
            Route("/api/files", served.upload, methods=["POST"]),
            Route("/api/yaml", served.as_yaml, methods=["POST"]),
            Route("/api/jobs/{kind}", served.ask, methods=["POST"]),
            Route("/api/jobs/{job}/events", served.events),
            Route("/api/jobs/{job}", served.stop, methods=["DELETE"]),
            Route("/page/colors.css", served.colors),
            Mount("/page", _OfThePage(directory=PAGE)),
        ],
        exception_handlers=dict.fromkeys((HTTPException, CapsimError, Exception), _failed),
    )
    app.add_middleware(Guard, port=port)
    return app


def _told(make: Callable[..., Any]) -> Callable[[Request], Awaitable[Response]]:
    """Answers with what a function makes of the path, in a thread."""

    async def answer(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(make, **request.path_params))

    return answer


def _problem(status: int, *lines: str) -> Response:
    return JSONResponse({"problems": list(lines)}, status_code=status)


def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _problem(error.status_code, f"{request.url.path}: {error.detail.lower()}")
    return _problem(400 if isinstance(error, CapsimError) else 500, *problems_of(error))


class _Served:
    """What is answered, path by path."""

    def __init__(self, pool: Pool, files: Files) -> None:
        self._pool, self.files, self._jobs = pool, files, Jobs(pool)

    async def page(self, _: Request) -> Response:
        return Response((PAGE / "index.html").read_bytes(), media_type="text/html; charset=utf-8")

    async def colors(self, _: Request) -> Response:
        """The colors of figures and reports by name, for light and dark screens."""
        return Response(css_variables(), media_type="text/css")

    async def state(self, _: Request) -> Response:
        """Whether everything is compiled."""
        pool = self._pool
        return JSONResponse({"state": pool.state, "seconds": round(pool.compiling_seconds), "trouble": pool.trouble})

    def scenarios(self) -> list[dict[str, str]]:
        """Names of what can be asked about; the first is where the page begins."""
        own = ["own"] if self.files.own else []
        names = [*own, *sorted(shipped_scenarios(), key=lambda name: name != "classroom")]
        return [{"id": name, "name": self.files.named(name).name} for name in names]

    async def upload(self, request: Request) -> Response:
        """Keep a scenario that somebody opens, under a random name."""
        text = await _body(request, LARGEST_FILE_BYTES)
        name = request.query_params.get("name", "").replace("\\", "/").rpartition("/")[2][:80] or "your file"
        try:
            content = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _problem(400, f"{name}: not UTF-8 text; save the file as UTF-8")
        scenario = await run_in_threadpool(scenario_from_text, content, name)
        file_id = secrets.token_urlsafe(24)
        self.files.keep(file_id, scenario)
        return JSONResponse({"id": file_id, "name": scenario.name})

    async def as_yaml(self, request: Request) -> Response:
        """The scenario that is asked about, as a file for `capsim compare`."""
        asked = question_of(await _json(request), Question)
        scenario = await run_in_threadpool(asked_scenario, self.files, asked)
        text = yaml.safe_dump(scenario.resolved(), sort_keys=False, allow_unicode=True, width=100)
        head = "# Written by `capsim app`; the same worlds again: capsim compare FILE\n"
        return Response(head + text, media_type="application/yaml; charset=utf-8")

    async def ask(self, request: Request) -> Response:
        """Take a job over; it begins when its events are listened to."""
        kind = request.path_params["kind"]
        if kind not in _KINDS:
            return _problem(404, f"no job {kind!r}; there are {', '.join(_KINDS)}")
        session = request.headers.get("x-session", "")
        if not 8 <= len(session) <= _LONGEST_SESSION:
            return _problem(400, "x-session: this header names the session, 8 letters or more")
        asked = question_of(await _json(request), _KINDS[kind][0])
        work = await run_in_threadpool(_KINDS[kind][1], self.files, asked)
        return JSONResponse({"id": self._jobs.add(session, kind, work)})

    async def stop(self, request: Request) -> Response:
        return JSONResponse({"stopped": self._jobs.stop(request.path_params["job"])})

    async def events(self, request: Request) -> Response:
        """Begin a job and tell its events; who stops listening stops it."""
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[tuple[str, dict[str, Any]]]()

        def hear(event: str, content: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(waiting.put_nowait, (event, content))

        job = self._jobs.listen(request.path_params["job"], hear)
        if job is None:
            return _problem(404, "this job has ended; ask again")
        return StreamingResponse(self._events_of(job.id, waiting), media_type="text/event-stream")

    async def _events_of(self, job_id: str, waiting: asyncio.Queue[tuple[str, dict[str, Any]]]) -> AsyncIterator[str]:
        event = ""
        try:
            while event not in ("done", "failed", "stopped"):
                try:
                    event, content = await asyncio.wait_for(waiting.get(), _ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still there\n\n"
                    continue
                yield f"event: {event}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n"
        finally:
            self._jobs.stop(job_id)


_KINDS: Mapping[str, tuple[type[BaseModel], Callable[[Files, Any], Any]]] = {
    "compare": (Question, lambda files, asked: compare_worlds(asked_scenario(files, asked))),
    "report": (Question, lambda files, asked: report_of(asked_scenario(files, asked))),
    "district": (DistrictQuestion, lambda files, asked: follow_district(asked_scenario(files, asked), asked)),
    "map": (MapQuestion, lambda files, asked: break_even_map(asked_scenario(files, asked), asked.along)),
    "lesson": (LessonQuestion, lambda _, asked: play_positions(shipped_lesson(asked.lesson))),
}
"""What can be asked: the form of the question, and the work that it is."""


async def _body(request: Request, largest: int) -> bytes:
    """What was sent, as long as it is not too long. Some of what is too long is read and forgotten, because a browser
    hears no answer before it has sent everything.
    """
    found, read = bytearray(), 0
    async for part in request.stream():
        read += len(part)
        if read <= largest:
            found += part
        elif read > _MOST_FORGOTTEN * largest:
            break
    if read > largest:
        raise CapsimError(f"larger than {largest / 1e6:g} MB; a scenario is a page or two")
    return bytes(found)


async def _json(request: Request) -> Any:
    try:
        return json.loads(await _body(request, LARGEST_QUESTION_BYTES))
    except ValueError:
        raise CapsimError("the request is not JSON") from None
