"""Candidate strategies under a budget: mixes of activities, targetings, schedules that fill the space, or are bred from
the best so far. Knows no runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.fitting import quiet_optuna
from capsim.catalogue import ACTIVITIES, CHAINS, SCHEDULES, TARGETINGS
from capsim.errors import Problems
from capsim.numbers import listed, one_of, plain, whole_number
from capsim.scenario import Scenario, as_scenario
from capsim.streams.keys import key_from

_ASSESSMENT, _LEAST_ASSESSMENT = "needs_assessment", 5
_PERCENT = 100
_LEAST_WEIGHT = 0.25
"""Weights of bred candidates below it are 0, so that they can do without an activity."""

AS_THEY_ARE: tuple[str, Mapping[str, Any]] = ("as they are", {})
"""The structure of today."""

Scores = Callable[[list[dict[str, Any]]], NDArray[np.float64]]
"""From compositions to scores of which larger ones are better, (n, objectives)."""


class Ingredients(NamedTuple):
    """What candidates may be made of: names of the catalogue, numbers of focal areas worked on at once, and structures
    of regional agencies, each a name and what it says (nothing: as they are).
    """

    activities: tuple[str, ...]
    targetings: tuple[str, ...]
    schedules: tuple[str, ...]
    focal_areas: tuple[int | str, ...]
    chains: tuple[str, ...] = ("direct",)
    structures: tuple[tuple[str, Mapping[str, Any]], ...] = (AS_THEY_ARE,)


class Choice(TypedDict, total=False):
    """The same as keywords of `capsim.optimize`: everything where one is left out, but of `activities` no
    instrument of one's own, of `focal_areas` only "all", of
    `chains` only "direct", and regional agencies as they are.
    """

    activities: Sequence[str] | str | None
    targetings: Sequence[str] | str | None
    schedules: Sequence[str] | str | None
    focal_areas: Sequence[int | str] | int | str
    chains: Sequence[str] | str
    structures: Mapping[str, Any]


_USUAL = tuple(name for name in ACTIVITIES if name != "own_instrument")
"""Activities that every scenario can use; instruments of one's own are searched where they are named."""


def ingredients(**choice: Unpack[Choice]) -> Ingredients:
    """What is named, or all of the catalogue; unknown names are said all at once."""
    problems = Problems()
    focal_areas = choice.get("focal_areas", ("all",))

    def chosen(what: str, given: Any, known: Any) -> tuple[str, ...]:
        names = tuple(known) if given is None else problems.ask(listed, f"{what}:", given) or ()
        if not names:
            problems.append(f"{what}: name at least one")
        return tuple(problems.ask(one_of, f"{what}:", name, known) for name in names)

    areas = [focal_areas] if isinstance(focal_areas, int) else problems.ask(listed, "focal_areas:", focal_areas) or ()
    found = Ingredients(
        chosen("activities", _USUAL if choice.get("activities") is None else choice["activities"], ACTIVITIES),
        chosen("targetings", choice.get("targetings"), TARGETINGS),
        chosen("schedules", choice.get("schedules"), SCHEDULES),
        tuple(one if one == "all" else problems.ask(whole_number, "focal_areas:", one, least=1) for one in areas),
        chosen("chains", choice.get("chains", "direct"), CHAINS),
        tuple((str(name), plain(said or {})) for name, said in (choice.get("structures") or {}).items())
        or (AS_THEY_ARE,),
    )
    if not areas:
        problems.append("focal_areas: name at least one")
    problems.raise_any()
    return found


def mixes(n: int, of: Ingredients | None = None, *, seed: int = 1) -> list[dict[str, Any]]:
    """Compositions that fill the space of mixes: a Latin hypercube over the simplex of activities, in whole percents.

    Each candidate has one to all of the activities, every number of them equally often; the other choices are dealt out
    evenly. They are strategies as a scenario file holds them, named ``mix 1``, ``mix 2``, ...
    """
    chosen = of or ingredients()
    rng = np.random.Generator(np.random.Philox(key_from("mixes", seed)))
    shares = _simplex(n, len(chosen.activities), rng)
    others = [rng.permutation([place % len(names) for place in range(n)]) for names in chosen[1:]]
    return [
        {
            "name": f"mix {row + 1}",
            **composition(
                chosen,
                shares[row].tolist(),
                *(names[places[row]] for names, places in zip(chosen[1:], others, strict=True)),
            ),
        }
        for row in range(n)
    ]


