"""Texts of the files that `capsim new` writes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["SCENARIO", "SOURCES", "STRATEGY", "agencies_block"]

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "synthetic": """\
  # 1: an invented state with sizes as in the United States
  source: synthetic
  districts: 20
""",
        "real": """\
  # 2: real districts; every one of the United States is in the box
  source: us_2023_24
  states: [OH]                      # two-letter codes, or US for all
  sample: 120                       # how many of the districts, stratified by size
""",
        "own": """\
  # 3: a table of your own (capsim new agencies {stem} writes one)
  source: {source}
""",
        "survey": """\
  # and, with 2 or 3, what you observed of these agencies (capsim new survey {stem} --scenario {file} writes the table)
  survey: {survey}
""",
    }
)
"""Blocks below `agencies:`; one of the first three is in use, the others are comments."""


def agencies_block(used: set[str], **names: str) -> str:
    """The part `agencies:` of a scenario file, with the blocks in use and the others behind #.

    Parameters
    ----------
    used : set of str
        Names in `SOURCES`.
    names : str
        What stands for {stem}, {file}, {source} and {survey}.
    """
    lines = ["agencies:                           # use 1, 2 or 3: take the # off its lines, put # before the others'"]
    for name, block in SOURCES.items():
        comment, *keys = block.splitlines()
        lines += [comment, *(keys if name in used else (f"  # {key[2:]}" for key in keys))]
    text = "\n".join(lines)
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text + "\n"


SCENARIO = """\
# A scenario: which agencies, which assistance, which question. Lines that begin with # are comments.
# Check it with   capsim check {file}   and run it with   capsim compare {file}

name: {title}

focal_areas: [equity, integration, data_use]    # 1 to 12 areas in which capacity is built

{agencies}
question:                           # answered in one sentence
  outcome: use                      # any name of   capsim list measures
  at: follow_up_end                 # or assistance_end
  contrast: [organization_focused, individual_focused]    # the first minus the second

timeline:                           # months
  settling: auto                    # without assistance, until the baseline stands still; or a number
  assistance: 60
  follow_up: 60

parameters: {}                      # only what differs from the defaults (capsim list parameters), such as
                                    #   {lea_annual_exit: 0.25}

uncertainty: assumed                # also draw the assumed parameters from their priors; or none: luck only

assistance:
  budget_hours_per_year: 4000       # TA hours, the same for every strategy; all agencies together

strategies:                         # gains are over none; capsim list strategies shows the shipped ones
  - none
  - individual_focused
  - organization_focused
  - name: Coach and codify          # a mixture of your own: shares of the hours, which sum to 1
    activities: {coaching: 0.5, routine_redesign: 0.4, goal_setting: 0.1}    # capsim list activities
    targeting: universal            # or need, self_rated_need, volunteers, readiness, need_and_readiness, equity,
                                    #   lowest_first, least_sustainable, weakest_link; or by tier: {targeted:
                                    #   volunteers, intensive: need}; capsim list parts explains them
    schedule: taper                 # or level, front_loaded
    delivery:
      focal_areas: 2                # how many areas an agency works on at once; or all; or which: [equity]
      recipients: [lea]             # sea, esa, lea, school; or their shares of the hours: {esa: 0.2, lea: 0.8}
      chain: direct                 # or cascade: recipients (regional agencies, esa) pass it on to those below
      codesign: none                # or planning, implementation, both
      grouping: mixed               # or by_state: groups of agencies keep to their own state
    # methods:                      # other activities in some of the areas
    #   equity: {training: 1.0}
    # target_capacities: true       # people or organization, as each agency's readings say
    # exit_activities: {sustainability_planning: 1.0}    # instead, in the last third of the months
  # - plugin: mentoring:Mentoring   # a class of your own (capsim new strategy mentoring)

replications: 32                    # paired runs; more give narrower intervals
seed: 1                             # another seed, other luck
"""

STRATEGY = '''\
"""A strategy of one's own. In a scenario, below `strategies:`, write

  - plugin: {module}:{Class}
"""

import numpy as np

import capsim

DISTRICT = 3


class {Class}(capsim.Strategy):
    """Coach the staff of every district, one focal area a year."""

    name = "{module}"
    draws_per_row = 0  # uniform random numbers for each agency and month, if the decision needs luck

    def decide(self, view, month, budget, draws):
        """Say what is delivered this month.

        `view` holds what can be known: view.level, view.parent, view.positions, view.enrollment, view.sparse,
        view.readings (of skill, routine, use, readiness, interest, self_rating), view.hours_by_organization. `month`
        is 0 in the first month of assistance; `budget` is what is left of all TA hours.
        """
        districts = np.flatnonzero(view.level == DISTRICT)
        if not len(districts):
            return []
        hours = min(budget, view.total_budget / view.months)
        area = month // 12 % len(view.areas)
        return [
            capsim.Delivery(  # capsim list activities shows the others
                activity="coaching",
                organizations=districts,
                areas=area,
                hours=np.full(len(districts), hours / len(districts)),
                # cascade=weights of all agencies: what is delivered to an agency is passed on to those below it
            )
        ]
'''
