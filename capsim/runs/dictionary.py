"""The data dictionary: what every column of an output folder means, from the catalogue and the parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from capsim.catalogue import (
    CENTER_SERIES,
    GAPS,
    LINKED,
    LOGGED,
    MEASURES,
    NOT_A_FINDING,
    OUTCOME_MOMENTS,
    WEIGHTS,
    Measure,
    unweighted,
    use_in,
    use_in_area,
)
from capsim.catalogue.measures import EQUITY_GAPS, PLAIN, STATUS
from capsim.catalogue.rules import RULES
from capsim.levels import AGENCY_LEVELS, ROLE_NAMES
from capsim.parameters import PARAMETERS
from capsim.runs.designs import RULE_FACTORS

if TYPE_CHECKING:
    from capsim.runs.points import Watch


class Column(NamedTuple):
    """Unit, range and meaning of a column."""

    unit: str
    range: str
    meaning: str


def _rows(text: str) -> dict[str, list[str]]:
    """Lines of a table whose cells stand between bars, by the first cell."""
    rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return {name: cells for name, *cells in rows}


_COLUMNS = {
    name: Column(*cells)
    for name, cells in _rows("""
run_id | text | 16 hexadecimal digits | The run, named by its content: scenario, strategy, replicate, assumptions, version of the results.
scenario | text | any | Name of the scenario.
strategy | text | any | Name of the strategy.
replicate | number | 0 or more | Runs of one replicate and one set of assumptions share all luck.
assumptions | text | default, drawn | Assumed parameters at their defaults, or drawn from their priors (values in draws.parquet).
status | text | done, failed | A failed run has no outcomes; its reason is in failures.jsonl.
month | months | 1 or more | Months since assistance began; 1 is the first month of assistance.
level | text | all, sea, esa, lea, lea_small, lea_medium, lea_large, lea_sparse, lea_other, school, lea_by_pupils, lea_by_positions, lea_poorest, lea_richest, asked, asked_by_pupils, asked_by_positions; in monthly.parquet also lea_small_by_pupils and its kin | Group of agencies: all without the TA center; state, regional, local; districts below 1,000, to 4,999, from 5,000 pupils; sparse districts and the others; schools (none unless a scenario asks for them); districts counted by their pupils and by their positions; the quarters of districts with the most and the fewest children in poverty, where that is known; agencies that the question asks about where these are not all districts. In the last months of assistance and of follow-up also each of the seven groups of districts counted by pupils and by positions. Elsewhere every agency counts the same, in a sample as many times as it stands for agencies.
structure_cost | dollars | any | What regional positions cost more than those of today over the whole run, at staff_rate; part of cost.
region | text | any | Identifier of an agency above districts: a region of today, or a state.
region_hours | hours | 0 or more | TA hours of the districts of the region or state, and their share of those of agencies above them, for all that a sample stands for.
districts | number | 0 or more | Districts below the agency, sampled or not.
pupils | pupils | 0 or more | Their pupils.
agency | text | any | Identifier of the agency (leaid in the packaged table).
district | text | any | Identifier of the district.
positions | number | 1 or more | Budgeted positions.
lost | hours | any | Hours offered less hours landed.
reason | text | any | Why a run failed.
parameters | mapping | any | Parameters of a failed run that differ from the defaults.
capacity_years | years | 0 or more | Composite capacity summed over the months, divided by 12, mean over districts.
ta_hours | hours | 0 or more | TA hours delivered in the whole run.
unspent_hours | hours | 0 or more | TA hours of the budget that were not delivered.
recipient_hours | hours | 0 or more | Hours that staff spent on assistance in the whole run.
cost | dollars | 0 or more | TA hours, hours of staff who pass on and hours of recipients at their rates (consultant_rate, turnkey_rate, staff_rate), and travel, venues and printing.
gain_per_1000_hours | 0-1 per 1,000 TA hours | any | Gain in use at the end of follow-up per 1,000 TA hours; empty without hours.
turnkey_hours | hours | 0 or more | Hours that the staff of trained agencies spent on passing the assistance on.
received_hours | hours | 0 or more | Hours that landed: attended, by agencies that were ready for them.
wishes_asked | questions | 0 or more | How often agencies asked for another mix of people and organization than they got; undefined where codesign_wish is 0.
wishes_answered | questions | 0 or more | How many of these were answered: the distance halved.
wishes_months | months | 0 or more | Months until an answer, mean; empty without one.
wishes_said | share | 0 to 1 | Share of help that agencies which were helped wanted for the organization in the first survey, mean.
wishes_given | share | 0 to 1 | Share that they got at last, mean.
used_hours | hours | 0 or more | Hours that landed where the practice was in use.
link | text | any | Link of the delivery chain: level that gives to level that gets.
delivered | hours | 0 or more | Hours offered on the link in the month.
received | hours | 0 or more | Hours of these that landed: hours x attendance x receptivity.
used | hours | 0 or more | Hours received where the practice was in use: received x use.
how | text | made, adopted | Whether the agency's own practice became the tool, or it adopted somebody else's.
source | text | any | Agency from which the tool came, or center.
maker | text | any | Agency whose practice the tool is, or center.
gain | 0-1 | 0 to 1 | What the adopter's routine in the area gained at once.
quarter | quarters | 1 or more | Quarter since assistance began.
activity | text | any | Name of the activity.
rule | text | any | A rule of which there are variants (capsim list rules).
variant | text | any | The variant that applied, all other rules being those of the scenario.
contrast | outcome | any | First minus second strategy of the question, in the declared outcome; empty where a run failed.
activity_hours | hours | 0 or more | TA hours of the activity in the quarter.
hours | hours | 0 or more | TA hours of the activity in the quarter, mean of worlds.
units | units | 0 or more | Units of the activity: hours over <activity>_ta_hours.
dollars | dollars | 0 or more | TA hours at consultant_rate, and travel, venues and printing at <activity>_dollars a unit; no staff time.
first | text | any | Strategy of which the second is subtracted.
second | text | any | Strategy that is subtracted.
pairs | number | 0 or more | Replicates in which both runs finished.
difference | outcome | any | Mean over pairs of first minus second, in the declared outcome.
low | outcome | any | Lower end of the 95% t interval of the mean difference.
high | outcome | any | Upper end of the 95% t interval of the mean difference.
median | outcome | any | Median of the differences of single pairs.
range_low | outcome | any | Lower end of the range that holds 95% of single pairs.
range_high | outcome | any | Upper end of the range that holds 95% of single pairs.
probability_better | share | 0 to 1 | Share of pairs in which the first is better; ties count half.
variance_ratio | 1 | 0 or more | Variance without pairing over variance with pairing: how many times fewer runs pairing needs.
correlation | 1 | -1 to 1 | Correlation of the two members of a pair.
year | years | 1 or more | Year since assistance began.
exits_in_year | share per year | 0 or more | Holders who left in the year, per position.
ta_hours_in_year | hours per year and agency | 0 or more | TA hours received in the year.
recipient_hours_in_year | hours per year and agency | 0 or more | Hours that staff spent on it.
phase | text | assistance, follow-up | Whether the year ends with or after assistance.
name | text | any | Name of the agency.
area | text | any | Focal area; empty where the answer speaks of all of them.
date | text | any | Calendar month, where the scenario says when assistance begins.
region | text | any | Name of the regional agency at or above the agency; empty without one.
target | 0-1 | 0 to 1 | Use that was expected in the area by now: on the line from the first stocktake that closes stocktake_target of the gap by the end of assistance.
behind | 0-1 | 0 to 1 | How far the reading was below the target; 0 for who was not.
item | text | any | Column of the user's survey.
unit | text | percent, points | Unit of the item: percent, or points of a scale from 1 to 5.
respondents | number | 1 or more | How many people answered; empty where the survey does not say.
observed | unit | 0 to 100, 1 to 5 | The answer in the survey.
role | text | set, compared | Whether the simulated agency was moved to the answer before assistance, or is only compared with it.
worlds | number | 0 or more | Simulated worlds behind the row.
reading | unit | 0 to 100, 1 to 5 | What the same item reads in the simulated agency when assistance begins, noise included: median of worlds.
reading_low | unit | 0 to 100, 1 to 5 | Lower end of the range of readings of 95% of worlds.
reading_high | unit | 0 to 100, 1 to 5 | Upper end of the range of readings of 95% of worlds.
wanted | 0-1 | 0 to 1 | State for which the answer stands, leniency taken off; empty if only compared.
state | 0-1 | 0 to 1 | State of the simulated agency when assistance begins, mean of worlds.
furthest | 0-1 | 0 to 1 | Largest distance of the two in any world; above 0 where vacancies keep an agency from what was observed.
drift | 0-1 per year | -1 to 1 | Change of the state in a year without assistance, mean of worlds.
drift_low | 0-1 per year | any | Lower end of the 95% t interval of the mean drift.
step | text | phase, review | What happened in the course of the strategy.
looked_at | text | any | Reading that the rule of the review looked at; empty for a phase.
found | unit of the reading | any | What it was; empty where nobody had been read, and for a phase.
changed | text | any | What became different; "nothing" where nothing did.
drift_high | 0-1 per year | any | Upper end of the 95% t interval of the mean drift.
channel | text | direct, passed_on | Hours of consultants, or of an agency's staff who pass on what they were taught.
offered | hours | 0 or more | Hours delivered.
attended | hours | 0 or more | Hours offered, times the attendance of those who take part; 0 where nobody is there.
met | hours | 0 or more | Hours attended, times what lands of help that can come online only.
ready | hours | 0 or more | The same times readiness for the activity (above 1 in agencies that are readier than most).
coherent | hours | 0 or more | The same times coherence: what else is asked of the agency at once.
clear | hours | 0 or more | The same times clarity: less where recipients still share in the design after planning, and where help comes in many pieces.
able | hours | 0 or more | The same times the quality of those who give it.
begun | hours | 0 or more | The same times what the first hours in an area achieve, where the rule of load is setup.
landed | hours | 0 or more | Hours that landed: the same, but no more than were attended.
served | text | served, saturated, nobody, screened_out, declined, not_chosen, waiting, outside | What the agency was in the assistance: served in any month, or what it was most often: no time for half of the hours, nobody there, not ready enough at the latest screening, not interested in the yearly survey, not chosen, chosen but without hours, not of a kind that the strategy works with.
agencies | number | 0 or more | Agencies, those that a sample stands for.
parent | text | any | Identifier of the agency above; empty for none.
passed_on | hours | 0 or more | Hours offered by the staff of other agencies, of all that were offered.
seats | seats | 0 or more | Seats that were offered.
staff_months | person-months | 0 or more | Holders in the months in which there were hours.
help_had | text | none, some, a_day | Hours of assistance that a person had had: none, fewer than 8, 8 or more; they go along into another position.
holders | person-years | 0 or more | Holders, those of all agencies that a sample stands for.
leavers | people | 0 or more | People who left their position in the year.
hours_that_left | hours | 0 or more | Hours of assistance that these had had.
instrument | text | any | Instrument of the scenario's own.
truth | 0-1 | 0 to 1 | The same without noise and leniency, when it was read.
passed | share | 0 to 1 | Agencies at or above the instrument's first threshold; empty without one.
annual_exit | per year | 0 or more | Leavers for each person-year.
share | share | 0 to 1 | Share of the level's agencies.
budget | ratio | 0 or more | Budget of every strategy, as a multiple of the scenario's.
amount | hours or dollars per year | 0 or more | The same in a year.
next | outcome | any | What the next larger budget adds, mean over the same replicates.
next_low | outcome | any | Lower end of its 95% t interval.
next_high | outcome | any | Upper end of its 95% t interval.
dollars_per_year | dollars per year | 0 or more | Dollars of the center.
foretold | unit | 0 to 100, 1 to 5 | What worlds foretold of the reading, noise included: median.
foretold_low | unit | 0 to 100, 1 to 5 | Lower end of the range of 95% of worlds.
foretold_high | unit | 0 to 100, 1 to 5 | Upper end of the range of 95% of worlds.
inside | yes or no | True, False | Whether the reading lies in that range.
foretold_gain | outcome | any | Gain over no help, median of worlds before the readings.
foretold_gain_low | outcome | any | Lower end of the range of 95% of worlds.
foretold_gain_high | outcome | any | Upper end of the range of 95% of worlds.
foretold_best_in | share | 0 to 1 | Share of worlds in which the strategy is the best.
updated_gain | outcome | any | The same in worlds weighed by how well they foretold the readings; empty where too few did.
updated_gain_low | outcome | any | Lower end of the range of 95% of them.
updated_gain_high | outcome | any | Upper end of the range of 95% of them.
updated_best_in | share | 0 to 1 | Share of their weight in which the strategy is the best.
updated_against_best | text | any | Verdict against the best strategy by the same weights; of the best, against the second.
districts_read | number | 0 or more | Districts that would be read: all.
noise | unit | 0 or more | Noise of the mean of the item over these.
narrows | share | 0 to 1 | By how much the range of the contrast is expected to become narrower.
beyond_chance | yes or no | True, False | Whether that is more than chance shows in so many worlds.
effect | outcome | any | What the contrast changed by under the same luck when it went up.
""").items()
}
_COLUMNS |= {
    f"months_{name}": Column("months", "0 or more", f"Months of assistance. {meaning}")
    for name, meaning in STATUS.items()
}
_OF_A_FILE = {
    name: Column(*cells)
    for name, cells in _rows(f"""
