"""What recipients said they wanted and what they got of it, how often they asked and how soon they were answered;
nothing where wishes do not move the mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capsim.report.parts import Part, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED

_NOTE = (
    "Shares of an agency's help for people and the organization that go to the organization: what was said in the first "
    "yearly survey, and what was given at last. An agency asks when the two are far apart, and is answered when the "
    "distance has halved. Means of simulated worlds; those who are not helped have no share and do not ask."
)


def wishes_parts(results: Results) -> Sequence[Part]:
    """One row a strategy that helps."""
    runs = results.comparison.runs
    if "wishes_asked" not in runs or runs["wishes_asked"].isna().all():
        return []
    own = runs[(runs["assumptions"] == "default") & (runs["status"] == "done")]
    means = own.groupby("strategy")[[name for name in own.columns if name.startswith("wishes_")]].mean()
    found = {str(name): row for name, row in means.iterrows()}
    rows = [results.row(name, _cells(found[name])) for name in results.others if name in found]
    headers = ("Strategy", "Wanted at first", "Given at last", "Asked", "Answered", "Months until then")
    return [Table("What recipients wanted, and how responsive each strategy was", headers, rows, _NOTE)] if rows else []


def _cells(found: pd.Series) -> tuple[str, ...]:
    shares = [UNDEFINED if pd.isna(found[name]) else f"{found[name]:.0%}" for name in ("wishes_said", "wishes_given")]
    months = UNDEFINED if pd.isna(found["wishes_months"]) else f"{found['wishes_months']:.1f}"
    return (*shares, f"{found['wishes_asked']:.1f}", f"{found['wishes_answered']:.1f}", months)
