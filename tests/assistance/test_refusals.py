"""What a strategy may not do: each refusal says what is wrong and leaves the world as a month without help does."""

import numpy as np
import pytest

from capsim.assistance.strategy import Delivery, Strategy
from capsim.errors import StrategyError

from .program_bench import Wish, assist, changed, deliver, delivery, idle, new_world, program_for

NAN, INF = float("nan"), float("inf")


def boom(view, month, budget):
    raise KeyError("nowhere")


def meddle(what):
    """A strategy that writes to what it only may read."""

    def wish(view, month, budget):
        getattr(view, what)[:] = 0
        return []

    return wish


REFUSED = [
    (boom, "strategy 'wish' failed in month 0: KeyError: 'nowhere'"),
    (lambda view, month, budget: 1 / 0, "failed in month 0: ZeroDivisionError: division by zero"),
    (None, "month 0: must return a list of Delivery, got NoneType"),
    (delivery(), "month 0: must return a list of Delivery, got Delivery"),
    ({"a": delivery()}, "must return a list of Delivery, got dict"),
    (np.array([1.0]), "must return a list of Delivery, got ndarray"),
    (iter([delivery()]), "must return a list of Delivery, got list_iterator"),
    ("coaching", "must return Delivery objects, got str"),
    ([delivery(), 3], "must return Delivery objects, got int"),
    ([delivery("choaching")], "unknown activity 'choaching'; did you mean coaching?"),
    ([delivery(None)], "unknown activity None"),
    ([delivery(["coaching"])], r"unknown activity \['coaching'\]"),
    ([Delivery(activity="coaching", hours=1.0)], "a Delivery needs either organizations or people"),
    ([delivery(people=[1])], "a Delivery needs either organizations or people"),
    ([delivery(hours=NAN)], "coaching: hours must be finite and not negative, got nan in row 0"),
    ([delivery(hours=[1.0, INF], organizations=[1, 2])], "hours must be finite and not negative, got inf in row 1"),
    ([delivery(hours=[1.0, 2.0, -1e-9], organizations=[1, 2, 3])], "not negative, got -1e-09 in row 2"),
    ([delivery(hours=None)], "hours must be"),
    ([delivery(hours="3")], "hours must be numbers"),
    ([delivery(hours=[1j])], "hours must be numbers"),
    ([delivery(hours=[[1.0, 2.0]], organizations=[1, 2])], "columns of a Delivery must have equal length"),
    ([delivery(hours=[[1.0], [2.0, 3.0]], organizations=[1, 2])], "a Delivery holds something that is no number"),
    ([delivery(hours=[1.0, 2.0, 3.0], organizations=[1, 2])], "columns of a Delivery must have equal length"),
    ([delivery(organizations=[2, 3], areas=[0, 1, 2])], "columns of a Delivery must have equal length"),
    ([delivery(organizations=[5])], "coaching: organization must be 0 to 4, got 5 in row 0"),
    ([delivery(organizations=[0, -1])], "organization must be 0 to 4, got -1 in row 1"),
    ([delivery(organizations=None, people=[33, 34])], "position must be 0 to 33, got 34 in row 1"),
    ([delivery(organizations=None, people=[-1])], "position must be 0 to 33, got -1 in row 0"),
    ([delivery(organizations=[2.0])], "rows and areas must be integers, got float64"),
    ([delivery(organizations=[True])], "rows and areas must be integers, got bool"),
    ([delivery(organizations=["2"])], "rows and areas must be integers"),
    ([delivery(areas=3)], "coaching: area must be -1 to 2, got 3 in row 0"),
    ([delivery(areas=-2)], "coaching: area must be -1 to 2, got -2 in row 0"),
    ([delivery(areas=NAN)], "rows and areas must be integers"),
    ([delivery(hours=1200.1)], r"wants 1,200.1 TA hours, but only 1,200.0 of the budget are left"),
    ([delivery(hours=700.0), delivery(hours=700.0)], r"wants 1,400.0 TA hours, but only 1,200.0 of"),
    ([delivery(hours=[1e308] * 3, organizations=[1, 2, 3])], "hours must be finite|of the budget are left"),
    ([delivery(organizations=None, people=[1], cascade=np.ones(6))], "only agencies can pass an activity on"),
    ([delivery(cascade=[1.0, NAN, 0.0, 0.0, 0.0, 0.0])], "weights of a cascade must be finite and not negative"),
    ([delivery(cascade=[1.0, INF, 0.0, 0.0, 0.0, 0.0])], "weights of a cascade must be finite and not negative"),
    ([delivery(cascade=[-1e-9, 0.0, 0.0, 0.0, 0.0, 0.0])], "weights of a cascade must be finite and not negative"),
    ([delivery(cascade=np.ones(5))], "columns of a Delivery must have equal length"),
    ([delivery(cascade="all")], "a Delivery holds something that is no number"),
    (meddle("level"), "ValueError: assignment destination is read-only"),
    (meddle("organization"), "ValueError: assignment destination is read-only"),
    (lambda view, month, budget: view.readings.skill.fill(1.0), "ValueError: assignment destination is read-only"),
]


