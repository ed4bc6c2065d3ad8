"""The TA center: its experts come when assistance opens, and go when it closes, with every tie to them (sunset).

While the center is open its experts know `center_expert_skill` in their own area (expert e in area ``e mod K``) and
`center_other_skill` elsewhere, have equal priorities and seek no advice; they do not learn or leave. They exist in
every strategy, `none` included, but nobody has a tie to them unless assistance makes one.

The center's book says month by month who worked there, how well, for whom, and in how many pieces it came. It is kept
where a center's staff is declared or pieces count. Clients are the agencies served this month, by those they stand
for. A client is completely served with a client rating of `SERVED` or more; of the others, those want more time whose
latest answer in the survey of interest is `INTERESTED` or more (points from 1 to 5).

Source: S3 and S4 (a center of five years and a hard end), S5 (subject-matter experts); S150 (clients completely served,
and of the others those who want more of a center's time); figures and thresholds assumed.

The living center: its consultants are hired, settle in, learn the areas and activities they work in, and leave.

With a center's staff declared, position n of N_t in month t of the assistance is served by agencies of which ``identity
modulo N_t`` is n; while it is vacant, by the next position that is filled. Month by month, before the hours are given:

- from month 1 on a consultant leaves with chance ``1 - (1 - center_annual_exit)^(1/12)``; what they learned goes, and
  if they are one of the center's experts, all ties to them;
- a position that nobody left this month, new ones included, is filled with chance ``1 / center_months_to_fill``. In
  month 0 all are filled, with newcomers.

A newcomer knows the own area (n modulo K) and no activity; area_nk and craft_nd are what is known of an area and of an
activity, in [0, 1]; with H the TA hours that a consultant gives in a month, for all agencies that a sample stands for::

    area_nk  += (1 - exp(-H_nk / center_learning_hours)) (1 - area_nk)        the same for craft_nd
    settled_n = 1 - (1 - onboarding_rate)^tenure_n
    e_nkd     = settled_n (area_nk + craft_nd) / 2                            experience; the mean area without one
    quality   = (N_t / provider_scale_reference)^-provider_scale x talent_n
                x (filled / N_t)^center_vacancy_loss
                x (1 - v (1 - e_nkd)) / (1 - v (1 - center_usual_experience)), v = center_experience_weight

Talent is drawn at hiring as that of other consultants is (receptivity.py), caseload counts as there. The size of the
program counts once: in ``N_t^-provider_scale``, by the positions of now; a center that grows is diluted by it, and for
a while by its newcomers. Experts of the center in the first N_t positions are these people: their skill in
an area is ``center_other_skill + (center_expert_skill - center_other_skill) area_nk``; experts beyond are advisers on
call, who stay as they are. A center in which nobody leaves, learns or counts for experience is the fixed one.

Source: S57, S58 (large programs achieve a fraction of what small ones do), S59 (coaches differ), S114 (onboarding),
S150 (clients completely served 36, 47, 56% over three years, turnover the barrier named most); figures assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.receptivity import Offered, talents
from capsim.catalogue import ACTIVITIES, CENTER_SERIES
from capsim.catalogue.strategies import CenterStaff
from capsim.instruments.readings import Readings
from capsim.kernels import inner, kernel
from capsim.parameters import Values
from capsim.streams.squares import uniforms
from capsim.units import annual_to_monthly_survival
from capsim.world import Layout, World
from capsim.world.slots import clear_hours, vacate

HOURS, QUALITY, EXPERIENCE = range(3)
"""Places in `LivingCenter.worked`: hours of the month, and their sums of quality and experience."""


_LEARNED = ("settled", "area", "craft", "worked")


class LivingCenter:
    """The consultants of one run, N the most positions of any month.

    The months are those of the assistance; the run key never contains the strategy. `quality`, (N,), is without
    experience and caseload; `consultant`, (O,), the position that serves each organization, -1 while nobody is there;
    `moved` who came, and who left, this month.
    """

    def __init__(
        self,
        staff: CenterStaff,
        layout: Layout,
        values: Values,
        *,
        months: int,
        yearly_hours: float,
        run_key: int,
    ) -> None:
        whole = max(1.0, yearly_hours / values["consultant_hours_per_year"])
        needed = math.ceil(whole - 1e-9)
        self._posts = np.array([staff.positions_in(month, needed) for month in range(max(1, months))], np.int64)
        self._size = self._posts.astype(np.float64) if staff.positions else np.full(len(self._posts), whole)
        annual = values["center_annual_exit"] if staff.annual_exit is None else staff.annual_exit
        self._exit = 1.0 - annual_to_monthly_survival(1.0 - annual)
        wait = values["center_months_to_fill"] if staff.months_to_fill is None else staff.months_to_fill
        self._fill = 1.0 / wait
        self._values, self._run_key, self._identity = values, run_key, layout.identity
        self._start, self._experts = layout.center[0], layout.center[1] - layout.center[0]
        N, K = int(self._posts.max()), layout.n_areas
        self.filled, self.tenure = np.zeros(N, np.bool_), np.zeros(N, np.int64)
        self.talent, self.settled, self.quality = np.zeros(N), np.zeros(N), np.zeros(N)
        self.area, self.craft = np.zeros((N, K)), np.zeros((N, len(ACTIVITIES)))
        self.consultant = np.full(len(layout.identity), -1, np.int64)
        self.posts, self.moved, self.worked = np.ones(1, np.int64), np.zeros(2, np.int64), np.zeros(3)

    def columns(self) -> Iterator[tuple[str, NDArray]]:
        """Every array that changes, with its name."""
        for name in ("filled", "tenure", "talent", "quality", "consultant", "posts", "moved", *_LEARNED):
            yield name, getattr(self, name)

    def books(self) -> dict[str, NDArray[Any]]:
        """Who helps, how well, and what they know, as kernels read and write it."""
        return {name: getattr(self, name) for name in ("quality", "consultant", "posts", *_LEARNED)}

    def begin_month(self, world: World) -> None:
        """Let people leave and come, and say who serves whom this month, and how well."""
        month, N = world.month, len(self.filled)
        self.posts[0] = posts = self._posts[month]
        u = uniforms(
            run_key=self._run_key, purpose="center", identity=np.arange(N, dtype=np.uint64), columns=2, month=month
        )
        there = np.arange(N) < posts
        left = self.filled & ((u[:, 0] < self._exit) | ~there)
        came = there & ~self.filled & ((u[:, 1] < self._fill) | (month == 0))
        self.tenure[self.filled] += 1
        self._empty(world, np.flatnonzero(left if month else ~there))
        self._come(world, np.flatnonzero(came))
        self.moved[:] = came.sum(), left.sum()
        unsettled = (1.0 - self._values["onboarding_rate"]) ** self.tenure.astype(np.float64)
        self.settled[:] = np.where(self.filled, 1.0 - unsettled, 0.0)
        self.worked[:] = 0.0
        self._rate(month)
        self._deal()
        _brief(world.arrays, self._start, self.filled, self.area, self._skills())

    def _empty(self, world: World, rows: NDArray[np.int64]) -> None:
        """What they learned goes with those who leave, and the ties to those who are experts."""
        self.filled[rows], self.tenure[rows], self.talent[rows] = False, 0, 0.0
        self.area[rows], self.craft[rows] = 0.0, 0.0
        for n in rows[rows < self._experts].tolist():
            vacate(world, self._start + n, self._start + n + 1)

    def _come(self, world: World, rows: NDArray[np.int64]) -> None:
        """Newcomers; in month 0 the center has opened already, and its experts are there."""
        month = world.month
        self.filled[rows], self.tenure[rows] = True, 0
        self.talent[rows] = talents(self._values, self._run_key, rows.astype(np.uint64), month=month)
        self.area[rows, rows % self.area.shape[1]] = 1.0
        for n in rows[rows < self._experts].tolist() if month > 0 else ():
            i = self._start + n
            world.person[i] = world.next_person[0]
            world.next_person[0] += 1
            world.tenure[i] = world.vacant_months[i] = 0

    def _rate(self, month: int) -> None:
        values, filled = self._values, self.filled.sum()
        scale = (self._size[month] / values["provider_scale_reference"]) ** -values["provider_scale"]
        stretched = (filled / self.posts[0]) ** values["center_vacancy_loss"]
        self.quality[:] = scale * stretched * self.talent

    def _deal(self) -> None:
        """Agencies of a vacant position go to the next one that is filled."""
        posts = int(self.posts[0])
        serves = np.full(posts, -1, np.int64)
        there = np.flatnonzero(self.filled[:posts])
        if len(there):
            after = np.searchsorted(there, np.arange(posts))
            serves[:] = there[after % len(there)]
        self.consultant[:] = serves[(self._identity % np.uint64(posts)).astype(np.int64)]

    def _skills(self) -> NDArray[np.float64]:
        """Skill of an expert who knows nothing of an area, and of one who knows all."""
        return np.array([self._values["center_other_skill"], self._values["center_expert_skill"]])


@kernel
def _brief(w, start, filled, area, skills):
    """Experts who are consultants know what they have learned; of a vacant position the row is empty."""
    for n in range(min(w.first[len(w.level)] - start, len(filled))):
        i = start + n
        if filled[n]:
            w.skill[i, :] = skills[0] + (skills[1] - skills[0]) * area[n]
        else:
            w.engagement[i], w.skill[i, :], w.disposition[i, :], w.priority[i, :] = 0.0, 0.0, 0.0, 0.0


@inner
def experience_of(h, n, k, a):
    """Experience of consultant n with an activity in an area, or in all areas."""
    known = h.area[n, k] if k >= 0 else np.mean(h.area[n])
    return h.settled[n] * (known + h.craft[n, a]) / 2.0


@inner
def able(p, experience):
    """What experience makes of quality, 1 at the usual one."""
    v = p.center_experience_weight
    return (1.0 - v * (1.0 - experience)) / (1.0 - v * (1.0 - p.center_usual_experience))


@inner
def work(w, p, h, rows):
    """Experience sways the quality of rows from the center; consultants learn by the hours they give."""
    area, craft = h.area, h.craft
    given, done = np.zeros(area.shape), np.zeros(craft.shape)
    for r in range(rows.direct):
        a, j, k = rows.activity[r], rows.agency[r], rows.area[r]
        n, hours = h.consultant[j], rows.hours[r] * w.weight[j]
        if n < 0:
            rows.quality[r] = 0.0
            continue
        experience = experience_of(h, n, k, a)
        rows.quality[r] *= able(p, experience)
        done[n, a] += hours
        if k >= 0:
            given[n, k] += hours
        h.worked[HOURS] += hours
        h.worked[QUALITY] += hours * rows.quality[r]
        h.worked[EXPERIENCE] += hours * experience
    for n in range(len(area)):
        for k in range(area.shape[1]):
            area[n, k] += (1.0 - math.exp(-given[n, k] / p.center_learning_hours)) * (1.0 - area[n, k])
        for a in range(craft.shape[1]):
            craft[n, a] += (1.0 - math.exp(-done[n, a] / p.center_learning_hours)) * (1.0 - craft[n, a])


def open_center(world: World) -> None:
    """Experts take their positions."""
    start, end = world.layout.center
    world.person[start:end] = world.next_person[0] + np.arange(end - start)
    world.next_person[0] += end - start
    world.tenure[start:end] = 0
    world.vacant_months[start:end] = 0


def close_center(world: World) -> None:
    """The hard end of the center."""
    vacate(world, *world.layout.center)


@kernel
def begin_month(w, p, start, end):
    """Clear the month's hours; experts, at the positions from start to end, are as in every open month."""
    clear_hours(w)
    K = w.skill.shape[1]
    for i in range(start, end):
        w.engagement[i] = p.newcomer_engagement
        w.skill[i, :], w.disposition[i, :], w.priority[i, :] = p.center_other_skill, 1.0 / K, 1.0 / K
        w.skill[i, (i - start) % K] = p.center_expert_skill
        w.consulted[i], w.tie_to[i, :], w.tie_strength[i, :] = -1, -1, 0.0


