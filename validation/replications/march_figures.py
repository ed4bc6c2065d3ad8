"""Figures 1 to 5 of March (1991): the settings of each, run many times, as one table in the order of the figure's axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import SeedSequence, default_rng
from numpy.typing import NDArray

from validation.replications.march import (
    DIMENSIONS,
    INDIVIDUALS,
    MOST_ROUNDS,
    Chances,
    Organization,
    Reading,
    found,
    knowledge_of,
    live,
)

COLUMNS = ("p1", "p2", "quantity", "mean", "sd", "runs")
SLOW, FAST = 0.1, 0.9
_TENTHS = tuple(n / 10 for n in range(11))


class Figure(NamedTuple):
    """What a figure shows; `p1` is its horizontal axis and `p2` what tells its lines apart, as the columns are called."""

    title: str
    p1: str
    p2: str
    period: int
    """That is reported; 0 for the equilibrium."""


class Setting(NamedTuple):
    """One point: its place in the table, what individuals are like, and the chances of everything else."""

    p1: float
    p2: float
    rates: NDArray[np.float64]
    chances: Chances


FIGURES = {
    1: Figure(
        "Effect of learning rates on equilibrium knowledge", "socialization rate p1", "code's learning rate p2", 0
    ),
    2: Figure(
        "Effect of mixed socialization rates on equilibrium knowledge",
        "average socialization rate",
        "difference of fast and slow rates (0.8 mixed, 0 all alike)",
        0,
    ),
    3: Figure(
        "Effect of mixed socialization rates on period-20 knowledge",
        "share of individuals with p1 = 0.9",
        "average p1 of those whose knowledge it is (0.9 fast, 0.1 slow learners)",
        20,
    ),
    4: Figure("Effect of turnover on period-20 knowledge", "turnover p3", "socialization rate p1", 20),
    5: Figure("Effect of turbulence (p4 = 0.02) on knowledge over time", "period", "turnover p3", 100),
}


def settings_of(number: int) -> Iterator[Setting]:
    """The points of a figure that are run; in figure 5 one for each line."""
    still = Chances(code=0.5, turnover=0.0, turbulence=0.0)
    if number == 1:
        for p2 in (0.1, 0.5, 0.9):
            for p1 in _TENTHS[1:10]:
                yield Setting(p1, p2, _all_alike(p1), still._replace(code=p2))
    elif number in (2, 3):
        for share in _TENTHS:
            average = round(SLOW + share * (FAST - SLOW), 10)
            if number == 3:
                yield Setting(share, average, _mixed(share), still)
            else:
                yield Setting(average, round(FAST - SLOW, 10), _mixed(share), still)
                yield Setting(average, 0.0, _all_alike(average), still)
    elif number == 4:
        for p1 in (SLOW, FAST):
            for p3 in _TENTHS:
                yield Setting(p3, p1, _all_alike(p1), still._replace(turnover=p3))
    else:
        for p3 in (0.0, 0.1):
            yield Setting(0.0, p3, _all_alike(0.5), Chances(code=0.5, turnover=p3, turbulence=0.02))


def _all_alike(rate: float) -> NDArray[np.float64]:
    return np.full(INDIVIDUALS, rate)


def _mixed(share: float) -> NDArray[np.float64]:
    return np.where(np.arange(INDIVIDUALS) < round(share * INDIVIDUALS), FAST, SLOW)


def figure_table(number: int, *, runs: int, seed: int = 1, reading: Reading) -> pd.DataFrame:
    """Run a figure.

    Parameters
    ----------
    number : int
        1 to 5.
    runs : int
        Organizations for each point; 80 in the paper. A larger number keeps the runs of a smaller one.
    seed : int
        With figure, point and run the key of every run.
    reading : Reading

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: the figure's parameters in the order of its axes (`Figure`), `code` or `individuals` (their
        average), mean and standard deviation over runs.
    """
    rows: list[tuple[float, float, str, NDArray[np.float64]]] = []
    for place, setting in enumerate(settings_of(number)):
        seeds = SeedSequence([seed, number, place]).spawn(runs)
        rows += _rows(number, setting, [_run(number, setting, one, reading) for one in seeds], reading)
    return pd.DataFrame(
        [
            (p1, p2, quantity, values.mean(), values.std(ddof=1) if runs > 1 else np.nan, runs)
            for p1, p2, quantity, values in rows
        ],
        columns=list(COLUMNS),
    )


def _run(
    number: int, setting: Setting, seed: SeedSequence, reading: Reading
) -> tuple[NDArray[np.float64], Organization]:
    """Path of an organization up to what the figure reports, and the organization then."""
    period = FIGURES[number].period
    rng = default_rng(seed)
    org = found(rng, setting.rates, DIMENSIONS)
    path = np.zeros((1 + (period - reading.lag if period else MOST_ROUNDS), 2))
    done = live(rng, org, setting.chances, reading, path, period == 0)
    return path[: done + 1], org


def _rows(
    number: int, setting: Setting, lived: list[tuple[NDArray[np.float64], Organization]], reading: Reading
) -> list[tuple[float, float, str, NDArray[np.float64]]]:
    """What runs of one setting add to the table."""
    if number == 5:
        paths = np.stack([path for path, _ in lived])
        return [
            (period, setting.p2, quantity, paths[:, max(0, period - reading.lag), column])
            for period in range(1, FIGURES[number].period + 1)
            for column, quantity in enumerate(("code", "individuals"))
        ]
    ends = np.stack([path[-1] for path, _ in lived])
    rows = [(setting.p1, setting.p2, q, ends[:, column]) for column, q in enumerate(("code", "individuals"))]
    if number == 3 and 0.0 < setting.p1 < 1.0:
        known = np.stack([knowledge_of(org, reading) for _, org in lived])
        rows += [
            (setting.p1, rate, "individuals", known[:, setting.rates == rate].mean(axis=1)) for rate in (FAST, SLOW)
        ]
    return rows
