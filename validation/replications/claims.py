"""What a paper says in words, as differences of means that must be above 0, and whether they are in what was run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

Key = tuple[float | str, ...]
"""A row of a table: its values in the columns before mean, sd and runs."""
NORMAL_95 = 1.96


class Claim(NamedTuple):
    """What is published, and the contrasts it comes to; a contrast is a sum of weighted means."""

    words: str
    contrasts: tuple[Mapping[Key, float], ...]


class Finding(NamedTuple):
    """What became of a claim: the smallest of its differences with its interval, and the verdict over all of them."""

    words: str
    difference: float
    low: float
    high: float
    verdict: str
    """holds (every interval above 0), fails (one below 0) or undecided."""


def more(first: Key, second: Key) -> dict[Key, float]:
    """The first is larger."""
    return {first: 1.0, second: -1.0}


def rising(*keys: Key) -> tuple[dict[Key, float], ...]:
    """Each is larger than the one before."""
    return tuple(more(second, first) for first, second in pairwise(keys))


def falls_more(first: tuple[Key, Key], second: tuple[Key, Key]) -> dict[Key, float]:
    """From its first to its second row the first pair falls more than the second pair."""
    weights: dict[Key, float] = {}
    for key, weight in ((first[0], 1.0), (first[1], -1.0), (second[0], -1.0), (second[1], 1.0)):
        weights[key] = weights.get(key, 0.0) + weight
    return weights


def judge(claims: Iterable[Claim], table: pd.DataFrame) -> list[Finding]:
    """Judge claims by a table whose last columns are mean, sd and runs; its rows are independent of each other."""
    names = list(table.columns[:-3])
    keys = list(table[names].itertuples(index=False, name=None))
    means = dict(zip(keys, table["mean"], strict=True))
    errors = dict(zip(keys, table["sd"] / np.sqrt(table["runs"]), strict=True))
    return [_judge(claim, means, errors) for claim in claims]


def _judge(claim: Claim, means: Mapping[Key, float], errors: Mapping[Key, float]) -> Finding:
    estimates: list[tuple[float, float]] = []
    for contrast in claim.contrasts:
        value = sum(weight * means[key] for key, weight in contrast.items())
        half = NORMAL_95 * float(np.sqrt(sum((weight * errors[key]) ** 2 for key, weight in contrast.items())))
        estimates.append((float(value), half))
    difference, half = min(estimates)
    return Finding(claim.words, difference, difference - half, difference + half, _verdict(estimates))


def _verdict(estimates: Sequence[tuple[float, float]]) -> str:
    if all(value - half > 0.0 for value, half in estimates):
        return "holds"
    return "fails" if any(value + half < 0.0 for value, half in estimates) else "undecided"
