"""Receptivity: how much of an activity lands. Readiness x coherence x clarity x provider quality.

- readiness (R = MC2, Scaccia et al. 2015, S31) is a product, so any factor near zero means little gain::

      readiness = min(readiness_cap, readiness_reference * m/m0 * g/g0 * s/s0)

  with m the mean engagement of holders, g the geometric mean of culture, filled share and data systems, and s the
  logistic of the agency's skill or routine in the area around the activity's prerequisite (in an area whose record
  says so, more or less; on average, where the help has no area),
  ``1 / (1 + exp(-slope (x - prerequisite)))``; m0 and g0 are the baseline medians (motivation_center,
  general_capacity_center) and s0 the logistic of the baseline mean around the usual prerequisite, the default of the
  catalogue: one fixed reference, so that a harder prerequisite never helps. With it a median agency has
  readiness_reference.
  Other forms of the rule `readiness`: minimum, the least of the three ratios instead of their product (a law of the
  minimum); geometric_mean, their geometric mean (they make up for each other).
- coherence = ``1 / (1 + gamma [load + outside - n0]+)``, outside the agency's outside initiatives of now. The load of
  this month's help by other than universal activities (a publication asks nobody to work on its area; rule `load`):
  areas, the focal areas on which the agency is helped; hours and setup, ``sum_k min(1, h_k / initiative_hours)``, h_k
  the hours asked per member of staff in area k, with one more term for hours without an area.
- clarity = ``1 - codesign_clarity_loss`` for an agency that gets hours of co-design after planning_months, else 1
  (S1: co-design beyond planning left recipients with limited clarity; a hypothesis, 0 is supported).
- provider quality: N = ``ceil(yearly hours / consultant_hours_per_year)`` consultants have the quality ``scale *
  exp(sd z - sd^2 / 2)``, sd = provider_quality_sd, lasting (S59: coaches' effects vary by half to all of their mean).
  ``scale = (posts / provider_scale_reference)^-provider_scale``, posts = max(1, yearly hours /
  consultant_hours_per_year), is what a program achieves of what one of the reference size does (S57, S58), and what the
  mean of consultants comes to who are hired one after the other, each less able by ``n^-provider_scale``. Agency j is
  served by consultant ``identity_j modulo N``. With a caseload (agencies served this month by other than universal
  activities, over N) above caseload_limit, all lose the factor ``(caseload_limit / caseload)^caseload_loss``. In a
  sampled world the hours and agencies are those of the whole.
- While help can come online only (engine/events.py), it lands less, by the factor `landing` of the agency.

Coherence across offerings: help that comes in many pieces is less clear to those who meet them.

A piece is an activity in a focal area (or in none), as a person meets it. With h_jkd the hours of activity d in area k
asked of each member of staff of agency j this month, at most of everybody once, whoever gives them::

    h_jkd     = hours / ta_hours x recipient_hours x min(seats, staff) / staff
    met_jkd  <- (1 - 1 / offering_memory) met_jkd + h_jkd
    pieces_j  = sum over k, d of 1 - exp(-met_jkd / offering_hours)
    clarity_j *= max(1, pieces_j)^-offering_weight

Hours; offering_memory in months. With the weight 0 nothing is remembered. Areas with a method each are fewer pieces
than the same hours in every method; what nobody meets is none. An agency's initiatives cost it time (coherence), its
pieces clarity: two losses, that of the load and this.

Source: S1, finding a (clear focal areas, with methods of their own, make offerings coherent); form and figures assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.measures.sums import engaged, pairwise_sum
from capsim.parameters import Values
from capsim.streams.squares import uniforms
from capsim.world import Layout

_PRODUCT, _MINIMUM, _GEOMETRIC_MEAN = codes_of("readiness")
_HOURS, _AREAS, _SETUP = codes_of("load")


class Providers:
    """The consultants of a run, the same whatever the strategy: `quality` (N,), and `consultant` (O,), who serves whom.

    N follows from the TA hours per year, those of all agencies that a sample stands for.
    """

    def __init__(self, layout: Layout, values: Values, *, yearly_hours: float, run_key: int) -> None:
        whole = max(1.0, yearly_hours / values["consultant_hours_per_year"])
        count = math.ceil(whole - 1e-9)
        number = np.arange(count, dtype=np.uint64)
        scale = (whole / values["provider_scale_reference"]) ** -values["provider_scale"]
        self.quality: NDArray[np.float64] = scale * talents(values, run_key, number, month=0)
        self.consultant = (layout.identity % np.uint64(count)).astype(np.int64)

    def books(self) -> dict[str, NDArray[Any]]:
        """Who helps, and how well, as kernels read it; of consultants who stay as they are nothing is learned."""
        unknown = {name: np.empty((0, 1)) for name in ("area", "craft")} | dict.fromkeys(
            ("settled", "worked"), np.empty(0)
        )
        posts = np.array([len(self.quality)], np.int64)
        return {"quality": self.quality, "consultant": self.consultant, "posts": posts, **unknown}


def talents(values: Values, run_key: int, number: NDArray[np.uint64], *, month: int) -> NDArray[np.float64]:
    """Quality of consultants who begin in a month, relative to the mean: lognormal, mean 1."""
    from scipy.special import ndtri

    u = uniforms(run_key=run_key, purpose="consultants", identity=number, columns=1, month=month)
    sd = values["provider_quality_sd"]
    quality: NDArray[np.float64] = np.exp(sd * ndtri(np.clip(u[:, 0], 1e-12, 1 - 1e-12)) - 0.5 * sd * sd)
    return quality


@inner
def readiness_of(w, p, j):
    """What `general_readiness` says of one agency; 0 without holders, but for engagement."""
    holders, motivation = engaged(w, j)
    if holders == 0:
        return np.nan, 0.0, 0.0
    filled = holders / (w.first[j + 1] - w.first[j])
    general = (w.culture[j] * filled * w.data_systems[j]) ** (1.0 / 3.0)
    relative, able = motivation / p.motivation_center, general / p.general_capacity_center
    if p.readiness_rule == _PRODUCT:
        return motivation, general, p.readiness_reference * relative * able
    return motivation, general, min(relative, able) if p.readiness_rule == _MINIMUM else relative * able


@kernel
def general_readiness(w, p):
    """Mean engagement (NaN without holders), general capacity, and readiness without its specific factor, each (O,).

    For the product that is the reference times both ratios, else their product or the smaller one.
    """
    O = len(w.culture)
    motivation, general, readiness = np.empty(O), np.empty(O), np.empty(O)
    for j in range(O):
        motivation[j], general[j], readiness[j] = readiness_of(w, p, j)
    return motivation, general, readiness


@inner
def combine_readiness(p, general, specific):
    """Readiness of an agency for an activity, from that of `general_readiness` and the specific ratio."""
    readiness = general * specific
    if p.readiness_rule == _MINIMUM:
        readiness = p.readiness_reference * min(general, specific)
    elif p.readiness_rule == _GEOMETRIC_MEAN:
        readiness = p.readiness_reference * readiness ** (1.0 / 3.0)
    return min(p.readiness_cap, readiness)


@kernel
def inverse_logistic(x, prerequisite, slope):
    """1 over the logistic of x around the prerequisite."""
    return 1.0 + math.exp(-slope * (x - prerequisite))


@inner
def set_load(w, p, h, rows, staff, asked):
    """Write the areas on which each agency is helped, its hours of help so far, and the load of this month's help.

    `staff`, (2, O): holders, and leaders among them. `asked`: hours asked of people by all activities, and by other
    than universal ones.
    """
    O, K = w.routine.shape
    served = np.zeros((O, K), np.bool_)
    for r in range(len(rows.hours)):
        j, k = rows.agency[r], rows.area[r]
        if rows.hours[r] > 0.0 and k >= 0 and not h.universal[rows.activity[r]] and not served[j, k]:
            served[j, k] = True
            w.areas_served[j] += 1
    working = _asked_per_person(w, staff, asked[1])
    given = _asked_per_person(w, staff, asked[0])
    for j in range(O):
        load = 0.0
        for k in range(K):
            w.helped[j, k] += given[j, k]
        for k in range(K + 1):
            load += min(1.0, working[j, k] / p.initiative_hours)
        w.load[j] = float(w.areas_served[j]) if p.load_rule == _AREAS else load


@inner
def _asked_per_person(w, staff, asked):
    """Hours asked of each member of staff on average, (O, K + 1), from those `asked` by place (delivery.py)."""
    O = len(w.level)
    found = np.zeros((O, asked.shape[1]))
    for i in range(len(asked) - 2 * O):
        for k in range(asked.shape[1]):
            found[w.organization[i], k] += asked[2 * O + i, k]
    for j in range(O):
        for k in range(asked.shape[1] if staff[0, j] > 0 else 0):
            found[j, k] = asked[j, k] + (asked[O + j, k] * staff[1, j] + found[j, k]) / staff[0, j]
    return found


@inner
def crowding(w, p, j):
    """What coherence is 1 over, for agency j."""
    asked = w.load[j] + w.outside_initiatives[j]
    return 1.0 + p.coherence_gamma * max(0.0, asked - p.coherence_limit)


@inner
def coherence_and_clarity(w, p, h, rows, motivation):
    """Their product by organization, (O,), 0 without holders; counts units of co-design."""
    most = h.landing.copy()
    for r in range(len(rows.hours)):
        a, j = rows.activity[r], rows.agency[r]
        if rows.hours[r] <= 0.0 or not h.codesign[a]:
            continue
        if w.clock[0] >= p.planning_months:
            most[j] = h.landing[j] * (1.0 - p.codesign_clarity_loss)
        if r < rows.direct:
            h.codesigned[j] = min(1.0, h.codesigned[j] + rows.hours[r] / h.ta_hours[a])
    for j in range(len(most)):
        most[j] /= crowding(w, p, j)
        if math.isnan(motivation[j]):
            most[j] = 0.0
    return most


@inner
def set_quality(w, p, h, rows):
    """Write the quality of rows from the center: that of their consultant at this month's caseload."""
    served = np.zeros(len(w.level), np.bool_)
    for r in range(rows.direct):
        if rows.hours[r] > 0.0 and not h.universal[rows.activity[r]]:
            served[rows.agency[r]] = True
    caseload = pairwise_sum(w.weight[served]) / h.posts[0]
    strain = 1.0
    if caseload > p.caseload_limit:
        strain = (p.caseload_limit / caseload) ** p.caseload_loss
    for r in range(rows.direct):
        rows.quality[r] = h.quality[h.consultant[rows.agency[r]]] * strain


