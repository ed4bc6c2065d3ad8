"""What a sweep has to run: tasks in a fixed order, each with the names of its runs. Knows no store and no workers."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from capsim.catalogue import BASELINE
from capsim.runs.blocks import Block
from capsim.runs.designs import BUDGET, RULE_FACTORS, design_points, factor_of_number
from capsim.runs.identity import RESULTS_VERSION, canonical, plugin_sources, run_id_of_texts, with_source
from capsim.runs.store import Manifest, store_columns
from capsim.runs.study import SAID_BY_THE_STUDY, StudyPart, SweepStudy, study_hash
from capsim.scenario import Scenario, as_scenario, file_of, scenario_hash
from capsim.scenario.checks import name_of_strategy
from capsim.streams.keys import key_from

_LUCK_BITS = 62
"""So that luck fits a signed 64-bit column."""


@dataclass(frozen=True, slots=True)
class Task:
    """Runs that share one settled world: plain data, made in the driver, run by a worker.

    `luck` keys the random numbers, in the place of a block's replicate. Of the `strategies` that are simulated those to
    `keep` are stored, under their `ids`; the others serve as baseline.
    """

    place: int
    point: tuple[float | str, ...]
    replicate: int
    luck: int
    strategies: tuple[str, ...]
    keep: tuple[str, ...]
    ids: tuple[str, ...]

    def only(self, keep: Container[str]) -> Task:
        """The task with some of its runs, and the baseline that their gains need."""
        kept = {name: who for name, who in zip(self.keep, self.ids, strict=True) if name in keep}
        needed = tuple(name for name in self.strategies if name in kept or name == BASELINE)
        return Task(self.place, self.point, self.replicate, self.luck, needed, tuple(kept), tuple(kept.values()))

    def block(self, scenario: Scenario, factors: tuple[str, ...], assumptions: str = "default") -> Block:
        """What a worker does: parameters and rules are set in the block, a budget in its scenario."""
        point: dict[str, Any] = dict(zip(factors, self.point, strict=True))
        if BUDGET in point:
            scenario = as_scenario(scenario, assistance={BUDGET: point.pop(BUDGET)})
        rules = {rule: point.pop(name) for name, rule in RULE_FACTORS.items() if name in point}
        drawn = "default" if assumptions == "default" else "drawn"
        return Block(scenario, self.strategies, self.luck, drawn, point, rules=rules)


@dataclass(frozen=True)
class Naming:
    """Who the runs of a scenario are, point by point.

    `strategies` are texts of what defines each (see `strategy_texts`), written once and not once a run.
    """

    content: str
    strategies: Mapping[str, str]
    crn: str
    factors: tuple[str, ...]
    assumptions: str = "default"

    def tasks(
        self,
        place: int,
        point: tuple[float | str, ...],
        replicates: Iterable[int],
        stored: Container[str] = frozenset(),
    ) -> Iterator[Task]:
        """Tasks of a point whose runs are not all stored."""
        labels: dict[str, float | str] = dict(zip(self.factors, point, strict=True))
        where, text = where_of(self.factors, point), canonical(labels | {"assumptions": self.assumptions})
        names = tuple(self.strategies)
        groups = [(name,) for name in names] if self.crn == "none" else [names]
        for replicate, group in itertools.product(replicates, groups):
            luck = luck_of(self.crn, where, replicate, group[0])
            ids = tuple(
                run_id_of_texts(scenario_hash=self.content, strategy=self.strategies[name], replicate=luck, point=text)
                for name in group
            )
            task = Task(place, point, replicate, luck, group, group, ids)
            left = [name for name, who in zip(group, ids, strict=True) if who not in stored]
            if left:
                yield task if len(left) == len(group) else task.only(left)


@dataclass(frozen=True)
class Plan:
    """All points of a study, and who its runs are.

    `scenario` has the strategies and the seed of the study, `content` is its hash in the identity of runs, and
    `definitions` are plain data that define each strategy.
    """

    study: SweepStudy
    scenario: Scenario
    factors: tuple[str, ...]
    points: list[tuple[float | str, ...]]
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

    def runs_of(self, shard: tuple[int, int]) -> int:
        """Number of runs of a part."""
        return len(range(shard[0] - 1, self.blocks, shard[1])) * len(self.study.strategies)

    @cached_property
    def plugins(self) -> dict[str, dict[str, str]]:
        """File and hash of the source of every strategy that is a plugin."""
        return plugin_sources(self.definitions.values(), file_of(self.study.scenario))

    @cached_property
    def manifest(self) -> Manifest:
        """What the folder of the study says of itself."""
        return Manifest(
            study=self.study.resolved(),
            study_hash=study_hash(self.study),
            # of the points as numbers, because another version of a sampler may give others
            design_hash=hashlib.sha256(json.dumps([self.factors, self.points]).encode()).hexdigest(),
            results_version=RESULTS_VERSION,
            columns=store_columns(self.factors, self.study.kept_outcomes),
            runs=self.runs,
            plugins=self.plugins,
        )

    def tasks(self, *, stored: Container[str] = frozenset(), shard: tuple[int, int] = (1, 1)) -> Iterator[Task]:
        """Tasks whose runs are not all stored, point by point; of part i of n every n-th block from the i-th."""
        beside, replications = file_of(self.study.scenario), self.study.replications
        texts = {name: canonical(with_source(one, beside)) for name, one in self.definitions.items()}
        naming = Naming(self.content, texts, self.study.crn, self.factors, self.study.assumptions)
        blocks = range(shard[0] - 1, self.blocks, shard[1])
        for place, here in itertools.groupby(blocks, lambda block: block // replications):
            yield from naming.tasks(place, self.points[place], (block % replications for block in here), stored)


def where_of(factors: tuple[str, ...], point: tuple[float | str, ...]) -> str:
    """A point as text; empty without factors."""
    return json.dumps(dict(zip(factors, point, strict=True)), sort_keys=True, allow_nan=False) if factors else ""


def luck_of(crn: str, where: str, replicate: int, strategy: str) -> int:
    """What the random numbers of a run at a point are keyed by.

    With ``all``, or without factors, it is the replicate, so that the run is the one `capsim compare` makes.
    """
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
        points=[tuple(map(factor_of_number, factors, point)) for point in points.tolist()],
        content=content_hash(scenario),
        definitions=_definitions(study),
    )


def study_scenario(study: StudyPart) -> Scenario:
    """The scenario of a study, with the strategies, the seed and the uncertainty that the study says."""
    own = _definitions(study)
    others = [one for one in study.scenario.resolved()["strategies"] if name_of_strategy(one) not in own]
    uncertainty = {"default": None, "drawn": "assumed", "structure": "structure"}[study.assumptions]
    return as_scenario(study.scenario, strategies=[*others, *own.values()], seed=study.seed, uncertainty=uncertainty)


def _definitions(study: StudyPart) -> dict[str, Any]:
    return dict(zip(study.strategy_names, study.resolved()["strategies"], strict=True))
