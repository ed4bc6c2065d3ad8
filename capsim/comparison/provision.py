"""What was provided, as tables: hours on every link of the chain, instruments, hours by quarter and activity; and which
strategies provided nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import ACTIVITIES, LOGGED
from capsim.engine.run import Provision
from capsim.levels import Level

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

__all__ = ["chain_table", "hours_table", "idle_strategies", "instruments_table"]

_LEVELS = [level.name.lower() for level in Level]


def _labelled(table: pd.DataFrame, labels: Mapping[str, Any]) -> pd.DataFrame:
    for position, (name, value) in enumerate(labels.items()):
        table.insert(position, name, value)
    return table


def chain_table(provision: Provision, labels: Mapping[str, Any]) -> pd.DataFrame:
    """Hours delivered, received and used, one row per month and link that was used at all in the run."""
    import pandas as pd

    months = len(provision.chain)
    tables = []
    for giver, receiver in zip(*np.nonzero(provision.chain[..., 0].any(axis=0)), strict=True):
        hours = provision.chain[:, giver, receiver]
        tables.append(
            pd.DataFrame(
                {
                    "link": f"{_LEVELS[giver]} to {_LEVELS[receiver]}",
                    "month": np.arange(1, months + 1),
                    "delivered": hours[:, 0],
                    "received": hours[:, 1],
                    "used": hours[:, 2],
                }
            )
        )
    return _labelled(pd.concat(tables, ignore_index=True), labels) if tables else pd.DataFrame()


def instruments_table(provision: Provision, labels: Mapping[str, Any]) -> pd.DataFrame:
    """Mean readings and ratings, one row per month and level that has any."""
    import pandas as pd

    months, levels, columns = provision.logbook.shape
    table = pd.DataFrame(provision.logbook.reshape(months * levels, columns), columns=list(LOGGED))
    known = table.notna().any(axis=1)
    table.insert(0, "level", np.tile(np.array(_LEVELS), months))
    table.insert(0, "month", np.repeat(np.arange(1, months + 1), levels))
    return _labelled(table.loc[known].reset_index(drop=True), labels)


def hours_table(provision: Provision, labels: Mapping[str, Any]) -> pd.DataFrame:
    """TA hours, one row per quarter and activity that got any."""
    import pandas as pd

    months = len(provision.hours)
    quarters = np.add.reduceat(provision.hours, np.arange(0, months, 3)) if months else provision.hours
    quarter, activity = np.nonzero(quarters)
    table = pd.DataFrame(
        {
            "quarter": quarter + 1,
            "activity": np.array(list(ACTIVITIES))[activity],
            "activity_hours": quarters[quarter, activity],
        }
    )
    return _labelled(table, labels)


def idle_strategies(comparison: Comparison, names: Iterable[str]) -> list[str]:
    """Those of some strategies that had hours to give and gave none, in worlds with default assumptions."""
    runs = comparison.runs[(comparison.runs["assumptions"] == "default") & (comparison.runs["status"] == "done")]
    if not {"ta_hours", "unspent_hours"} <= set(runs):
        return []
    idle = []
    for name in dict.fromkeys(names):
        own = runs[runs["strategy"] == name]
        given, left = (float(own[column].sum()) for column in ("ta_hours", "unspent_hours"))
        if name != "none" and given == 0.0 and left > 0.0:
            idle.append(name)
    return idle
