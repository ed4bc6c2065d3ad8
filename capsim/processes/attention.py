"""Attention: priorities decide what each person attends to this month.

``attention_ik = 1 - exp(-sharpness K priority_ik)`` for a holder, 0 for a vacancy: near 1 for an area that is given a
fair share of priority, near 0 for one that is ignored. Set once a month, after hiring; the four processes of learning
use the same attention.

Source: assumed.
"""

from __future__ import annotations

import math

from capsim.kernels import kernel
from capsim.processes.process import Draws, built_in


@kernel
def attend(w, p, numbers):
    person, priority, attention = w.person, w.priority, w.attention
    P, K = priority.shape
    sharpness = -p.attention_sharpness * K
    for i in range(P):
        if person[i] >= 0:
            for k in range(K):
                attention[i, k] = 1.0 - math.exp(sharpness * priority[i, k])


ATTENTION = built_in("attention", attend, reads="person priority", writes="attention", draws=Draws())