SERVED, INTERESTED = 4.0, 4.0
_CLIENT = 1
"""Row of the client rating among the ratings of a month."""


class CenterBook:
    """One run's book of the center; NaN for what is not declared, or what nobody can say."""

    def __init__(self, layout: Layout, months: int, living: LivingCenter | None, offered: Offered) -> None:
        self.monthly = np.full((months, len(CENTER_SERIES)), np.nan)
        self._weight, self._living, self._offered = layout.weight, living, offered

    def enter(self, world: World, ratings: NDArray[np.float64] | None, readings: Readings) -> None:
        """Who is there and how well the hours of this month were given, how many clients were completely served and how
        many of the others want more, the pieces that they meet and the clarity these leave; `ratings` (3, O).
        """
        found, clients = {}, world.ta_hours > 0.0
        if self._living is not None:
            found = self._of_staff(self._living)
            if ratings is not None:
                found |= self._of_clients(ratings[_CLIENT], readings.interest)
        if self._offered.counted and clients.any():
            for name, of in (("pieces", self._offered.pieces), ("clarity", self._offered.clear)):
                found[name] = float(np.average(of[clients], weights=self._weight[clients]))
        self.monthly[world.month] = [found.get(name, np.nan) for name in CENTER_SERIES]

    def _of_staff(self, living: LivingCenter) -> dict[str, float]:
        filled, hours = living.filled, float(living.worked[HOURS])
        return {
            "positions": float(living.posts[0]),
            "filled": float(filled.sum()),
            "hired": float(living.moved[0]),
            "left": float(living.moved[1]),
            "tenure": float(living.tenure[filled].mean()) if filled.any() else np.nan,
            "experience": float(living.worked[EXPERIENCE]) / hours if hours > 0.0 else np.nan,
            "quality": float(living.worked[QUALITY]) / hours if hours > 0.0 else np.nan,
        }

    def _of_clients(self, rating: NDArray[np.float64], interest: NDArray[np.float64]) -> dict[str, float]:
        rated = ~np.isnan(rating)
        served = rated & (rating >= SERVED)
        others = rated & ~served
        wanting = others & (interest >= INTERESTED)
        return {"completely_served": self._share(served, rated), "want_more": self._share(wanting, others)}

    def _share(self, some: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
        whole = float(self._weight[of].sum())
        return float(self._weight[some].sum()) / whole if whole > 0.0 else np.nan
