"""Explanations: contributions sum to the difference that a comparison finds, and say what they must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from capsim.analyses.explain import Explanation, explain
from capsim.analyses.pathways import PATHWAYS, Arms
from capsim.assistance.strategy import Strategy
from capsim.comparison.compare import compare
from capsim.errors import CapsimError, InputError
from capsim.scenario import scenario_from_mapping

A, B = "organization_focused", "individual_focused"
NAMES = list(PATHWAYS)
TITLE = "Coach and codify"


@pytest.fixture(scope="module")
def found(restless):
    return explain(restless, A, B, uncertainty="assumed")


def test_contributions_sum_to_the_simulated_difference(restless, found):
    comparison = compare(restless, ["none", A, B], uncertainty="assumed")
    rows = found.by_replicate()
    np.testing.assert_allclose(rows[NAMES].sum(axis=1), rows["total"], rtol=0, atol=1e-12)
    for assumptions in ("default", "drawn"):
        pairs = comparison.paired(A, B, assumptions=assumptions)
        own = rows[rows["assumptions"] == assumptions]
        np.testing.assert_allclose(own["total"], pairs[:, 0] - pairs[:, 1], rtol=0, atol=1e-12)
        table, total = found.contributions(assumptions=assumptions), found.total_of(assumptions)
        assert table["contribution"].sum() == pytest.approx(total.estimate, abs=1e-12)
        assert (table["low"] < table["contribution"]).all()
        assert (table["contribution"] < table["high"]).all()
        for column, name in (("first_gain", A), ("second_gain", B)):
            gain = comparison.difference(name, "none", assumptions=assumptions).mean.estimate
            assert table[column].sum() == pytest.approx(gain, abs=1e-12)
        np.testing.assert_allclose(
            table["contribution"], table["first_gain"] - table["second_gain"], rtol=0, atol=1e-15
        )
    assert found.total == found.total_of("default")
    assert (found.by_replicate()[NAMES] != 0.0).any().all()


@pytest.mark.parametrize(
    "question", [{"outcome": "use_unmultiplied"}, {"outcome": "potential"}, {"outcome": "use", "at": "assistance_end"}]
)
def test_other_outcomes_and_moments(make, question):
    scenario = make(replications=2, question={"at": "follow_up_end", "contrast": [A, B], **question})
    result, comparison = explain(scenario, A, B), compare(scenario, ["none", A, B])
    assert result.outcome == comparison.outcome
    assert result.total.estimate == pytest.approx(comparison.difference(A, B).mean.estimate, abs=1e-12)
    if question["outcome"] == "use_unmultiplied":
        parts = result.contributions().set_index("pathway")["contribution"]
        assert parts["alignment"] == 0.0


def test_swapping_the_strategies_changes_every_sign(restless, found):
    mirrored = explain(restless, B, A)
    one, other = found.contributions(), mirrored.contributions()
    np.testing.assert_allclose(other["contribution"], -one["contribution"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(other["low"], -one["high"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(other["high"], -one["low"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(other["share"], one["share"], atol=1e-9)
    assert mirrored.total.estimate == pytest.approx(-found.total.estimate, abs=1e-15)


def test_none_against_none_is_nothing(make):
    result = explain(make(replications=2), "none", "none")
    table = result.contributions()
    assert (table[["contribution", "low", "high", "first_gain", "second_gain"]] == 0.0).all(axis=None)
    assert table["share"].isna().all()
    assert "do not differ" in result.sentence()


def test_a_strategy_against_itself_is_nothing(make):
    result = explain(make(replications=2), A, A)
    assert (result.contributions()["contribution"] == 0.0).all()
    assert (result.contributions()["first_gain"] != 0.0).any()


def test_a_strategy_that_moves_routines_alone_works_through_routines(make):
    """No skill effect, and off what turns routines or staff hours into anything else."""
    scenario = make(
        parameters={"routine_redesign_knowledge": 0.0},
        month={"off": ["experience", "socialization", "consultation", "climate"]},
        strategies=["none", A, B, {"name": "Codify", "activities": {"routine_redesign": 1.0}}],
    )
    result = explain(scenario, "Codify")
    parts = result.contributions().set_index("pathway")["contribution"]
    assert parts["routines"] == pytest.approx(result.total.estimate, abs=1e-15)
    assert parts["routines"] > 0.001
    assert (parts.drop("routines") == 0.0).all()
    assert result.contributions().set_index("pathway")["share"]["routines"] == pytest.approx(1.0)


MERGED = {"merge": [{"agencies": ["SYN-ESA-001", "SYN-ESA-002"], "name": "West"}], "staff": {"SYN-ESA-001": 40}}


def test_of_a_strategy_with_a_structure_the_agencies_are_a_part_of_their_own():
    """The six pathways are of its help in its agencies; the seventh part is those agencies without help."""
    mix = {"coaching": 0.5, "routine_redesign": 0.5}
    own = {"name": "One region", "activities": mix, "delivery": {"structure": MERGED}}
    scenario = {
        "name": "structures",
        "agencies": {"source": "synthetic", "districts": 18, "regions": 3},
        "question": {"contrast": [A, "none"]},
        "timeline": {"settling": 12, "assistance": 12, "follow_up": 6},
        "assistance": {"budget_hours_per_year": 6000},
        "parameters": {"support_weight": 2.0},
        "strategies": ["none", A, own],
        "uncertainty": "none",
        "replications": 3,
    }
    result, comparison = explain(scenario, "One region", A), compare(scenario)
    assert list(result.pathways) == [*PATHWAYS, "structure"]
    pairs = comparison.paired("One region", A)
    rows = result.by_replicate()
    np.testing.assert_allclose(rows["total"], pairs[:, 0] - pairs[:, 1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(rows[list(result.pathways)].sum(axis=1), rows["total"], rtol=0, atol=1e-12)
    parts = result.contributions().set_index("pathway")
    assert parts["second_gain"]["structure"] == 0.0
    assert (parts["first_gain"][["skill", "routines", "structure"]] > 0.0).all()


def test_instruments_of_ones_own_are_read_in_an_explanation(restless):
    """Help goes where an instrument of the scenario reads least; an explanation meets the same runs as a comparison."""
    own = {
        "name": "By walkthrough",
        "activities": {"coaching": 0.5, "routine_redesign": 0.5},
        "targeting": "walk.low",
    }
    walk = {"name": "walk", "items": [{"reads": "use"}], "answered_by": "expert", "every_months": 3, "ta_hours": 4}
    scenario = scenario_from_mapping({**restless.resolved(), "instruments": [walk], "strategies": ["none", A, B, own]})
    result, comparison = explain(scenario, "By walkthrough", A), compare(scenario)
    pairs = comparison.paired("By walkthrough", A)
    np.testing.assert_allclose(result.by_replicate()["total"], pairs[:, 0] - pairs[:, 1], rtol=0, atol=1e-12)
    assert (result.contributions()["first_gain"] != 0.0).all()


def test_no_implementation_no_difference(make):
    result = explain(make(replications=2, month={"off": ["implementation"]}), A, B)
    assert (result.contributions()["contribution"] == 0.0).all()


def test_numbers_do_not_depend_on_workers(restless, found):
    shared = explain(restless, A, B, uncertainty="assumed", workers=2)
    assert_frame_equal(shared.by_replicate(), found.by_replicate(), check_exact=True)
    for assumptions in ("default", "drawn"):
        assert_frame_equal(
            shared.contributions(assumptions=assumptions),
            found.contributions(assumptions=assumptions),
            check_exact=True,
        )


def test_progress_counts_blocks(make):
    seen = []
    explain(make(replications=2), "none", "none", progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 2, 0), (2, 2, 0)]


def test_arms_that_do_not_reproduce_the_runs_are_refused(make, monkeypatch):
    monkeypatch.setattr(Arms, "advance", lambda *given: None)
    with pytest.raises(RuntimeError, match="the runs gave"):
        explain(make(replications=2), A, B)


class Odd(Strategy):
    """Fails where an odd number of positions is vacant when assistance begins."""

    name = "odd"

    def decide(self, view, month, budget, draws):
        if month == 0 and np.count_nonzero(~view.filled) % 2:
            raise RuntimeError("somebody is missing")
        return []


class Broken(Strategy):
    name = "broken"

    def decide(self, view, month, budget, draws):
        raise RuntimeError("never works")


class Impostor(Odd):
    name = "none"


def test_failed_runs_are_recorded_and_left_out(make):
    result = explain(make(replications=8), Odd, A)
    failed = [failure["replicate"] for failure in result.failures]
    assert 0 < len(failed) < 8
    assert {failure["strategy"] for failure in result.failures} == {"odd"}
    assert all("somebody is missing" in failure["reason"] for failure in result.failures)
    assert sorted([*failed, *result.replicates["default"]]) == list(range(8))
    assert len(result.by_replicate()) == 8 - len(failed)


def test_nothing_finished_is_an_error(make):
    with pytest.raises(CapsimError, match=r"no replicate finished; broken: .*never works"):
        explain(make(replications=2), Broken, A)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((A, "individual_focussed"), "no strategy 'individual_focussed'.*did you mean individual_focused?"),
        ((Impostor, A), "none is the name of the baseline"),
    ],
)
def test_wrong_strategies(make, arguments, message):
    with pytest.raises(InputError, match=message):
        explain(make(), *arguments)


def test_everything_wrong_is_said_at_once(make):
    scenario = make(question={"outcome": "culture", "at": "follow_up_end", "contrast": [A, B]})
    with pytest.raises(InputError) as refused:
        explain(scenario, Odd, "organisation_focused", workers=2)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        refused.value.problems[0].split(":")[0],
        "question.outcome",
        "workers",
    ]
    assert "did you mean organization_focused?" in refused.value.problems[0]
    with pytest.raises(InputError, match="workers: must be 1 or more"):
        explain(make(), A, B, workers=0)
    with pytest.raises(InputError, match="replications"):
        explain(make(), A, B, replications=1)


def explanation(scenario, *rows: dict[str, float], at: str = "default") -> Explanation:
    """An explanation with given contributions, one mapping for each replicate."""
    gains, arms = np.zeros((len(rows), 2, len(NAMES))), np.zeros((len(rows), 2, 64))
    for n, row in enumerate(rows):
        for name, value in row.items():
            gains[n, 0, NAMES.index(name)] = value
        arms[n, 0, -1] = sum(row.values())
    return Explanation(scenario, A, B, {at: gains}, {at: arms}, {at: tuple(range(len(rows)))}, [])


def test_sentence_names_what_pulls_and_what_pulls_back(make):
    rows = [{"skill": -0.03 - d, "routines": 0.01, "ties": -0.002, "culture": 0.0001} for d in (0.0, 0.001, 0.002)]
    assert explanation(make(), *rows).sentence() == (
        "Classroom: organization-focused loses to individual-focused by 0.0229 in use of the practices 18 months after "
        "assistance ends (95% bootstrap interval of the mean -0.0241 to -0.0219, 3 pairs, luck alone), mostly "
        "because of person-held skill (-0.0310); routines (+0.0100) pull the other way."
    ).replace("-0.0241", f"{explanation(make(), *rows).total.low:+.4f}").replace(
        "-0.0219", f"{explanation(make(), *rows).total.high:+.4f}"
    )


def test_sentence_of_a_winner_names_several(make):
    rows = [{"routines": 0.02 + d, "goals": 0.015, "alignment": 0.002} for d in (0.0, 0.001)]
    sentence = explanation(make(timeline={"settling": 6, "assistance": 12, "follow_up": 24}), *rows).sentence()
    assert "organization-focused beats individual-focused by 0.0375 in use of the practices 2 years after" in sentence
    assert sentence.endswith("mostly because of routines (+0.0205) and shared goals (+0.0150).")


def test_sentence_does_not_decide_what_is_not_settled(make):
    rows = [{"routines": 0.02, "skill": -0.02 + d} for d in (-0.01, 0.01, 0.0)]
    result = explanation(make(), *rows)
    assert "whether organization-focused or individual-focused does better" in result.sentence()
    assert "routines (+0.0200) pull toward organization-focused" in result.sentence()
    assert "person-held skill (-0.0200) pulls toward individual-focused" in result.sentence()
    assert result.contributions()["share"].isna().all()


def test_one_replicate_says_nothing_about_certainty(make):
    result = explanation(make(), {"routines": 0.02})
    assert math.isnan(result.total.low)
    assert "is not settled" in result.sentence()
    assert "undefined" in result.sentence()


def test_an_explanation_shows_itself(found):
    assert repr(found) == (
        "<Explanation: Classroom, organization_focused against individual_focused in use_by_pupils_follow_up_end, "
        "pairs {'default': 4, 'drawn': 4}>"
    )
    assert "<table" in found._repr_html_()


def test_share_of_a_settled_difference(make):
    rows = [{"routines": 0.03, "skill": -0.01 + d} for d in (0.0, 0.0001)]
    share = explanation(make(), *rows).contributions().set_index("pathway")["share"]
    assert share["routines"] == pytest.approx(1.5, rel=0.01)
    assert share.sum() == pytest.approx(1.0)


def test_documented_equations_stand_in_the_module():
    import capsim.analyses.pathways as arms

    for pathway in PATHWAYS:
        assert f"[{pathway}]" in str(arms.__doc__)
