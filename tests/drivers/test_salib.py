"""SALib by hand, around CapacityModel: the design, the runs and the indices that `capsim.sensitivity` gets."""

from __future__ import annotations

import numpy as np
import pytest

import capsim

pytest.importorskip("SALib", reason="SALib is not installed")

PARAMETERS = ("lea_annual_exit", "months_to_fill", "exit_culture_slope")
STRATEGY, SEEDS, BASE = "organization_focused", (0, 1), 8


@pytest.fixture(scope="module")
def theirs():
    """As a model's own `measure` is a mean over districts, so is what is asked for here."""
    return capsim.sensitivity(
        "classroom",
        parameters=PARAMETERS,
        method="sobol",
        n=BASE,
        replications=len(SEEDS),
        dummy=False,
        weight="districts",
    )


@pytest.fixture(scope="module")
def by_hand():
    """Problem, points and mean use, as a user of SALib would write it."""
    from SALib.sample import sobol

    classroom = capsim.load_scenario("classroom")
    bounds = [[capsim.PARAMETERS[name].low, capsim.PARAMETERS[name].high] for name in PARAMETERS]
    problem = {"num_vars": len(PARAMETERS), "names": list(PARAMETERS), "bounds": bounds}
    points = sobol.sample(problem, BASE, calc_second_order=False, seed=1 + classroom.seed)
    use = np.empty(len(points))
    for row, point in enumerate(points):
        arguments = dict(zip(PARAMETERS, point, strict=True))
        models = [capsim.CapacityModel(classroom, strategy=STRATEGY, seed=seed, **arguments).run() for seed in SEEDS]
        use[row] = np.mean([model.measure("use") for model in models])
    return problem, points, use


def test_the_loop_gets_what_capsim_gets_at_every_point(theirs, by_hand):
    _, points, use = by_hand
    assert points.shape == (BASE * (len(PARAMETERS) + 2), len(PARAMETERS))
    np.testing.assert_array_equal(points, theirs.points[list(PARAMETERS)])
    own = theirs.runs[theirs.runs["strategy"] == STRATEGY].groupby("point")["use_follow_up_end"].mean()
    np.testing.assert_allclose(use, own, rtol=1e-14)
    assert len(np.unique(use)) > BASE


def test_indices_are_those_of_capsim(theirs, by_hand):
    from SALib.analyze import sobol

    problem, _, use = by_hand
    found = sobol.analyze(problem, use, calc_second_order=False, seed=1)
    table = theirs.table(STRATEGY)
    assert table["parameter"].tolist() == list(PARAMETERS)
    for theirs_name, name in (("S1", "first"), ("ST", "total")):
        assert np.shape(found[theirs_name]) == (len(PARAMETERS),)
        np.testing.assert_allclose(found[theirs_name], table[name], rtol=1e-9)
    assert found["ST"].max() > 0.1


def test_a_failed_run_stops_the_loop_and_capsim_alike(by_hand):
    """One NaN would make SALib report that nothing matters; capsim raises instead, so there is none."""
    from SALib.analyze import sobol

    problem, _, use = by_hand
    with pytest.raises(capsim.InputError, match="lea_annual_exit: 2 is out of range"):
        capsim.CapacityModel("classroom", seed=0, lea_annual_exit=2.0)
    broken = np.where(np.arange(len(use)) == 3, np.nan, use)
    with np.errstate(invalid="ignore"):
        silent = sobol.analyze(problem, broken, calc_second_order=False, seed=1)
    assert not np.any(np.nan_to_num(silent["S1"]))
