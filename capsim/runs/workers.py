"""Where jobs are done, behind one small interface: in this process, in local processes, or by anybody's workers; and
how fast they end.

Local processes are plain children with two pipes. So the end of a pipe says at once that a process is gone, whatever it
was doing; nothing of the calling script is imported, and no ``__main__`` guard needed; and a child whose parent is gone
ends.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple, Protocol

from capsim.errors import CapsimError

Progress = Callable[[int, int, int], None]
"""Called with what is done, what there is in all, failed runs."""


class Pace:
    """What is done of what, and how fast.

    The clock starts when the first new unit ends, and there is no estimate before a second one: what comes before is
    compiling, and settling of the first worlds. A number done that is not larger begins another stage. What `resumes`
    has as the first number of a stage what an earlier session has stored.
    """

    def __init__(self, *, resumes: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = self.total = self.failed = 0
        self._resumes, self._clock = resumes, clock
        self._stored = 0
        self._first: tuple[int, float] | None = None

    def note(self, done: int, total: int, failed: int) -> None:
        """Take over what is done now."""
        if not self.total or done <= self.done:
            self._stored = done if self._resumes else 0
            self._first = None
        if self._first is None and done > self._stored:
            self._first = (done, self._clock())
        self.done, self.total, self.failed = done, total, failed

    @property
    def started(self) -> bool:
        """Whether a new unit has ended."""
        return self._first is not None

    @property
    def rate(self) -> float:
        """Units a second; 0 while nobody knows."""
        if self._first is None:
            return 0.0
        new, since = self.done - self._first[0], self._clock() - self._first[1]
        return new / since if since > 0.0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time until all are done; None while nobody knows."""
        if self.total and self.done >= self.total:
            return 0.0
        rate = self.rate
        return (self.total - self.done) / rate if rate > 0.0 else None


IN_FLIGHT = 2
"""Jobs that each worker should hold: one that is done, one that waits, so that it is never idle."""

_WATCH_SECONDS = 0.5
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
_ONE_AT_A_TIME = threading.Lock()
"""A process does one job at a time, even if its owner gives it several threads."""
_NUMBERS = (f"{os.getpid():x}-{time.time_ns():x}-{number}" for number in itertools.count())


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done anywhere: a function of a module and its argument, plain data. No two have one number."""

    work: Callable[[Any], Any]
    content: Any
    number: str = field(default_factory=lambda: next(_NUMBERS))

    def __call__(self) -> Any:
        """Do it, and give back its result. What goes wrong is a result too: only a worker that dies gives none."""
        try:
            with _ONE_AT_A_TIME:
                return self.work(self.content)
        except KeyboardInterrupt:
            raise
        except CapsimError as error:
            return Raised(error)
        except BaseException:
            return Raised(CapsimError(traceback.format_exc()))


class StoppedError(CapsimError):
    """Whoever asked for the work wants no more of it."""


class Raised(NamedTuple):
    """In place of the result of a job: the error that it raised."""

    error: CapsimError


class Answer(NamedTuple):
    """What became of a job: what calling it gave, or its worker's `death`, empty where nobody knows how it ended."""

    job: Job
    result: Any = None
    death: str | None = None

    def value(self) -> Any:
        """The result; an error that the job raised is raised here."""
        if isinstance(self.result, Raised):
            raise self.result.error
        return self.result