regions.csv: gain | outcome | any | Mean over pairs of the strategy minus none, in the declared outcome over these districts.
districts.csv: gain | outcome | any | Mean over pairs of the strategy minus none, in the declared outcome of the district.
districts.csv: region | text | any | Identifier of the agency above; empty for none.
districts.csv: pupils | pupils | 0 or more | Its pupils.
districts.csv: ta_hours | hours | 0 or more | TA hours of the whole assistance: of the district, of its schools, and its share of those of agencies above it.
reach_agencies.parquet: ta_hours | hours | 0 or more | TA hours of the whole assistance: of the district, of its schools, and its share of those of agencies above it. 0 for others than districts.
districts.csv: dollars | dollars | 0 or more | These hours at the plan's mean price of an hour.
districts.csv: offered | hours | 0 or more | Hours given to the district and its schools, also by staff above it who pass on.
districts.csv: reason | text | any | Why most of them were lost, or why there were none.
reach_agencies.parquet: level | text | {", ".join(AGENCY_LEVELS)} | Level of the agency.
reach_agencies.parquet: pupils | pupils | 0 or more | Its pupils, or those of its districts.
leavers.parquet: role | text | {", ".join(ROLE_NAMES)} | Role of the position.
own_readings.parquet: reading | 0-1 | 0 to 1 | Latest score, mean over areas and agencies read.
ladder.csv: gain | outcome | any | Mean gain over no help in the declared outcome.
ladder.csv: share | share | any | Of the gain at the scenario's own budget.
ladder.parquet: gain | outcome | any | Gain over no help in the declared outcome.
ladder.csv: unit | text | hours, dollars | What the budget is in.
effects.parquet: step | text | group, assumption | What passed through half of its plausible values.
effects.parquet: name | text | any | The group, or the assumption.
effects.parquet: group | text | any | What the assumption is about: an activity, or a group.
leavers.parquet: level | text | {", ".join(AGENCY_LEVELS)} | Level of the agency.
""").items()
}
_OF_A_SWEEP = {
    name: Column(*cells)
    for name, cells in _rows("""
