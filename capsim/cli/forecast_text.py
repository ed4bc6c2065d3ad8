"""The forecast beside what was read since, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capsim.cli.tables import Columns, facts, interval_text, number_text, records_table, signed_text, text_table
from capsim.comparison.forecast_words import best_in_words, fact_in_words, learnt_in_words, next_in_words

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison

_MOST = 12


def forecast_text(result: Comparison) -> list[str]:
    """Forecast against fact, the forecast as it is now, what to read next; nothing without readings."""
    if result.observed.empty:
        return []
    return [_fact(result), _updated(result), *filter(None, [next_in_words(result)])]


def _fact(result: Comparison) -> str:
    """Every reading that the forecast missed, up to a few, below the sentence that counts them."""
    missed = result.observed[~result.observed["inside"].astype(bool)]
    said = f"Forecast and fact\n\n{fact_in_words(result)}"
    if missed.empty:
        return said
    columns: Columns = {
        "outside of the forecast": lambda row: f"{row['name']}"[:32],
        "item": lambda row: row["item"] + (f", {row['area']}" if row["area"] else ""),
        "month": lambda row: str(row["month"]),
        "read": lambda row: number_text(row["observed"], 1),
        "forecast": lambda row: number_text(row["foretold"], 1),
        "95% of worlds": lambda row: f"{row['foretold_low']:.1f} to {row['foretold_high']:.1f}",
    }
    more = "" if len(missed) <= _MOST else f"\n\n{len(missed) - _MOST} more in observed.csv"
    return f"{said}\n\n{records_table(missed.head(_MOST).to_dict('records'), columns, align='llrrrr')}{more}"


def _updated(result: Comparison) -> str:
    if not result.provenance["observed"]["learnt"]:
        return learnt_in_words(result)
    header = ["plan", "gain foretold", "95%", "best in", "gain updated", "95%", "best in"]
    rows = [
        [
            row["strategy"],
            signed_text(row["foretold_gain"]),
            interval_text(row["foretold_gain_low"], row["foretold_gain_high"]),
            foretold,
            signed_text(row["updated_gain"]),
            interval_text(row["updated_gain_low"], row["updated_gain_high"]),
            updated,
        ]
        for row in result.updated.to_dict("records")
        for foretold, updated in [best_in_words(result, row)]
    ]
    return f"{learnt_in_words(result)}\n\n{text_table(header, rows, align='lrrrrrr')}"


def forecast_facts(result: Comparison) -> dict[str, Any]:
    """The same for machines."""
    told = {key: value for key, value in result.provenance.get("observed", {}).items() if key != "rows"}
    return {
        **facts(result, "observed", "updated", "next_readings"),
        "readings": told,
    }
