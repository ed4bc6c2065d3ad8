"""One pool of workers for everybody who looks: sessions take turns, a job that nobody waits for any more is dropped.
And what somebody has asked for and waits for: each under a random id, its events one after the other. Knows no web.

Each process has a thread here that hands it one job after the other, so that an idle one begins at once.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from capsim.errors import CapsimError, InputError, last_line, printable
from capsim.runs.workers import Answer, Job, LocalProcesses, StoppedError, Workers

PATIENCE_SECONDS = 2.0
"""How long a job that was dropped may go on before its process is ended to make room."""
_WATCH_SECONDS = 0.5


def warm_up(_: object = None) -> bool:
    """Have everything compiled, and say whether it had to be; a function of a module, so that workers find it."""
    from capsim.runs.crews import compile_kernels

    return compile_kernels()


class Pool:
    """Processes that do the jobs of all sessions.

    Parameters
    ----------
    size : int
        Processes.
    warm : callable
        Done by the first process before any job, because it compiles. Where it says that it did, another process takes
        its place.
    crew : callable
        Makes the workers that one thread looks after.

    Attributes
    ----------
    state : {"compiling", "ready", "failed"}
    trouble : str
        Why it failed.
    """

    def __init__(
        self,
        size: int,
        *,
        warm: Callable[[Any], Any] = warm_up,
        crew: Callable[[], Workers] = lambda: LocalProcesses(1),
    ) -> None:
        self.size, self.state, self.trouble = size, "compiling", ""
        self._began = time.monotonic()
        self._turn = threading.Condition()
        self._waiting: deque[Share] = deque()  # shares with jobs, the next one first
        self._closed, self._warm = False, threading.Event()
        self._threads = [
            threading.Thread(target=self._look_after, args=(crew, warm if n == 0 else None), daemon=True)
            for n in range(size)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def compiling_seconds(self) -> float:
        """How long it has been compiling; 0 when it no longer does."""
        return time.monotonic() - self._began if self.state == "compiling" else 0.0

    def share(self) -> Share:
        """Workers for one request; close it when the request is done."""
        return Share(self)

    def close(self) -> None:
        """End all processes at once."""
        with self._turn:
            self._closed = True
            for share in self._waiting:
                share.stop()
            self._turn.notify_all()
        self._warm.set()
        for thread in self._threads:
            thread.join(timeout=5.0)

    # --- what threads do

    def _look_after(self, make: Callable[[], Workers], warm: Callable[[Any], Any] | None) -> None:
        crew = make()
        try:
            if warm is not None:
                self._compile(crew, warm)
            self._warm.wait()
            while (taken := self._next()) is not None:
                self._do(crew, *taken)
        finally:
            crew.close(now=True)

    def _compile(self, crew: Workers, warm: Callable[[Any], Any]) -> None:
        """State is ready when everything is compiled; what goes wrong is said, and jobs may still be tried.

        A process that has compiled keeps 200 MB for it: another takes its place, which loads what it finds.
        """
        try:
            if self._warmed(crew, warm):
                crew.close(now=False)
                self._warmed(crew, warm)
            self.state = "ready"
        except Exception as error:
            self.trouble = last_line(error, type(error).__name__)
            self.state = "failed"
        finally:
            self._warm.set()

    def _warmed(self, crew: Workers, warm: Callable[[Any], Any]) -> bool:
        crew.submit(Job(warm, None))
        while not (answers := crew.answers()) and not self._closed:
            pass
        for answer in map(Answer._make, answers):
            if answer.death is not None:
                raise CapsimError(f"the process that compiles ended ({answer.death or 'out of memory?'})")
            return bool(answer.value())
        return False

    def _next(self) -> tuple[Share, Job] | None:
        """The next job of the session whose turn it is."""
        with self._turn:
            while not self._closed:
                if self._waiting:
                    share = self._waiting.popleft()
                    job = share.queued.popleft() if share.queued else None
                    if share.queued:
                        self._waiting.append(share)
                    if job is not None:
                        return share, job
                else:
                    self._turn.wait()
        return None

    def _do(self, crew: Workers, share: Share, job: Job) -> None:
        """A job whose worker ends is tried once more."""
        for last in (False, True):
            crew.submit(job)
            answer = self._answer(crew, share, job)
            if answer is None or answer.death is None or last or share.stopped:
                break
        if answer is not None:
            share.done.put(answer)

    def _answer(self, crew: Workers, share: Share, job: Job) -> Answer | None:
        """What became of the job; None for one that was dropped."""
        since = None
        while not self._closed:
            for answer in map(Answer._make, crew.answers()):
                if answer.job.number == job.number:  # otherwise of one that was dropped
                    return answer
            if share.stopped:
                since = since or time.monotonic()
                if time.monotonic() - since > PATIENCE_SECONDS:
                    crew.close(now=True)  # the next job starts a new process
                    return None
        return None

    def take(self, share: Share, job: Job) -> None:
        """Let a job wait for its turn."""
        with self._turn:
            share.queued.append(job)
            if share not in self._waiting:
                self._waiting.append(share)
            self._turn.notify()

    def drop(self, share: Share) -> None:
        """Forget the jobs of a share that have not begun."""
        with self._turn:
            share.queued.clear()
            if share in self._waiting:
                self._waiting.remove(share)


class Share:
    """What one request has of the pool: workers to whoever runs blocks, see `capsim.runs.workers.Workers`."""

    def __init__(self, pool: Pool) -> None:
        self.size = pool.size
        self.queued: deque[Job] = deque()
        self.done: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._pool, self._stop = pool, threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether nobody waits any more."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Give up: whoever waits for answers gets `StoppedError`."""
        self._stop.set()

    def refuse_stopped(self) -> None:
        """Go no further where nobody waits."""
        if self.stopped:
            raise StoppedError("stopped")

    def submit(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._pool.take(self, job)

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back."""
        found: list[Answer] = []
        deadline = time.monotonic() + _WATCH_SECONDS
        while not found and time.monotonic() < deadline:
            self.refuse_stopped()
            try:
                found.append(self.done.get(timeout=0.05))
            except queue.Empty:
                continue
        return found

    def do(self, work: Callable[[Any], Any], *contents: Any) -> Iterator[Any]:
        """Jobs, one for each content, and their results as they come back."""
        for content in contents:
            self.submit(Job(work, content))
        for _ in contents:
            while not (answers := self.answers()):
                pass
            if answers[0].death is not None:
                raise CapsimError("a worker process was ended from outside, or out of memory; try again")
            yield answers[0].value()

    def close(self, *, now: bool) -> None:
        """Leave the pool to the others."""
        self.stop()
        self._pool.drop(self)


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
            one.share.close(now=True)
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
            job.share.close(now=True)
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
            job.share.close(now=True)


def problems_of(error: Exception) -> list[str]:
    """One line for each thing that is wrong; a fault of capsim is called one."""
    if isinstance(error, InputError):
        return [printable(line) for line in error.lines]
    if isinstance(error, CapsimError):
        return [printable(last_line(error, "failed"))]
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({where[0].filename.rpartition('/')[2]}:{where[0].lineno})" if where else ""
    text = " ".join(str(error).split())[:200]
    return [f"a fault of capsim: {type(error).__name__}: {text}{place}; please report it"]