@dataclass(frozen=True, slots=True)
class Offered:
    """What the agencies of a run remember of it."""

    # (O, (K + 1) * activities) hours of each piece, those of no area last; without rows where the weight is 0
    met: NDArray[np.float64]
    # (O,) pieces of this month, and the clarity they leave
    pieces: NDArray[np.float64]
    clear: NDArray[np.float64]

    @property
    def counted(self) -> bool:
        """Whether pieces count in this run."""
        return len(self.met) > 0

    def books(self) -> dict[str, NDArray[np.float64]]:
        """What the kernels read and write."""
        return {"met": self.met, "pieces": self.pieces, "clear": self.clear}

    @classmethod
    def nothing(cls, layout: Layout, values: Values) -> Offered:
        """Before the first month."""
        O = layout.n_organizations
        rows = O if values["offering_weight"] > 0.0 else 0
        return cls(np.zeros((rows, (layout.n_areas + 1) * len(ACTIVITIES))), np.zeros(O), np.ones(O))

    def fade(self, values: Values) -> None:
        """A month in which nobody is helped; in any other, `blur` does the same and adds what is met."""
        self.met[:] *= 1.0 - 1.0 / values["offering_memory"]
        self.pieces[:] = -np.expm1(-self.met / values["offering_hours"]).sum(axis=1)
        self.clear[:] = np.maximum(1.0, self.pieces) ** -values["offering_weight"]


