"""One pool of workers for everybody who looks: sessions take turns, a job that nobody waits for any more is dropped.

Each process has a thread here that hands it one job after the other, so that an idle one begins at once.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from capsim.errors import CapsimError
from capsim.runs.workers import Answer, Job, LocalProcesses, StoppedError, Workers

MOST_TRIES = 2
"""Workers that a job may see end before it is given up."""
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
            self.trouble = _last_line(error)
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

    def do(self, work: Callable[[Any], Any], content: Any) -> Any:
        """One job and its result."""
        self.submit(Job(work, content))
        while not (answers := self.answers()):
            pass
        answer = answers[0]
        if answer.death is not None:
            raise CapsimError("a worker process was ended from outside, or out of memory; try again")
        return answer.value()

    def close(self, *, now: bool) -> None:
        """Leave the pool to the others."""
        self.stop()
        self._pool.drop(self)


def _last_line(error: Exception) -> str:
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), type(error).__name__)
