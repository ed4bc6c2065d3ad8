"""What more and less money would leave: every plan at parts and multiples of the budget."""

from __future__ import annotations

import math
from functools import partial

from capsim.comparison.ladder import RUNGS, amount_in_words, ladder_in_words, same_gain
from capsim.figures.ladder import plot_ladder
from capsim.report.parts import Part, Table
from capsim.report.results import Results
from capsim.report.words import money, signed, span


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
    return [ladder_in_words(results.comparison), picture, Table("Gain at other budgets", headers, rows, told)]


def _sample(results: Results) -> str:
    told = results.comparison.provenance.get("extras", {})
    return "" if told.get("all", True) else f" of a sample of {told['districts']} districts"
