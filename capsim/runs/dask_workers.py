"""A cluster that dask.distributed already runs, given by its address. Imports dask only when it is asked for."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import time
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from capsim.errors import CapsimError, InputError, import_extra
from capsim.runs.workers import Answer, Job

_WATCH_SECONDS = 0.5
_PATIENCE_SECONDS = 10.0
"""How long a scheduler may be out of reach."""


class DaskCluster:
    """Workers of a dask cluster; results of a study go to the shared folder, only acknowledgements travel.

    Given by the address of its scheduler, or by the file that ``dask scheduler --scheduler-file`` writes.
    """

    def __init__(self, address: str = "", scheduler_file: str = "") -> None:
        client = import_extra("distributed", extra="dask", problem="--dask needs dask.distributed").Client
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._where = address or scheduler_file
        address = address or _address_in(Path(scheduler_file))
        try:
            self._client = client(address, timeout=_PATIENCE_SECONDS, set_as_default=False)
        except Exception as error:  # what dask raises depends on how far it came, and on clients that came before
            raise InputError(f"{self._where}: no dask scheduler answers: {error}") from error
        self._flying: dict[str, tuple[Job, Any]] = {}
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._size, self._asked_at, self._lost_at = 1, 0.0, 0.0

    @property
    def size(self) -> int:
        """Worker processes now; at least one, because a cluster may still be growing."""
        if time.monotonic() - self._asked_at > 2.0:
            self._asked_at = time.monotonic()
            with contextlib.suppress(OSError, RuntimeError, KeyError):
                self._size = max(1, len(self._client.nthreads()))
        return self._size

    def submit(self, job: Job) -> None:
        """Hand a job to the scheduler."""
        try:
            future = self._client.submit(job, key=f"capsim-{job.number}", pure=False)
        except (OSError, RuntimeError) as error:
            raise self._gone() from error
        self._flying[job.number] = (job, future)
        future.add_done_callback(lambda _, number=job.number: self._done.put(number))

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back."""
        found = []
        with contextlib.suppress(queue.Empty):
            number = self._done.get(timeout=_WATCH_SECONDS)
            while True:
                found.append(self._answer(number))
                number = self._done.get_nowait()
        self._watch()
        return found

    def _answer(self, number: str) -> Answer:
        from distributed import KilledWorker

        job, future = self._flying.pop(number)
        try:
            if future.status == "finished":
                return Answer(job, future.result())
            error = future.exception() if future.status == "error" else None
        except CancelledError as lost:  # the scheduler went away in between
            raise self._gone() from lost
        if isinstance(error, KilledWorker):
            return Answer(job, death="")
        if error is None:
            raise self._gone()
        raise CapsimError(f"a dask worker cannot run capsim: {type(error).__name__}: {error}")

    def _watch(self) -> None:
        if self._client.status == "running":
            self._lost_at = 0.0
            return
        self._lost_at = self._lost_at or time.monotonic()
        if self._client.status == "closed" or time.monotonic() - self._lost_at > _PATIENCE_SECONDS:
            raise self._gone()

    def _gone(self) -> CapsimError:
        return CapsimError(
            f"the dask scheduler {self._where} is gone; what was reported done is stored. Start a scheduler and run "
            "the same command again"
        )

    def close(self, *, now: bool) -> None:
        """Leave the cluster as it is; chunks that have begun end by themselves, whole."""
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            if now and self._client.status == "running":
                self._client.cancel([future for _, future in self._flying.values()], force=True)
            self._client.close(timeout=2.0)


def _address_in(scheduler_file: Path) -> str:
    """The address in a scheduler's file: dask itself waits for ever for one that is not there."""
    try:
        return str(json.loads(scheduler_file.read_bytes())["address"])
    except OSError as error:
        raise InputError(f"{scheduler_file}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{scheduler_file}: is no file that dask scheduler --scheduler-file writes") from error
