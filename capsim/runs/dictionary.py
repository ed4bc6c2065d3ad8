"""The data dictionary: what every column of an output folder means, from the catalogue and the parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from capsim.catalogue import LOGGED, MEASURES, OUTCOME_MOMENTS
from capsim.parameters import PARAMETERS

__all__ = ["Column", "data_dictionary", "describe_column"]


class Column(NamedTuple):
    """Unit, range and meaning of a column."""

    unit: str
    range: str
    meaning: str


_MOMENTS = {"assistance_end": "at the end of assistance", "follow_up_end": "at the end of follow-up"}
_SHARE, _ANY, _POSITIVE = "0 to 1", "any", "0 or more"

_COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "run_id": Column(
            "text",
            "16 hexadecimal digits",
            "The run, named by its content: scenario, strategy, replicate, assumptions, version of the results.",
        ),
        "scenario": Column("text", _ANY, "Name of the scenario."),
        "strategy": Column("text", _ANY, "Name of the strategy."),
        "replicate": Column("number", _POSITIVE, "Runs of one replicate and one set of assumptions share all luck."),
        "assumptions": Column(
            "text",
            "default, drawn",
            "Assumed parameters at their defaults, or drawn from their priors (values in draws.parquet).",
        ),
        "status": Column("text", "done, failed", "A failed run has no outcomes; its reason is in failures.jsonl."),
        "month": Column("months", "1 or more", "Months since assistance began; 1 is the first month of assistance."),
        "level": Column(
            "text",
            "all, sea, esa, lea, lea_small, lea_medium, lea_large, lea_sparse, lea_other, school",
            "Group of agencies: all without the TA center; state, regional, local; districts below 1,000, to 4,999, from "
            "5,000 pupils; sparse districts and the others; schools (none unless a scenario asks for them).",
        ),
        "agency": Column("text", _ANY, "Identifier of the agency (leaid in the packaged table)."),
        "reason": Column("text", _ANY, "Why a run failed."),
        "parameters": Column("mapping", _ANY, "Parameters of a failed run that differ from the defaults."),
        "capacity_years": Column(
            "years",
            _POSITIVE,
            "Composite capacity summed over the months, divided by 12, mean over districts.",
        ),
        "ta_hours": Column("hours", _POSITIVE, "TA hours delivered in the whole run."),
        "unspent_hours": Column("hours", _POSITIVE, "TA hours of the budget that were not delivered."),
        "recipient_hours": Column("hours", _POSITIVE, "Hours that staff spent on assistance in the whole run."),
        "cost": Column(
            "dollars",
            _POSITIVE,
            "TA hours and recipients' hours at their rates (consultant_rate, staff_rate), and travel, venues and printing.",
        ),
        "gain_per_1000_hours": Column(
            "0-1 per 1,000 TA hours",
            _ANY,
            "Gain in use at the end of follow-up per 1,000 TA hours; empty without hours.",
        ),
        "turnkey_hours": Column(
            "hours",
            _POSITIVE,
            "Hours that the staff of trained agencies spent on passing the assistance on.",
        ),
        "received_hours": Column(
            "hours", _POSITIVE, "Hours that landed: attended, by agencies that were ready for them."
        ),
        "used_hours": Column("hours", _POSITIVE, "Hours that landed where the practice was in use."),
        "link": Column("text", _ANY, "Link of the delivery chain: level that gives to level that gets."),
        "delivered": Column("hours", _POSITIVE, "Hours offered on the link in the month."),
        "received": Column("hours", _POSITIVE, "Hours of these that landed: hours x attendance x receptivity."),
        "used": Column("hours", _POSITIVE, "Hours received where the practice was in use: received x use."),
        "quarter": Column("quarters", "1 or more", "Quarter since assistance began."),
        "activity": Column("text", _ANY, "Name of the activity."),
        "activity_hours": Column("hours", _POSITIVE, "TA hours of the activity in the quarter."),
        "hours": Column("hours", _POSITIVE, "TA hours of the activity in the quarter, mean of worlds."),
        "units": Column("units", _POSITIVE, "Units of the activity: hours over <activity>_ta_hours."),
        "dollars": Column(
            "dollars",
            _POSITIVE,
            "TA hours at consultant_rate, and travel, venues and printing at <activity>_dollars a unit; no staff time.",
        ),
        "first": Column("text", _ANY, "Strategy of which the second is subtracted."),
        "second": Column("text", _ANY, "Strategy that is subtracted."),
        "pairs": Column("number", _POSITIVE, "Replicates in which both runs finished."),
        "difference": Column("outcome", _ANY, "Mean over pairs of first minus second, in the declared outcome."),
        "low": Column("outcome", _ANY, "Lower end of the 95% t interval of the mean difference."),
        "high": Column("outcome", _ANY, "Upper end of the 95% t interval of the mean difference."),
        "median": Column("outcome", _ANY, "Median of the differences of single pairs."),
        "range_low": Column("outcome", _ANY, "Lower end of the range that holds 95% of single pairs."),
        "range_high": Column("outcome", _ANY, "Upper end of the range that holds 95% of single pairs."),
        "probability_better": Column("share", _SHARE, "Share of pairs in which the first is larger; ties count half."),
        "variance_ratio": Column(
            "1",
            _POSITIVE,
            "Variance without pairing over variance with pairing: how many times fewer runs pairing needs.",
        ),
        "correlation": Column("1", "-1 to 1", "Correlation of the two members of a pair."),
        "year": Column("years", "1 or more", "Year since assistance began."),
        "exits_in_year": Column("share per year", _POSITIVE, "Holders who left in the year, per position."),
        "ta_hours_in_year": Column("hours per year and agency", _POSITIVE, "TA hours received in the year."),
        "recipient_hours_in_year": Column("hours per year and agency", _POSITIVE, "Hours that staff spent on it."),
        "phase": Column("text", "assistance, follow-up", "Whether the year ends with or after assistance."),
        "name": Column("text", _ANY, "Name of the agency."),
        "area": Column("text", _ANY, "Focal area; empty where the answer speaks of all of them."),
        "item": Column("text", _ANY, "Column of the user's survey."),
        "unit": Column("text", "percent, points", "Unit of the item: percent, or points of a scale from 1 to 5."),
        "respondents": Column("number", "1 or more", "How many people answered; empty where the survey does not say."),
        "observed": Column("unit", "0 to 100, 1 to 5", "The answer in the survey."),
        "role": Column(
            "text",
            "set, compared",
            "Whether the simulated agency was moved to the answer before assistance, or is only compared with it.",
        ),
        "worlds": Column("number", _POSITIVE, "Simulated worlds behind the row."),
        "reading": Column(
            "unit",
            "0 to 100, 1 to 5",
            "What the same item reads in the simulated agency when assistance begins, noise included: median of worlds.",
        ),
        "reading_low": Column("unit", "0 to 100, 1 to 5", "Lower end of the range of readings of 95% of worlds."),
        "reading_high": Column("unit", "0 to 100, 1 to 5", "Upper end of the range of readings of 95% of worlds."),
        "wanted": Column(
            "0-1", _SHARE, "State for which the answer stands, leniency taken off; empty if only compared."
        ),
        "state": Column("0-1", _SHARE, "State of the simulated agency when assistance begins, mean of worlds."),
        "furthest": Column(
            "0-1",
            _SHARE,
            "Largest distance of the two in any world; above 0 where vacancies keep an agency from what was observed.",
        ),
        "drift": Column("0-1 per year", "-1 to 1", "Change of the state in a year without assistance, mean of worlds."),
        "drift_low": Column("0-1 per year", _ANY, "Lower end of the 95% t interval of the mean drift."),
        "drift_high": Column("0-1 per year", _ANY, "Upper end of the 95% t interval of the mean drift."),
    }
)

_GAPS = {"size": "large minus small districts", "sparse": "other minus sparse districts"}
_PURPOSES = {
    "runs.parquet": "One row per run.",
    "monthly.parquet": (
        "One row per run, month and group of agencies; weighted means over the agencies of the group. Empty "
        "where undefined."
    ),
    "agencies.parquet": "One row per run, agency and moment (end of assistance, end of follow-up).",
    "chain.parquet": "One row per run, link of the delivery chain and month of assistance.",
    "instruments.parquet": (
        "One row per run, month of assistance and level of agencies: means of what instruments read. Empty where "
        "nothing was read."
    ),
    "hours.parquet": "One row per run, quarter and activity that got hours.",
    "draws.parquet": "One row per replicate with drawn assumptions: the values that were drawn.",
    "summary.csv": "The table that was printed.",
    "plan.csv": (
        "One row per strategy, quarter and activity that gets hours: the plan for a proposal. For all agencies that a "
        "sample stands for, whereas the tables of runs hold the hours of the simulated agencies; assumptions at their "
        "defaults."
    ),
    "survey.csv": "One row per set of assumptions and answer of the user's survey.",
    "failures.jsonl": "One line per failed run; empty if none failed.",
}


def describe_column(name: str, file: str) -> Column:
    """Unit, range and meaning of a column of a file."""
    if file == "draws.parquet" and name in PARAMETERS:
        declared = PARAMETERS[name]
        return Column(declared.unit, f"{declared.low:g} to {declared.high:g}", declared.meaning)
    if file == "instruments.parquet" and name in LOGGED:
        logged = LOGGED[name]
        return Column(logged.unit, _range(logged.low, logged.high), logged.meaning)
    if name in MEASURES and (file != "runs.parquet" or name not in _COLUMNS):
        measure = MEASURES[name]
        return Column(measure.unit, _range(measure.low, measure.high), measure.meaning)
    if name in _COLUMNS:
        return _COLUMNS[name]
    return _outcome(name)


def _range(low: float, high: float) -> str:
    return f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"


def _outcome(name: str) -> Column:
    """Column of an outcome: a measure or gap at a moment, or its gain over the paired run without assistance."""
    if name.startswith("gain_"):
        without = describe_column(name.removeprefix("gain_"), "runs.parquet")
        return Column(without.unit, _ANY, f"Gain over the paired run without assistance: {without.meaning}")
    moment = next((moment for moment in OUTCOME_MOMENTS if name.endswith(f"_{moment}")), "")
    if not moment:
        raise KeyError(name)
    what, when = name.removesuffix(f"_{moment}"), _MOMENTS[moment]
    if what.startswith("equity_gap_"):
        return Column("0-1", "-1 to 1", f"Gap in use, {_GAPS[what.removeprefix('equity_gap_')]}, {when}.")
    measure = MEASURES[what]
    return Column(measure.unit, _range(measure.low, measure.high), f"{measure.title}, mean over districts, {when}.")


def data_dictionary(files: Mapping[str, Iterable[str]]) -> str:
    """Markdown that describes every column.

    Parameters
    ----------
    files : mapping of str to iterable of str
        Columns of each file.
    """
    lines = [
        "# Data dictionary",
        "",
        "Every column of the tables in this folder. `provenance.json` holds versions, command, resolved scenario and "
        "seeds. An empty cell (null) means undefined.",
        "",
    ]
    for file, columns in files.items():
        lines += [f"## {file}", "", _PURPOSES.get(file, ""), ""]
        lines += ["| column | unit | range | meaning |", "|---|---|---|---|"]
        for name in columns:
            column = describe_column(name, file)
            lines.append("| " + " | ".join(text.replace("|", "\\|") for text in (name, *column)) + " |")
        lines.append("")
    return "\n".join(lines)
