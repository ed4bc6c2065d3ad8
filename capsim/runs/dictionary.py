"""The data dictionary: what every column of an output folder means, from dictionary.txt, the catalogue and the
parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
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
from capsim.parameters import PARAMETERS
from capsim.runs.designs import RULE_FACTORS

if TYPE_CHECKING:
    from capsim.runs.points import Watch


class Column(NamedTuple):
    """Unit, range and meaning of a column."""

    unit: str
    range: str
    meaning: str


def _tables() -> Iterator[dict[str, list[str]]]:
    """Tables of dictionary.txt: cells between bars, by the first cell."""
    for table in Path(__file__).with_name("dictionary.txt").read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = ([cell.strip() for cell in line.split("|")] for line in table.splitlines()[1:] if line)
        yield {name: cells for name, *cells in rows}


_OF_ALL, _OWN, _SWEPT, _PURPOSES = _tables()
_COLUMNS, _OF_A_FILE, _OF_A_SWEEP = (
    {name: Column(*cells) for name, cells in table.items()} for table in (_OF_ALL, _OWN, _SWEPT)
)
_COLUMNS |= {
    f"months_{name}": Column("months", "0 or more", f"Months of assistance. {meaning}")
    for name, meaning in STATUS.items()
}
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
        "# Data dictionary\n\n"
        "Every Parquet file below `runs` has these columns; together they are one table, one row per run. Any "
        "Parquet reader reads them: `SELECT * FROM 'runs/*/*.parquet'` in DuckDB, "
        "`polars.read_parquet('runs/*/*.parquet')`, `pandas.read_parquet('runs')`. After failed runs were tried "
        "again a run has two rows, one failed and one done; `capsim query` shows the done one. `study.json` holds "
        "the resolved study and its hash, `provenance.json` versions and machine, `sessions.jsonl` who worked on "
        "the folder when.\n\n"
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
