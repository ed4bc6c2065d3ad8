"""A running app on a free port, with two workers, for all tests of this folder; and what a page would ask of it."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser import needed

needed("starlette")
uvicorn = needed("uvicorn")

from capsim.app.pool import Pool  # noqa: E402
from capsim.app.server import create_app  # noqa: E402
from capsim.cli.viewing import _listening  # noqa: E402

PAIR = {"scenario": "classroom", "plans": ["organization_focused", "individual_focused"], "worlds": 8}


@dataclass
class Running:
    """An app that runs, and its pool."""

    address: str
    pool: Pool

    def call(self, path: str, content: Any = None, *, headers: dict[str, str] | None = None, method: str = "") -> Any:
        """Status and JSON of an answer; bytes are sent as they are."""
        body = content if content is None or isinstance(content, bytes) else json.dumps(content).encode()
        request = urllib.request.Request(
            self.address + path,
            data=body,
            headers={"X-Session": "a-session-of-tests", **(headers or {})},
            method=method or ("GET" if body is None else "POST"),
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                text, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            text, status = error.read(), error.code
        return status, json.loads(text) if text[:1] in b"{[" else text

    def ask(self, kind: str, question: dict[str, Any], session: str = "a-session-of-tests") -> str:
        """Id of a job."""
        status, found = self.call(f"api/jobs/{kind}", question, headers={"X-Session": session})
        assert status == 200, found
        return str(found["id"])

    def events(self, job: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """What a job tells, until it ends or the caller stops listening."""
        with urllib.request.urlopen(f"{self.address}api/jobs/{job}/events", timeout=600) as answer:
            name = ""
            for raw in answer:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    yield name, json.loads(line[6:])

    def told(self, kind: str, question: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Everything that a job tells."""
        return list(self.events(self.ask(kind, question)))


@pytest.fixture(scope="package")
def app() -> Iterator[Running]:
    listening = _listening("127.0.0.1", None)
    port = listening.getsockname()[1]
    pool = Pool(2)
    server = uvicorn.Server(uvicorn.Config(create_app(pool, port=port), log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started or pool.state == "compiling":
        time.sleep(0.02)
    yield Running(f"http://127.0.0.1:{port}/", pool)
    server.should_exit = True
    thread.join(timeout=20)
    pool.close()
