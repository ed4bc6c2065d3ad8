"""From the record of a run to its outcomes: plain numbers, one row a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capsim.catalogue import MEASURES, OUTCOMES
from capsim.engine.recorder import GROUPS
from capsim.engine.run import Record
from capsim.parameters import Values

__all__ = ["OUTCOME_GROUP", "gains_over", "run_outcomes"]

OUTCOME_GROUP = "lea"
"""Outcomes are weighted means over districts."""

_COLUMN = {name: column for column, name in enumerate(MEASURES)}


def _moments(assistance_months: int, months: int) -> dict[str, int]:
    return {"assistance_end": assistance_months - 1, "follow_up_end": months - 1}


def run_outcomes(record: Record, values: Values, *, assistance_months: int) -> dict[str, float]:
    """Outcomes of one run: each measure at both moments, equity gaps in use, hours, cost.

    With no month of assistance the first moment is undefined (NaN).
    """
    monthly = record.monthly
    outcomes: dict[str, float] = {}
    for moment, month in _moments(assistance_months, len(monthly)).items():
        for name in OUTCOMES:
            outcomes[f"{name}_{moment}"] = _at(record, month, OUTCOME_GROUP, name)
        use = {group: _at(record, month, group, "use") for group in GROUPS}
        outcomes[f"equity_gap_size_{moment}"] = use["lea_large"] - use["lea_small"]
        outcomes[f"equity_gap_sparse_{moment}"] = use["lea_other"] - use["lea_sparse"]
    outcomes["capacity_years"] = float(np.sum(monthly[:, GROUPS.index(OUTCOME_GROUP), _COLUMN["capacity"]]) / 12.0)
    outcomes["ta_hours"] = record.ledger.spent
    outcomes["unspent_hours"] = record.ledger.left
    outcomes["recipient_hours"] = record.ledger.recipient_hours
    outcomes["turnkey_hours"] = record.ledger.turnkey_hours
    outcomes["received_hours"], outcomes["used_hours"] = record.ledger.received, record.ledger.used
    outcomes["cost"] = record.ledger.cost(values)
    return outcomes


def _at(record: Record, month: int, group: str, name: str) -> float:
    return float(record.monthly[month, GROUPS.index(group), _COLUMN[name]]) if month >= 0 else float("nan")


def gains_over(outcomes: Mapping[str, float], baseline: Mapping[str, float]) -> dict[str, float]:
    """Gains of a run over the paired run without assistance, and use gained per 1,000 TA hours."""
    gains = {
        f"gain_{name}": outcomes[name] - baseline[name]
        for name in outcomes
        if name.startswith(OUTCOMES) or name == "capacity_years"
    }
    hours = outcomes["ta_hours"]
    gains["gain_per_1000_hours"] = 1000.0 * gains["gain_use_follow_up_end"] / hours if hours > 0.0 else float("nan")
    return gains
