"""Receptivity: how much of an activity lands. Readiness x coherence x provider quality.

- readiness (R = MC2, Scaccia et al. 2015, S31) is a product, so any factor near zero means little gain::

      readiness = min(1, readiness_reference * m/m0 * g/g0 * s/s0)

  with m the mean engagement of holders, g the geometric mean of culture, filled share and data systems, and s the
  logistic of the agency's skill or routine in the area around the activity's prerequisite,
  ``1 / (1 + exp(-slope (x - prerequisite)))``; m0 and g0 are the baseline medians (motivation_center,
  general_capacity_center) and s0 the logistic at the baseline mean. So a median agency has readiness_reference.
- coherence = ``1 / (1 + gamma [n - n0]+)``, n all focal areas on which the agency is helped this month plus outside
  initiatives.
- provider quality: lognormal with mean 1 per consultant (S59), ``exp(sd z - sd^2 / 2)``, sd = provider_quality_sd;
  agency j is served by consultant ``identity_j modulo the number of consultants``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from capsim.parameters import Values
from capsim.streams.philox import uniforms
from capsim.world import Layout

__all__ = ["common_receptivity", "provider_quality", "specific_capacity"]


@njit(cache=True)
def common_receptivity(
    first, person, engagement, culture, data_systems, areas_served, quality, reference, motivation_center,
    general_center, gamma, limit, outside,
):  # fmt: skip
    """Coherence times quality, (O,): the most that can land; and the same times readiness without its specific factor,
    (O,).
    """
    most = np.zeros(len(culture))
    receptivity = np.zeros(len(culture))
    for j in range(len(culture)):
        holders, motivation = 0, 0.0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                holders += 1
                motivation += engagement[i]
        if holders == 0:
            continue
        filled = holders / (first[j + 1] - first[j])
        general = (culture[j] * filled * data_systems[j]) ** (1.0 / 3.0)
        readiness = reference * (motivation / holders / motivation_center) * (general / general_center)
        most[j] = quality[j] / (1.0 + gamma * max(0.0, areas_served[j] + outside - limit))
        receptivity[j] = most[j] * readiness
    return most, receptivity


@njit(cache=True)
def specific_capacity(x, prerequisite, slope, center):
    """Logistic of x around the prerequisite, relative to that of the baseline mean `center`."""
    return (1.0 + math.exp(-slope * (center - prerequisite))) / (1.0 + math.exp(-slope * (x - prerequisite)))


def provider_quality(layout: Layout, values: Values, *, yearly_hours: float, run_key: int) -> NDArray[np.float64]:
    """Quality of the consultant who serves each organization, (O,), mean 1.

    A center of ``ceil(hours / consultant_hours_per_year)`` consultants; agencies are dealt to them by identity. The
    draws belong to the run, not to the strategy: every strategy, `none` included, has the same consultants.
    """
    from scipy.special import ndtri

    consultants = max(1, int(np.ceil(yearly_hours / values["consultant_hours_per_year"])))
    u = uniforms(run_key=run_key, purpose="consultants", identity=np.arange(consultants, dtype=np.uint64), columns=1)
    sd = values["provider_quality_sd"]
    quality = np.exp(sd * ndtri(np.clip(u[:, 0], 1e-12, 1 - 1e-12)) - 0.5 * sd * sd)
    return np.ascontiguousarray(quality[(layout.identity % np.uint64(consultants)).astype(np.int64)])
