"""The TA center as an organization of the world: its last row, with experts' positions outside the labour market.

It stands in every world, whatever the strategy; its positions are empty until assistance begins and after it ends.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from capsim.levels import Level
from capsim.parameters import Values
from capsim.scenario import AgencyTable

CENTER_ID = "TA-CENTER"


def with_center(table: AgencyTable, values: Values) -> AgencyTable:
    """The table with the center as its last row; unchanged when `center_experts` is 0."""
    experts = int(values["center_experts"])
    if experts == 0:
        return table
    center = {
        "id": CENTER_ID,
        "name": "TA center",
        "state": "~center",
        "level": Level.CENTER,
        "parent": -1,
        "enrollment": 0.0,
        "density": np.nan,
        "sparse": False,
        "size_group": -1,
        "positions": experts,
        "weight": 1.0,
        "poverty_share": np.nan,
        "wage_index": np.nan,
    }
    columns = {
        field.name: np.concatenate(
            [column, np.array([center[field.name]], column.dtype if column.dtype.kind != "U" else None)]
        )
        for field in fields(table)
        if isinstance(column := getattr(table, field.name), np.ndarray)
    }
    return replace(table, **columns)  # type: ignore[arg-type]
