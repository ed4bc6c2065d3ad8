"""Which assumptions move the answer under fixed luck, and where it turns with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from capsim.comparison.elementary import turning_points
from capsim.comparison.extras import left_out_in_words
from capsim.figures.analyses import plot_moves
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import parameter_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import helping, running, signed, value_in_words

MOST = 8


def moving_parts(results: Results) -> list[Part]:
    """The assumptions that move the answer most; nothing where nobody looked."""
    table = results.comparison.assumptions_that_move()
    left_out = [said] if (said := left_out_in_words(results.comparison)) else []
    if table.empty:
        return [*left_out]
    effects = results.comparison.effects
    worlds = int(table["worlds"].max())
    first, second = map(helping, results.contrast)
    difference = results.comparison.difference(*results.contrast).mean.estimate
    shown = table.head(MOST)
    intro = (
        f"The difference between {first} and {second} is {signed(difference)} with every assumption at its "
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
    rows = [_row(results, row) for row in shown.to_dict("records")]
    headers = (
        "Assumption",
        "What it is",
        "Now (plausible)",
        "Moves it by",
        "A larger value favors",
        "The answer turns",
    )
    listed = Table("Assumptions that move the answer most", headers, rows, words=True)
    more = []
    if len(table) > MOST:
        others = [_row(results, row) for row in table.iloc[MOST:].to_dict("records")]
        more = [
            Fold(f"The {len(others)} others that were taken one by one", [Table("Others", headers, others, words=True)])
        ]
    return [intro, picture, listed, *more, *left_out]


def _row(results: Results, row: Mapping[Any, Any]) -> Row:
    name = str(row["parameter"])
    p = PARAMETERS.get(name)
    if p is None:
        return Row(parameter_label(name), ("No longer a parameter of the model.", "", signed(row["moves"]), "", ""))
    now = float(results.scenario.parameters.get(name, p.default))
    low, high = (value_in_words(name, value) for value in (p.low, p.high))
    plausible = f"{value_in_words(name, now)}\n{low} to {high}"
    favors = running(results.favored["first" if row["direction"] > 0.0 else "second"])
    turns = turning_points(results.comparison, name) or "not looked for"
    moves = row["moves"] if math.isfinite(row["moves"]) else 0.0
    return Row(parameter_label(name), (p.meaning, plausible, f"{moves:.3f}", favors, turns))
