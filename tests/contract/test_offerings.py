"""Coherence across offerings: what people meet in many pieces is less clear, from a declared weight on."""

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES
from capsim.runs.blocks import Block, run_block
from capsim.scenario import scenario_from_mapping
from tests.assistance.program_bench import Wish, assist, delivery, new_world, program_for
from tests.simplest import simplest

AREAS = ["equity", "integration", "alignment_and_coherence", "data_use", "school_safety"]
MIX = {"coaching": 0.4, "routine_redesign": 0.4, "training": 0.2}
METHODS = {"equity": {"coaching": 0.67, "training": 0.33}, "integration": {"routine_redesign": 1.0}}
LARGE, PEOPLE = 2, 20
"""An agency of `program_bench`, and its positions."""


def months_of(values, months, *wishes):
    """A program that delivers the same for so many months."""
    world = new_world(values, vacancies=False)
    program = program_for(world, Wish(list(wishes)), values=values)
    for _ in range(months):
        assist(world, program, values=values)
    return program


def test_off_nothing_is_remembered():
    program = months_of(simplest({"offering_weight": 0.0}), 2, delivery())
    assert not program.offered.counted
    assert (program.offered.clear == 1.0).all()
    assert program.book is None


def test_a_piece_met_for_months_counts_by_what_is_remembered():
    """h hours a head a month: 1 - exp(-h (1 + 2/3 + 4/9) / h0), and clarity is that of all pieces together."""
    values = simplest({"offering_weight": 0.5, "offering_hours": 0.02, "offering_memory": 3.0})
    program = months_of(values, 3, delivery("coaching", 3.0), delivery("training", 2.0), delivery("webinar", 1.0))
    pieces = 0.0
    for name, hours in (("coaching", 3.0), ("training", 2.0), ("webinar", 1.0)):
        seats = min(values[f"{name}_seats"], PEOPLE)
        each = hours / values[f"{name}_ta_hours"] * values[f"{name}_recipient_hours"] * seats / PEOPLE
        pieces += 1 - np.exp(-each * (1 + 2 / 3 + 4 / 9) / 0.02)
    assert pieces > 2.0
    assert program.offered.pieces[LARGE] == pytest.approx(pieces, abs=1e-12)
    assert program.offered.clear[LARGE] == pytest.approx(pieces**-0.5, abs=1e-12)


def test_what_was_met_fades_in_a_month_without_help():
    values = simplest({"offering_weight": 0.5, "offering_memory": 3.0})
    world = new_world(values, vacancies=False)
    many = [delivery(name, 50.0, areas=0) for name in ("coaching", "training", "routine_redesign")]
    program = program_for(world, Wish(lambda view, month, budget: many if month == 0 else []), values=values)
    assist(world, program, values=values)
    met = program.offered.met.copy()
    for month in (1, 2):
        assist(world, program, values=values)
        assert program.offered.met == pytest.approx(met * (2 / 3) ** month, rel=1e-12)
        pieces = (1 - np.exp(-program.offered.met / values["offering_hours"])).sum(axis=1)
        assert program.offered.pieces == pytest.approx(pieces, rel=1e-12)
        assert program.offered.clear == pytest.approx(np.maximum(1.0, pieces) ** -0.5, rel=1e-12)
    assert met[LARGE].any()


def test_areas_and_activities_are_pieces_and_hours_are_not():
    values = simplest({"offering_weight": 0.1, "offering_hours": 1e-6 + 0.01})
    one = [delivery("coaching", 40.0)]
    more = [delivery("coaching", 80.0)]
    areas = [delivery("coaching", 40.0), delivery("coaching", 40.0, areas=1)]
    kinds = [delivery("coaching", 40.0), delivery("training", 40.0), delivery("joint_call", 40.0, areas=-1)]
    counts = [months_of(values, 1, *wishes).offered.pieces[LARGE] for wishes in (one, more, areas, kinds)]
    assert counts == pytest.approx([1.0, 1.0, 2.0, 3.0], abs=0.01)


def test_one_piece_is_clear_and_what_is_over_is_forgotten():
    values = simplest({"offering_weight": 2.0})
    world = new_world(values, vacancies=False)
    many = [delivery(name, 50.0, areas=0) for name in ("coaching", "training", "routine_redesign")]
    program = program_for(
        world, Wish(lambda view, month, budget: many if month == 0 else [delivery("coaching", 0.01)]), values=values
    )
    clear = []
    for _ in range(12):
        assist(world, program, values=values)
        clear.append(program.offered.clear[LARGE])
    assert clear[0] < 0.2
    assert clear == sorted(clear)
    assert clear[-1] == 1.0


def test_every_activity_is_a_piece_of_its_own():
    values = simplest({"offering_weight": 0.1, "offering_hours": 0.01})
    program = months_of(values, 1, *(delivery(name, 1.0, areas=0) for name in ACTIVITIES))
    assert (program.offered.met[LARGE] > 0).sum() == len(ACTIVITIES)


@pytest.fixture(scope="module")
def gains():
    """Gain in use of 40 districts after five years, 8,000 hours a year, by weight and strategy; one world."""
    strategies = [
        "none",
        {"name": "two", "activities": MIX, "delivery": {"focal_areas": AREAS[:2]}},
        {"name": "five", "activities": MIX},
        {"name": "two_own", "activities": MIX, "methods": METHODS, "delivery": {"focal_areas": AREAS[:2]}},
    ]
    scenario = scenario_from_mapping(
        {
            "name": "offerings",
            "agencies": {"source": "synthetic", "districts": 40, "regions": 4},
            "question": {"contrast": ["two", "five"], "weight": "districts"},
            "timeline": {"settling": 60, "assistance": 60, "follow_up": 1},
            "assistance": {"budget_hours_per_year": 8000},
            "uncertainty": "none",
            "strategies": strategies,
        }
    )
    found = {}
    for weight in (0.0, 0.1, 0.4):
        runs = run_block(Block(scenario, scenario.strategy_names, 0, point={"offering_weight": weight})).runs
        use = {run.strategy: run.outcomes["use_assistance_end"] for run in runs}
        found[weight] = {name: value - use["none"] for name, value in use.items()}
    return found


def test_five_mixed_areas_fall_behind_two_from_a_declared_weight_on(gains):
    """Without it more areas gain more; at the end of the range fewer do. The order is in the weight, not in a rule."""
    assert gains[0.0]["five"] > gains[0.0]["two"]
    assert gains[0.4]["five"] < gains[0.4]["two"]


def test_a_method_for_each_area_gains_on_mixing_as_pieces_cost_more(gains):
    behind = [gains[weight]["two"] - gains[weight]["two_own"] for weight in (0.0, 0.1, 0.4)]
    assert behind[0] > behind[1] > behind[2]


def test_more_weight_never_helps_and_the_default_to_be_matters(gains):
    for name in ("two", "five", "two_own"):
        assert gains[0.0][name] > gains[0.1][name] > gains[0.4][name]
