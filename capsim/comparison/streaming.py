"""A comparison as a stream: its worlds one by one as they end, with how far it is, and a way to stop it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.strategy import Strategy
from capsim.catalogue import BASELINE
from capsim.comparison.asking import Asked, outcome_column, refuse_unknown
from capsim.comparison.request import Request, request_for
from capsim.errors import InputError, Problems, nearest_name
from capsim.runs.blocks import RECORDED, BlockResult
from capsim.runs.outcomes import OUTCOME_GROUP
from capsim.runs.workers import Pace, StoppedError, Workers

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison


@dataclass(frozen=True, slots=True)
class FinishedWorld:
    """One world in which every strategy was run with the same luck.

    Attributes
    ----------
    replicate : int
    assumptions : {"default", "drawn"}
    outcomes : mapping of str to mapping of str to float
        By strategy, what a row of `Comparison.runs` holds; none of a run that failed.
    failures : mapping of str to str
        By strategy, why it failed.
    values : mapping of str to float
        Parameters of this world.
    outcome : str
        Column of the outcome that the question asks for.
    result : BlockResult
        Everything, as it comes from the workers.
    """

    replicate: int
    assumptions: str
    outcomes: Mapping[str, Mapping[str, float]]
    failures: Mapping[str, str]
    values: Mapping[str, float]
    outcome: str
    result: BlockResult = field(repr=False)
    _columns: tuple[str, ...] = field(repr=False)

    def gain(self, strategy: str, over: str = BASELINE, outcome: str | None = None) -> float:
        """Outcome of a strategy minus that of another in this world; NaN if one of both runs failed."""
        column = self.outcome if outcome is None else outcome
        found = []
        for name in (strategy, over):
            self._known(name)
            row = self.outcomes.get(name)
            if row is not None and column not in row:
                raise InputError(f"outcome: unknown outcome {column!r}{nearest_name(column, row)}")
            found.append(float("nan") if row is None else row[column])
        return found[0] - found[1]

    def path(self, strategy: str, measure: str = "use", level: str = OUTCOME_GROUP) -> NDArray[np.float64]:
        """A measure at the end of each month, (months,), as mean over a level or group of agencies of `history`."""
        self._known(strategy)
        for what, given, known in (("measure", measure, self._columns), ("level", level, RECORDED)):
            if given not in known:
                raise InputError(f"{what}: no {what} {given!r}{nearest_name(given, known)}")
        monthly = next(run.monthly for run in self.result.runs if run.strategy == strategy)
        if not len(monthly):
            return np.empty(0)
        path: NDArray[np.float64] = monthly[:, RECORDED.index(level), self._columns.index(measure)].copy()
        return path

    def _known(self, strategy: str) -> None:
        names = [run.strategy for run in self.result.runs]
        if strategy not in names:
            raise InputError(f"strategy: {strategy!r} was not run{nearest_name(strategy, names)}")


class Stream(Iterator[FinishedWorld]):
    """Worlds of a comparison in their order, each as soon as it and those before it are done.

    Iterate over it in one thread; `cancel` may be called from any. Closing it, leaving its ``with`` block or forgetting
    it ends its worker processes at once.

    Attributes
    ----------
    scenario : Scenario
    strategies : tuple of str
    cancelled : bool
    """

    def __init__(self, asked: Request, crew: Workers | None = None) -> None:
        self._asked, self._stop, self._pace = asked, threading.Event(), Pace()
        self.scenario, self.strategies = asked.question, tuple(asked.chosen)
        self._results: list[BlockResult] = []
        self._ended = False
        self._outcome = outcome_column(asked.question, None)
        self._made = asked.results(
            asked.run["workers"] if crew is None else crew, progress=self._note, stop=self._stop.is_set
        )
        self._expected = asked.scenario.replications * (1 if asked.scenario.uncertainty == "none" else 2)

    def __repr__(self) -> str:
        return f"<Stream of {self.scenario.name!r}: {self.done} of {self.total} worlds>"

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> FinishedWorld:
        if self._stop.is_set():
            self._made.close()
            raise StopIteration
        try:
            result = next(self._made)
        except StoppedError:
            raise StopIteration from None
        except StopIteration:
            self._ended = True
            raise
        self._results.append(result if self._asked.tables else _light(result))
        done = {run.strategy: MappingProxyType(run.outcomes) for run in result.runs if not run.failure}
        return FinishedWorld(
            replicate=result.replicate,
            assumptions=result.assumptions,
            outcomes=MappingProxyType(done),
            failures=MappingProxyType({run.strategy: run.failure for run in result.runs if run.failure}),
            values=MappingProxyType(dict(result.values)),
            outcome=self._outcome,
            result=result,
            _columns=tuple(self.scenario.recorded),
        )

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _note(self, done: int, total: int, failed: int) -> None:
        self._pace.note(done, total, failed)
        progress = self._asked.run["progress"]
        if progress is not None:
            progress(done, total, failed)

    @property
    def done(self) -> int:
        """Worlds that have been handed out."""
        return len(self._results)

    @property
    def total(self) -> int:
        """Worlds in all, as far as is known: with `precision` there may be more."""
        if self._asked.precision is None:
            return self._expected
        return self.done + self._pace.total - self._pace.done

    @property
    def failed(self) -> int:
        """Runs that failed so far."""
        return sum(result.failed for result in self._results)

    @property
    def seconds_left(self) -> float | None:
        """Time until all worlds are done; None before the second."""
        return self._pace.seconds_left

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Stop: no further world is handed out, and the loop over the stream ends within a second or a world."""
        self._stop.set()

    def close(self) -> None:
        """Stop, unless everything is done, and let go of the workers."""
        if not self._ended:
            self._stop.set()
        with contextlib.suppress(ValueError):  # another thread waits for a world; it finds out that it is to stop
            self._made.close()

    def comparison(self) -> Comparison:
        """What `capsim.compare` returns, of the worlds that were handed out so far.

        Raises
        ------
        InputError
            Before two worlds of the first set of assumptions are there.
        """
        from capsim.comparison.assembling import assemble_comparison

        if sum(result.assumptions == "default" for result in self._results) < 2:
            raise InputError(f"stream: {self.done} of {self.total} worlds are done; a comparison needs two")
        return assemble_comparison(
            self.scenario,
            self.strategies,
            self._results,
            [],
            precision=self._asked.precision,
            tables=self._asked.tables,
        )


