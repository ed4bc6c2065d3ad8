"""The page on robustness: shares of draws, quantiles, and which few inputs decide; from stored draws alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue.rules import RULES
from capsim.parameters import PARAMETERS, assumed_parameters, draw_values
from capsim.parameters.table import rules_of
from capsim.scenario import Scenario
from capsim.streams.keys import key_from
from experiments.robustness_draws import HEADLINE, MOMENTS, SETTINGS, TIERS, WEIGHTS, difference

PICTURE = "robustness.svg"
CAUTION = "A share of declared alternatives is not a probability."
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_GROUPS, _MOST, _SHUFFLES = 5, 8, 40
_MOMENT_WORDS = {"assistance_end": "when help ends", "follow_up_end": "five years on"}
Floats = NDArray[np.float64]


def drawn_inputs(scenario: Scenario, draws: pd.Index) -> pd.DataFrame:
    """What was drawn in each draw of everything: assumed numbers, and variants under ``rules.<rule>``."""
    rows = []
    for draw in draws:
        key = key_from("assumptions", scenario.seed, int(draw))
        values = draw_values(scenario.parameters, key, rules=scenario.rules, with_rules=True)
        numbers = {p.name: values[p.name] for p in assumed_parameters()}
        rows.append({**numbers, **{f"rules.{rule}": form for rule, form in rules_of(values).items()}})
    return pd.DataFrame(rows, index=draws)


def explained(outcome: Floats, inputs: pd.DataFrame) -> pd.DataFrame:
    """Share of the variance of an outcome that lies between groups of each input, largest first: variants, or fifths of
    a number; corrected for chance (epsilon squared). Columns: input, alone; together: R2 of a straight regression on
    this input and those above it, corrected for their number.
    """
    alone = {name: _between(outcome, _groups(inputs[name])) for name in inputs}
    ranked = sorted(alone, key=lambda name: -alone[name])[:_MOST]
    columns: list[Floats] = []
    rows = []
    for name in ranked:
        columns += _columns(inputs[name])
        rows.append({"input": name, "alone": alone[name], "together": _regression(outcome, columns)})
    return pd.DataFrame(rows, columns=["input", "alone", "together"])


def by_chance(outcome: Floats, inputs: pd.DataFrame) -> float:
    """What the heaviest of so many inputs explains in 95% of shuffled outcomes, when none of them does anything."""
    random, groups = np.random.Generator(np.random.Philox(1)), [_groups(inputs[name]) for name in inputs]
    shuffled = (random.permutation(outcome) for _ in range(_SHUFFLES))
    return float(np.quantile([max(_between(one, group) for group in groups) for one in shuffled], 0.95))


def _groups(values: pd.Series) -> NDArray[np.int64]:
    if values.dtype == object or str(values.dtype).startswith("str"):
        return np.asarray(pd.factorize(values)[0], np.int64)
    ranks = values.rank(method="first").to_numpy() - 1.0
    return np.asarray(ranks * _GROUPS / len(values), np.int64)


def _between(outcome: Floats, groups: NDArray[np.int64]) -> float:
    n, k = len(outcome), len(np.unique(groups))
    total = float(((outcome - outcome.mean()) ** 2).sum())
    if k < 2 or n <= k or total == 0.0:
        return 0.0
    parts = [outcome[groups == one] for one in np.unique(groups)]
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    return max(0.0, 1.0 - within / (n - k) * (n - 1) / total)


def _columns(values: pd.Series) -> list[Floats]:
    """An input in a regression: a number, standardized, and its square; or a mark for each variant but one."""
    if values.dtype == object or str(values.dtype).startswith("str"):
        return [(values == form).to_numpy(np.float64) for form in sorted(values.unique())[1:]]
    spread = float(values.std())
    x = ((values - values.mean()) / spread).to_numpy(np.float64) if spread > 0.0 else np.zeros(len(values))
    return [x, x**2]


def _regression(outcome: Floats, columns: list[Floats]) -> float:
    n = len(outcome)
    design = np.column_stack([np.ones(n), *columns])
    total = float(((outcome - outcome.mean()) ** 2).sum())
    if n <= design.shape[1] or total == 0.0:
        return float("nan")
    left = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return 1.0 - float(left @ left) / (n - design.shape[1]) * (n - 1) / total


def robustness_page(scenario: Scenario, found: Mapping[str, pd.DataFrame]) -> str:
    """The page as Markdown."""
    draws = {name: len(table) for name, table in found.items()}
    failed = sum(int((table["reason"] != "").sum()) for table in found.values())
    lines = [
        "# How robust the headline is",
        "",
        "<!-- Written by python -m experiments.robustness. -->",
        "",
        f"Each row below is a setting with {max(draws.values()):,} draws of luck, of every assumed number and of a "
        f"variant of every rule, the same for both strategies of a pair ({scenario.agencies.sample} districts of Ohio, "
        f"{scenario.timeline.assistance} months of help, {scenario.timeline.follow_up} months after it; {failed} draws "
        f"failed). Luck is in the spread too. **{CAUTION}** It says how many of the alternatives that somebody can "
        "defend end on which side, and it moves with their weights and priors.",
        "",
        f"![For each setting, where the draws lie and how many are above zero](images/{PICTURE})",
        "",
    ]
    for title, pair in (("Organization-focused minus individual-focused", HEADLINE), ("Tiered minus universal", TIERS)):
        lines += [f"## {title}", "", *_table(found, pair), "", *_decided(scenario, found["all"], pair), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(found: Mapping[str, pd.DataFrame], pair: tuple[str, str]) -> list[str]:
    """Shares and quantiles of every setting, moment and way of counting districts."""
    names = " | ".join(f"{100 * q:.0f}%" for q in QUANTILES)
    lines = [
        f"| setting | read | weighted by | draws | first ahead | second ahead | {names} |",
        "|---|---|---|---|---|---|" + "---|" * len(QUANTILES),
    ]
    for name, setting in SETTINGS.items():
        if pair not in setting.pairs:
            continue
        for moment in reversed(MOMENTS):
            for weight in WEIGHTS:
                own = difference(found[name], pair, weight, moment).to_numpy(np.float64)
                shares = f"{_share(own > 0.0)} | {_share(own < 0.0)}"
                quantiles = (
                    " | ".join(_signed(float(q)) for q in np.quantile(own, QUANTILES)) if len(own) else " | " * 4
                )
                words = _MOMENT_WORDS[moment]
                lines.append(f"| {setting.title} | {words} | {weight} | {len(own)} | {shares} | {quantiles} |")
    return lines


def _decided(scenario: Scenario, table: pd.DataFrame, pair: tuple[str, str]) -> list[str]:
    """Which few inputs decide the difference at the end of follow-up."""
    own = difference(table, pair, "districts", "follow_up_end")
    inputs = drawn_inputs(scenario, own.index)
    ranked, chance = explained(own.to_numpy(np.float64), inputs), by_chance(own.to_numpy(np.float64), inputs)
    lines = [
        "What decides it (everything drawn, districts alike, five years on): the share of the variance between draws "
        "that an input explains alone, and R2 of a regression on it and all above it. The heaviest of so many inputs "
        f"reaches {chance:.2f} by chance with so many draws; what is below does not stand out.",
        "",
        "| input | what it is | alone | together |",
        "|---|---|---|---|",
    ]
    for row in ranked.to_dict("records"):
        name = str(row["input"])
        what = RULES[name.removeprefix("rules.")].sentence if name.startswith("rules.") else PARAMETERS[name].meaning
        together = "undefined" if np.isnan(row["together"]) else f"{row['together']:.2f}"
        lines.append(f"| {name} | {what.rstrip('.')} | {row['alone']:.2f} | {together} |")
    return lines


def _share(side: NDArray[np.bool_]) -> str:
    return f"{100.0 * side.mean():.0f}%" if len(side) else "undefined"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "\u2212")
