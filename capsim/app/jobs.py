"""What somebody has asked for and waits for: each under a random id, its events one after the other. Knows no web."""

from __future__ import annotations

import secrets
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from capsim.app.pool import Pool, Share
from capsim.errors import CapsimError, InputError, printable
from capsim.runs.workers import StoppedError

MOST_JOBS = 100
"""Jobs at the same time; the oldest that nobody listens to makes room."""

Tell = Callable[..., None]
"""Called with the name of an event and its content by keyword."""


@dataclass(slots=True)
class Asked:
    """A job: `work` gets workers and a function that tells what has come out so far."""

    session: str
    kind: str
    work: Callable[[Share, Tell], None]
    share: Share
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    begun: bool = False

    def stop(self) -> None:
        """Nobody waits any more."""
        self.share.stop()
        self.share.close(now=True)


class Jobs:
    """The jobs of all sessions; of one kind a session has the latest only."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._lock = pool, threading.Lock()
        self._jobs: OrderedDict[str, Asked] = OrderedDict()

    def add(self, session: str, kind: str, work: Callable[[Share, Tell], None]) -> str:
        """Take a job over and stop the one that it follows; it begins when somebody listens. Returns its id."""
        job = Asked(session, kind, work, self._pool.share())
        with self._lock:
            followed = [one for one in self._jobs.values() if (one.session, one.kind) == (session, kind)]
            idle = [one for one in self._jobs.values() if not one.begun and one not in followed]
            if len(self._jobs) - len(followed) >= MOST_JOBS and not idle:
                raise CapsimError(f"{MOST_JOBS} jobs are running; try again in a moment")
            room = idle[:1] if len(self._jobs) - len(followed) >= MOST_JOBS else []
            for one in (*followed, *room):
                del self._jobs[one.id]
            self._jobs[job.id] = job
        for one in (*followed, *room):
            one.stop()
        return job.id

    def listen(self, job_id: str, hear: Callable[[str, dict[str, Any]], None]) -> Asked | None:
        """Begin a job, in a thread of its own; None if it is unknown or has begun. `hear` gets every event."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.begun:
                return None
            job.begun = True
        threading.Thread(target=self._run, args=(job, hear), daemon=True).start()
        return job

    def stop(self, job_id: str) -> bool:
        """Stop a job; whether there was one."""
        with self._lock:
            job = self._jobs.pop(job_id, None)
        if job is not None:
            job.stop()
        return job is not None

    def __len__(self) -> int:
        return len(self._jobs)

    def _run(self, job: Asked, hear: Callable[[str, dict[str, Any]], None]) -> None:
        def tell(event: str, **content: Any) -> None:
            if not job.share.stopped:
                hear(event, content)

        try:
            job.work(job.share, tell)
            tell("done")
        except StoppedError:
            hear("stopped", {})
        except Exception as error:
            tell("failed", problems=problems_of(error))
        finally:
            with self._lock:
                self._jobs.pop(job.id, None)
            job.stop()


def problems_of(error: Exception) -> list[str]:
    """One line for each thing that is wrong; a fault of capsim is called one."""
    if isinstance(error, InputError):
        return [printable(line) for line in error.lines]
    if isinstance(error, CapsimError):
        return [printable(next((line for line in reversed(str(error).splitlines()) if line.strip()), "failed"))]
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({where[0].filename.rpartition('/')[2]}:{where[0].lineno})" if where else ""
    text = " ".join(str(error).split())[:200]
    return [f"a fault of capsim: {type(error).__name__}: {text}{place}; please report it"]
