"""Sums and means that several kernels take, so that all add up in the same order."""

from __future__ import annotations

from capsim.kernels import inner


@inner
def mean_of(table, j, k):
    """Number of an area, or the mean over areas where k is -1."""
    if k >= 0:
        return table[j, k]
    total = 0.0
    for n in range(table.shape[1]):
        total += table[j, n]
    return total / table.shape[1]


@inner
def pairwise_sum(a):
    """Sum of a column in numpy's order of additions, so that it is bit for bit that of ``a.sum()``."""
    n = len(a)
    if n < 8:
        total = 0.0
        for x in a:
            total += x
        return total
    if n <= 128:
        part = a[:8].copy()
        i = 8
        while i + 8 <= n:
            for k in range(8):
                part[k] += a[i + k]
            i += 8
        total = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]))
        for k in range(i, n):
            total += a[k]
        return total
    half = n // 2
    half -= half % 8
    return pairwise_sum(a[:half]) + pairwise_sum(a[half:])


@inner
def weighted_sum(row, weights):
    """Sum of a row of areas by their weights."""
    total = 0.0
    for k in range(len(row)):
        total += weights[k] * row[k]
    return total


@inner
def apart(a, b):
    """L1 distance of two rows of areas."""
    total = 0.0
    for k in range(len(a)):
        total += abs(a[k] - b[k])
    return total


@inner
def engaged(w, j):
    """Number of holders of an agency, and their mean engagement, 0 without holders."""
    person, engagement, holders, total = w.person, w.engagement, 0, 0.0
    for i in range(w.first[j], w.first[j + 1]):
        if person[i] >= 0:
            holders += 1
            total += engagement[i]
    return holders, total / holders if holders > 0 else 0.0


@inner
def top_area(w, i):
    """Area of the highest priority of a person, the first if equal."""
    top = 0
    for k in range(1, w.priority.shape[1]):
        if w.priority[i, k] > w.priority[i, top]:
            top = k
    return top
