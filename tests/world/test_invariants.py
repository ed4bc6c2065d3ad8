"""Invariants hold in every month, and each is reported when it is broken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from capsim import CapacityModel, broken_invariants
from capsim.world import World


def month_with_everything() -> World:
    """A world with vacancies, applicants and full agencies."""
    model = CapacityModel("classroom", seed=3, strategy="blended", mover_share=0.9, lea_annual_exit=0.4)
    for _ in range(48):
        model.step()
        world = model.world
        if (world.person < 0).sum() > 1 and world.pool.count[0] > 1 and (world.pool.group[:2] >= 0).all():
            return world
    raise AssertionError("no such month")


@pytest.fixture(scope="module")
def sound() -> World:
    return month_with_everything()


def test_nothing_is_broken_in_any_month() -> None:
    for strategy in ("none", "blended"):
        model = CapacityModel("classroom", seed=1, strategy=strategy, mover_share=0.9, lea_annual_exit=0.5)
        assert broken_invariants(model.world) == []
        while model.running:
            model.step()
            assert broken_invariants(model.world) == []


def held(world: World) -> int:
    """A position with at least two ties."""
    return int(np.flatnonzero((world.tie_to >= 0).sum(axis=1) >= 2)[0])


def vacant(world: World) -> int:
    return int(np.flatnonzero(world.person < 0)[0])


def put(name: str, row: Callable[[World], int], value: object) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        owner, column = (world.pool, name[5:]) if name.startswith("pool.") else (world, name)
        getattr(owner, column)[row(world)] = value

    return spoil


def spoil_tie(slot_value: Callable[[World, int], tuple[int, float]]) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        i = held(world)
        slot = int(np.flatnonzero(world.tie_to[i] >= 0)[0])
        world.tie_to[i, slot], world.tie_strength[i, slot] = slot_value(world, i)

    return spoil


BREAKS = [
    *((put(name, held, np.nan), f"{name}: not in [0, 1]") for name in ("skill", "priority", "engagement")),
    *((put(name, lambda w: 0, 1.5), f"{name}: not in [0, 1]") for name in ("routine", "culture", "use")),
    (put("ta_hours", lambda w: 0, -1.0), "ta_hours: negative or not finite"),
    (put("tenure", held, -1), "tenure: negative"),
    *((put(name, held, 0.9), f"{name}: does not sum to 1") for name in ("priority", "disposition")),
    (put("plan", lambda w: 1, 0.9), "plan: does not sum to 1 (row 1)"),
    *((put(name, vacant, 0.5), f"{name}: not zero in a vacant position") for name in ("skill", "attention")),
    (put("tenure", vacant, 3), "tenure: not zero in a vacant position"),
    (put("vacant_months", held, 2), "vacant_months: not zero in a position that is held"),
    (put("person", held, 0x7FFFFFFF), "next_person:"),
    (lambda w: w.person.__setitem__(held(w), w.person[w.person >= 0][-1]), "somebody is there twice"),
    (lambda w: w.person.__setitem__(held(w), w.pool.person[0]), "somebody is there twice"),
    (put("person", vacant, -2), "person: below -1"),
    (spoil_tie(lambda w, i: (i, 0.5)), "tie to oneself"),
    (spoil_tie(lambda w, i: (vacant(w), 0.5)), "tie to a vacant position"),
    (spoil_tie(lambda w, i: (int(w.tie_to[i][w.tie_to[i] >= 0][1]), 0.5)), "the same tie"),
    (spoil_tie(lambda w, i: (int(w.tie_to[i].max()), 0.0)), "not in (0, 1] for a tie"),
    (spoil_tie(lambda w, i: (-1, 0.5)), "not zero for a free slot"),
    (spoil_tie(lambda w, i: (10_000, 0.5)), "tie_to: not from -1 to"),
    (lambda w: w.tie_to.__setitem__((vacant(w), 0), held(w)), "tie of a vacant position"),
    (put("pool.skill", lambda w: 0, np.nan), "pool.skill: not in [0, 1]"),
    (put("pool.disposition", lambda w: 0, 0.9), "pool.disposition: does not sum to 1"),
    (put("pool.months_left", lambda w: 0, 0), "pool.months_left: nothing left"),
    (put("pool.person", lambda w: 0, -1), "pool.person: nobody"),
    (put("pool.count", lambda w: 0, 10_000), "pool.count: not from 0 to"),
]


@pytest.mark.parametrize(("spoil", "message"), BREAKS, ids=[message for _, message in BREAKS])
def test_each_broken_invariant_is_reported(sound: World, spoil: Callable[[World], None], message: str) -> None:
    world = sound.copy()
    assert broken_invariants(world) == []
    spoil(world)
    assert any(message in line for line in broken_invariants(world)), broken_invariants(world)
