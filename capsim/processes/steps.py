"""The compiled month: built-in processes run together, one call for all that stand next to each other.

The call is split only where something stands that is written in Python: a process of a user's own, a rule for single
persons, or the decision of a strategy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import float64, int32, int64, uint64
from numpy.typing import NDArray

from capsim.catalogue import MEASURES
from capsim.errors import InputError, own_code
from capsim.kernels import inner, kernel
from capsim.measures.capacities import capacities, current_routine, potential
from capsim.measures.groups import Groups, group_means
from capsim.measures.organizations import columns_of_record, measure, measure_gaps, measure_more, undefined_row
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.attention import ATTENTION, attend
from capsim.processes.climate import CLIMATE, respond
from capsim.processes.codification import CODIFICATION, codify
from capsim.processes.consultation import CONSULTATION, consult
from capsim.processes.environment import ENVIRONMENT, arrive
from capsim.processes.experience import EXPERIENCE, practise
from capsim.processes.hiring import HIRING, hire
from capsim.processes.implementation import IMPLEMENTATION, follow
from capsim.processes.obsolescence import OBSOLESCENCE, outdate
from capsim.processes.outcomes import OUTCOMES, bring_about
from capsim.processes.priorities import PRIORITIES, influence
from capsim.processes.process import WORD, Draws, Numbers, Process, Stream, fill_numbers
from capsim.processes.socialization import SOCIALIZATION, socialize
from capsim.processes.support import SUPPORT, help_below
from capsim.processes.ties import TIES, renew
from capsim.processes.turnover import TURNOVER, leave
from capsim.streams.keys import key_from_name
from capsim.structures import Structure, structure
from capsim.world import World
from capsim.world.invariants import broken_columns, broken_invariants
from capsim.world.slots import clear_hours


def _nobody_assists(world: World, numbers: Numbers, values: Values) -> None:
    """Place of the strategy in the month; each run puts its own process here."""


ASSISTANCE = Process(name="assistance", reads=(), writes=(), draws=Draws(), apply=_nobody_assists)

BUILT_IN = (
    ENVIRONMENT,
    TURNOVER,
    HIRING,
    ATTENTION,
    SUPPORT,
    EXPERIENCE,
    SOCIALIZATION,
    CODIFICATION,
    CONSULTATION,
    PRIORITIES,
    TIES,
    CLIMATE,
    OBSOLESCENCE,
    OUTCOMES,
    ASSISTANCE,
    IMPLEMENTATION,
)
"""The processes of the package in their order in the month; the code of each is its place here."""

_ASSISTANCE, _IMPLEMENTATION, _RECORD = range(len(BUILT_IN) - 2, len(BUILT_IN) + 1)

_TYPE = structure(
    "Run",
    {
        "steps": int64[::1],
        "draws": int64[:, ::1],
        "purpose": uint64[::1],
        "key": uint64[::1],
        "position": float64[::1],
        "organization": float64[::1],
        "world": float64[::1],
        "group_first": int32[::1],
        "group_member": int32[::1],
        "group_weight": float64[::1],
        "measured": float64[:, ::1],
        "monthly": float64[:, ::1],
    },
)


@kernel
def advance(w, p, r, first, last):
    """Steps `first` to `last` (not included) of the run `r`; the measure recorded that is no number, -1 for none."""
    undefined = -1
    for s in range(first, last):
        code = r.steps[s]
        if code >= _IMPLEMENTATION:
            if code == _IMPLEMENTATION or s == first or r.steps[s - 1] != _IMPLEMENTATION:
                undefined = _implement_and_record(w, p, r, code, s + 1 < last and r.steps[s + 1] == _RECORD)
            continue
        numbers = _numbers(w, r, code)
        if code == 0:
            arrive(w, p, numbers)
        elif code == 1:
            leave(w, p, numbers)
        elif code == 2:
            hire(w, p, numbers)
        elif code == 3:
            attend(w, p, numbers)
        elif code == 4:
            help_below(w, p, numbers)
        elif code == 5:
            practise(w, p, numbers)
        elif code == 6:
            socialize(w, p, numbers)
        elif code == 7:
            codify(w, p, numbers)
        elif code == 8:
            consult(w, p, numbers)
        elif code == 9:
            influence(w, p, numbers)
        elif code == 10:
            renew(w, p, numbers)
        elif code == 11:
            respond(w, p, numbers)
        elif code == 12:
            outdate(w, p, numbers)
        elif code == 13:
            bring_about(w, p, numbers)
        elif code == _ASSISTANCE:
            clear_hours(w)
    return undefined


@inner
def _numbers(w, r, code):
    """Numbers of a process this month."""
    a, b, c = r.draws[code, 0], r.draws[code, 1], r.draws[code, 2]
    P, O = len(w.person) if a else 0, len(w.culture)
    numbers = Numbers(
        r.position[: P * a].reshape((P, a)),
        r.organization[: O * b].reshape((O, b)),
        r.world[:c].reshape((1, c)),
    )
    if a + b + c > 0:
        fill_numbers(w, numbers, r.draws[code, 3] > 0, r.key[0], r.purpose[code], np.uint64(w.clock[0]))
    return numbers


@inner
def _implement_and_record(w, p, r, code, recorded):
    """Capacities are worked out once for both: implementation changes none of them."""
    held = capacities(w, p)
    reached = potential(p, held, current_routine(w, p), w.resource_alignment, w.area_people)
    if code == _IMPLEMENTATION:
        follow(w, p, _numbers(w, r, code), reached)
    if not recorded and code != _RECORD:
        return -1
    measure(w, p, held, reached[0], r.measured)
    measure_more(w, r.measured)
    group_means(r.measured, r.group_first, r.group_member, r.group_weight, r.monthly[w.clock[0]])
    measure_gaps(w, len(r.group_first) - 1, r.monthly[w.clock[0]])
    return undefined_row(r.measured)


_NO_GROUPS = Groups(np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0))


class Steps:
    """The processes of a month bound to one world and run key: what `advance` needs, opened once.

    Parameters
    ----------
    processes : sequence of Process
        In the order of the month.
    world : World
    run_key : int
        64-bit key of the run; never contains the strategy.
    groups : Groups, optional
        Whose means are recorded, at the end of each of `months` months.
    months : int
    assisted : int
        Months before which the process named `assistance` has something to do.

    Attributes
    ----------
    columns : tuple of str
        What is recorded.
    monthly : (months, G * columns) float64
        NaN is undefined.
    measured : (columns, O) float64
        The same of every organization in the month that was recorded last.
    """

    def __init__(
        self,
        processes: Sequence[Process],
        world: World,
        run_key: int,
        *,
        groups: Groups | None = None,
        months: int = 0,
        assisted: int | None = None,
    ) -> None:
        recorded = _NO_GROUPS if groups is None else groups
        O, self.columns = world.layout.n_organizations, columns_of_record(world.layout)
        self.monthly = np.full((months, (len(recorded.first) - 1) * len(self.columns)), np.nan)
        self.measured = np.full((len(self.columns), O if groups else 0), np.nan)
        codes = [_code(process) for process in processes]
        self._run = _run(codes, world, run_key, recorded, self.monthly, self.measured, groups is not None)
        self._streams = {
            s: (process, Stream(process, world, run_key)) for s, process in enumerate(processes) if codes[s] < 0
        }
        self._own = [process.name for process, _ in self._streams.values() if process.name != ASSISTANCE.name]
        quiet = {s for s, (process, _) in self._streams.items() if process.name == ASSISTANCE.name}
        length = len(codes) + (groups is not None)
        self._parts = _parts(length, self._streams)
        self._quiet_parts = _parts(length, self._streams.keys() - quiet)
        self._cleared = 1 + next((s for s, one in enumerate(processes) if one.name == ENVIRONMENT.name), -1)
        self._assisted = assisted
        self._values: Values | None = None
        self._constants: Structure | None = None

    def advance(self, world: World, values: Values, departed: Sequence[int] = ()) -> None:
        """Let one month pass; `world` changes in place. Positions in `departed` were left since the month before."""
        if values is not self._values:
            self._values, self._constants = values, constants(values)
        month = int(world.clock[0])
        quiet = self._assisted is not None and month >= self._assisted
        parts = self._quiet_parts if quiet else self._parts
        for first, last in _split(parts, self._cleared) if departed else parts:
            if departed and first == self._cleared:
                _count_exits(world, departed)
            if last > first:
                undefined = advance(world.arrays, self._constants, self._run, first, last)
                if undefined >= 0:
                    self._refuse_undefined(world, undefined)
            else:
                process, stream = self._streams[first]
                if process.name == ASSISTANCE.name:
                    process.apply(world, stream.fill(month), values)
                else:
                    self._run_own(process, stream, world, values)
        world.clock[0] = month + 1
        if self._own:
            _refuse_broken(month, " or ".join(self._own), broken_invariants(world))

    def _run_own(self, process: Process, stream: Stream, world: World, values: Values) -> None:
        """A process that is not of the package, behind the boundary of all such code."""
        month = world.month
        with own_code(f"month: process {process.name!r} failed in month {month}"):
            process.apply(world, stream.fill(month), values)
        _refuse_broken(month, process.name, broken_columns(world))  # before a kernel follows an index into nowhere

    def _refuse_undefined(self, world: World, row: int) -> None:
        name = tuple(MEASURES)[row]
        agency = world.layout.ids[int(np.flatnonzero(~np.isfinite(self.measured[row]))[0])]
        after = f", after process {' or '.join(self._own)}" if self._own else ""
        raise InputError(f"month {world.month}: {name} of agency {agency!r} is not a number{after}")


def _refuse_broken(month: int, own: str, broken: list[str]) -> None:
    """Name the processes of a user's own after which the world is what it cannot be."""
    if broken:
        raise InputError([f"month {month}: after process {own}: {line}" for line in broken])


