"""Scenario to settled world."""

from capsim.building.settled import run_key, settled_world
from capsim.building.settling import Settled

__all__ = ["Settled", "run_key", "settled_world"]
