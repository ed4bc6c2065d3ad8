"""Where chunks run, behind one small interface; and the simplest of them, this process."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from capsim.runs.chunk import Ack, Chunk, run_chunk

__all__ = ["Answer", "ThisProcess", "Workers", "start_workers"]


class Answer(NamedTuple):
    """What became of a chunk: an `Ack`, or None when its worker died; and how it ended, if that is known."""

    chunk: Chunk
    ack: Ack | None
    end: str = ""


class Workers(Protocol):
    """A place where chunks run."""

    @property
    def room(self) -> int:
        """How many more chunks should be submitted now; a few for each worker are enough."""

    @property
    def size(self) -> int:
        """How many chunks run at the same time."""

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk over."""

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back; may be empty."""

    def close(self, *, now: bool) -> None:
        """Let go of the workers; with `now` drop what they do, otherwise nothing is in flight."""


class ThisProcess:
    """Runs chunks here, one after the other. A run that ends its process ends the study too."""

    def __init__(self) -> None:
        self._waiting: deque[Chunk] = deque()

    @property
    def room(self) -> int:
        """One chunk at a time."""
        return 1 - len(self._waiting)

    @property
    def size(self) -> int:
        """One."""
        return 1

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk over."""
        self._waiting.append(chunk)

    def answers(self) -> list[Answer]:
        """Run the chunk that waits."""
        return [Answer(chunk, run_chunk(chunk)) for chunk in (self._waiting.popleft(),)]

    def close(self, *, now: bool) -> None:
        """Forget what waits."""
        self._waiting.clear()


def start_workers(number: int, *, alone: bool = False) -> Workers:
    """Use this process for one worker, local processes for more; with `alone` a process for one, too."""
    if number == 1 and not alone:
        return ThisProcess()
    from capsim.runs.local_workers import LocalProcesses

    return LocalProcesses(number)
