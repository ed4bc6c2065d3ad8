"""What may be asked for: scenario files, validated and frozen, and the agencies they name."""

from capsim.scenario.agencies import Arranged, build_agencies, build_arranged
from capsim.scenario.checking import Checked, check_file, check_scenario
from capsim.scenario.compositions import Composition, PluginStrategy, Structure
from capsim.scenario.loading import (
    as_scenario,
    file_of,
    load_scenario,
    refuse_single_run,
    scenario_from_mapping,
    scenario_from_text,
    scenario_hash,
    shipped_file,
    shipped_scenarios,
)
from capsim.scenario.own_tables import read_edges
from capsim.scenario.packaged import Coverage, coverage, coverage_in_words, total_coverage
from capsim.scenario.population import AgencyTable
from capsim.scenario.schema import Scenario
from capsim.scenario.survey import Survey, survey_of

__all__ = [
    "AgencyTable",
    "Arranged",
    "Checked",
    "Composition",
    "Coverage",
    "PluginStrategy",
    "Scenario",
    "Structure",
    "Survey",
    "as_scenario",
    "build_agencies",
    "build_arranged",
    "check_file",
    "check_scenario",
    "coverage",
    "coverage_in_words",
    "file_of",
    "load_scenario",
    "read_edges",
    "refuse_single_run",
    "scenario_from_mapping",
    "scenario_from_text",
    "scenario_hash",
    "shipped_file",
    "shipped_scenarios",
    "survey_of",
    "total_coverage",
]
