"""A user's survey beside the simulated world: what was observed, what the same items read there, and how it drifts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.comparison.statistics import draw_range, mean_interval
from capsim.scenario import AgencyTable
from capsim.scenario.survey import SURVEY_ITEMS, Survey

if TYPE_CHECKING:
    from capsim.runs.blocks import BlockResult

LARGE_DRIFT = 0.02
"""Change of an observed state in a year without assistance, of states in [0, 1], that must not pass unsaid."""
CLOSE = 1e-9
"""How near a state must be to what was observed to count as reached."""


def survey_table(survey: Survey, agencies: AgencyTable, results: Sequence[BlockResult]) -> pd.DataFrame:
    """One row for each set of assumptions and answer of a survey.

    Columns: assumptions; agency, name, area (empty: all areas), item, unit, respondents, observed; role ("set": the
    world was moved to it, "compared": another item was); worlds; reading, reading_low, reading_high (median and central
    95% of what the item reads, noise included, in its unit); wanted, state (mean states in [0, 1]), furthest (largest
    distance of the two in any world); drift, drift_low, drift_high (mean change of the state in a year without
    assistance, with its t interval).
    Agencies are those of the survey, in the same order; blocks without a survey are passed over.
    """
    rows: list[dict[str, Any]] = []
    cells = survey.cells()
    for assumptions in dict.fromkeys(result.assumptions for result in results):
        worlds = [r.surveyed for r in results if r.assumptions == assumptions and r.surveyed is not None]
        if not worlds:
            continue
        columns = {
            name: np.array([getattr(world, name) for world in worlds]).reshape(len(worlds), len(cells))
            for name in ("wanted", "state", "later", "reading")
        }
        rows += [
            {
                "assumptions": assumptions,
                **_who(survey, agencies, cell),
                **_what({name: column[:, place] for name, column in columns.items()}),
            }
            for place, cell in enumerate(cells)
        ]
    return pd.DataFrame(rows)


def _who(survey: Survey, agencies: AgencyTable, cell: tuple[str, int, int]) -> dict[str, Any]:
    name, row, column = cell
    return {
        "agency": str(agencies.id[row]),
        "name": str(agencies.name[row]),
        "area": survey.areas[column] if column < len(survey.areas) else "",
        "item": name,
        "unit": SURVEY_ITEMS[name].unit,
        "respondents": float(survey.respondents[row, column]),
        "observed": float(survey.answers[name][row, column]),
    }


def _what(worlds: dict[str, np.ndarray]) -> dict[str, Any]:
    """Figures of one answer over the worlds in which the state is defined."""
    defined = ~(np.isnan(worlds["state"]) | np.isnan(worlds["later"]))
    wanted, state, later, reading = (worlds[name][defined] for name in ("wanted", "state", "later", "reading"))
    is_set = not np.isnan(worlds["wanted"]).any()
    spread, drift = draw_range(reading), mean_interval(later - state)
    apart = np.abs(state - wanted).max(initial=0.0) if is_set else np.nan
    return {
        "role": "set" if is_set else "compared",
        "worlds": int(defined.sum()),
        "reading": spread.estimate,
        "reading_low": spread.low,
        "reading_high": spread.high,
        "wanted": _mean(wanted),
        "state": _mean(state),
        "furthest": float(apart),
        "drift": drift.estimate,
        "drift_low": drift.low,
        "drift_high": drift.high,
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def drift_of_items(table: pd.DataFrame, *, assumptions: str = "default") -> pd.DataFrame:
    """How far the states that were set drift in a year without assistance, one row for each item.

    Columns: item, answers, drift (mean over answers), largest (the drift furthest from 0), beyond (answers that drift
    by more than `LARGE_DRIFT`), missed (answers that were not reached in some world). Empty without a survey.
    """
    rows = []
    if len(table):
        chosen = table[(table["assumptions"] == assumptions) & (table["role"] == "set") & (table["worlds"] > 0)]
        for item, answers in chosen.groupby("item", sort=False):
            drift = answers["drift"].to_numpy(np.float64)
            rows.append(
                {
                    "item": item,
                    "answers": len(answers),
                    "drift": float(drift.mean()),
                    "largest": float(drift[np.argmax(np.abs(drift))]),
                    "beyond": int((np.abs(drift) > LARGE_DRIFT).sum()),
                    "missed": int((answers["furthest"] > CLOSE).sum()),
                }
            )
        order = list(SURVEY_ITEMS)
        rows.sort(key=lambda row: order.index(str(row["item"])))
    return pd.DataFrame(rows)
