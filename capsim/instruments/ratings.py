"""Ratings of assistance, per agency served this month: by an expert, by the client, and how satisfied the client is.

With x = quality of the provider times coherence times clarity, as it reached the agency:

- ``expert = 1 + 4 x / (x + rating_half)``: quality as an outsider sees it;
- ``client = clip(expert + client_leniency + rating_noise_sd z, 1, 5)``: clients rate higher, and hit the ceiling;
- ``satisfaction = clip(1 + 4 m + likert_leniency - min(1, h / participation_limit) + rating_noise_sd z', 1, 5)`` with m
  the mean engagement of holders and h the share of their work hours that assistance took this month; NaN where nobody
  holds a position.

z and z' are the deviates of one pair. Nothing in the model depends on ratings.

Source: S19 (clients rate above expert panels; measured); the form is assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import Column, deviates
from capsim.parameters import Values


def rate(numbers: Column, motivation: Column, quality: Column, hours_share: Column, values: Values) -> Column:
    """Ratings by an expert, by the client, and satisfaction, (3, n), on a scale of 1 to 5.

    Parameters
    ----------
    numbers : (n, 2) float64
        Uniform in [0, 1).
    motivation, quality, hours_share : (n,) float64
        Of the agencies that are served: m, x and h above.
    values : mapping of str to float
    """
    (to_client, to_satisfaction), limit = _noise(numbers, values["rating_noise_sd"]), values["participation_limit"]
    seen = np.divide(4.0 * quality, quality + values["rating_half"], out=np.zeros(len(quality)), where=quality > 0.0)
    expert = 1.0 + seen
    client = np.clip(expert + values["client_leniency"] + to_client, 1.0, 5.0)
    # no hours are no burden, whatever the limit
    within = (hours_share > 0.0) & (hours_share < limit)
    burden = np.divide(hours_share, limit, out=(hours_share > 0.0).astype(np.float64), where=within)
    said = 1.0 + 4.0 * motivation + values["likert_leniency"] - burden + to_satisfaction
    return np.array([expert, client, np.clip(said, 1.0, 5.0)])


def _noise(numbers: Column, sd: float) -> Column:
    radius, direction = deviates(numbers)
    return np.asarray((sd * radius * direction).T)
