"""The forecast beside what was read since, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capsim.cli.tables import interval_text, number_text, signed_text, text_table
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
    rows = [
        [
            f"{row['name']}"[:32],
            row["item"] + (f", {row['area']}" if row["area"] else ""),
            str(row["month"]),
            number_text(row["observed"], 1),
            number_text(row["foretold"], 1),
            f"{row['foretold_low']:.1f} to {row['foretold_high']:.1f}",
        ]
        for row in missed.head(_MOST).to_dict("records")
    ]
    said = f"Forecast and fact\n\n{fact_in_words(result)}"
    if not rows:
        return said
    header = ["outside of the forecast", "item", "month", "read", "forecast", "95% of worlds"]
    more = "" if len(missed) <= _MOST else f"\n\n{len(missed) - _MOST} more in observed.csv"
    return f"{said}\n\n{text_table(header, rows, align='llrrrr')}{more}"


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
        "observed": result.observed.to_dict("records"),
        "updated": result.updated.to_dict("records"),
        "next_readings": result.next_readings.to_dict("records"),
        "readings": told,
    }