point | number | 0 or more | Number of the point of the design.
replicate | number | 0 or more | Repetition at a point, from 0.
luck | number | 0 or more | What the random numbers are keyed by: runs with equal luck share them (see crn in study.json).
run_id | text | 16 hexadecimal digits | The run, named by its content: scenario, strategy, point, luck, assumptions, version of the results.
status | text | done, failed | A failed run has a reason and no outcomes.
reason | text | any | Why a run failed; empty if it did not.
budget_hours_per_year | hours per year | 0 or more | Factor: TA hours per year that every strategy may spend.
""").items()
}
_PURPOSES = _rows("""
runs.parquet | One row per run.
monthly.parquet | One row per run, month and group of agencies; weighted means over the agencies of the group. Empty where undefined.
agencies.parquet | One row per run, agency and moment (end of assistance, end of follow-up).
chain.parquet | One row per run, link of the delivery chain and month of assistance.
instruments.parquet | One row per run, month of assistance and level of agencies: means of what instruments read. Empty where nothing was read.
stocktakes.parquet | Who lags: one row per agency, focal area and stocktake, in the first world of each strategy that takes stock (performance management).
regions.parquet | One row per run, region or state of today and moment: means over its districts, counted as the question says; hours of the whole run.
districts.csv | One row per strategy and district: gain over none, hours, dollars and why hours were lost; mean of worlds with assumptions at their defaults.
regions.csv | One row per strategy and region or state: gain over none, assumptions at their defaults.
hours.parquet | One row per run, quarter and activity that got hours.
center.parquet | One row per run and month of assistance: the TA center, where its staff is declared or pieces count.
course.parquet | One row per run and step in the course of a strategy: a phase that began, a rule of the yearly review.
flow.parquet | One row per run, year of assistance, level that gets, activity and channel: hours after each factor that they pass, for all agencies that a sample stands for.
flow_agencies.parquet | The same by agency, for the simulated agencies themselves.
reach.parquet | One row per run, level and what agencies were in the assistance as a whole: how many, and their hours.
reach_agencies.parquet | One row per run and agency: what it was, month by month and as a whole, and its hours after each factor.
own_readings.parquet | One row per run, month, level and instrument of the scenario's own: what it read, and what was true.
leavers.parquet | One row per run, year, level, role and how much help people had had: person-years and leavers.
waterfall.csv | One row per strategy, level that gets, activity and channel: hours of the whole assistance after each factor, mean of worlds with assumptions at their defaults.
observed.parquet | One row per reading of a later month, beside what simulated worlds foretold under the plan that was followed.
observed.csv | The same.
updated.parquet | One row per strategy: its gain as it was foretold, and in the worlds that foretold the readings well.
updated.csv | The same.
next_readings.parquet | One row per item of a survey: by how much reading it of all districts a year on is expected to narrow the answer.
tools.parquet | One row per run and tool that an agency made or adopted.
draws.parquet | One row per replicate with drawn assumptions: the values that were drawn.
alone.parquet | One row per variant of a rule and replicate: the contrast of the question under that variant alone, assumptions at their defaults.
ladder.parquet | One row per budget, strategy and replicate: the strategy at a part or a multiple of the budget, in at most 40 districts, assumptions at their defaults.
ladder.csv | One row per strategy and budget: means of these.
effects.parquet | One row per replicate and assumption, or group of them, that was moved: what the contrast changed by, in at most 40 districts.
variants.parquet | One row per replicate with drawn rules: the variant of each rule.
summary.csv | The table that was printed.
plan.csv | One row per strategy, quarter and activity that gets hours: the plan for a proposal. For all agencies that a sample stands for, whereas the tables of runs hold the hours of the simulated agencies; assumptions at their defaults.
survey.csv | One row per set of assumptions and answer of the user's survey.
failures.jsonl | One line per failed run; empty if none failed.
""")
_DECLARED: Mapping[str, Mapping[str, Any]] = {
    "draws.parquet": PARAMETERS,
    "center.parquet": CENTER_SERIES,
    "instruments.parquet": LOGGED,
}
"""Tables whose columns are declared elsewhere."""
_OF_MONTHS = ("monthly.parquet", "agencies.parquet")
_BY_AREA = use_in("")
MOMENTS = {"assistance_end": "at the end of assistance", "follow_up_end": "at the end of follow-up"}


def describe_column(name: str, file: str) -> Column:
    """Unit, range and meaning of a column of a file."""
    if (own := f"{file}: {name}") in _OF_A_FILE:
        return _OF_A_FILE[own]
    if file == "variants.parquet" and name in RULES:
        return Column("text", ", ".join(RULES[name].variants), f"Variant of the rule that says {RULES[name].sentence}.")
    declared = _DECLARED.get(file, {}).get(name)
    if declared is None and (file in _OF_MONTHS or name not in _COLUMNS):
        declared = _recorded(name)
    if declared is not None:
        return Column(declared.unit, range_in_words(declared.low, declared.high), declared.meaning)
    return _COLUMNS[name] if name in _COLUMNS else _outcome(name)


def range_in_words(low: float, high: float) -> str:
    """``0 to 1``, ``0 or more`` or ``any``."""
    if math.isinf(low):
        return "any"
    return f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"


def _outcome(name: str) -> Column:
    """Column of an outcome: a measure or gap at a moment, or its gain over the paired run without assistance."""
    counted, weight = unweighted(name)
    if weight != PLAIN:
        plain = describe_column(counted, "runs.parquet")
        return plain._replace(meaning=_counted(plain.meaning, weight))
    if name.startswith("gain_"):
        without = describe_column(name.removeprefix("gain_"), "runs.parquet")
        return Column(without.unit, "any", f"Gain over the paired run without assistance: {without.meaning}")
    moment = next((moment for moment in OUTCOME_MOMENTS if name.endswith(f"_{moment}")), "")
    if not moment:
        raise KeyError(name)
    what, when = name.removesuffix(f"_{moment}"), MOMENTS[moment]
    if what in EQUITY_GAPS:
        return Column("0-1", "-1 to 1", f"Gap in use, {EQUITY_GAPS[what]}, {when}.")
    measure = _recorded(what)
    if measure is None:
        raise KeyError(name)
    linked = f" {NOT_A_FINDING[:1].upper()}{NOT_A_FINDING[1:]}." if what in LINKED else ""
    over = "" if what in GAPS else ", mean over districts"
    return Column(measure.unit, range_in_words(measure.low, measure.high), f"{measure.title}{over}, {when}.{linked}")


def _recorded(name: str) -> Measure | None:
    """A column of a record: a measure, an outcome that is linked to use, or use in one area; None for another name."""
    if name.startswith(_BY_AREA) and not name.endswith(OUTCOME_MOMENTS):
        return use_in_area(name.removeprefix(_BY_AREA).replace("_", " "))
    return MEASURES.get(name) or LINKED.get(name)


def _counted(meaning: str, weight: str) -> str:
    """The meaning of a mean over districts that are counted otherwise."""
    if (over := "mean over districts") in meaning:
        return meaning.replace(over, f"mean over {weight}")
    return f"{meaning} {WEIGHTS[weight].one}"


def data_dictionary(files: Mapping[str, Iterable[str]]) -> str:
    """Markdown that describes every column of every file."""
    parts = [
        "# Data dictionary\n\nEvery column of the tables in this folder. `provenance.json` holds versions, command, "
        "resolved scenario and seeds. An empty cell (null) means undefined.\n"
    ]
    for file, columns in files.items():
        purpose = _PURPOSES.get(file, [""])[0]
        parts.append(f"## {file}\n\n{purpose}\n\n{_table({name: describe_column(name, file) for name in columns})}")
    return "\n".join(parts)


def sweep_dictionary(columns: Sequence[str], factors: Sequence[str], watch: Sequence[Watch] = ()) -> str:
    """Markdown that describes every column of ``runs/*/*.parquet``."""
    watched = {one.column: _of_a_month(one) for one in watch}
    table = {name: watched.get(name) or _of_a_sweep(name, name in factors) for name in columns}
    return (
        "# Data dictionary\n\nEvery Parquet file below `runs` has these columns; together they are one table, one row "
        "per run. Any Parquet reader reads them: `SELECT * FROM 'runs/*/*.parquet'` in DuckDB, "
        "`polars.read_parquet('runs/*/*.parquet')`, `pandas.read_parquet('runs')`. After failed runs were tried again a "
        "run has two rows, one failed and one done; `capsim query` shows the done one. `study.json` holds the resolved "
        "study and its hash, `provenance.json` versions and machine, `sessions.jsonl` who worked on the folder when.\n\n"
    ) + _table(table)


def _table(columns: Mapping[str, Column]) -> str:
    lines = ["| column | unit | range | meaning |", "|---|---|---|---|"]
    for name, column in columns.items():
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in (name, *column)) + " |")
    return "\n".join([*lines, ""])


def _of_a_month(watch: Watch) -> Column:
    measure = describe_column(watch.measure, "monthly.parquet")
    meaning = f"{MEASURES[watch.measure].title}, mean over {watch.level}, at the end of month {watch.month}."
    return measure._replace(meaning=meaning)


def _of_a_sweep(name: str, factor: bool) -> Column:
    if name in _OF_A_SWEEP:
        return _OF_A_SWEEP[name]
    if not factor:
        return describe_column(name, "runs.parquet")
    if name in RULE_FACTORS:
        rule = RULES[RULE_FACTORS[name]]
        return Column("text", ", ".join(rule.variants), f"Factor: variant of the rule {rule.name}, {rule.sentence}.")
    declared = describe_column(name, "draws.parquet")
    return declared._replace(meaning=f"Factor: {declared.meaning}")
