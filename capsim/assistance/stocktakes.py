"""What follows a stocktake: agencies that lag shift their plan to the areas that do, and the book of who lags.

With l_k = how far an agency's reading in area k is below its target by more than the margin of amber
(instruments/formulas.py), so red, and m = stocktake_response times ``min(1, max_k l_k / margin)``, the plan of an
agency that was read moves to ``(1 - m) plan + m l / sum l``. Finances, data systems and personnel move with it: that is
what leaders meet for, unlike a plan that a new policy or leader redraws. Hours that a targeting sends to weak links
(targeting.py) follow into the same areas. At stocktake_response 0 nothing moves.

Source: S27-S29 (delivery units: stocktakes of leaders, who redirect effort to what is off its trajectory); the form is
assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.formulas import AMBER_MARGIN
from capsim.instruments.readings import Readings
from capsim.levels import ESA
from capsim.world import World

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("month", "agency", "area", "target", "reading")


def lateness(readings: Readings, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far areas are behind by more than what counts as amber, (n, K)."""
    return np.asarray(np.maximum(0.0, readings.behind[rows] - AMBER_MARGIN))


def shift_plans(world: World, readings: Readings, rows: NDArray[np.int64], response: float) -> None:
    """Let the plans of agencies of which stock was taken this month follow what lags."""
    late = lateness(readings, rows)
    red = late.any(axis=1)
    rows, late = rows[red], late[red]
    moved = response * np.minimum(1.0, late.max(axis=1, initial=0.0) / AMBER_MARGIN)[:, None]
    world.plan[rows] = (1.0 - moved) * world.plan[rows] + moved * late / late.sum(axis=1, keepdims=True)


class Stocktakes:
    """Every stocktake of a run, agency by agency and area by area.

    Since the run began, or since the snapshot from which it was resumed.
    """

    def __init__(self) -> None:
        self._taken: list[NDArray[np.float64]] = []

    def enter(self, month: int, rows: NDArray[np.int64], readings: Readings) -> None:
        """Note what was read this month."""
        n, K = len(rows), readings.use.shape[1]
        taken = (
            np.full(n * K, month + 1),
            np.repeat(rows, K),
            np.tile(np.arange(K), n),
            readings.target[rows].ravel(),
            readings.use[rows].ravel(),
        )
        self._taken.append(np.column_stack(taken))

    @property
    def rows(self) -> NDArray[np.float64]:
        """One row an agency, area and stocktake: month (from 1), row of the agency, of the area, target, reading."""
        return np.concatenate(self._taken) if self._taken else np.empty((0, len(_COLUMNS)))


def stocktake_table(rows: NDArray[np.float64], agencies: Any, areas: tuple[str, ...], begins: str = "") -> pd.DataFrame:
    """Stocktakes as a table: month, date, agency, name, region, area, target, reading, behind (0 for who is not).

    `rows` are those of `Stocktakes`; `agencies` has columns of a table of agencies or of a world; `begins` is the
    calendar month in which assistance begins, "" for no dates.
    """
    import pandas as pd

    ids, names = (np.array(getattr(agencies, f"{what}s", getattr(agencies, what, ()))) for what in ("id", "name"))
    rows = rows[rows[:, 1] < len(ids)]  # agencies that a strategy added have no row in the table
    region = region_of(np.asarray(agencies.level), np.asarray(agencies.parent))
    agency, area = rows[:, 1].astype(np.int64), rows[:, 2].astype(np.int64)
    return pd.DataFrame(
        {
            "month": rows[:, 0].astype(np.int64),
            "date": [_date(begins, int(month)) for month in rows[:, 0]],
            "agency": ids[agency],
            "name": names[agency],
            "region": np.where(region[agency] >= 0, names[region[agency]], ""),
            "area": np.array(areas)[area],
            "target": rows[:, 3],
            "reading": rows[:, 4],
            "behind": np.maximum(0.0, rows[:, 3] - rows[:, 4]),
        }
    )


def _date(begins: str, month: int) -> str:
    """Calendar month of a month of the run, from 1."""
    if not begins:
        return ""
    since = int(begins[5:7]) - 1 + month - 1
    return f"{int(begins[:4]) + since // 12}-{since % 12 + 1:02d}"


def region_of(level: NDArray[np.int8], parent: NDArray[np.int32]) -> NDArray[np.int64]:
    """Row of the nearest regional agency at or above each agency, -1 for none."""
    region = np.where(level == ESA, np.arange(len(level)), -1)
    above = np.asarray(parent, np.int64)
    while (left := (region < 0) & (above >= 0)).any():
        at = above[left]
        region[left] = np.where(level[at] == ESA, at, -1)
        above = np.where(left, above[np.maximum(above, 0)], -1)
    return region
