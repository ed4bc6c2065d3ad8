"""The declared contrast under each variant of a rule: which of them turns the answer, and how much a rule explains."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue.rules import RULES
from capsim.comparison.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

COLUMNS = ("rule", "variant", "pairs", "difference", "low", "high", "turns", "explained")


def differences_by_variant(
    comparison: Comparison, *, pair: tuple[str, str] | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """One row for each variant that was drawn; see `Comparison.by_variant`. Another pair or outcome than asked for."""
    import pandas as pd

    rows: list[dict[str, object]] = []
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
                turns = (overall > 0.0 and interval.high < 0.0) or (overall < 0.0 and interval.low > 0.0)
                rows.append(
                    {
                        "rule": name,
                        "variant": variant,
                        "pairs": len(groups.get_group(variant)),
                        "difference": interval.estimate,
                        "low": interval.low,
                        "high": interval.high,
                        "turns": turns,
                        "explained": explained,
                    }
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rules_in_words(table: pd.DataFrame) -> list[str]:
    """Which rules decide the contrast, in one or two sentences; none where no rules were drawn."""
    if table.empty:
        return []
    ranked = table.drop_duplicates("rule").sort_values("explained", ascending=False)
    shares: list[dict[Any, Any]] = ranked.to_dict("records")
    heavy = [f"{row['rule']} ({100.0 * row['explained']:.0f}%)" for row in shares if row["explained"] >= 0.05][:3]
    if len(heavy) > 1:
        which = f"the rules of {', '.join(heavy[:-1])} and {heavy[-1]} explain most"
    else:
        which = f"the rule of {heavy[0]} explains most" if heavy else "no rule alone explains as much as 5%"
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
    groups = [group.to_numpy(np.float64) for _, group in contrast.groupby(variant)]
    n, k = len(contrast), len(groups)
    total = float(((contrast - contrast.mean()) ** 2).sum())
    if k < 2 or n <= k or total <= 0.0:
        return math.nan if k > 1 else 0.0
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    return max(0.0, 1.0 - within / (n - k) * (n - 1) / total)