@pytest.mark.parametrize(("wish", "message"), REFUSED)
def test_refused_with_a_reason_and_without_a_trace(wish, message):
    world = new_world()
    program = program_for(world, Wish(wish))
    without = idle(world)
    with pytest.raises(StrategyError, match=message):
        assist(world, program)
    assert changed(without, world) == set()
    assert (program.ledger.spent, program.ledger.by_activity) == (0.0, {})


def test_a_bad_row_in_the_last_delivery_undoes_nothing_because_nothing_was_done():
    world = new_world()
    without = idle(world)
    with pytest.raises(StrategyError):
        deliver(world, delivery(), delivery("goal_setting", areas=-1), delivery(hours=-1.0))
    assert changed(without, world) == set()


def test_the_month_is_named():
    world = new_world()
    program = program_for(world, Wish(lambda view, month, budget: [] if month < 3 else 1))
    for _ in range(3):
        assist(world, program)
    with pytest.raises(StrategyError, match="strategy 'wish', month 3: must return a list"):
        assist(world, program)


def test_a_strategy_that_decides_nothing_is_told():
    class Idle(Strategy):
        pass

    with pytest.raises(StrategyError, match=r"Idle must define decide\(self, view, month, budget, draws\)"):
        assist(world := new_world(), program_for(world, Idle()))


def test_hidden_state_is_not_in_the_view():
    """Nothing public of the view leads to the world, its layout or the ledger itself."""
    world = new_world()
    view = program_for(world, Wish([])).view
    hidden = {"culture_effect", "engagement_effect", "data_systems_effect", "hazard", "skill", "routine", "culture"}
    public = [name for name in dir(view) if not name.startswith("_")]
    assert not {"layout", "world", "ledger"} & set(public)
    assert not hidden & set(public)
    for name in public:
        value = getattr(view, name)
        if isinstance(value, np.ndarray):
            kept = value.copy()
            if value.flags.writeable:  # a copy: writing to it changes nothing
                value[:] = 0
            assert np.array_equal(getattr(view, name), kept, equal_nan=kept.dtype.kind == "f"), name


def test_the_run_has_the_same_consultants_whatever_the_strategy():
    world = new_world()
    first, second = (program_for(world, Wish(wish), yearly_hours=9000.0).providers for wish in ([], [delivery()]))
    assert np.array_equal(first.quality, second.quality)
    assert np.array_equal(first.consultant, second.consultant)
    assert (first.quality > 0).all()


@pytest.mark.parametrize("draws", [-1, 2.5, "3", None, 10**9])
def test_draws_are_a_number_of_columns(draws):
    with pytest.raises(StrategyError, match="strategy 'wish': draws_per_row must be a whole number from 0 to"):
        program_for(new_world(), Wish([], draws))
