"""The smallest dose at which half of the districts use a helped area, `python -m experiments.smallest_dose`.

Mixes of one or two areas at doubling budgets in a sample of Ohio's districts, as many paired worlds each; at the end of
five years of help: the share of districts in which use of the area with most help passes .6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from capsim.cli.options import Whole
from capsim.levels import Level
from capsim.model.capacity_model import CapacityModel
from capsim.runs.identity import RESULTS_VERSION
from capsim.scenario import scenario_from_mapping

PAGE = Path("docs/smallest_dose.md")
LINE, HALF = 0.6, 0.5
BUDGETS = tuple(60_000 * 2**n for n in range(9))
MIXES: Mapping[str, Mapping[str, float]] = {
    "people": {"coaching": 0.65, "training": 0.35},
    "organization": {"routine_redesign": 0.6, "goal_setting": 0.2, "leadership_coaching": 0.2},
    "both": {
        "coaching": 0.30,
        "training": 0.19,
        "routine_redesign": 0.35,
        "goal_setting": 0.11,
        "leadership_coaching": 0.05,
    },
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--worlds", type=Whole(min=2), default=8, show_default=True, help="Paired worlds at each budget.")
@click.option("--small", is_flag=True, help="Two budgets in a small world, printed; nothing is kept.")
def main(*, worlds: int, small: bool) -> None:
    """Find the smallest dose at which half of the districts use a helped area, and write docs/smallest_dose.md."""
    size: dict[str, int] = {"sample": 8, "months": 12} if small else {"sample": 40, "months": 60}
    rows = []
    worlds = 2 if small else worlds
    for mix, areas, budget in cases(BUDGETS[:2] if small else BUDGETS):
        found = [one_world(mix, areas, budget, seed=seed, **size) for seed in range(1, worlds + 1)]
        rows.append({"mix": mix, "areas": areas, "budget": budget, **pd.DataFrame(found).mean().to_dict()})
    text = page(pd.DataFrame(rows), worlds=worlds, **size)
    if small:
        click.echo(text)
        return
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    click.echo(str(PAGE))


def cases(budgets: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Mixes, areas and budgets that are tried."""
    yield from itertools.product(MIXES, (1, 2), budgets)


def one_world(mix: str, areas: int, budget: int, *, seed: int, sample: int, months: int) -> dict[str, float]:
    """Shares of districts that pass the line in the area in which they had most help, dollars and hours."""
    content: dict[str, Any] = {
        "name": "Smallest dose",
        "agencies": {
            "source": "us_2023_24",
            "states": ["OH"],
            "regional": ["support_teams", "escs"],
            "sample": sample,
            "sample_seed": 2,
        },
        "question": {"outcome": "use", "at": "assistance_end", "contrast": [mix, "none"]},
        "timeline": {"settling": "auto", "assistance": months, "follow_up": 1},
        "uncertainty": "none",
        "assistance": {"budget_hours_per_year": budget},
        "strategies": ["none", {"name": mix, "activities": dict(MIXES[mix]), "delivery": {"focal_areas": areas}}],
    }
    model = CapacityModel(scenario_from_mapping(content), strategy=mix, seed=seed)
    help_by_area = np.zeros_like(model.world.helped)
    for _ in range(months):
        model.step()
        help_by_area += model.world.helped
    districts = np.flatnonzero(model.world.layout.level == Level.LEA)
    most = help_by_area[districts].argmax(axis=1)
    use = model.world.use[districts, most]
    weight = model.world.layout.weight[districts]
    pupils = weight * model.world.layout.enrollment[districts]
    positions = weight * np.diff(model.world.layout.first)[districts]
    ledger = model.ledger
    return {
        "share": float(weight @ (use >= LINE) / weight.sum()),
        "share_by_pupils": float(pupils @ (use >= LINE) / pupils.sum()),
        "use": float(weight @ use / weight.sum()),
        "hours_a_position": float(ledger.by_organization[districts].sum() / positions.sum() * 12 / months),
        "spent": ledger.spent * 12 / months,
        "dollars": ledger.cost(model.values) * 12 / months,
    }


def page(table: pd.DataFrame, *, worlds: int, sample: int, months: int) -> str:
    """The page: which dose is enough, and the whole table."""
    lines = [
        "# The smallest dose that half of the districts use",
        "",
        f"<!-- Written by python -m experiments.smallest_dose, results version {RESULTS_VERSION}. -->",
        "",
        f"How much help does it take until half of Ohio's districts have at least {LINE:g} of a helped area in use "
        f"when {months} months of help end? {sample} districts stand for the state, {worlds} worlds at each budget, "
        "the same luck for all; hours are divided by position, budgets double from one line to the next. Assumptions "
        "and rules are the defaults; a program of more consultants achieves less with each (`provider_scale`).",
        "",
    ]
    for (mix, areas), part in table.groupby(["mix", "areas"], sort=False):
        enough = part[part["share"] >= HALF]
        where = f"- **{mix}, {areas} area{'s' if areas != 1 else ''}**: "
        if enough.empty:
            best = part.iloc[int(part["share"].argmax())]
            lines.append(where + f"no budget tried is enough; the most is {best['share']:.0%} of districts.")
        else:
            first = enough.iloc[0]
            lines.append(
                where
                + f"{first['budget']:,.0f} hours a year, {first['hours_a_position']:.0f} a position of a district, "
                f"${first['dollars'] / 1e6:,.1f} million a year."
            )
    lines += ["", "| mix | areas | hours a year | of them spent | hours a position | $ million a year | mean use | "]
    lines[-1] += "districts at .6 | pupils in them |"
    lines.append("|---|---|---|---|---|---|---|---|---|")
    for row in table.to_dict("records"):
        lines.append(
            f"| {row['mix']} | {row['areas']} | {row['budget']:,.0f} | {row['spent']:,.0f} | "
            f"{row['hours_a_position']:.0f} | {row['dollars'] / 1e6:,.1f} | {row['use']:.3f} | {row['share']:.0%} | "
            f"{row['share_by_pupils']:.0%} |"
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main(prog_name="python -m experiments.smallest_dose")
