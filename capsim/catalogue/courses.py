"""How a strategy lives on: the staff of its center, the phases it goes through, and what it changes when it looks back.

Plain data; a composition holds them, the program and the composed strategy carry them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

READ_BY = {
    "readiness": ("screening",),
    "use": ("stocktake",),
    "skill": ("rubric", "expert"),
    "routine": ("rubric", "expert"),
    "relevance": ("rubric", "expert"),
    "sustainability": ("sustainability",),
    "interest": (),
    "self_rating": (),
    "self_rated_relevance": (),
}
"""Readings that a review can look at, and instruments of which one must be bought for it; none: asked of everybody once
a year, at no cost."""
REVIEW_EVERY = 12
"""Months between two reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterStaff:
    """The staff of a TA center whose people come, learn and leave.

    Parameters
    ----------
    positions : tuple of int
        Positions in each year of the assistance, the last one in all further years; none: as many as its hours need.
    annual_exit, months_to_fill : float, optional
        Instead of the parameters center_annual_exit and center_months_to_fill.
    """

    positions: tuple[int, ...] = ()
    annual_exit: float | None = None
    months_to_fill: float | None = None

    def positions_in(self, month: int, needed: int) -> int:
        """Positions in a month of the assistance."""
        return self.positions[min(month // 12, len(self.positions) - 1)] if self.positions else needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes different; what it does not name stays.

    Parameters
    ----------
    activities : mapping of str to float
        Shares of the hours, in all areas; none: as before.
    focal_areas : int or tuple of str, optional
        As in `Recipe`.
    targeting : str or mapping of str to str
        As in `Recipe`; empty: as before.
    """

    activities: Mapping[str, float] = field(default_factory=dict)
    focal_areas: int | tuple[str, ...] | None = None
    targeting: str | Mapping[str, str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """From a month on, a change, and a share of the whole budget for the months until the next phase.

    Parameters
    ----------
    month : int
        0 is the first month of assistance.
    change : Change
    budget_share : float, optional
        None: its part of what is not spoken for, by the schedule.
    """

    month: int
    change: Change
    budget_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One rule of a yearly review; one of three kinds.

    Parameters
    ----------
    reads : str
        A reading of `READ_BY`, of which the mean over the recipients that have one is compared; empty for the others.
    below, above : float, optional
        The change is made when the reading is below, or above.
    change : Change
    drop_least_used : bool
        Give up the focal area that stocktakes find least in use.
    keep : int
        Focal areas that are kept at least.
    move : float
        Share of all hours that goes from the activity of which least landed since the last review, as participants
        say, to the one of which most did; 0 for none.
    """

    reads: str = ""
    below: float | None = None
    above: float | None = None
    change: Change = Change()
    drop_least_used: bool = False
    keep: int = 1
    move: float = 0.0
