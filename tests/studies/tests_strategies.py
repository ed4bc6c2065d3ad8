"""Strategies that workers can import."""

from capsim.assistance.strategy import Strategy


class Fails(Strategy):
    """Fails in every world."""

    name = "fails"

    def decide(self, view, month, budget, draws):
        """Fail."""
        raise ValueError("never")
