"""The declared contrast under the forms of the rules: under each variant alone, everything else as in the scenario and
under the same luck; and, where rules were drawn, which of them turns the answer and how much a rule explains.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Unpack

import numpy as np
import pandas as pd

from capsim.catalogue.rules import RULES
from capsim.comparison.moving import FurtherRuns, run_pairs
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import mean_interval
from capsim.scenario import Scenario

ALONE_COLUMNS = (
    *("rule", "variant", "own", "pairs", "difference", "low", "high"),
    *("change", "change_low", "change_high", "turns"),
)
FEWEST, MOST = 2, 16
"""Replications of a variant."""
_OWN_RULES = ("", "")
"""In place of a rule and its variant: the rules of the scenario."""
_SETTLING = 2
"""Runs that settling a world costs."""


def other_variants(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every form of every rule that does not apply in a scenario."""
    for name, rule in RULES.items():
        for form in rule.forms:
            if form.name != scenario.rules.get(name, rule.default):
                yield name, form.name


def replications_alone(scenario: Scenario, *, blocks: int, strategies: int, replications: int) -> int:
    """Replications of each variant, so that all of them cost about what so many main blocks did."""
    ahead = blocks * (strategies + _SETTLING)
    affordable = ahead // (len(list(other_variants(scenario))) * (2 + _SETTLING))
    return min(replications, MOST, max(FEWEST, affordable))


def run_alone(
    scenario: Scenario,
    strategies: Mapping[str, Any],
    contrast: tuple[str, str],
    *,
    replications: int,
    own_rules: bool = False,
    **running: Unpack[FurtherRuns],
) -> pd.DataFrame:
    """Run both strategies of the contrast under each variant, assumptions at their defaults; with `own_rules` under the
    scenario's own too (without a name), where these worlds are not those of the main runs.

    One row for each variant and replicate: rule, variant, replicate, status, contrast (NaN where a run failed), reason.
    """
    pairs = [*([_OWN_RULES] if own_rules else []), *other_variants(scenario)]
    asked = [(pair, replicate) for pair in pairs for replicate in range(replications)]
    worlds = [(replicate, {"rules": {rule: variant} if rule else {}}) for (rule, variant), replicate in asked]
    rows = [
        (*pair, replicate, "failed" if reason else "done", found, reason)
        for (pair, replicate), (found, reason) in zip(
            asked, run_pairs(scenario, strategies, contrast, worlds, **running), strict=True
        )
    ]
    return pd.DataFrame(rows, columns=["rule", "variant", "replicate", "status", "contrast", "reason"])


def differences_alone(comparison: PairedRuns) -> pd.DataFrame:
    """The declared contrast under each variant alone: one at a time, everything else at the scenario's own rules.

    Columns: rule, variant, own (whether it is the scenario's own), pairs; change, change_low, change_high (against
    the scenario's own rules, pair by pair under the same luck, 95% t interval of the mean); difference (that of the
    main runs and the change), low, high; turns (whether that interval lies on the other side of zero than the mean
    of the main runs). Empty unless it was run.
    """
    table = comparison.alone
    if table.empty:
        return pd.DataFrame(columns=list(ALONE_COLUMNS))
    pairs = comparison.outcomes()
    first, second = comparison.scenario.question.contrast
    own = (pairs[first] - pairs[second]).dropna()
    usual = table[table["rule"] == _OWN_RULES[0]].set_index("replicate")["contrast"].dropna()
    usual = usual if len(usual) else own
    rows = []
    for name, rule in RULES.items():
        applies = comparison.scenario.rules.get(name, rule.default)
        for form in rule.forms:
            mine = table[(table["rule"] == name) & (table["variant"] == form.name)]
            if form.name == applies:
                rows.append((name, form.name, True, *_compared(own, own, own)))
            elif len(mine):
                found = mine.set_index("replicate")["contrast"].dropna()
                rows.append((name, form.name, False, *_compared(found, usual, own)))
    return pd.DataFrame(rows, columns=list(ALONE_COLUMNS))


def _compared(found: pd.Series, without: pd.Series, own: pd.Series) -> tuple[object, ...]:
    """Pairs; the difference, which is that of the main runs and what the variant changes in worlds that ran without it
    too; that change; whether the answer turns. The two parts of the interval are added as independent.
    """
    shared = found.index.intersection(without.index)
    usual = mean_interval(own.to_numpy(np.float64))
    change = mean_interval((found.loc[shared] - without.loc[shared]).to_numpy(np.float64))
    middle, half = usual.estimate + change.estimate, math.hypot(usual.half_width, change.half_width)
    low, high = middle - half, middle + half
    return (len(shared), middle, low, high, *change, _turns(usual.estimate, low, high))


