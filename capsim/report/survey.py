"""A user's own survey beside the simulated agencies: what was observed, what is read, what does not stay; and what was
read since beside what was foretold, the forecast as it is now, what to read next.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.comparison.answering import best_in_words, fact_in_words, is_updated, learnt_in_words, next_in_words
from capsim.comparison.instruments import CLOSE, LARGE_DRIFT, drift_of_items
from capsim.figures.palette import strategy_label
from capsim.report import plain
from capsim.report.parts import Fold, Notice, Part, Row, Table
from capsim.report.results import Results

MOST_AGENCIES = 40
"""Agencies shown on the page; survey.csv has all."""
_LENIENCY = "likert_leniency"
ITEMS = {
    "skill_rubric": "Skills of staff, rubric",
    "routine_rubric": "Routines, rubric",
    "skill_likert": "Skills of staff, self-report",
    "culture_likert": "Culture, self-report",
    "engagement_likert": "Engagement, self-report",
    "priority_percent": "Share of attention",
    "data_systems_rubric": "Data systems, rubric",
}
_REACH = {"": "", "too low": " (not reached: too low)", "vacant": " (not reached: vacant)"}
_SUMMARY_NOTE = (
    "Where an answer was used to set an agency and was reached, the simulated reading agrees by construction and shows only "
    "the noise of the instrument; where it was not reached, it does not agree. A self-report beside a rubric of the same "
    "skills is only compared, which is a test: it fits where the answer lies within the readings of 95% of the simulated "
    "worlds. Drift is the change of the true state in a year without assistance, on a scale from 0 to 1."
)


def survey_parts(results: Results) -> list[Part]:
    """Survey and world side by side; nothing without a survey."""
    table = results.comparison.survey
    if not len(table):
        return []
    leniency = results.values[_LENIENCY]
    table = _with_reach(table[table["assumptions"] == "default"], leniency)
    agencies = list(dict.fromkeys(table["agency"]))
    parts: list[Part] = [
        _intro(table, len(agencies), leniency),
        *_drift(table),
        *_unreached(table),
        _summary(table),
        *(_agency(table[table["agency"] == agency]) for agency in agencies[:MOST_AGENCIES]),
    ]
    if len(agencies) > MOST_AGENCIES:
        rest = plain.count(len(agencies) - MOST_AGENCIES, "more agency", "more agencies")
        parts.append(f"And {rest}: survey.csv in the same folder has every answer.")
    return parts


def _with_reach(table: pd.DataFrame, leniency: float) -> pd.DataFrame:
    """The table with a column `reach`: why an answer that set an agency was not reached, empty where it was.

    A self-report below what staff say whose state is zero stands for zero and reads higher; where positions are vacant
    no holders can be moved far enough.
    """
    is_set = table["role"] == "set"
    low = is_set & (table["unit"] == "points") & (table["observed"] < 1.0 + leniency - CLOSE)
    vacant = is_set & ((table["furthest"] > CLOSE) | (table["worlds"] == 0))
    return table.assign(reach=np.where(low, "too low", np.where(vacant, "vacant", "")))


def _intro(table: pd.DataFrame, agencies: int, leniency: float) -> str:
    is_set = int((table["role"] == "set").sum())
    use = "All of them set an agency."
    if is_set < len(table):
        rest = len(table) - is_set
        beside = f"{plain.count(rest, 'self-report')} beside a rubric of the same skills {'is' if rest == 1 else 'are'}"
        use = f"{plain.sentence(str(is_set))} of them set an agency; {beside} only compared with it."
    words = (
        f"The survey holds {plain.count(len(table), 'answer')} about {plain.count(agencies, 'agency', 'agencies')}. {use} Every simulated "
        "world first settled as usual; then these agencies were moved to what was observed. What was not observed stayed as "
        "it had settled."
    )
    if table["unit"].eq("points").any():
        words += (
            f" People rate themselves leniently, so {leniency:g} points were taken off every self-report before it was used "
            f"({_LENIENCY}); the simulated staff rate themselves just as leniently."
        )
    return words


def _drift(table: pd.DataFrame) -> list[Part]:
    """How many answers do not stay where they were observed."""
    items = drift_of_items(table)
    if items.empty:
        return []
    beyond, answers = int(items["beyond"].sum()), int(items["answers"].sum())
    if not beyond:
        return [
            f"Without assistance, no answer would drift by more than {LARGE_DRIFT:g} in a year, on a scale from 0 to 1."
        ]
    names = "; ".join(plain.lower(ITEMS[str(item)]) for item in items.loc[items["beyond"] > 0, "item"])
    return [
        Notice(
            f"{plain.sentence(str(beyond))} of the {answers} answers that set an agency do not stay where they were observed: in a "
            f"year without any assistance they drift by more than {LARGE_DRIFT:g} on a scale from 0 to 1 ({names}). The model "
            "has lasting causes of its own for culture, engagement and data systems, but none for the level of skills and "
            "routines in one agency, and newcomers bring their own priorities. All strategies start from the same worlds and "
            "meet the same drift, so their differences can be compared; the levels without assistance are not a forecast for "
            "these agencies."
        )
    ]


def _unreached(table: pd.DataFrame) -> list[Part]:
    """How many answers that set an agency were not reached, and why."""
    if drift_of_items(table).empty:
        return []
    low, vacant = (int((table["reach"] == reason).sum()) for reason in ("too low", "vacant"))
    is_set = int((table["role"] == "set").sum())
    said = []
    if low:
        lie = "lies" if low == 1 else "lie"
        said.append(
            f"{plain.sentence(str(low))} of the {is_set} answers that set an agency {lie} below the least that lenient staff say of "
            "themselves: these agencies were set to zero, and their simulated self-reports read higher than the survey."
        )
    if vacant:
        said.append(
            f"{plain.sentence(str(vacant))} of the {is_set} could not be reached in every world, because too many positions of the "
            "agency were vacant in it."
        )
    return [" ".join(said)] if said else []


def _summary(table: pd.DataFrame) -> Table:
    rows = []
    by_item = dict(list(table.groupby("item", sort=False)))
    for item, heading in ITEMS.items():
        if item not in by_item:
            continue
        answers = by_item[item]
        compared = answers["role"] == "compared"
        inside = (answers["observed"] >= answers["reading_low"]) & (answers["observed"] <= answers["reading_high"])
        fit = f"{int(inside[compared].sum()):,} of {int(compared.sum()):,}" if compared.any() else "none"
        used = f"{int((answers['role'] == 'set').sum()):,}"
        if missed := int((answers["reach"] != "").sum()):
            used += f"\n{missed:,} not reached"
        drift = answers["drift"].dropna().to_numpy(np.float64)
        mean = float(drift.mean()) if len(drift) else math.nan
        rows.append(Row(heading, (f"{len(answers):,}", used, fit, plain.signed(mean), plain.signed(_largest(drift)))))
    headers = ("What was asked", "Answers", "Used to set agencies", "Only compared: fit", "Mean drift", "Largest drift")
    return Table("Survey and simulated agencies", headers, rows, _SUMMARY_NOTE)


def _agency(answers: pd.DataFrame) -> Fold:
    first = answers.iloc[0]
    drift = answers["drift"].dropna().to_numpy(np.float64)
    largest = f", largest drift {plain.signed(_largest(drift))}" if len(drift) else ""
    headers = ("What was asked", "Area", "Observed", "Simulated reading (95% of worlds)", "Drift in a year (95%)")
    respondents = answers["respondents"].dropna()
    asked = f" Respondents: {plain.number(float(respondents.max()), 0)}." if len(respondents) else ""
    rows = [_answer(row) for _, row in answers.iterrows()]
    table = Table(f"{first['name']}: survey and simulation", headers, rows, f"Identifier {first['agency']}.{asked}")
    return Fold(f"{first['name']}: {plain.count(len(answers), 'answer')}{largest}", [table])


def _largest(drift: NDArray[np.float64]) -> float:
    """The drift that is furthest from zero; NaN of none."""
    return float(drift[np.argmax(np.abs(drift))]) if len(drift) else math.nan


def _answer(row: pd.Series) -> Row:
    heading = ITEMS[str(row["item"])] + (" (only compared)" if row["role"] == "compared" else "")
    digits, sign = (0, "%") if row["unit"] == "percent" else (1, "")
    columns = ("observed", "reading", "reading_low", "reading_high")
    observed, reading, low, high = (f"{plain.number(float(row[name]), digits)}{sign}" for name in columns)
    drift = float(row["drift"])
    change = f"{plain.signed(drift)}\n{plain.span(float(row['drift_low']), float(row['drift_high']))}"
    cells = (
        str(row["area"]).replace("_", " ") or "all",
        observed,
        plain.UNDEFINED if math.isnan(row["reading"]) else f"{reading}\n{low} to {high}",
        plain.UNDEFINED if math.isnan(drift) else change,
    )
    return Row(heading + _REACH[str(row["reach"])], cells)


MOST_ROWS = 400
"""Readings shown on the page; observed.csv has all."""


def observed_parts(results: Results) -> list[Part]:
    """Nothing without readings."""
    table = results.comparison.observed
    if table.empty:
        return []
    missed = table[~table["inside"].astype(bool)]
    headers = ("Agency", "Item", "Month", "Read", "Foretold", "95% of worlds")
    parts: list[Part] = [fact_in_words(results.comparison)]
    if len(missed):
        parts.append(Table("Readings outside of the forecast", headers, _rows(missed)))
    every = Table("Every reading and its forecast", headers, _rows(table))
    parts += [Fold(f"All {len(table)} readings", [every]), learnt_in_words(results.comparison)]
    return [*parts, *filter(None, [next_in_words(results.comparison)])]


def _rows(table: Any) -> list[Row]:
    found = []
    for row in table.head(MOST_ROWS).to_dict("records"):
        what = ITEMS[str(row["item"])] + (f" ({row['area']})" if row["area"] else "")
        figures = (plain.number(row[name], 1) for name in ("observed", "foretold"))
        ends = f"{row['foretold_low']:.1f} to {row['foretold_high']:.1f}"
        found.append(Row(str(row["name"]), (what, str(row["month"]), *figures, ends)))
    return found


def updated_parts(results: Results) -> list[Part]:
    """Every plan before and after; nothing where no readings have updated it."""
    if not is_updated(results.comparison):
        return []
    rows = []
    for row in results.comparison.updated.to_dict("records"):
        cells = [
            cell
            for when, best in zip(("updated", "foretold"), best_in_words(results.comparison, row)[::-1], strict=True)
            for cell in (plain.interval_in(row, f"{when}_gain", f"{when}_gain_low", f"{when}_gain_high"), best)
        ]
        rows.append(results.row(row["strategy"], cells, heading=strategy_label(row["strategy"])))
    headers = ("Plan", "Gain now", "Best in", "Gain as foretold", "Best in")
    note = (
        "Gain over no assistance from the first month on: median and range of 95% of worlds, after the readings and "
        "before. To try a change of course from now on, write a plan with phases."
    )
    return [Table("All plans, as they are now and as they were foretold", headers, rows, note)]