class Workers(Protocol):
    """A place where jobs are done. Whatever has these four can be given as ``workers=``; see docs/executors.md."""

    @property
    def size(self) -> int:
        """How many jobs are done at the same time; may change."""

    def submit(self, job: Job) -> None:
        """Take a job over; it is a callable without arguments that can be pickled."""

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back, in any order; may be empty."""

    def close(self, *, now: bool) -> None:
        """Let go of the workers; with `now` drop what they do, otherwise nothing is in flight."""


def workers_problem(workers: object) -> str | None:
    """Say what is wrong with what was given as ``workers=``, or return None."""
    from capsim.numbers import integral  # with it comes numpy, which a command that only shows help does without

    number = integral(workers)
    if isinstance(number, int) and not isinstance(number, bool):
        return None if number >= 1 else f"workers: must be 1 or more, got {number}"
    if all(hasattr(workers, name) for name in ("size", "submit", "answers", "close")):
        return None
    return f"workers: must be a whole number, or an object with size, submit, answers and close; got {workers!r}"


@contextlib.contextmanager
def ending(crew: Workers) -> Iterator[Workers]:
    """Workers that end with what is inside: at once if it is interrupted or fails."""
    complete = False
    try:
        yield crew
        complete = True
    finally:
        crew.close(now=not complete)


ADVICE = (
    "If the workers are your own processes, put the call of your script under "
    '`if __name__ == "__main__":`, or use workers=1; if memory is short use fewer workers'
)
"""What to do when workers end before they begin."""


class ThisProcess:
    """Does jobs here, one after the other. One that ends its process ends everything."""

    size = 1

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()

    def submit(self, job: Job) -> None:
        """Take a job over."""
        self._waiting.append(job)

    def answers(self) -> list[Answer]:
        """Do the job that has waited longest; an error goes straight to the caller."""
        job = self._waiting.popleft()
        return [Answer(job, job.work(job.content))]

    def close(self, *, now: bool) -> None:
        """Forget what waits."""
        self._waiting.clear()


class LocalProcesses:
    """Processes on this machine, one thread each, started when they are first needed."""

    def __init__(self, number: int) -> None:
        self.size = number
        self._done: queue.SimpleQueue[tuple[_Process, bytes | None]] = queue.SimpleQueue()
        self._processes: list[_Process] = []

    def submit(self, job: Job) -> None:
        """Hand a job to the process with the fewest."""
        idle = [one for one in self._processes if one.alive]
        if len(idle) < self.size and all(one.flying for one in idle):
            idle.append(_Process(self._done))
            self._processes.append(idle[-1])
        min(idle, key=lambda one: len(one.flying)).submit(job)

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back."""
        found: list[Answer] = []
        with contextlib.suppress(queue.Empty):
            process, result = self._done.get(timeout=_WATCH_SECONDS)
            while True:
                found += self._bury(process) if result is None else [process.answer(result)]
                process, result = self._done.get_nowait()
        return found

    def _bury(self, process: _Process) -> list[Answer]:
        """A process has ended: the job that it did is lost, those that waited go to another."""
        if process not in self._processes:
            return []
        self._processes.remove(process)
        end = process.end(now=True)
        lost = [Answer(process.flying.popleft(), death=end)] if process.flying else []
        for job in process.flying:
            self.submit(job)
        return lost

    def close(self, *, now: bool) -> None:
        """End the processes."""
        for process in self._processes:
            process.end(now=now)
        self._processes.clear()


class _Process:
    """A child that does jobs, and those it holds, oldest first."""

    def __init__(self, done: queue.SimpleQueue[tuple[_Process, bytes | None]]) -> None:
        boot = "import sys; sys.path[:] = sys.argv[1:]; from capsim.runs.workers import serve; serve()"
        # The terminal's Ctrl-C is for the parent alone.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-c", boot, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **_ONE_THREAD},
                **apart,
            )
        except OSError as error:
            raise CapsimError(f"worker processes cannot be started: {error}; use fewer workers") from error
        self.flying: deque[Job] = deque()
        threading.Thread(target=self._listen, args=(done,), daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def _listen(self, done: queue.SimpleQueue[tuple[_Process, bytes | None]]) -> None:
        assert self._child.stdout is not None
        while (result := _read(self._child.stdout)) is not None:
            done.put((self, result))
        done.put((self, None))

    def submit(self, job: Job) -> None:
        assert self._child.stdin is not None
        self.flying.append(job)
        with contextlib.suppress(OSError):  # it has ended, and will be buried
            _write(self._child.stdin, job)

    def answer(self, result: bytes) -> Answer:
        return Answer(self.flying.popleft(), pickle.loads(result))

    def end(self, *, now: bool) -> str:
        """End the child, at once or when it has nothing to do; say how it ended."""
        assert self._child.stdin is not None
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        if now:
            self._child.kill()  # of one that has ended already this changes nothing
        return exit_in_words(self._child.wait())


def exit_in_words(code: int) -> str:
    """``exit 1``, or ``killed by signal 9 (SIGKILL)`` for the negative code of a process that a signal ended."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"killed by signal {-code}"


def serve() -> None:
    """What a child does: one job after the other, until nobody is there to give one."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a user's own code prints must not come between the answers
    given = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(given, waiting), daemon=True).start()
    while True:
        result = pickle.loads(waiting.get())()
        try:
            _write(answers, result)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            _write(answers, Raised(CapsimError(f"the result of a job cannot be handed over: {error}")))


def _receive(given: IO[bytes], waiting: queue.SimpleQueue[bytes]) -> None:
    while (job := _read(given)) is not None:
        waiting.put(job)
    os._exit(0)  # whatever is being done: nobody waits for it


_LENGTH = struct.Struct("<Q")


def _write(pipe: IO[bytes], content: object) -> None:
    text = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(text)) + text)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """What the other end wrote; None when it is gone."""
    with contextlib.suppress(OSError, ValueError):
        head = pipe.read(_LENGTH.size)
        if len(head) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            text = pipe.read(length)
            if len(text) == length:
                return text
    return None
