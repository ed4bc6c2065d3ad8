"""Scenario to settled world."""

from capsim.building.settled import rebound, run_key, same_areas, settled_world
from capsim.building.settling import Settled
from capsim.building.surveying import DRIFT_MONTHS, Surveyed, survey_world

__all__ = ["DRIFT_MONTHS", "Settled", "Surveyed", "rebound", "run_key", "same_areas", "settled_world", "survey_world"]
