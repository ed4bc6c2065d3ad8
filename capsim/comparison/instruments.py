"""What instruments saw, beside what was true: ratings, readings, colors, rubrics, ties; default assumptions. A
user's survey beside the simulated world: what was observed, what the same items read there, and how it drifts.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.comparison.comparison import Comparison
from capsim.comparison.flow import chain_totals
from capsim.comparison.statistics import draw_range, mean_interval
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable
from capsim.scenario.survey import Survey

if TYPE_CHECKING:
    from capsim.runs.blocks import BlockResult

RATINGS = ("expert_rating", "client_rating", "satisfaction")
TRUTHS = {"skill_reading": "individual", "routine_reading": "organizational_skills", "use_reading": "use"}
"""Readings, and the measure that comes nearest to what each is meant to read."""
COLORS = ("red", "amber", "green")
SECTIONS = ("context_level", "system_level", "performance_level")
"""Sections of the sustainability rubric."""
_LEVELS = ("lea", "school", "esa", "sea")


def ratings_table(comparison: Comparison) -> pd.DataFrame:
    """Ratings of those served, beside real gains over no assistance when assistance ends.

    Columns: strategy; level: the level of agencies that got most of the consultants' hours; expert_rating,
    client_rating, satisfaction: means over the months of assistance and worlds with default assumptions, 1 to 5;
    interest: the latest yearly survey, of everybody on the level, 1 to 5; gain_use, gain_individual, gain_routines:
    mean gains of districts (use, individual capacity, organizational skills). Only strategies with a rating.
    """
    gained = {"gain_use": "use", "gain_individual": "individual", "gain_routines": "organizational_skills"}
    columns = ["strategy", "level", *RATINGS, "interest", *gained]
    rows = []
    logged = comparison.rows("instruments")
    if not logged.empty:
        served = _most_served(comparison)
        for strategy in comparison.strategies:
            level = served.get(strategy)
            own = logged[(logged["strategy"] == strategy) & (logged["level"] == level)]
            if level is None or own.empty or not own[list(RATINGS)].notna().any().any():
                continue
            ends = [f"{measure}_assistance_end" for measure in gained.values()]
            weight = comparison.scenario.question.weight
            found = (comparison.difference(strategy, "none", outcome=end, weight=weight) for end in ends)
            interest = float(own.loc[own["month"] == own["month"].max(), "interest"].mean())
            means = (float(own[name].mean()) for name in RATINGS)
            rows.append((strategy, level, *means, interest, *(float(one.mean.estimate) for one in found)))
    return pd.DataFrame(rows, columns=columns)


def _most_served(comparison: Comparison) -> dict[str, str]:
    """Level that got most hours of the center itself, by strategy."""
    total = chain_totals(comparison)
    total = total[total["link"].str.startswith("center to ")] if len(total) else total
    found: dict[str, str] = {}
    for strategy, own in total.groupby("strategy", sort=False):
        most = own.sort_values("delivered", ascending=False, kind="stable")["link"].iloc[0]
        found[str(strategy)] = str(most).removeprefix("center to ")
    return found


def readings_table(comparison: Comparison) -> pd.DataFrame:
    """Readings beside the truth, at the last month of assistance; one row per strategy, level and instrument.

    Columns: strategy, level, reading (column of the instruments), read, true (mean of the measure over all agencies of
    the level), worlds, off (mean over worlds and months of the distance between the two). Worlds with default
    assumptions; readiness has no measure to be held against and is left out.
    """
    columns = ["strategy", "level", "reading", "read", "true", "worlds", "off"]
    rows = []
    if not comparison.instruments.empty and not comparison.monthly.empty:
        keys = ["strategy", "replicate", "month", "level"]
        logged, truth = comparison.rows("instruments"), comparison.rows("monthly")
        both = logged[[*keys, *TRUTHS]].merge(truth[[*keys, *TRUTHS.values()]], on=keys)
        last = comparison.scenario.timeline.assistance
        for strategy, level, (reading, measure) in itertools.product(comparison.strategies, _LEVELS, TRUTHS.items()):
            own = both[(both["strategy"] == strategy) & (both["level"] == level)]
            known = own[own[reading].notna() & own[measure].notna()]
            end = known[known["month"] == last]
            if len(end):
                means = (float(end[reading].mean()), float(end[measure].mean()), int(end["replicate"].nunique()))
                rows.append((strategy, level, reading, *means, float(np.abs(known[reading] - known[measure]).mean())))
    return pd.DataFrame(rows, columns=columns)


def status_table(comparison: Comparison) -> pd.DataFrame:
    """Shares of agencies in red, amber and green by month, mean over worlds with default assumptions, and true use.

    Columns: strategy, level, month, red, amber, green, use. Only strategies that take stock, and the level with
    districts first.
    """
    columns = ["strategy", "level", "month", *COLORS, "use"]
    logged = comparison.rows("instruments")
    if logged.empty or comparison.monthly.empty:
        return pd.DataFrame(columns=columns)
    logged = logged[logged["red"].notna()]
    keys = ["strategy", "level", "month"]
    shares = logged.groupby(keys, as_index=False)[list(COLORS)].mean()
    use = comparison.rows("monthly").groupby(keys, as_index=False)["use"].mean()
    joined = shares.merge(use, on=keys, how="left")
    tables = []
    for strategy in comparison.strategies:
        own = joined[joined["strategy"] == strategy]
        level = next((name for name in _LEVELS if (own["level"] == name).any()), None)
        if level is not None:
            tables.append(own[own["level"] == level])
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


class Plan(NamedTuple):
    """What a strategy that takes stock plans for the agencies of a level: mean use as read in the first round of
    stocktakes (over in a month of the assistance, from 1), as wanted when it ends, and as read in its last month.
    """

    level: str
    month: int
    first: float
    target: float
    reached: float

    def wanted(self, month: int, months: int) -> float:
        """Planned mean use after a month of an assistance of `months`."""
        return self.first + (self.target - self.first) * (month - self.month) / max(1, months - self.month)


def planned_use(comparison: Comparison, strategy: str) -> Plan | None:
    """Target and trajectory of a strategy, mean over worlds with default assumptions; None if it takes no stock.

    A round is over when every agency can have had a stocktake: its least time between two of them after the first one.
    """
    status = status_table(comparison)
    own = status[status["strategy"] == strategy]
    if own.empty:
        return None
    level, begin, months = str(own["level"].iloc[0]), int(own["month"].min()), comparison.scenario.timeline.assistance
    values = resolve_values(comparison.scenario.parameters)
    names = [row.name for row in ACTIVITIES.values() if row.yields == "stocktake"]
    month = min(months, begin + round(min(values[f"{name}_every_months"] for name in names)) - 1)
    logged = comparison.rows("instruments")
    read = logged[(logged["strategy"] == strategy) & (logged["level"] == level)].groupby("month")["use_reading"].mean()
    first = float(read.loc[month])
    target = first + values["stocktake_target"] * (1.0 - first)
    return Plan(level, month, first, target, float(read.iloc[-1]))


def sustainability_table(comparison: Comparison) -> pd.DataFrame:
    """The sustainability rubric at the last month of assistance, mean over worlds with default assumptions.

    Columns: strategy, level, and the mean level, 1 to 4, of each section in `SECTIONS`. Only groups of agencies with a
    review.
    """
    last = _last_month(comparison, SECTIONS)
    return _ordered(last[last[list(SECTIONS)].notna().all(axis=1)], comparison)


def _last_month(comparison: Comparison, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns at the last month of assistance; empty where nobody logs them."""
    logged, keys = comparison.rows("instruments"), ["strategy", "level", *columns]
    if logged.empty or not set(columns) <= set(logged):
        return pd.DataFrame(columns=keys)
    return logged.loc[logged["month"] == comparison.scenario.timeline.assistance, keys]


