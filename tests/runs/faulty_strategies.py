"""Strategies that misbehave at one point of a study, and do nothing elsewhere. Workers import them."""

from __future__ import annotations

import os
import signal

from capsim.assistance.strategy import Strategy

YEARS = 2  # of assistance in the classroom: the whole budget is so many times the yearly one
KILLING, RAISING, ENDLESS = 666.0, 667.0, 668.0


class Faulty(Strategy):
    """Kills its worker, raises or never ends, by the yearly budget."""

    name = "Faulty"

    def decide(self, view, month, budget, draws):
        """Deliver nothing, or misbehave."""
        if month == 0 and budget == YEARS * KILLING:
            os.kill(os.getpid(), signal.SIGKILL)
        if month == 0 and budget == YEARS * RAISING:
            raise ValueError("the strategy raised on purpose")
        while month == 0 and budget == YEARS * ENDLESS:
            pass
        return []
