"""Ratings of assistance, per agency served this month: by an expert, by the client, and how satisfied the client is.

With x = quality of the provider times coherence times clarity, as it reached the agency:

- ``expert = 1 + 4 x / (x + rating_half)``: quality as an outsider sees it;
- ``client = clip(expert + client_leniency + rating_noise_sd z, 1, 5)``: clients rate higher, and hit the ceiling;
- ``satisfaction = clip(1 + 4 m + likert_leniency - min(1, h / participation_limit) + rating_noise_sd z', 1, 5)`` with m
  the mean engagement of holders and h the share of their work hours that assistance took this month; NaN where nobody
  holds a position.

z is ``r cos(2 pi v)`` and z' ``r sin(2 pi v)`` of one pair (u, v). Nothing in the model depends on ratings.

Source: S19 (clients rate above expert panels; measured); the form is assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.normals import polar
from capsim.kernels import kernel
from capsim.parameters import Values

__all__ = ["NUMBERS", "PURPOSE", "rate"]

PURPOSE = "instrument:ratings"
"""What the random numbers are for."""

NUMBERS = 2
"""Uniform numbers per organization: one pair."""


@kernel
def _rate(
    served: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    quality: NDArray[np.float64],
    motivation: NDArray[np.float64],
    hours_share: NDArray[np.float64],
    half: float,
    client_leniency: float,
    leniency: float,
    limit: float,
    noise_sd: float,
    expert: NDArray[np.float64],
    client: NDArray[np.float64],
    satisfaction: NDArray[np.float64],
) -> None:
    """Write the ratings of the organizations marked in `served`."""
    for j in range(len(served)):
        if not served[j]:
            continue
        radius, angle = polar(numbers[j, 0], numbers[j, 1])
        x = quality[j]
        expert[j] = 1.0 + 4.0 * x / (x + half) if x > 0.0 else 1.0
        client[j] = min(5.0, max(1.0, expert[j] + client_leniency + noise_sd * radius * math.cos(angle)))
        if math.isnan(motivation[j]):
            continue
        # no hours are no burden, whatever the limit
        burden = hours_share[j] / limit if 0.0 < hours_share[j] < limit else (1.0 if hours_share[j] > 0.0 else 0.0)
        said = 1.0 + 4.0 * motivation[j] + leniency - burden + noise_sd * radius * math.sin(angle)
        satisfaction[j] = min(5.0, max(1.0, said))


def rate(
    served: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    quality: NDArray[np.float64],
    motivation: NDArray[np.float64],
    hours_share: NDArray[np.float64],
    values: Values,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Rate this month's assistance.

    Parameters
    ----------
    served : (O,) bool
    numbers : (O, 2) float64
        Uniform in [0, 1).
    quality : (O,) float64
        Provider quality times caseload factor, coherence and clarity.
    motivation : (O,) float64
        Mean engagement of holders; NaN without any.
    hours_share : (O,) float64
        Mean hours of holders spent on assistance this month, as a share of work hours.
    values : mapping of str to float

    Returns
    -------
    expert, client, satisfaction : (O,) float64
        On a scale of 1 to 5; NaN where not served.
    """
    expert, client, satisfaction = (np.full(len(served), np.nan) for _ in range(3))
    _rate(
        served,
        numbers,
        quality,
        motivation,
        hours_share,
        values["rating_half"],
        values["client_leniency"],
        values["likert_leniency"],
        values["participation_limit"],
        values["rating_noise_sd"],
        expert,
        client,
        satisfaction,
    )
    return expert, client, satisfaction
