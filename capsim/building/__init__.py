"""Scenario to settled world."""

from capsim.building.matching import DRIFT_MONTHS, Surveyed, survey_world
from capsim.building.settled import Settled, rebound, run_key, same_areas, settled_world

__all__ = ["DRIFT_MONTHS", "Settled", "Surveyed", "rebound", "run_key", "same_areas", "settled_world", "survey_world"]