def _light(result: BlockResult) -> BlockResult:
    """A world without what only tables are made of."""
    runs = [replace(run, monthly=np.empty((0, 0, 0)), by_organization={}, counted={}) for run in result.runs]
    return replace(result, runs=runs)


def stream(
    scenario: Any,
    strategies: Sequence[str | Strategy | type[Strategy]] | str | None = None,
    *,
    tables: bool = True,
    **asked: Unpack[Asked],
) -> Stream:
    """Run strategies in paired replications and hand out each world as it ends.

    The worlds are those of `capsim.compare` with the same arguments, in the same order, whatever the workers.

    Parameters
    ----------
    scenario, strategies
        As for `capsim.compare`.
    tables : bool
        Without them the comparison of the worlds has the runs with their outcomes only: enough for differences and
        verdicts, quicker than the worlds of a small scenario, and a world that was handed out takes hardly any memory.
    **asked
        contrast, replications, precision, uncertainty, weight, keep_agencies, workers, seed, time_limit_seconds,
        progress: likewise.

    Returns
    -------
    Stream
        Nothing runs before its first world is asked for.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.

    Examples
    --------
    >>> with stream("classroom", ["blended"], replications=2) as worlds:
    ...     gains = [world.gain("blended") for world in worlds]
    >>> len(gains)
    2
    """
    refuse_unknown("stream", asked, Asked.__annotations__)
    return Stream(replace(request_for(scenario, strategies, asked, Problems()), tables=tables))
