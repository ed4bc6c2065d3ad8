"""Closed forms of the division of hours: by position they are equal across sizes, and what is handed down is spent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.program import Program
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue import Recipe
from capsim.engine.run import assistance_process
from capsim.levels import ESA, LEA
from capsim.parameters import Values, resolve_values
from capsim.processes.steps import Steps
from capsim.scenario import build_agencies, scenario_from_mapping
from capsim.streams.keys import key_from
from capsim.world import World
from validation.closed_forms.result import EXACT, ClosedForm

_TIERS = {"universal": "publication", "targeted": "training", "intensive": "coaching"}
_YEARLY = 3000.0


def hours_forms(seed: int) -> list[ClosedForm]:
    """All rows of the division of hours."""
    return [*_by_position(seed), *_books(seed)]


def _assisted(seed: int, recipe: Recipe, **parameters: float) -> tuple[World, Program]:
    """Sixty synthetic districts in four regions, whose hours go by position, after one month of assistance alone."""
    values: Values = resolve_values(parameters)
    scenario = scenario_from_mapping(
        {
            "name": "sixty districts",
            "agencies": {"source": "synthetic", "districts": 60, "regions": 4, "sample_seed": seed},
            "question": {"contrast": ["none", "blended"]},
            "assistance": {"budget_hours_per_year": _YEARLY, "allocation": "position"},
            "strategies": ["none", "blended"],
        }
    )
    key = key_from("closed forms", "hours", seed)
    layout = build_layout(build_agencies(scenario, values), values, areas=("a", "b"), key=key)
    world = initial_world(layout, values, key=key)
    strategy = ComposedStrategy(recipe, values)
    program = Program(strategy, world, values, months=12, yearly_hours=_YEARLY, run_key=key)
    Steps((assistance_process(program, layout.n_areas),), world, key).advance(world, values)
    return world, program


def _by_position(seed: int) -> list[ClosedForm]:
    """From the floor of 3 positions up every agency of a level gets the same hours per position."""
    rows = []
    for tier, activity in _TIERS.items():
        world, _ = _assisted(seed, Recipe(name=tier, activities={activity: 1.0}))
        districts = np.flatnonzero((world.layout.level == LEA) & (_positions(world) >= 3))
        rows.append(_equal_row(world, f"districts of 3 positions and more, {tier} tier", districts))
    recipe = Recipe(name="cascade", activities={"training": 1.0}, chain="cascade", recipients=("esa",))
    world, _ = _assisted(seed, recipe)
    rows.append(_equal_row(world, "regional agencies", np.flatnonzero(world.layout.level == ESA)))
    parent = world.layout.parent
    region = int(parent[world.layout.level == LEA][0])
    below = np.flatnonzero((parent == region) & (_positions(world) >= 3))
    return [*rows, _equal_row(world, "districts below one regional agency, passed on", below)]


def _books(seed: int) -> list[ClosedForm]:
    """What a cascade hands down is what the staff of givers spend, over and above what they learned themselves."""
    rows = []
    for ratio in (0.25, 1.0):
        there, alone = (
            _assisted(
                seed,
                Recipe(name="cascade", activities={"training": 1.0}, chain=chain, recipients=("esa",)),
                turnkey_ratio=ratio,
            )
            for chain in ("cascade", "direct")
        )
        world, program = there
        regional = world.layout.level[world.layout.organization] == ESA
        spent = float((world.recipient_hours - alone[0].recipient_hours)[regional].sum())
        given = float(world.ta_hours[world.layout.level == ESA].sum())
        handed = float(world.ta_hours[world.layout.level == LEA].sum())
        rows += [
            _row(f"handed down as a share of what staff spent, ratio {ratio:g}", 1.0, handed / spent),
            _row(f"entered as spent, as a share of it, ratio {ratio:g}", 1.0, program.ledger.passed_on.sum() / spent),
            _row(f"handed down as a share of what givers got, ratio {ratio:g}", ratio, handed / given),
        ]
    return rows


def _row(statistic: str, expected: float, observed: float) -> ClosedForm:
    return ClosedForm(name="cascade", statistic=statistic, expected=expected, observed=float(observed), tolerance=EXACT)


def _positions(world: World) -> NDArray[np.int64]:
    return np.diff(world.layout.first).astype(np.int64)


def _equal_row(world: World, whose: str, agencies: NDArray[np.int64]) -> ClosedForm:
    each = world.ta_hours[agencies] / _positions(world)[agencies]
    off = float(np.abs(each / each.mean() - 1.0).max())
    statistic = f"largest distance of one from their mean, as a share of it: {len(agencies)} {whose}"
    return ClosedForm(name="hours per position", statistic=statistic, expected=0.0, observed=off, tolerance=EXACT)
