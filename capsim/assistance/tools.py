"""Tools travel: routines with a level that a group or the center makes, and that agencies adopt from who uses them.

An agency holds at most one tool in an area: its level L, who made it, from whom and when it came. With tool_rate 0
there are none. The dose of an activity in agency j and area k is ``units * seats / participants`` of last month, cut
to 1.

- A working group *makes* a tool in each area on which it works: it writes down what its best member b does (the highest
  routine r), ``L = r + tool_polish (1 - r)``; b has it at once, where it is better than its old one by tool_better.
- The other members meet it there (``met``, the dose). At an institute everybody *meets* the best tool that somebody who
  attends uses, whatever the state. Institutes, publications and webinars are an *invitation* (``invited``, the dose) to
  the tool of the center: the best that any agency uses, or its own of level center_tool_level.
- Ties: ``tied = min(1, boundary_discount * sum of strengths)`` of the ties of leaders and liaisons to staff of agencies
  that use one.

Only tools count whose level is above the routine, and above that of the tool in use by tool_better. Then, with the mean
attention A of holders to the area, readiness R without its specific factor (receptivity.py) cut to 1, and exposure
``x = min(1, met + tool_invitation * invited + tied)``, the agency adopts in a month with chance::

    1 - exp(-tool_rate * A * R * x)

from a source drawn in proportion to the three parts of x. It takes the tool's level as its tool, and its routine closes
a part of the distance: ``routine += fit (L - routine)``, fit = tool_fit, times tool_fit_far where the tool was
made in another state. Afterwards that routine wears out and is kept up like any other. Synchronous: everybody looks at
the tools of the month before. Routines that leaders bring home from consultation (consultation.py) come on top of this:
that is what people copy by themselves, a tool is what was made to be taken over.

Source: S9 (groups develop metrics, rubrics and survey instruments; institutes visited by another state; materials and a
webinar to share what was found effective), S110 (knowledge crosses agencies less easily); forms and sizes assumed.
An invitation is worth little beside a meeting because materials that are only sent round change little (S152); how
slowly what is found out is taken over (S153) sets the order of the rate.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import float64, int64, uint64
from numpy.typing import NDArray

from capsim.assistance.delivery import count_staff
from capsim.assistance.orders import direct_rows
from capsim.assistance.receptivity import readiness_of
from capsim.assistance.ties import deal_groups
from capsim.catalogue import ACTIVITIES
from capsim.kernels import inner, kernel
from capsim.levels import CENTER, LEADER
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.streams.keys import key_from_name
from capsim.streams.squares import fill_row, first_counter, stream_key
from capsim.structures import Structure, structure
from capsim.world import World

_ROLES = ("", "makes", "shows", "publishes")
_NONE, _MAKES, _SHOWS, _PUBLISHES = range(len(_ROLES))
ADOPTION = ("month", "agency", "area", "source", "maker", "level", "gain")
"""Columns of the log: month from 1, rows and area by number, level of the tool, what the routine gained."""
_MONTH, _AGENCY, _AREA, _SOURCE, _MAKER, _LEVEL, _GAIN = range(len(ADOPTION))
_OF_ORGANIZATION = np.uint64(2**64 - 1)
"""Row at which the numbers of an organization have their address."""
_ENTRIES = 8
"""Room in the log for each agency and area; a tool that was made counts too."""

_TYPE = structure(
    "Tools",
    {
        **dict.fromkeys(("level", "met", "invited", "log"), float64[:, ::1]),
        **dict.fromkeys(("maker", "source", "met_with"), int64[:, ::1]),
        **dict.fromkeys(("role", "entries"), int64[::1]),
        "key": uint64[::1],
    },
)


class Tools:
    """The tools of one run; its key never contains the strategy."""

    def __init__(self, world: World, values: Values, run_key: int) -> None:
        O, K = world.layout.n_organizations, world.layout.n_areas
        self.arrays: dict[str, NDArray[Any]] = {
            **{name: np.zeros((O, K)) for name in ("level", "met", "invited")},
            **{name: np.full((O, K), -1, np.int64) for name in ("maker", "source", "met_with")},
            "log": np.zeros((_ENTRIES * O * K, len(ADOPTION))),
            "entries": np.zeros(1, np.int64),
        }
        role = np.array([_ROLES.index(row.tool) for row in ACTIVITIES.values()], np.int64)
        key = np.array([run_key % 2**64, key_from_name("tools")], np.uint64)
        self._t = _TYPE.holding({**self.arrays, "role": role, "key": key})
        self._p, self._role = constants(values), role
        self._looked_at: tuple[Structure | None, bool] = None, False

    @property
    def adoptions(self) -> NDArray[np.float64]:
        """What was made and adopted so far, (n, 7), see `ADOPTION`."""
        return self.arrays["log"][: int(self.arrays["entries"][0])].copy()

    def show(self, world: World, h: Structure, orders: Structure | None, hours: float) -> None:
        """Who met, and was invited to, which tools in this month of assistance."""
        if orders is not self._looked_at[0]:  # most months have the table of the month before
            self._looked_at = orders, orders is not None and bool((self._role[orders.activity] != _NONE).any())
        if self._looked_at[1]:
            show_tools(world.arrays, self._p, h, orders, hours, self._t)

    def travel(self, world: World) -> None:
        """Agencies adopt tools, by what they met last month and by their ties."""
        travel(world.arrays, self._p, self._t)


@kernel
def show_tools(w, p, h, orders, hours, t):
    """Enter the doses of a month, and make the tools of groups."""
    rows, staff = direct_rows(orders, hours, len(orders.part)), count_staff(w)
    done = np.zeros(len(t.role), np.bool_)
    for activity in orders.activity:
        role = t.role[activity]
        if role == _NONE or done[activity]:
            continue
        done[activity] = True
        dose = _doses(w, h, rows, staff, activity)
        if role != _MAKES:
            t.invited[:] += dose
        if role == _PUBLISHES:
            continue
        t.met[:] += dose
        if role == _SHOWS:
            _meet(t, dose, np.arange(len(w.level)))
            continue
        groups = deal_groups(w, p, orders, rows, activity)
        for g in range(len(groups.first) - 1):
            members = groups.members[groups.first[g] : groups.first[g + 1]]
            _make(w, p, t, dose, members)
            _meet(t, dose, members)


@inner
def _doses(w, h, rows, staff, activity):
    """Units of an activity for each of those who take part, cut to 1, (O, K)."""
    dose = np.zeros(w.plan.shape)
    each, there = h.seats[activity] / h.ta_hours[activity], staff[h.leaders[activity]]
    for r in range(len(rows.hours)):
        j, k = rows.agency[r], rows.area[r]
        if rows.activity[r] == activity and k >= 0 and there[j] > 0:
            dose[j, k] += rows.hours[r] * each / there[j]
    return np.minimum(dose, 1.0)


@inner
def _make(w, p, t, dose, members):
    """A group writes down what its best member does."""
    routine = w.routine
    for k in range(dose.shape[1]):
        best = -1
        for j in members:
            if dose[j, k] > 0.0 and (best < 0 or routine[j, k] > routine[best, k]):
                best = j
        if best < 0:
            continue
        level = routine[best, k] + p.tool_polish * (1.0 - routine[best, k])
        if level > t.level[best, k] + p.tool_better:
            _take(w, t, best, k, best, best, level, 0.0)


@inner
def _meet(t, dose, members):
    """Those who take part meet the best tool that one of them uses."""
    level, met_with = t.level, t.met_with
    for k in range(dose.shape[1]):
        best = -1
        for j in members:
            if dose[j, k] > 0.0 and level[j, k] > 0.0 and (best < 0 or level[j, k] > level[best, k]):
                best = j
        for j in members:
            now = met_with[j, k]
            if best >= 0 and dose[j, k] > 0.0 and (now < 0 or level[best, k] > level[now, k]):
                met_with[j, k] = best


@inner
def _take(w, t, j, k, source, maker, level, gain):
    """An agency has a tool, and the log says so."""
    t.level[j, k], t.source[j, k], t.maker[j, k] = level, source, maker
    n = t.entries[0]
    if n < len(t.log):
        t.log[n, _MONTH], t.log[n, _AGENCY], t.log[n, _AREA] = w.clock[0] + 1, j, k
        t.log[n, _SOURCE], t.log[n, _MAKER], t.log[n, _LEVEL], t.log[n, _GAIN] = source, maker, level, gain
        t.entries[0] = n + 1


@kernel
def travel(w, p, t):
    """One month of adoptions, after which what was met is forgotten."""
    before, makers = t.level.copy(), t.maker.copy()
    center = len(w.level) - 1 if w.level[-1] == CENTER else -1
    if center >= 0:
        _publish(p, t, before, makers, center)
    best = _best(before, w.level)
    if best.max() > 0.0 or t.met_with.max() >= 0 or t.invited.max() > 0.0:  # else there is nothing to adopt
        _adopt(w, p, t, before, makers, best, center)
    t.met[:] = 0.0
    t.invited[:] = 0.0
    t.met_with[:] = -1


@inner
def _adopt(w, p, t, before, makers, best, center):
    """Who adopts what, with the tools of the month before: levels and makers (O, K), and the highest level (O,)."""
    K = w.plan.shape[1]
    u, most = np.empty(2 * K), 1.0 - math.exp(-p.tool_rate)  # nobody adopts more readily than with all factors at 1
    key = np.uint64(stream_key(t.key[0], t.key[1], np.uint64(w.clock[0])))
    least_of, ties, again, highest = np.empty(K), np.empty(K), np.empty(K), best.max()
    first, routine, met_so_far, met_with, invited_so_far = w.first, w.routine, t.met, t.met_with, t.invited
    for j in range(len(before)):
        if j == center or first[j] == first[j + 1]:
            continue
        fill_row(u, key, np.uint64(first_counter(w.identity[j], _OF_ORGANIZATION)))
        if u[::2].min() >= most:
            continue
        ready = readiness_of(w, p, j)[2]
        if not ready > 0.0:
            continue
        lowest, ties[:] = np.inf, 0.0
        for k in range(K):
            least_of[k] = max(routine[j, k], before[j, k] + p.tool_better if before[j, k] > 0.0 else 0.0)
            lowest = min(lowest, least_of[k])
        if highest > lowest:
            _ties_to_users(w, before, best, j, least_of, lowest, ties, -1, 0.0)
        for k in range(K):
            least, strength = least_of[k], ties[k]
            met = met_so_far[j, k] if met_with[j, k] >= 0 and before[met_with[j, k], k] > least else 0.0
            invited = p.tool_invitation * invited_so_far[j, k] if center >= 0 and before[center, k] > least else 0.0
            tied = min(1.0, p.boundary_discount * strength)
            exposure = met + invited + tied
            if exposure <= 0.0:
                continue
            rate = p.tool_rate * _attention(w, j, k) * min(1.0, ready) * min(1.0, exposure)
            if u[2 * k] >= 1.0 - math.exp(-rate):
                continue
            place = u[2 * k + 1] * exposure
            source = met_with[j, k] if place < met else center
            if place >= met + invited:
                until = (place - met - invited) * strength / tied
                source = _ties_to_users(w, before, best, j, least_of, lowest, again, k, until)
            maker, level = makers[source, k], before[source, k]
            fit = p.tool_fit
            if maker != center and w.market[maker] != w.market[j]:
                fit *= p.tool_fit_far
            gain = fit * (level - routine[j, k])
            routine[j, k] += gain
            _take(w, t, j, k, source, maker, level, gain)


@inner
def _best(level, tier):
    """Level of the best tool of each agency other than the center, (O,)."""
    best = np.zeros(len(level))
    for j in range(len(level)):
        if tier[j] != CENTER:
            for k in range(level.shape[1]):
                best[j] = max(best[j], level[j, k])
    return best


@inner
def _publish(p, t, level, maker, center):
    """The center has the best tool that any agency uses, or its own."""
    for k in range(level.shape[1]):
        level[center, k], maker[center, k] = p.center_tool_level, center
        for j in range(center):
            if level[j, k] > level[center, k]:
                level[center, k], maker[center, k] = level[j, k], maker[j, k]


@inner
def _attention(w, j, k):
    """Mean attention of the holders of an agency to an area."""
    total, holders, person, attention = 0.0, 0, w.person, w.attention
    for i in range(w.first[j], w.first[j + 1]):
        if person[i] >= 0:
            total += attention[i, k]
            holders += 1
    return total / holders if holders > 0 else 0.0


@inner
def _ties_to_users(w, level, best, j, least, lowest, ties, k, until):
    """Add up the ties of leaders and liaisons to agencies with a tool above `least`, by area; `best` is the highest
    level of each agency, `lowest` the least of all areas. The agency at which those in area k (-1 for none) exceed
    `until`, else the last one.
    """
    person, role, liaison, tie_to, strength = w.person, w.role, w.liaison, w.tie_to, w.tie_strength
    organization, last = w.organization, -1
    ties[:] = 0.0
    for i in range(w.first[j], w.first[j + 1]):
        if person[i] < 0 or not (role[i] == LEADER or liaison[i]):
            continue
        for m in range(tie_to.shape[1]):
            other = organization[tie_to[i, m]] if tie_to[i, m] >= 0 else j
            if other != j and best[other] > lowest:
                for n in range(len(ties)):
                    if level[other, n] > least[n]:
                        ties[n] += strength[i, m]
                        last = other if n == k else last
                if k >= 0 and last == other and ties[k] > until:
                    return last
    return last
