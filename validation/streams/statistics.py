"""Statistics of a sequence of 64-bit words that ought to be random, each with its chance under luck alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from validation.streams.orders import Order, Words

Reals = NDArray[np.float64]

LAGS = (1, 2, 3, 4, 8, 12, 16, 24, 240, 1024)
BLOCKS = (2, 12, 240, 4096)
STREAMS = 128
"""Parallel streams whose correlations are taken in pairs."""
SMALLEST = 3e-6
"""Chance below which luck is not believed: 300 findings of sound numbers raise an alarm once in 1,000 batteries."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One statistic of one order.

    Parameters
    ----------
    order, statistic : str
    observed : float
        In standard errors where it is a correlation or a mean, else the statistic of the chi-square test; of dieharder
        the chance that it prints.
    chance : float
        That luck alone is at least as far from what is expected, in either direction.
    """

    order: str
    statistic: str
    observed: float
    chance: float

    @property
    def met(self) -> bool:
        """Whether luck may be the reason; some 300 findings are judged together."""
        return self.chance >= SMALLEST


def findings_of(order: Order, count: int) -> list[Finding]:
    """Every statistic of the first `count` numbers of an order."""
    words = order.words(0, count)
    uniform: Reals = np.asarray((words >> np.uint64(11)) * 2.0**-53, np.float64)
    normal: Reals = ndtri(np.maximum(uniform, 2.0**-54))
    weight = np.bitwise_count(words).astype(float)
    found = [
        ("uniform in 1,024 cells", *_cells(np.floor(uniform * 1024).astype(int), np.full(1024, 1 / 1024))),
        ("pairs of neighbours in 64 x 64 cells", *_pairs(uniform)),
        ("each of 64 bits", *_bits(words)),
        ("Hamming weight", *_weights(words)),
        ("Hamming weight of the difference from the next", *_weights(words[1:] ^ words[:-1])),
        ("normal: mean", *_standard(normal.mean() * np.sqrt(count))),
        ("normal: variance", *_standard((normal.var() - 1.0) * np.sqrt(count / 2.0))),
        ("normal: beyond 3.5", *_rate(np.abs(normal) > 3.5, 2.0 * stats.norm.sf(3.5))),
        ("number repeated", *_repeated(words)),
    ]
    for what, values in (("uniform", uniform), ("normal", normal), ("squared normal", normal**2), ("weight", weight)):
        found.append((f"{what}: correlation at {len(LAGS)} distances", *_largest(_serial(values))))
    for size in BLOCKS:
        found.append((f"normal: variance of means of {size}", *_block_means(normal, size)))
    found.append((f"normal: correlations of {STREAMS} streams in pairs", *_largest(_crossed(normal))))
    return [Finding(order.name, *each) for each in found]


def _standard(z: float) -> tuple[float, float]:
    """A standard normal deviation and its chance."""
    return float(z), float(2.0 * stats.norm.sf(abs(z)))


def _largest(z: Reals) -> tuple[float, float]:
    """Largest of many standard normal deviations, and the chance that one of them is as large."""
    largest = float(z[np.argmax(np.abs(z))])
    return largest, float(-np.expm1(len(z) * np.log1p(-2.0 * stats.norm.sf(abs(largest)))))


def _two_sided(statistic: float, freedom: int) -> tuple[float, float]:
    """Chi-square, too large or too small."""
    above = float(stats.chi2.sf(statistic, freedom))
    return statistic, 2.0 * min(above, 1.0 - above)


def _cells(cell: NDArray[np.int64], shares: Reals) -> tuple[float, float]:
    expected = shares * len(cell)
    counts = np.bincount(cell, minlength=len(shares))
    return _two_sided(float(((counts - expected) ** 2 / expected).sum()), len(shares) - 1)


def _pairs(uniform: Reals) -> tuple[float, float]:
    """Pairs that do not overlap, so that cells are independent."""
    whole = np.floor(uniform[: len(uniform) // 2 * 2] * 64).astype(int)
    return _cells(whole[0::2] * 64 + whole[1::2], np.full(4096, 1 / 4096))


def _bits(words: Words) -> tuple[float, float]:
    ones = np.array([int(((words >> np.uint64(bit)) & np.uint64(1)).sum()) for bit in range(64)])
    return _largest((ones - len(words) / 2.0) / np.sqrt(len(words) / 4.0))


def _weights(words: Words) -> tuple[float, float]:
    """Ones among 64 bits, binomial; the tails that are expected less than five times are one cell each."""
    shares = stats.binom.pmf(np.arange(65), 64, 0.5)
    kept = np.flatnonzero(shares * len(words) >= 5.0)
    low, high = int(kept[0]), int(kept[-1])
    cell = np.clip(np.bitwise_count(words).astype(int), low, high) - low
    inner = shares[low : high + 1].copy()
    inner[0], inner[-1] = shares[: low + 1].sum(), shares[high:].sum()
    return _cells(cell, inner)


def _rate(hit: NDArray[np.bool_], share: float) -> tuple[float, float]:
    return _standard((hit.sum() - share * len(hit)) / np.sqrt(share * (1.0 - share) * len(hit)))


def _repeated(words: Words) -> tuple[float, float]:
    """Words that occur twice; of a few million among 2**64 none is expected."""
    twice = len(words) - len(np.unique(words))
    expected = len(words) ** 2 / 2.0**65
    return float(twice), float(stats.poisson.sf(twice - 1, expected)) if twice else 1.0


def _serial(values: Reals) -> Reals:
    """Correlations at each of the distances, in standard errors."""
    z = (values - values.mean()) / values.std()
    return np.array([z[:-lag] @ z[lag:] / np.sqrt(len(z) - lag) for lag in LAGS])


def _block_means(normal: Reals, size: int) -> tuple[float, float]:
    """Means of neighbours vary as those of independent numbers."""
    blocks = normal[: len(normal) // size * size].reshape(-1, size).sum(axis=1) / np.sqrt(size)
    return _standard(((blocks**2).mean() - 1.0) * np.sqrt(len(blocks) / 2.0))


def _crossed(normal: Reals) -> Reals:
    """Correlations of neighbouring streams, every one with every other, in standard errors."""
    streams = normal[: len(normal) // STREAMS * STREAMS].reshape(-1, STREAMS)
    table = streams.T @ streams / np.sqrt(len(streams))
    return np.asarray(table[np.triu_indices(STREAMS, 1)], np.float64)
