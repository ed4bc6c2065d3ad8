"""Attention: priorities decide what each person attends to this month.

``attention_ik = 1 - exp(-sharpness K priority_ik)`` for a holder, 0 for a vacancy: near 1 for an area that is given a
fair share of priority, near 0 for one that is ignored. Set once a month, after hiring; the four processes of learning
use the same attention. Where positions follow plans (personnel_rate above 0) a person's priority counts times
``1 + v (K personnel_jk - 1)``, v = personnel_weight: time goes where the agency has put its positions.

Source: assumed; S9 on personnel.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import inner, kernel
from capsim.processes.process import Draws, built_in

_FULLY = -40.0
"""Where exp is 0 to the last digit of 1; far below it the series is none."""


@inner
def _left_of_one(x):
    """exp(x) - 1 for x of at most 0, within 1e-13 of itself: the series at x / 256, doubled eight times.

    Sums and products alone, which the compiler does for several people at once: six times as fast as a call of expm1.
    Never above 0 nor below -1, so that means weighted by attention stay means.
    """
    t = x * 0.00390625
    y = 1.0 + t * (1 / 7)
    y = 1.0 + y * t * (1 / 6)
    y = 1.0 + y * t * (1 / 5)
    y = 1.0 + y * t * (1 / 4)
    y = 1.0 + y * t * (1 / 3)
    y = 1.0 + y * t * (1 / 2)
    y *= t
    for _ in range(8):
        y *= 2.0 + y
    return y


@kernel
def attend(w, p, numbers):
    _weigh(w, p)
    attention = w.attention.reshape(w.attention.size)
    for cell in range(len(attention)):  # in one row, which the compiler does for several cells at once
        attention[cell] = -_left_of_one(attention[cell])


@inner
def _weigh(w, p):
    """Exponents of attention in its place; those of vacant positions are 0, and so is what they attend to."""
    priority, attention, personnel, first = w.priority, w.attention, w.personnel, w.first
    K, v = priority.shape[1], p.personnel_weight if p.personnel_rate > 0.0 else 0.0
    sharpness = np.empty(K)
    for j in range(len(first) - 1):
        for k in range(K):
            sharpness[k] = -p.attention_sharpness * K * (1.0 + v * (K * personnel[j, k] - 1.0))
        for i in range(first[j], first[j + 1]):
            for k in range(K):
                attention[i, k] = max(_FULLY, sharpness[k] * priority[i, k])


ATTENTION = built_in("attention", attend, reads="person priority personnel", writes="attention", draws=Draws())