@inner
def blur(w, p, h, rows, staff, most):
    """Remember the pieces of this month, and multiply coherence times clarity, `most` (O,), by the clarity they leave.

    `staff` (O,) are holders.
    """
    met, pieces, clear = h.met, h.pieces, h.clear
    ta_hours, seats, hours_each = h.ta_hours, h.seats, h.hours_each
    A, K, kept = len(ta_hours), w.plan.shape[1], 1.0 - 1.0 / p.offering_memory
    for j in range(len(met)):
        for n in range(met.shape[1]):
            met[j, n] *= kept
    for r in range(len(rows.hours)):
        a, j, k = rows.activity[r], rows.agency[r], rows.area[r]
        if rows.hours[r] > 0.0 and staff[j] > 0:
            taken = 1.0 if rows.person[r] >= 0 else min(seats[a], staff[j])
            met[j, (k if k >= 0 else K) * A + a] += rows.hours[r] / ta_hours[a] * hours_each[a] * taken / staff[j]
    for j in range(len(met)):
        count = 0.0
        for n in range(met.shape[1]):
            if met[j, n] > 0.0:
                count += 1.0 - math.exp(-met[j, n] / p.offering_hours)
        pieces[j] = count
        clear[j] = max(1.0, count) ** -p.offering_weight
        most[j] *= clear[j]
