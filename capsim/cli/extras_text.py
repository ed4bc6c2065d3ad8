"""What a comparison looked into by itself, as it is printed: other budgets, other rules, the assumptions that move the
answer; the forecast beside what was read since; and several scenarios, which plan where and one plan for all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.catalogue import better
from capsim.cli.tables import (
    Columns,
    facts,
    interval_text,
    number_text,
    paragraph,
    records_table,
    signed_text,
    text_table,
)
from capsim.comparison.answering import (
    against_in_words,
    best_in_words,
    fact_in_words,
    in_worlds,
    learnt_in_words,
    next_in_words,
    which_plan,
)
from capsim.comparison.asking import strategy_title
from capsim.comparison.extras import TOP, left_out_of_all, sample_in_words
from capsim.comparison.ladder import RUNGS, amount_in_words, budget_of, ladder_in_words, ladder_table
from capsim.comparison.moving import turning_points
from capsim.comparison.plainly import in_words
from capsim.comparison.variants import alone_in_words
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import labels_of, parameter_label, value_text

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison, Several

_MOST_READ = 12
_MOST, _FEW, _VISIBLE = 8, 3, 0.0005
"""Assumptions that are printed, in detail and otherwise, and what they move the difference by at least."""


def ladder_text(result: Comparison, *, details: bool) -> str:
    """What other budgets would do, in detail for every plan; empty where it was not run."""
    table = ladder_table(result)
    if table.empty or not details:
        return ladder_in_words(result)
    scenario, unit = result.scenario, budget_of(result.scenario)[2]
    header = ["gain at a year's", *(amount_in_words(scenario, rung) for rung in RUNGS), "same gain, best plan"]
    rows = []
    for name, same in result.plainly().set_index("strategy")["same_budget"].items():
        own = table[table["strategy"] == name].set_index("budget")["gain"]
        amount = "-" if math.isnan(same) else amount_in_words(scenario, same)
        rows.append([str(name), *(signed_text(own[rung]) for rung in RUNGS), amount])
    worlds = int(table["worlds"].min())
    legend = (
        f"In {worlds} worlds{sample_in_words(result)}, luck alone. Same gain: {unit} a year with which {rows[0][0]} "
        "leaves as much as the plan does with the whole budget"
    )
    columns = text_table(header, rows, align="l" + "r" * (len(RUNGS) + 1))
    return f"{ladder_in_words(result)}\n\n{columns}\n\n{legend}"


def variants_text(result: Comparison) -> str:
    """The answer under each rule alone; empty where it was not run."""
    return "\n".join(alone_in_words(result.by_variant_alone()))


def assumptions_text(result: Comparison, *, details: bool) -> str:
    """The assumptions that move the contrast most, and where they turn it; empty where nobody looked."""
    table = result.assumptions_that_move()
    first, second = map(strategy_title, result.scenario.question.contrast)
    if not len(result.effects):
        return ""
    title = f"What would change the answer ({first} against {second})"
    if table.empty:
        return f"{title}: none of the assumptions that were tried moves it"
    visible = table[table["moves"] >= _VISIBLE]
    shown = visible if len(visible) >= TOP else table.head(TOP)
    rows = [_assumption(result, row) for row in shown.head(_MOST if details else _FEW).to_dict("records")]
    if not details:
        return "\n".join([title, *(paragraph(_in_words(row), "  ") for row in rows)])
    columns: Columns = {
        "assumption": lambda row: f"{row['label']} ({row['name']})",
        "now": itemgetter("now"),
        "plausible": itemgetter("plausible"),
        "moves it by": itemgetter("moves"),
        "a larger one favors": itemgetter("favors"),
        "the answer turns": itemgetter("turns"),
    }
    legend = _legend(result, len(table) - len(rows))
    return f"{title}\n\n{records_table(rows, columns, align='lrlrll')}\n\n{legend}"


def _assumption(result: Comparison, row: Mapping[Any, Any]) -> dict[str, str]:
    """An assumption that moves the contrast, as it is printed."""
    first, second = result.scenario.question.contrast
    declared = PARAMETERS[row["parameter"]]
    used = result.scenario.parameters.get(declared.name, declared.default)
    now, low, high = (value_text(declared.name, value) for value in (used, declared.low, declared.high))
    return {
        "name": declared.name,
        "label": parameter_label(declared.name),
        "now": now,
        "plausible": f"{low} to {high}",
        "moves": number_text(row["moves"]),
        "favors": first if better(result.outcome) * row["direction"] > 0.0 else second,
        "turns": turning_points(result, declared.name) or "not looked for",
    }


def _in_words(row: Mapping[str, str]) -> str:
    turns = "" if row["turns"] == "not looked for" else f"; the answer turns {row['turns']}"
    said = f"{row['label']}: {row['now']}, plausible {row['plausible']}"
    return f"{said}; moves it by {row['moves']}, a larger one favors {strategy_title(row['favors'])}{turns}"


def _legend(result: Comparison, others: int) -> str:
    effects = result.effects
    one_by_one = effects[effects["step"] == "assumption"]
    groups = effects[effects["step"] == "group"]["name"].nunique()
    worlds = one_by_one["replicate"].nunique()
    how = f"; of {groups} groups of assumptions those that move it most were taken one by one" if groups else ""
    more = f" ({others} more move it less: effects.parquet)" if others > 0 else ""
    turned = next((found for found in result.break_even if found.by_itself), None)
    turns = ""
    if turned:
        turns = f" Turns: looked for at {len(turned.values)} values over the whole range, in {turned.worlds} worlds."
    return (
        f"Moves it by: what the difference changes by when the assumption passes through half of its plausible values. "
        f"In {worlds} worlds{sample_in_words(result)}, under the same luck{how}{more}.{turns} `capsim list parameters` "
        "says what each of them is"
    )


def extras_facts(result: Comparison) -> dict[str, Any]:
    """The same for machines."""
    return {
        **facts(result, "by_budget"),
        "budget": ladder_in_words(result),
        **facts(result, "plainly"),
        "in_words": in_words(result),
        **facts(result, "assumptions_that_move"),
    }


def words_text(result: Comparison) -> str:
    """What the gains come to in words people use."""
    found = in_words(result)
    if not found:
        return ""
    lines = [
        f"{said[:1].upper()}{said[1:]}" if name == "turnover" else f"{strategy_title(name)}: {said}"
        for name, said in found.items()
    ]
    return "\n".join(["In other words", *(paragraph(line, "  ") for line in lines)])


def forecast_text(result: Comparison) -> list[str]:
    """Forecast against fact, the forecast as it is now, what to read next; nothing without readings."""
    if result.observed.empty:
        return []
    return [_fact(result), *filter(None, [_updated(result), next_in_words(result)])]


def _fact(result: Comparison) -> str:
    """Every reading that the forecast missed, up to a few, below the sentence that counts them."""
    missed = result.observed[~result.observed["inside"].astype(bool)]
    said = f"Forecast and fact\n\n{fact_in_words(result)}"
    if missed.empty:
        return said
    columns: Columns = {
        "outside of the forecast": lambda row: f"{row['name']}"[:32],
        "item": lambda row: row["item"] + (f", {row['area']}" if row["area"] else ""),
        "month": lambda row: str(row["month"]),
        "read": lambda row: number_text(row["observed"], 1),
        "forecast": lambda row: number_text(row["foretold"], 1),
        "95% of worlds": lambda row: f"{row['foretold_low']:.1f} to {row['foretold_high']:.1f}",
    }
    more = "" if len(missed) <= _MOST_READ else f"\n\n{len(missed) - _MOST_READ} more in observed.csv"
    return f"{said}\n\n{records_table(missed.head(_MOST_READ).to_dict('records'), columns, align='llrrrr')}{more}"


def _updated(result: Comparison) -> str:
    if not result.provenance["observed"]["learnt"]:
        return "" if which_plan(result)[0] else learnt_in_words(result)  # the answer has said it
    header = ["plan", "gain now", "95%", "best in", "gain foretold", "95%", "best in"]
    rows = [
        [
            row["strategy"],
            signed_text(row["updated_gain"]),
            interval_text(row["updated_gain_low"], row["updated_gain_high"]),
            updated,
            signed_text(row["foretold_gain"]),
            interval_text(row["foretold_gain_low"], row["foretold_gain_high"]),
            foretold,
        ]
        for row in result.updated.to_dict("records")
        for foretold, updated in [best_in_words(result, row)]
    ]
    return f"{learnt_in_words(result)}\n\n{text_table(header, rows, align='lrrrrrr')}"


def forecast_facts(result: Comparison) -> dict[str, Any]:
    """The same for machines."""
    told = {key: value for key, value in result.provenance.get("observed", {}).items() if key != "rows"}
    return {
        **facts(result, "observed", "updated", "next_readings"),
        "readings": told,
    }


def several_text(result: Several, *, short: bool) -> str:
    """Answer and the two tables."""
    return "\n\n".join([result.answer(), *([] if short else [_plans_there(result), _regret(result)])])


def deciding_text(result: Several) -> str:
    """What would change the answer in each scenario; empty where nobody looked."""
    table = result.deciding()
    if table.empty:
        return ""
    said = [
        f"{row['scenario']}: moved most by {labels_of(row['moves_most'])}; where it turns: {row['turns']}; "
        f"rules that turn it: {row['rules_that_turn']}. {row['budget']}"
        for row in table.to_dict("records")
    ]
    parts = ["\n".join(["what would change it", *(paragraph(one, "  ") for one in said)])]
    return "\n\n".join([*parts, *filter(None, [left_out_of_all(result.comparisons)])])


def _plans_there(result: Several) -> str:
    columns: Columns = {
        "scenario": lambda row: str(row["scenario"]) if row["rank"] == 1 else "",
        "plan": lambda row: f"{row['rank']} {row['strategy']}",
        "gain": lambda row: signed_text(row["gain"]),
        "95%": lambda row: interval_text(row["low"], row["high"]),
        "best in": lambda row: in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
        "behind": lambda row: f"{row['regret']:.3f}",
        "against the best": against_in_words,
    }
    legend = (
        "gain: over no help in the same scenario, with the wider interval; best in: worlds in which the plan is the "
        "best of all; behind: how far its gain is behind that of the best plan there"
    )
    return f"{records_table(result.table().to_dict('records'), columns, align='llrrrrl')}\n\n{legend}"


def _regret(result: Several) -> str:
    columns: Columns = {
        "one plan for all": lambda row: str(row["strategy"]),
        "best in": lambda row: f"{row['best_in']} of {row['scenarios']}",
        "behind on average": lambda row: f"{row['mean_regret']:.3f}",
        "at most": lambda row: f"{row['largest_regret']:.3f}",
        "where": lambda row: str(row["where"]) if row["largest_regret"] > 0.0 else "-",
    }
    return records_table(result.regret().to_dict("records"), columns, align="lrrrl")


def several_facts(result: Several, place: Path) -> dict[str, Any]:
    """The same for machines."""
    return {
        "answer": result.answer(),
        "scenarios": list(result.comparisons),
        **facts(result, "table", "regret", "flips", "deciding"),
        "output": str(place / "report.html"),
    }
