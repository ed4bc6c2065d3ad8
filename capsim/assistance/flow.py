"""The flow: where hours are lost (delivered hours by the factors that they pass, on both channels), and what every
agency was in every month.

Of a row of hours h the steps are, one factor after the other::

    offered   h
    attended  times the mean attendance of the row's participants; 0 where nobody is there
    met       times what lands of help that can come online only (engine/events.py); 1 in usual times
    ready     times readiness for the activity
    coherent  times coherence: what else is asked of the agency at once
    clear     times clarity: co-design after planning, and offerings in many pieces
    able      times the quality of those who give it
    begun     times helped / (helped + setup_hours), where the rule of load is setup and the row has an area
    landed    no more than was attended: times min(1, landing) / landing
    used      times use, of the area or its mean

so that landed is offered times the product of the factors. A factor may be above 1 (a readier agency than most, a
better consultant); what the factors together would give above 1 is cut last, as for the hours received of the chain
(books.py). The channel is direct for hours of consultants, passed on for those of an agency's staff.

Source: S9 (New York's working group: rolled out, received, utilized), S1 (limited clarity); the order of the factors,
on which the share of each depends, is that of the sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.receptivity import crowding
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.measures import CHANNELS, STATUS, STEPS
from capsim.kernels import inner
from capsim.levels import Level
from capsim.measures.sums import mean_of
from capsim.world import Layout

OFFERED, ATTENDED, MET, READY, COHERENT, CLEAR, ABLE, BEGUN, LANDED, USED = range(len(STEPS))
# fmt: off
SERVED, SATURATED, NOBODY, SCREENED, DECLINED, NOT_CHOSEN, WAITING, OUTSIDE = range(8)
# fmt: on
"""What an agency was in a month of assistance, by name; the first two are served."""


@inner
def enter_flow(w, p, h, rows, r, slots, participants, factors):
    """Enter a row, before it changes anything: attendance, readiness, coherence times clarity, and how far its area has
    begun, all 0 without `participants`; `slots` are the activities for which there is room.
    """
    a, j, hours, (present, ready, most, begun) = rows.activity[r], rows.agency[r], rows.hours[r], factors
    attended = hours * present
    met, clear = attended * h.landing[j], attended * ready * most
    coherent = met * ready * (1.0 / crowding(w, p, j))
    able, landed = clear * rows.quality[r], attended * min(1.0, ready * most * rows.quality[r] * begun)
    used = landed * mean_of(w.use, j, rows.area[r])
    steps = (hours, attended, met, met * ready, coherent, clear, able, able * begun, landed, used)
    channel = 0 if r < rows.direct else 1
    cell = (2 * (w.clock[0] // 12 * slots + h.flow_slot[a]) + channel) * len(w.level) + j
    for s in range(len(steps)):
        h.flow[cell, s] += steps[s]
        h.reached[j, s] += steps[s]
    if participants > 0:
        h.reached[j, len(steps)] += hours / h.ta_hours[a] * h.seats[a]


NO_FLOW = {"flow": np.empty((0, 1)), "reached": np.empty((0, 1)), "flow_slot": np.zeros(1, np.int64)}
"""`Flow.books` where no flow is kept."""


class Flow:
    """Hours of one run by factor, and what every agency was in every month. Kept only where a run is asked for books.

    `activities` are those that a strategy may deliver. `hours`, (years, activities, channels, O, steps), are of each
    agency of the world itself, not of those that it stands for; `seats` that were offered and `staff`, (O,), sums over
    the months in which there were hours; `status`, (months, O), places in `STATUS`.
    """

    def __init__(self, layout: Layout, months: int, activities: Sequence[str]) -> None:
        self.activities = tuple(name for name in ACTIVITIES if name in set(activities))
        years, O = math.ceil(months / 12), layout.n_organizations
        slots = max(1, len(self.activities))
        self.hours: NDArray[np.float64] = np.zeros((years, slots, len(CHANNELS), O, len(STEPS)))
        self.month = np.zeros((O, len(STEPS) + 1))
        self.seats, self.staff = np.zeros(O), np.zeros(O)
        self.status = np.full((months, O), OUTSIDE, np.int8)
        self.level, self.parent = layout.level, layout.parent
        self.weight, self.family_weight = layout.weight, layout.family_weight

    def books(self) -> dict[str, NDArray[Any]]:
        """What kernels write: `flow`, and the month's in `reached`, at the place of each activity of the catalogue;
        those that are not expected share the last.
        """
        place = {name: n for n, name in enumerate(self.activities)}
        slots = np.array([place.get(name, max(0, len(place) - 1)) for name in ACTIVITIES], np.int64)
        return {"flow": self.hours.reshape(-1, len(STEPS)), "reached": self.month, "flow_slot": slots}

    def note(self, month: int, staff: NDArray[np.int64], unserved: NDArray[np.int8]) -> None:
        """Note what each agency was this month: `staff` (O,) are holders, `unserved` (O,) why it would get nothing."""
        offered, attended = self.month[:, OFFERED], self.month[:, ATTENDED]
        got = offered > 0.0
        served = np.where(attended >= 0.5 * offered, SERVED, np.where(attended > 0.0, SATURATED, NOBODY))
        self.status[month] = np.where(got, served, unserved)
        self.seats += self.month[:, -1]
        self.staff[got] += staff[got]
        self.month[:] = 0.0

    def months_of(self) -> NDArray[np.int64]:
        """Months of each agency in every status, (O, statuses)."""
        return np.stack([(self.status == code).sum(axis=0) for code in range(len(STATUS))], axis=1)

    def outcome(self) -> NDArray[np.int64]:
        """What each agency was in the assistance as a whole, (O,).

        Served in any month; else what it was most often, the first of `STATUS` when equal.
        """
        months = self.months_of()
        most = np.argmax(months[:, SATURATED:], axis=1) + SATURATED
        return np.where(months[:, SERVED] > 0, SERVED, most)

    def record(self) -> FlowRecord:
        """What is kept of it after the run."""
        weight = np.array([self.weight, self.family_weight])
        of_agency = self.hours.sum(axis=(0, 1))
        outcome, got = self.outcome(), (of_agency * weight[:, :, None]).sum(axis=0)
        by_level = np.zeros((*self.hours.shape[:3], len(Level), len(STEPS)))
        reach = np.zeros((len(Level), len(STATUS), 5))
        for level in range(len(Level)):
            here = self.level == level
            by_level[..., level, :] = (self.hours[..., here, :] * weight[:, here, None]).sum(axis=3)
            for code in range(len(STATUS)):
                these = here & (outcome == code)
                own = self.weight[these]
                people = (own @ self.seats[these], own @ self.staff[these])
                reach[level, code] = own.sum(), got[these, OFFERED].sum(), got[these, LANDED].sum(), *people
        agencies = AgencyFlow(of_agency, self.months_of(), outcome, self.seats, self.staff)
        return FlowRecord(self.activities, by_level, reach, agencies, self.hours)


@dataclass(frozen=True, slots=True)
class AgencyFlow:
    """What each agency got over the whole assistance: `hours` (channels, O, steps), `months` (O, statuses), `outcome`,
    `seats` and `staff` (O,), as in `Flow`.
    """

    hours: NDArray[np.float64]
    months: NDArray[np.int64]
    outcome: NDArray[np.int64]
    seats: NDArray[np.float64]
    staff: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """What a run keeps of its flow, for all agencies that a sample stands for."""

    activities: tuple[str, ...]
    by_level: NDArray[np.float64]  # (years, activities, channels, levels, steps)
    # (levels, statuses, 5) agencies by what they were in the assistance as a whole, hours offered to them, hours that
    # landed, seats, and person-months of holders in the months in which there were hours
    reach: NDArray[np.float64]
    agencies: AgencyFlow | None  # of the agencies of the world itself; None unless they are to be kept one by one
    # (years, activities, channels, O, steps) the whole table of the world's agencies; None unless it is to be
    # kept
    hours: NDArray[np.float64] | None

    def keeping(self, *, agencies: bool, detail: bool) -> FlowRecord:
        """The same without what is not to be kept."""
        return replace(self, agencies=self.agencies if agencies else None, hours=self.hours if detail else None)
