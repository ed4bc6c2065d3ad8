"""Points spread over declared priors, for analyses that draw parameter values of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.parameters import PARAMETERS
from capsim.streams.keys import key_from

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["latin_points"]


def latin_points(bounds: Mapping[str, tuple[float, float]], n: int, *, seed: int) -> pd.DataFrame:
    """Latin hypercube over the declared priors; uniform over the range where a parameter has none.

    Parameters
    ----------
    bounds : mapping of str to (float, float)
        Parameters.
    n : int
    seed : int
    """
    import pandas as pd

    rng = np.random.Generator(np.random.Philox(key_from("calibration points", seed)))
    columns = {}
    for name, (low, high) in bounds.items():
        unit = (rng.permutation(n) + rng.random(n)) / n
        declared = PARAMETERS[name]
        prior = declared.assumed and (declared.low, declared.high) == (low, high)
        columns[name] = [declared.quantile(float(u)) if prior else low + float(u) * (high - low) for u in unit]
    return pd.DataFrame(columns)