def _code(process: Process) -> int:
    """Place in `BUILT_IN`; -1 for a process that is written in Python."""
    return next((code for code, known in enumerate(BUILT_IN) if known is process), -1)


def _parts(length: int, python: object) -> list[tuple[int, int]]:
    """Ranges of steps that run compiled; (s, s) for a step in Python."""
    parts, first = [], 0
    for s in sorted(python):  # type: ignore[call-overload]
        parts += [(first, s), (s, s)] if s > first else [(s, s)]
        first = s + 1
    return [*parts, (first, length)] if length > first else parts


def _split(parts: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    """The same ranges, one of which begins at a step."""
    halves = [((first, at), (at, last)) if first < at < last else ((first, last),) for first, last in parts]
    return [part for half in halves for part in half]


def _count_exits(world: World, departed: Sequence[int]) -> None:
    """Note exits from before the month, once the flags of the month before are cleared."""
    layout = world.layout
    for position in departed:
        organization = layout.organization[position]
        world.exits[organization] += 1
        if position == layout.first[organization]:
            world.leader_left[organization] = True
            world.leader_exit_age[organization] = 0


def _run(
    codes: list[int],
    world: World,
    run_key: int,
    groups: Groups,
    monthly: NDArray[np.float64],
    measured: NDArray[np.float64],
    recorded: bool,
) -> Structure:
    layout = world.layout
    draws = np.array(
        [
            (d.position, d.organization + d.area * layout.n_areas, d.world, d.vacancies_only)
            for d in (process.draws for process in BUILT_IN)
        ],
        np.int64,
    )
    most = draws[[code for code in codes if code >= 0]].max(axis=0, initial=0)
    steps = [_ASSISTANCE if code < 0 else code for code in codes]
    return _TYPE.holding(
        {
            "steps": np.array([*steps, *([_RECORD] if recorded else [])], np.int64),
            "draws": draws,
            "purpose": np.array([key_from_name(process.name) for process in BUILT_IN], np.uint64),
            "key": np.array([run_key % WORD], np.uint64),
            "position": np.empty(layout.n_positions * most[0]),
            "organization": np.empty(layout.n_organizations * most[1]),
            "world": np.empty(most[2]),
            "group_first": groups.first,
            "group_member": groups.member,
            "group_weight": groups.weight,
            "measured": measured,
            "monthly": monthly,
        }
    )
