"""A user's own survey beside the simulated agencies: what was observed, what is read, what does not stay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.survey import CLOSE, LARGE_DRIFT, drift_of_items
from capsim.figures.palette import clean_text
from capsim.parameters import PARAMETERS
from capsim.report.parts import Fold, Notice, Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, count, lower, number, sentence, signed, span

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["survey_section"]

MOST_AGENCIES = 40
"""Agencies shown on the page; survey.csv has all."""
_LENIENCY = "likert_leniency"

_ITEMS = {
    "skill_rubric": "Skills of staff, rubric",
    "routine_rubric": "Routines, rubric",
    "skill_likert": "Skills of staff, self-report",
    "culture_likert": "Culture, self-report",
    "engagement_likert": "Engagement, self-report",
    "priority_percent": "Share of attention",
    "data_systems_rubric": "Data systems, rubric",
}


def survey_section(results: Results) -> Section | None:
    """Survey and world side by side; None without a survey."""
    table = results.comparison.survey
    if not len(table):
        return None
    table = _with_reach(table[table["assumptions"] == "default"], _leniency(results))
    agencies = list(dict.fromkeys(table["agency"]))
    parts: list[Part] = [
        Paragraph(_intro(results, table, len(agencies))),
        *_warnings(table),
        _summary(table),
        *(_agency(table[table["agency"] == agency]) for agency in agencies[:MOST_AGENCIES]),
    ]
    if len(agencies) > MOST_AGENCIES:
        rest = count(len(agencies) - MOST_AGENCIES, "more agency", "more agencies")
        parts.append(Paragraph(f"And {rest}: survey.csv in the same folder has every answer."))
    return Section("survey", "Your survey and the simulated agencies", "Your survey", tuple(parts))


def _leniency(results: Results) -> float:
    """Points that are taken off every self-report."""
    return float(results.comparison.scenario.parameters.get(_LENIENCY, PARAMETERS[_LENIENCY].default))


def _with_reach(table: pd.DataFrame, leniency: float) -> pd.DataFrame:
    """The table with a column `reach`: why an answer that set an agency was not reached, empty where it was.

    A self-report below what staff say whose state is zero stands for zero and reads higher; where positions are vacant
    no holders can be moved far enough.
    """
    is_set = table["role"] == "set"
    low = is_set & (table["unit"] == "points") & (table["observed"] < 1.0 + leniency - CLOSE)
    vacant = is_set & ((table["furthest"] > CLOSE) | (table["worlds"] == 0))
    return table.assign(reach=np.where(low, "too low", np.where(vacant, "vacant", "")))


def _intro(results: Results, table: pd.DataFrame, agencies: int) -> str:
    is_set = int((table["role"] == "set").sum())
    use = "All of them set an agency."
    if is_set < len(table):
        rest = len(table) - is_set
        use = (
            f"{sentence(str(is_set))} of them set an agency; {count(rest, 'self-report')} beside a rubric of the same "
            f"skills {'is' if rest == 1 else 'are'} only compared with it."
        )
    words = (
        f"The survey holds {count(len(table), 'answer')} about {count(agencies, 'agency', 'agencies')}. {use} Every "
        "simulated world first settled as usual; then these agencies were moved to what was observed. What was not "
        "observed stayed as it had settled."
    )
    if table["unit"].eq("points").any():
        words += (
            f" People rate themselves leniently, so {_leniency(results):g} points were taken off every self-report "
            f"before it was used ({_LENIENCY}); the simulated staff rate themselves just as leniently."
        )
    return words


def _warnings(table: pd.DataFrame) -> list[Part]:
    items = drift_of_items(table)
    if items.empty:
        return []
    beyond, answers = int(items["beyond"].sum()), int(items["answers"].sum())
    parts: list[Part] = []
    if beyond:
        which = items.loc[items["beyond"] > 0, "item"]
        names = "; ".join(lower(_ITEMS[str(item)]) for item in which)
        parts.append(
            Notice(
                f"{sentence(str(beyond))} of the {answers} answers that set an agency do not stay where they were "
                f"observed: in a year without any assistance they drift by more than {LARGE_DRIFT:g} on a scale from "
                f"0 to 1 ({names}). The model has lasting causes of its own for culture, engagement and data systems, "
                "but none for the level of skills and routines in one agency, and newcomers bring their own "
                "priorities. All strategies start from the same worlds and meet the same drift, so their differences "
                "can be compared; the levels without assistance are not a forecast for these agencies."
            )
        )
    else:
        parts.append(
            Paragraph(
                f"Without assistance, no answer would drift by more than {LARGE_DRIFT:g} in a year, on a scale from "
                "0 to 1."
            )
        )
    return [*parts, *_unreached(table)]


def _unreached(table: pd.DataFrame) -> list[Part]:
    """How many answers that set an agency were not reached, and why."""
    found = table["reach"].value_counts()
    low, vacant = (int(found.get(reason, 0)) for reason in ("too low", "vacant"))
    is_set = int((table["role"] == "set").sum())
    said = []
    if low:
        said.append(
            f"{sentence(str(low))} of the {is_set} answers that set an agency {'lies' if low == 1 else 'lie'} below "
            "the least that lenient staff say of themselves: these agencies were set to zero, and their simulated "
            "self-reports read higher than the survey."
        )
    if vacant:
        said.append(
            f"{sentence(str(vacant))} of the {is_set} could not be reached in every world, because too many positions "
            "of the agency were vacant in it."
        )
    return [Paragraph(" ".join(said))] if said else []


def _summary(table: pd.DataFrame) -> Table:
    rows = []
    for item, answers in table.groupby("item", sort=False):
        compared = answers["role"] == "compared"
        inside = (answers["observed"] >= answers["reading_low"]) & (answers["observed"] <= answers["reading_high"])
        drift = answers["drift"].dropna().to_numpy(np.float64)
        rows.append(
            Row(
                _ITEMS[str(item)],
                (
                    f"{len(answers):,}",
                    _how_many_set(answers),
                    f"{int(inside[compared].sum()):,} of {int(compared.sum()):,}" if compared.any() else "none",
                    signed(float(drift.mean())) if len(drift) else UNDEFINED,
                    signed(_largest(drift)),
                ),
            )
        )
    order = list(_ITEMS.values())
    rows.sort(key=lambda row: order.index(row.heading))
    note = (
        "Where an answer was used to set an agency and was reached, the simulated reading agrees by construction and "
        "shows only the noise of the instrument; where it was not reached, it does not agree. A self-report beside a "
        "rubric of the same skills is only compared, which is a test: it fits where the answer lies within the "
        "readings of 95% of the simulated worlds. Drift is the change of the true state in a year without assistance, "
        "on a scale from 0 to 1."
    )
    headers = ("What was asked", "Answers", "Used to set agencies", "Only compared: fit", "Mean drift", "Largest drift")
    return Table("Survey and simulated agencies", headers, tuple(rows), note)


def _how_many_set(answers: pd.DataFrame) -> str:
    """Answers used to set agencies, with those that were not reached."""
    missed = int((answers["reach"] != "").sum())
    used = f"{int((answers['role'] == 'set').sum()):,}"
    return f"{used}\n{missed:,} not reached" if missed else used


def _agency(answers: pd.DataFrame) -> Fold:
    first = answers.iloc[0]
    name = clean_text(str(first["name"]))
    drift = answers["drift"].dropna().to_numpy(np.float64)
    largest = f", largest drift {signed(_largest(drift))}" if len(drift) else ""
    rows = tuple(_answer(row) for _, row in answers.iterrows())
    headers = ("What was asked", "Area", "Observed", "Simulated reading (95% of worlds)", "Drift in a year (95%)")
    respondents = answers["respondents"].dropna()
    asked = f" Respondents: {number(float(respondents.max()), 0)}." if len(respondents) else ""
    note = f"Identifier {clean_text(str(first['agency']))}.{asked}"
    return Fold(
        f"{name}: {count(len(answers), 'answer')}{largest}",
        (Table(f"{name}: survey and simulation", headers, rows, note),),
    )


def _largest(drift: NDArray[np.float64]) -> float:
    """The drift that is furthest from zero; NaN of none."""
    return float(drift[np.argmax(np.abs(drift))]) if len(drift) else math.nan


def _answer(row: pd.Series) -> Row:
    heading = _ITEMS[str(row["item"])] + (" (only compared)" if row["role"] == "compared" else "")
    heading += {"": "", "too low": " (not reached: too low)", "vacant": " (not reached: vacant)"}[str(row["reach"])]
    area = clean_text(str(row["area"])).replace("_", " ") or "all"
    low, high = (_in_unit(float(row[key]), str(row["unit"])) for key in ("reading_low", "reading_high"))
    reading = f"{_in_unit(float(row['reading']), str(row['unit']))}\n{low} to {high}"
    drift = float(row["drift"])
    change = f"{signed(drift)}\n{span(float(row['drift_low']), float(row['drift_high']))}"
    return Row(
        heading,
        (
            area,
            _in_unit(float(row["observed"]), str(row["unit"])),
            UNDEFINED if math.isnan(row["reading"]) else reading,
            UNDEFINED if math.isnan(drift) else change,
        ),
    )


def _in_unit(value: float, unit: str) -> str:
    return f"{number(value, 0)}%" if unit == "percent" else number(value, 1)