def _ordered(table: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Means by strategy in the order of the comparison, and by level, districts first; other groups are left out."""
    rank = {name: place for place, name in enumerate((*comparison.strategies, *_LEVELS))}
    means = table[table["level"].isin(_LEVELS)].groupby(["strategy", "level"], as_index=False).mean()
    ordered: pd.DataFrame = means.sort_values(
        ["strategy", "level"], key=lambda column: column.map(rank), ignore_index=True
    )
    return ordered


def expert_ties(comparison: Comparison) -> pd.DataFrame:
    """Ties to experts of the TA center for each agency in its last month, mean over worlds with default assumptions.

    Columns: strategy, level, ties. Only strategies and groups of agencies with any.
    """
    means = _ordered(_last_month(comparison, ["expert_ties"]), comparison).rename(columns={"expert_ties": "ties"})
    return means[means["ties"] > 0.0].reset_index(drop=True)


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
        **dict(zip(("reading", "reading_low", "reading_high"), spread, strict=True)),
        "wanted": _mean(wanted),
        "state": _mean(state),
        "furthest": float(apart),
        **dict(zip(("drift", "drift_low", "drift_high"), drift, strict=True)),
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def drift_of_items(table: pd.DataFrame) -> pd.DataFrame:
    """How far the states that were set drift in a year without assistance, one row for each item; default assumptions.

    Columns: item, answers, drift (mean over answers), largest (the drift furthest from 0), beyond (answers that drift
    by more than `LARGE_DRIFT`), missed (answers that were not reached in some world). Empty without a survey.
    """
    if table.empty:
        return pd.DataFrame()
    chosen = table[(table["assumptions"] == "default") & (table["role"] == "set") & (table["worlds"] > 0)]
    found = chosen.groupby("item").agg(
        answers=("drift", "size"),
        drift=("drift", "mean"),
        largest=("drift", lambda drift: drift.iloc[drift.abs().argmax()]),
        beyond=("drift", lambda drift: (drift.abs() > LARGE_DRIFT).sum()),
        missed=("furthest", lambda furthest: (furthest > CLOSE).sum()),
    )
    return found.reindex([item for item in SURVEY_ITEMS if item in found.index]).reset_index()