def composition(
    of: Ingredients,
    percents: Sequence[int],
    targeting: str,
    schedule: str,
    focal_areas: int | str,
    chain: str = "direct",
    structure: tuple[str, Mapping[str, Any]] = AS_THEY_ARE,
) -> dict[str, Any]:
    """A strategy as a scenario file holds it, but for its name.

    Targeting by need gets at least 5% of needs assessment, where that is allowed: it steers by readings.
    """
    percent = dict(zip(of.activities, percents, strict=True))
    if targeting == "need" and _ASSESSMENT in percent:
        _make_room(percent)
    delivery: dict[str, Any] = {"focal_areas": focal_areas}
    if chain != "direct":
        delivery["chain"] = chain
    if structure[1]:
        delivery["structure"] = dict(structure[1])
    return {
        "activities": {name: share / _PERCENT for name, share in percent.items() if share},
        "targeting": targeting,
        "schedule": schedule,
        "delivery": delivery,
    }


def _simplex(n: int, k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole percents that sum to 100, (n, k): exponentials of a Latin hypercube, all but the largest few set to 0."""
    unit = np.column_stack([(rng.permutation(n) + rng.random(n)) / n for _ in range(k)])
    weight: NDArray[np.float64] = -np.log(unit)
    most = rng.permutation([1 + place % k for place in range(n)])
    order = np.argsort(-weight, axis=1)
    for row in range(n):
        weight[row, order[row, most[row] :]] = 0.0
    return np.stack([whole_percents(row) for row in weight])


def whole_percents(weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole percents in the proportion of weights, that sum to 100: the largest remainders are rounded up."""
    share = _PERCENT * weight / weight.sum()
    whole: NDArray[np.int64] = np.floor(share).astype(np.int64)
    left = _PERCENT - int(whole.sum())
    whole[np.argsort(-(share - whole), kind="stable")[:left]] += 1
    return whole


def _make_room(percent: dict[str, int]) -> None:
    """Raise needs assessment to its least share, at the cost of the largest other one."""
    lacking = _LEAST_ASSESSMENT - percent[_ASSESSMENT]
    others = {name: share for name, share in percent.items() if name != _ASSESSMENT and share > lacking}
    if lacking > 0 and others:
        percent[max(others, key=lambda name: others[name])] -= lacking
        percent[_ASSESSMENT] += lacking


def evolve(of: Ingredients, scores: Scores, *, objectives: int, n: int, population: int, seed: int) -> None:
    """Ask for `n` compositions, a population at a time, each bred from the ones before: NSGA-II (Deb et al. 2002), as
    Optuna has it. `scores` is called once a generation, and keeps what it is asked for.
    """
    with quiet_optuna() as optuna:
        sampler = optuna.samplers.NSGAIISampler(population_size=population, seed=seed % 2**32)
        study = optuna.create_study(directions=["maximize"] * objectives, sampler=sampler)
        for start in range(0, n, population):
            trials = [study.ask() for _ in range(min(population, n - start))]
            found = scores([_suggested(trial, of) for trial in trials])
            for trial, values in zip(trials, found, strict=True):
                study.tell(trial, [float(value) for value in values])


def _suggested(trial: Any, of: Ingredients) -> dict[str, Any]:
    weight = np.array([trial.suggest_float(f"share of {name}", 0.0, 1.0) for name in of.activities])
    weight = np.where(weight >= min(_LEAST_WEIGHT, float(weight.max())), np.maximum(weight, 1e-9), 0.0)
    names = ("targeting", "schedule", "focal_areas", "chain", "structure")
    chosen: list[Any] = [
        options[trial.suggest_int(name, 0, len(options) - 1)] if len(options) > 1 else options[0]
        for name, options in zip(names, of[1:], strict=True)
    ]
    return composition(of, whole_percents(weight).tolist(), *chosen)


@dataclass
class Candidates:
    """Compositions with names, each one once; and the scenario that has them all."""

    scenario: Scenario
    found: list[dict[str, Any]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, compositions: Sequence[dict[str, Any]]) -> list[str]:
        """Names of compositions; new ones become candidates."""
        names = []
        for one in compositions:
            content = {key: value for key, value in one.items() if key != "name"}
            key = json.dumps(content, sort_keys=True)
            if key not in self._names:
                self._names[key] = f"mix {len(self.found) + 1}"
                self.found.append({"name": self._names[key], **content})
            names.append(self._names[key])
        return names

    @property
    def wider(self) -> Scenario:
        """The scenario with all candidates among its strategies."""
        return as_scenario(self.scenario, strategies=[*self.scenario.resolved()["strategies"], *self.found])
