"""What may be asked for: scenario files, validated and frozen, and the agencies they name."""

from capsim.scenario.agencies import Arranged as Arranged
from capsim.scenario.agencies import build_agencies as build_agencies
from capsim.scenario.agencies import build_arranged as build_arranged
from capsim.scenario.checking import Checked as Checked
from capsim.scenario.checking import check_scenario as check_scenario
from capsim.scenario.compositions import Composition as Composition
from capsim.scenario.compositions import PluginStrategy as PluginStrategy
from capsim.scenario.loading import as_scenario as as_scenario
from capsim.scenario.loading import file_of as file_of
from capsim.scenario.loading import load_scenario as load_scenario
from capsim.scenario.loading import refuse_single_run as refuse_single_run
from capsim.scenario.loading import scenario_from_mapping as scenario_from_mapping
from capsim.scenario.loading import scenario_from_text as scenario_from_text
from capsim.scenario.loading import scenario_hash as scenario_hash
from capsim.scenario.loading import shipped_file as shipped_file
from capsim.scenario.loading import shipped_scenarios as shipped_scenarios
from capsim.scenario.own_tables import read_edges as read_edges
from capsim.scenario.packaged import coverage_in_words as coverage_in_words
from capsim.scenario.packaged import total_coverage as total_coverage
from capsim.scenario.population import AgencyTable as AgencyTable
from capsim.scenario.schema import Scenario as Scenario
from capsim.scenario.structures import Structure as Structure
from capsim.scenario.survey import survey_of as survey_of
