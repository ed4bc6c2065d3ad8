"""What more and less money would leave: every plan at parts and multiples of the budget."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from capsim.comparison.answering import in_worlds
from capsim.comparison.asking import help_in_words
from capsim.comparison.ladder import RUNGS, amount_in_words, ladder_in_words, same_gain
from capsim.comparison.verdicts import FEWEST_TO_COUNT
from capsim.figures.ladder import plot_ladder
from capsim.page import looks
from capsim.report.parts import Moved, Part, Point, Slider, Sliding, Table
from capsim.report.results import Results
from capsim.report.words import money, signed, span

if TYPE_CHECKING:
    import pandas as pd


def ladder_parts(results: Results) -> list[Part]:
    """The finding, a picture and a table; nothing where other budgets were not tried."""
    table = results.comparison.by_budget()
    if table.empty:
        return []
    scenario = results.scenario
    named = [name for name in results.comparison.ranking()["strategy"] if name in results.featured]
    worlds = int(table["worlds"].min())
    shown = table[table["strategy"].isin(named)]
    plot = partial(plot_ladder, shown, unit=str(table["unit"].iloc[0]), measure=results.measure, styles=results.styles)
    note = (
        f"Average gain over no assistance, {results.moment()}, with its 95% interval from luck only, in {worlds} "
        f"worlds{_sample(results)}. Every plan spends what the budget buys of its own mix."
    )
    picture = results.picture("ladder", "The gain at other budgets", note, (3.6, plot))
    headers = ("Plan", *(f"{amount_in_words(scenario, rung)} a year" for rung in RUNGS), "As much with the best plan")
    rows = []
    for name in named:
        own = table[table["strategy"] == name].set_index("budget")
        cells = [f"{signed(own['gain'][r])}\n{span(own['low'][r], own['high'][r])}" for r in RUNGS]
        same = math.nan if name == named[0] else same_gain(results.comparison, float(own["gain"][1.0]), named[0])
        cells.append("–" if math.isnan(same) else f"{amount_in_words(scenario, same)} a year")
        rows.append(results.row(name, cells))
    spent = ", ".join(
        f"{results.row(name, ()).heading} {money(own.iloc[0])}"
        for name in named
        if len(own := table[(table["strategy"] == name) & (table["budget"] == 1.0)]["dollars_per_year"])
    )
    told = (
        "As much with the best plan: the budget at which the best plan would leave what this one leaves with the whole "
        f"budget. Dollars of the center in a year at the budget as it is: {spent}. All figures are in ladder.csv."
    )
    slider = _slider(results, shown, named)
    return [ladder_in_words(results.comparison), slider, picture, Table("Gain at other budgets", headers, rows, told)]


def _slider(results: Results, table: pd.DataFrame, named: list[str]) -> Sliding:
    """The plans at each budget, the best first."""
    known = looks(named, results.styles)
    points = []
    for rung in RUNGS:
        own = table[table["budget"] == rung].sort_values("gain", ascending=not results.more_is_better)
        rows = [
            Moved(
                named.index(row["strategy"]), row["gain"], row["low"], row["high"],
                (signed(row["gain"]), span(row["low"], row["high"])),
            )
            for row in own.to_dict("records")
        ]  # fmt: skip
        points.append(Point(_first_at(results, rung, [named[row.line] for row in rows], rows[0].gain), rows))
    places = [amount_in_words(results.scenario, rung) for rung in RUNGS]
    headers = ("Plan", f"Gain in {results.measure}", "95% interval, luck only")
    budget = Slider("Budget a year", places, RUNGS.index(1.0))
    return Sliding("Move the budget", [budget], [known[name] for name in named], headers, points)


def _first_at(results: Results, rung: float, ranked: list[str], gain: float) -> str:
    """Which plan comes first at a budget, and in how many worlds it is ahead of the second."""
    where = f"With {amount_in_words(results.scenario, rung)} a year"
    if math.isnan(gain):
        return f"{where} runs failed."
    said = f"{where} {help_in_words(ranked[0])} comes first ({signed(gain)} over no assistance)"
    if len(ranked) == 1:
        return f"{said}."
    ladder = results.comparison.ladder
    here = ladder[ladder["budget"] == rung].pivot(index="replicate", columns="strategy", values="gain")
    pairs = (here[ranked[0]] - here[ranked[1]]).dropna()
    better = int(((pairs > 0.0) if results.more_is_better else (pairs < 0.0)).sum())
    if len(pairs) < FEWEST_TO_COUNT:
        return f"{said}; {len(pairs)} worlds are too few to tell."
    return f"{said}, ahead of {help_in_words(ranked[1])} in {in_worlds(better, len(pairs))}."


def _sample(results: Results) -> str:
    told = results.comparison.provenance.get("extras", {})
    return "" if told.get("all", True) else f" of a sample of {told['districts']} districts"