def _turns(usual: float, low: float, high: float) -> bool:
    """Whether an interval lies on the other side of zero than a mean."""
    return (usual > 0.0 and high < 0.0) or (usual < 0.0 and low > 0.0)


def alone_in_words(table: pd.DataFrame) -> list[str]:
    """Which variants alone turn the answer, and between which two it ranges; nothing where none was run."""
    known: list[dict[Any, Any]] = table.dropna(subset="difference").sort_values("difference").to_dict("records")
    others = [row for row in known if not row["own"]]
    if not others:
        return []
    turning = [row for row in others if row["turns"]]
    usual = others[0]["difference"] - others[0]["change"]
    beyond = sum(row["difference"] * usual < 0.0 for row in others) - len(turning)
    verdict = f"{', '.join(map(_name, turning)) or 'no variant'} {'turn' if len(turning) > 1 else 'turns'} the answer"
    if beyond:
        verdict += f", {beyond}{' more' if turning else ''} may (with intervals that contain zero)"
    least, most = (f"{row['difference']:+.4f} ({_name(row)})" for row in (known[0], known[-1]))
    return [
        f"One rule at a time, all others as in the scenario: {verdict}; the difference ranges from {least} to {most}."
    ]


def _name(row: Mapping[Any, Any]) -> str:
    return f"{row['rule']}: {row['variant']}"


VARIANT_COLUMNS = ("rule", "variant", "pairs", "difference", "low", "high", "turns", "explained")


def differences_by_variant(
    comparison: PairedRuns, *, pair: tuple[str, str] | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """The declared contrast under each variant that was drawn, averaged over everything else that was.

    Columns: rule, variant, pairs, difference, low, high (t interval of the mean), turns (whether the interval lies
    on the other side of zero than the mean over all pairs), explained (share of the variance between pairs that
    the rule explains). Empty unless rules were drawn.
    """
    rows = []
    first, second = pair or comparison.scenario.question.contrast
    table = comparison.outcomes(outcome, assumptions="drawn") if len(comparison.variants) else pd.DataFrame()
    if first in table and second in table:
        contrast = (table[first] - table[second]).dropna()
        variants = comparison.variants.set_index("replicate").loc[contrast.index]
        overall = float(contrast.mean())
        for name in RULES:
            groups = contrast.groupby(variants[name])
            explained = _explained(contrast, variants[name])
            for variant in (form.name for form in RULES[name].forms if form.name in groups.groups):
                interval = mean_interval(groups.get_group(variant).to_numpy(np.float64))
                turns = _turns(overall, interval.low, interval.high)
                rows.append((name, variant, len(groups.get_group(variant)), *interval, turns, explained))
    return pd.DataFrame(rows, columns=list(VARIANT_COLUMNS))


def rules_in_words(table: pd.DataFrame) -> list[str]:
    """Which rules decide the contrast, in one or two sentences; none where no rules were drawn."""
    if table.empty:
        return []
    ranked = table.drop_duplicates("rule").sort_values("explained", ascending=False)
    shares: list[dict[Any, Any]] = ranked.to_dict("records")
    heavy = [f"{row['rule']} ({100.0 * row['explained']:.0f}%)" for row in shares if row["explained"] >= 0.05][:3]
    if len(heavy) > 1:
        which = f"the rules of {', '.join(heavy[:-1])} and {heavy[-1]} explain more than any others"
    else:
        which = (
            f"the rule of {heavy[0]} explains more than any other" if heavy else "no rule alone explains as much as 5%"
        )
    words = [f"Of the differences between worlds, {which}."]
    turned: list[dict[Any, Any]] = table[table["turns"]].to_dict("records")
    turning = [f"{row['rule']}: {row['variant']} ({row['difference']:+.4f})" for row in turned]
    if turning:
        words.append(
            f"On average over everything else that was drawn, these variants turn the answer: {', '.join(turning)}."
        )
    return words


def _explained(contrast: pd.Series, variant: pd.Series) -> float:
    """Share of the variance of single pairs that lies between variants, corrected for chance (epsilon squared)."""
    n, k = len(contrast), variant.nunique()
    total = float(((contrast - contrast.mean()) ** 2).sum())
    if k < 2 or n <= k or total <= 0.0:
        return math.nan if k > 1 else 0.0
    within = float(((contrast - contrast.groupby(variant).transform("mean")) ** 2).sum())
    return max(0.0, 1.0 - within / (n - k) * (n - 1) / total)
