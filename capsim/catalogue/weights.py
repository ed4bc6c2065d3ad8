"""How districts count in a mean, and what levels, outcomes and columns are called under it."""

from __future__ import annotations

from dataclasses import dataclass

from capsim.catalogue.measures import OUTCOME_MOMENTS
from capsim.catalogue.rows import table_of


@dataclass(frozen=True, slots=True)
class Weight:
    """One way of counting districts; `title` is what a mean is over, `one` what has the same say as any other."""

    name: str
    title: str
    one: str


WEIGHTS = table_of(
    Weight("pupils", "pupils", "Each district counts in proportion to its pupils."),
    Weight("districts", "districts", "Every district counts the same."),
    Weight("positions", "positions", "Each district counts in proportion to its positions."),
)
"""Every way of counting, by name. In a sample each district also counts for those that it stands for."""

PLAIN = "districts"
"""The way of counting of names that say none."""
_OF_A_WHOLE_RUN = ("capacity_years", "gain_capacity_years", "gain_per_1000_hours")


def weighted(name: str, weight: str) -> str:
    """Name of a level or measure under a way of counting: ``lea_by_pupils``; as it is over districts."""
    return name if weight == PLAIN else f"{name}_by_{weight}"


def weighted_column(column: str, weight: str) -> str:
    """Column of the runs under a way of counting, ``use_by_pupils_follow_up_end``; as it is where districts do not
    count: hours, costs, and gaps between groups of districts.
    """
    if column.startswith("equity_gap_"):
        return column
    for moment in OUTCOME_MOMENTS:
        if column.endswith(f"_{moment}"):
            return f"{weighted(column.removesuffix(f'_{moment}'), weight)}_{moment}"
    return weighted(column, weight) if column in _OF_A_WHOLE_RUN else column


def unweighted(name: str) -> tuple[str, str]:
    """The name of a column or level over districts, and the way of counting that it says."""
    for weight in WEIGHTS:
        if f"_by_{weight}" in name:
            return name.replace(f"_by_{weight}", ""), weight
    return name, PLAIN
