"""Processes of a user's own: what they leave behind is checked at once, and the error names them."""

import numpy as np
import pytest

from capsim import MONTH, CapacityModel, Draws, InputError, PluginError, Process


def nan_skill(world, numbers, values):
    world.skill[3] = np.nan


def nobody(world, numbers, values):
    world.person[3] = -7


def tie_into_nowhere(world, numbers, values):
    world.tie_to[3, 0] = 2_000_000_000


def half_columns(world, numbers, values):
    world.culture = world.culture[:2]


def divided(world, numbers, values):
    return 1 // 0


def vacancy_with_a_skill(world, numbers, values):
    world.skill[world.person < 0] = 0.5


def harmless(world, numbers, values):
    pass


def ran(apply, name="mine"):
    month = MONTH.after("climate", Process(name, ("skill",), ("skill",), Draws(), apply))
    month = month.before("ties", Process("other", (), (), Draws(), harmless))
    return CapacityModel("classroom", month=month, seed=1).run()


@pytest.mark.parametrize(
    ("apply", "error", "told"),
    [
        (nan_skill, InputError, "after process mine: skill"),
        (nobody, InputError, "after process mine: person"),
        (tie_into_nowhere, InputError, "after process mine: tie_to"),
        (half_columns, InputError, "culture: must be float64"),
        (divided, PluginError, "'mine' failed in month 0"),
        (vacancy_with_a_skill, InputError, "mine: skill: not zero in a vacant position"),
    ],
)
def test_what_a_process_breaks_is_told_with_its_name(apply, error, told):
    with pytest.raises(error, match=told):
        ran(apply)


def test_a_replaced_built_in_process_runs_where_it_stands():
    """The month is split round it and gives what the whole gives."""
    own = Process("attention", *(getattr(MONTH.steps[3], name) for name in ("reads", "writes", "draws", "apply")))
    parted = CapacityModel("classroom", month=MONTH.replace("attention", own), seed=1).run()
    whole = CapacityModel("classroom", seed=1).run()
    assert np.array_equal(parted.history.drop(columns="level"), whole.history.drop(columns="level"), equal_nan=True)
