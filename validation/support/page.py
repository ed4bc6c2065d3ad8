"""docs/support.md: the rows as two tables, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validation.support.running import WEIGHTS


def support_markdown(found: Mapping[str, Sequence[Mapping[str, Any]]], provenance: Mapping[str, Any]) -> str:
    """The page."""
    seeds, districts, regions = (provenance[name] for name in ("seeds", "districts", "regions"))
    return f"""# What a state agency is worth to districts

Written by `python -m validation support --seeds {seeds} --districts {districts} --regions {regions} --write docs/support.md`;
the numbers are in [support.json](support.json). Equations and sources: `capsim/processes/support.py`.

Agencies help those below them in the time that compliance and assistance leave them (process `support`). How much that
matters is one declared number, `support_weight` w: 0, 1 or 2 here. At each weight the levels of the baseline are solved
again (`capsim/building/solving.py`), so that districts stand where they stood. {seeds} synthetic worlds of {districts}
districts in {regions} regions, settled for 150 months; each row is a difference in the mean use of districts under the
same luck, with its standard error over worlds. Few worlds: signs and ratios count, sizes less. Role redesign stops at 60%
of the compliance share. Even w = 2 lies below what one promoted practice lost and gained by a state's attention (S147,
S148): what a state requires and pays for is more than help.

## Strategies: gain in district use over no assistance

8,000 hours a year for five years. First figure: when assistance ends; second: two years later.

{_table("strategy", found["strategies"])}

## Facts: change in district use after five years without assistance

First figure: mean use of districts; second: how far districts lie apart (standard deviation of use).

{_table("what differs", found["facts"])}

At w = 0 what is left are ties between levels, the parent's plan and alignment; with `liaison_chance`, `spread_rate`,
`boundary_discount`, `plan_parent_rate` and `alignment_weight` at 0 it is exactly nothing, which a test shows.
"""


def _table(what: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = [what, *(f"w = {w:g}" for w in WEIGHTS)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        pairs = zip(row["first"], row["second"], strict=True)
        cells = [f"{_figure(one)} / {_figure(two)}" for one, two in pairs]
        lines.append(f"| {row['name']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(one: Sequence[float]) -> str:
    return f"{one[0]:+.4f} ({one[1]:.4f})"
