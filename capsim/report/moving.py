"""What would change the answer: more and less money, other assumptions under fixed luck, other rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue.rules import RULES
from capsim.comparison.answering import in_worlds
from capsim.comparison.asking import help_in_words
from capsim.comparison.extras import left_out_in_words, sample_in_words
from capsim.comparison.ladder import RUNGS, amount_in_words, ladder_in_words
from capsim.comparison.moving import turning_points
from capsim.comparison.variants import alone_in_words, rules_in_words
from capsim.comparison.verdicts import FEWEST_TO_COUNT
from capsim.figures.analyses import plot_moves, plot_variants
from capsim.figures.course import plot_ladder
from capsim.figures.palette import strategy_label
from capsim.page import looks
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import parameter_label
from capsim.report import plain
from capsim.report.parts import Columns, Fold, Moved, Part, Point, Row, Slider, Sliding, Table, table_of
from capsim.report.results import Results, label_of


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
        f"worlds{sample_in_words(results.comparison)}. Every plan spends what the budget buys of its own mix."
    )
    picture = results.picture("ladder", "The gain at other budgets", note, (3.6, plot))

    def gain(rung: float, row: Mapping[Any, Any]) -> str:
        return plain.interval_in(at[row["strategy"], rung])

    def same(row: Mapping[Any, Any]) -> str:
        amount = same_budget[row["strategy"]]
        return "–" if math.isnan(amount) else f"{amount_in_words(scenario, amount)} a year"

    same_budget = results.comparison.plainly().set_index("strategy")["same_budget"]
    at = {(row["strategy"], row["budget"]): row for row in table.to_dict("records")}
    columns: Columns = {
        "Plan": label_of,
        **{f"{amount_in_words(scenario, rung)} a year": partial(gain, rung) for rung in RUNGS},
        "As much with the best plan": same,
    }
    dollars = {name: at[name, 1.0]["dollars_per_year"] for name in named if (name, 1.0) in at}
    spent = ", ".join(f"{strategy_label(name)} {plain.money(each)}" for name, each in dollars.items())
    told = (
        "As much with the best plan: the budget at which the best plan would leave what this one leaves with the whole "
        f"budget. Dollars of the center in a year at the budget as it is: {spent}. All figures are in ladder.csv."
    )
    gains = results.table("Gain at other budgets", ({"strategy": name} for name in named), columns, told)
    return [ladder_in_words(results.comparison), _slider(results, shown, named), picture, gains]


def _slider(results: Results, table: pd.DataFrame, named: list[str]) -> Sliding:
    """The plans at each budget, the best first."""
    known = looks(named, results.styles)
    points = []
    for rung in RUNGS:
        own = table[table["budget"] == rung].sort_values("gain", ascending=not results.more_is_better)
        rows = [
            Moved(
                named.index(row["strategy"]), row["gain"], row["low"], row["high"],
                (plain.signed(row["gain"]), plain.span(row["low"], row["high"])),
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
    said = f"{where} {help_in_words(ranked[0])} comes first ({plain.signed(gain)} over no assistance)"
    if len(ranked) == 1:
        return f"{said}."
    ladder = results.comparison.ladder
    here = ladder[ladder["budget"] == rung].pivot(index="replicate", columns="strategy", values="gain")
    pairs = (here[ranked[0]] - here[ranked[1]]).dropna()
    better = int(((pairs > 0.0) if results.more_is_better else (pairs < 0.0)).sum())
    if len(pairs) < FEWEST_TO_COUNT:
        return f"{said}; {len(pairs)} worlds are too few to tell."
    return f"{said}, ahead of {help_in_words(ranked[1])} in {in_worlds(better, len(pairs))}."


MOST = 8


def moving_parts(results: Results) -> list[Part]:
    """The assumptions that move the answer most; nothing where nobody looked."""
    table = results.comparison.assumptions_that_move()
    left_out = [said] if (said := left_out_in_words(results.comparison)) else []
    if table.empty:
        return [*left_out]
    effects = results.comparison.effects
    worlds = int(table["worlds"].max())
    first, second = map(plain.helping, results.contrast)
    difference = results.comparison.difference(*results.contrast).mean.estimate
    shown = table.head(MOST)
    intro = (
        f"The difference between {first} and {second} is {plain.signed(difference)} with every assumption at its "
        "default. Each assumption below was moved through half of its plausible values, the luck of the worlds and "
        "everything else kept as it was. "
        "Assumptions that nothing in these runs reads are left out."
    )
    labels = {name: parameter_label(name) for name in shown["parameter"]}
    plot = partial(plot_moves, shown, labels=labels, **results.favored)
    note = (
        f"Bar: how far the difference moves, on average over {worlds} worlds; its color is that of the plan which a larger "
        "value favors."
    )
    groups = effects[effects["step"] == "group"]["name"].nunique()
    if groups:
        note += f" {groups} groups of assumptions were tried first, and those that move most taken apart."
    picture = results.picture("moves", "What would change the answer", note, (0.8 + 0.34 * len(shown), plot))
    headers = (
        "Assumption",
        "What it is",
        "Now (plausible)",
        "Moves it by",
        "A larger value favors",
        "The answer turns",
    )
    rows = [_row(results, row) for row in table.to_dict("records")]
    parts: list[Part] = [
        intro,
        picture,
        Table("Assumptions that move the answer most", headers, rows[:MOST], words=True),
    ]
    if others := rows[MOST:]:
        rest = Table("Others", headers, others, words=True)
        parts.append(Fold(f"The {len(others)} others that were taken one by one", [rest]))
    return [*parts, *left_out]


def _row(results: Results, row: Mapping[Any, Any]) -> Row:
    name, moves = row["parameter"], f"{row['moves'] if math.isfinite(row['moves']) else 0.0:.3f}"
    p = PARAMETERS.get(name)
    if p is None:
        return Row(parameter_label(name), ("No longer a parameter of the model.", "", moves, "", ""))
    now, low, high = (plain.value_in_words(name, value) for value in (results.used(name), p.low, p.high))
    favors = plain.running(results.favored["first" if row["direction"] > 0.0 else "second"])
    turns = turning_points(results.comparison, name) or "not looked for"
    return Row(parameter_label(name), (p.meaning, f"{now}\n{low} to {high}", moves, favors, turns))


_ALTERNATIVES = "Variants are alternatives that somebody can defend; how many of them agree is not a probability."


def rules_parts(results: Results) -> list[Part]:
    """The answer under each variant of a rule: alone, and averaged over all else that was drawn."""
    return [*_alone(results), *_drawn(results)]


def _alone(results: Results) -> list[Part]:
    table = results.comparison.by_variant_alone()
    if table.empty:
        return []
    labels = {name: parameter_label(name) for name in RULES}
    figures = results.comparison.headline()
    plot = partial(
        plot_variants,
        table,
        labels=labels,
        widest=(figures["low"], figures["high"]),
        measure=results.measure,
        **results.pair,
    )
    note = (
        f"Dot and line: average difference, {_minus(results)}, and its 95% interval from luck, with one rule changed and "
        "everything else as in the scenario. Band: the widest interval of the answer. Hollow: the scenario's own variant."
    )
    height = 1.2 + 0.17 * (len(table) + table["rule"].nunique())
    drawing = results.picture("variants", "The answer under each variant of a rule alone", note, (height, plot))
    columns = {
        **_VARIANT,
        "Change due to the variant (95%)": lambda row: (
            "the scenario's own" if row["own"] else _interval(row, "change", "change_low", "change_high")
        ),
    }
    listed = table_of("One variant at a time", table, columns, f"{_minus(results)}. {_ALTERNATIVES}", words=True)
    return [*alone_in_words(table), drawing, Fold("The same as a table", [listed])]


def _drawn(results: Results) -> list[Part]:
    """The answer under each variant that was drawn."""
    table = results.comparison.by_variant()
    if table.empty:
        return []
    columns = {**_VARIANT, "Explained by the rule": lambda row: plain.percent(row["explained"])}
    note = f"{_minus(results)}, averaged over all other rules and assumptions that were drawn. {_ALTERNATIVES}"
    means = table_of("Means over all pairs of worlds with the variant", table, columns, note, words=True)
    return [*rules_in_words(table), Fold("The answer under each variant of a rule", [means])]


_VARIANT: Columns = {
    "Rule": lambda row: parameter_label(row["rule"]),
    "Variant": lambda row: RULES[row["rule"]].variants[row["variant"]].sentence,
    "Pairs": lambda row: str(row["pairs"]),
    "Mean difference (95%)": lambda row: (
        _interval(row, "difference", "low", "high") + ", turns the answer" * bool(row["turns"])
    ),
}


def _interval(row: Mapping[Any, Any], middle: str, low: str, high: str) -> str:
    if not math.isfinite(row[middle]):
        return plain.UNDEFINED
    ends = f" ({plain.signed(row[low])} to {plain.signed(row[high])})" if math.isfinite(row[low]) else ""
    return f"{plain.signed(row[middle])}{ends}"


def _minus(results: Results) -> str:
    first, second = results.contrast
    return f"{plain.sentence(plain.running(first))} minus {plain.running(second)}"
