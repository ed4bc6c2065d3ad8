"""What a sweep has to run: tasks in a fixed order, each with the names of its runs. Knows no store and no workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from capsim.runs.designs import design_points
from capsim.runs.factors import BUDGET
from capsim.runs.identity import canonical, plugin_sources, run_id_of_texts, with_source
from capsim.runs.study import StudyPart, SweepStudy
from capsim.runs.study_files import SAID_BY_THE_STUDY
from capsim.scenario import Scenario, as_scenario, file_of, scenario_hash
from capsim.scenario.checks import name_of_strategy
from capsim.streams.keys import key_from

_LUCK_BITS = 62
"""So that luck fits a signed 64-bit column."""


@dataclass(frozen=True, slots=True)
class Task:
    """Runs that share one settled world: plain data, made in the driver, run by a worker.

    Attributes
    ----------
    place : int
        Number of the point.
    point : tuple of float
        Values of the factors.
    luck : int
        What the random numbers are keyed by, in the place of a block's replicate.
    strategies : tuple of str
        What is simulated.
    keep : tuple of str
        What is stored of it; the others serve as baseline.
    ids : tuple of str
        Of the runs that are kept.
    """

    place: int
    point: tuple[float, ...]
    replicate: int
    luck: int
    strategies: tuple[str, ...]
    keep: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All points of a study, and who its runs are.

    Attributes
    ----------
    scenario : Scenario
        With the strategies and the seed of the study.
    content : str
        Hash of the scenario in the identity of runs.
    definitions : mapping
        Plain data that define each strategy.
    """

    study: SweepStudy
    scenario: Scenario
    factors: tuple[str, ...]
    points: list[tuple[float, ...]]
    content: str
    definitions: Mapping[str, Any]

    @property
    def blocks(self) -> int:
        """Points times replications."""
        return len(self.points) * self.study.replications

    @property
    def runs(self) -> int:
        """Blocks times strategies."""
        return self.blocks * len(self.study.strategies)

    @cached_property
    def plugins(self) -> dict[str, dict[str, str]]:
        """File and hash of the source of every strategy that is a plugin."""
        return plugin_sources(self.definitions.values(), file_of(self.study.scenario))

    @property
    def design_hash(self) -> str:
        """Of the points as numbers, because another version of a sampler may give others."""
        return hashlib.sha256(json.dumps([self.factors, self.points]).encode()).hexdigest()

    def tasks(self, *, stored: Container[str] = frozenset(), shard: tuple[int, int] = (1, 1)) -> Iterator[Task]:
        """Tasks that are left, point by point.

        Parameters
        ----------
        stored : container of str
            Ids of runs that are there already.
        shard : (int, int)
            Part i of n: every n-th block from the i-th.
        """
        part, parts = shard
        here = self._point(0)
        for block in range(part - 1, self.blocks, parts):
            place, replicate = divmod(block, self.study.replications)
            if place != here.place:
                here = self._point(place)
            yield from self._tasks_of(here, replicate, stored)

    def runs_of(self, shard: tuple[int, int]) -> int:
        """Number of runs of a part."""
        return len(range(shard[0] - 1, self.blocks, shard[1])) * len(self.study.strategies)

    def _tasks_of(self, here: _Point, replicate: int, stored: Container[str]) -> Iterator[Task]:
        names = self.study.strategy_names
        for group in [(name,) for name in names] if self.study.crn == "none" else [names]:
            luck = _luck(self.study.crn, here.where, replicate, group[0])
            ids = {name: self._run_id(name, luck, here) for name in group}
            keep = tuple(name for name in group if ids[name] not in stored)
            if keep:
                needed = tuple(name for name in group if name in keep or name == "none")
                yield Task(here.place, here.values, replicate, luck, needed, keep, tuple(ids[name] for name in keep))

    def _run_id(self, strategy: str, luck: int, here: _Point) -> str:
        """Who a run is, by content; see `capsim.runs.identity.run_id`."""
        return run_id_of_texts(
            scenario_hash=self.content, strategy=self._strategy_texts[strategy], replicate=luck, point=here.text
        )

    @cached_property
    def _strategy_texts(self) -> dict[str, str]:
        beside = file_of(self.study.scenario)
        return {name: canonical(with_source(one, beside)) for name, one in self.definitions.items()}

    def _point(self, place: int) -> _Point:
        point = self.points[place]
        values: dict[str, float | str] = dict(zip(self.factors, point, strict=True))
        text = canonical(values | {"assumptions": self.study.assumptions})
        return _Point(place, point, text, _where(self.factors, point))


class _Point(NamedTuple):
    """A point, with what names its runs: written once, not once a run."""

    place: int
    values: tuple[float, ...]
    text: str
    where: str


def luck_of(crn: str, factors: tuple[str, ...], point: tuple[float, ...], replicate: int, strategy: str) -> int:
    """What the random numbers of a run are keyed by.

    With ``all``, or without factors, it is the replicate, so that the run is the one `capsim compare` makes.
    """
    return _luck(crn, _where(factors, point), replicate, strategy)


def _where(factors: tuple[str, ...], point: tuple[float, ...]) -> str:
    """A point as text; empty without factors."""
    return json.dumps(dict(zip(factors, point, strict=True)), sort_keys=True, allow_nan=False) if factors else ""


def _luck(crn: str, where: str, replicate: int, strategy: str) -> int:
    if crn == "all" or (crn == "policies" and not where):
        return replicate
    parts = ("luck", where, replicate) if crn == "policies" else ("luck", where or "{}", replicate, strategy)
    return key_from(*parts) >> (64 - _LUCK_BITS)


def strategy_definitions(scenario: Scenario) -> dict[str, Any]:
    """Plain data that define the strategies of a scenario in the identity of runs, by name."""
    content = scenario.resolved()["strategies"]
    defined = [with_source(one, file_of(scenario)) for one in content]
    return dict(zip(scenario.strategy_names, defined, strict=True))


def content_hash(scenario: Scenario) -> str:
    """Hash of a scenario in the identity of runs: what decides their numbers, the seed among it."""
    return scenario_hash(scenario, leave_out=tuple(name for name in SAID_BY_THE_STUDY if name != "seed"))


def make_plan(study: SweepStudy) -> Plan:
    """Points and names of a study."""
    factors, points = design_points(study.design, study.factors, seed=study.seed)
    scenario = study_scenario(study)
    return Plan(
        study=study,
        scenario=scenario,
        factors=factors,
        points=[tuple(map(float, point)) for point in np.asarray(points)],
        content=content_hash(scenario),
        definitions=dict(zip(study.strategy_names, study.resolved()["strategies"], strict=True)),
    )


def study_scenario(study: StudyPart) -> Scenario:
    """The scenario of a study, with the strategies and the seed that the study says."""
    content = study.scenario.resolved()
    named = dict(zip(study.strategy_names, study.resolved()["strategies"], strict=True))
    others = [one for one in content["strategies"] if name_of_strategy(one) not in named]
    return as_scenario(study.scenario, strategies=[*others, *named.values()], seed=study.seed)


def point_overrides(factors: tuple[str, ...], point: tuple[float, ...]) -> dict[str, float]:
    """Parameters of a point."""
    return {name: value for name, value in zip(factors, point, strict=True) if name != BUDGET}


def scenario_at(scenario: Scenario, factors: tuple[str, ...], point: tuple[float, ...]) -> Scenario:
    """The scenario with the budget of a point, if that is a factor."""
    if BUDGET not in factors:
        return scenario
    return as_scenario(scenario, assistance={BUDGET: point[factors.index(BUDGET)]})
