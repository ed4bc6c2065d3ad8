"""What a survey would read of the agencies of a run in some of its months, with and without noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.building import run_key, settled_world
from capsim.building.matching import observable_states
from capsim.instruments.own import numbers_of_survey, read_survey_items
from capsim.runs.blocks import Block, begun, block_agencies, block_values, scenario_processes
from capsim.runs.pace import attempted
from capsim.scenario import as_scenario
from capsim.streams.squares import uniforms

Answers = Mapping[str, NDArray[np.float64]]
"""By item of a survey, (agencies, areas + 1), the last column being all areas together."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A block with one strategy, and the months at whose ends its agencies are read, in order."""

    block: Block
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadRun:
    """What was read by month; nothing where the run failed."""

    replicate: int
    expected: Mapping[int, Answers]
    read: Mapping[int, Answers]
    failure: str = ""

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int(bool(self.failure))


def read_run(watched: Watched) -> ReadRun:
    """Settle the world of a block, run its strategy to the last of the months, and read its agencies in each."""
    found, failure = attempted(watched.block.time_limit_seconds, lambda: _read_run(watched))
    return found or ReadRun(watched.block.replicate, {}, {}, failure)


def _read_run(watched: Watched) -> ReadRun:
    block = watched.block
    scenario = as_scenario(block.scenario)
    values, agencies = block_values(scenario, block), block_agencies(scenario, block)
    processes = scenario_processes(scenario)
    key = run_key(scenario.seed, block.replicate)
    settled = settled_world(scenario, values, processes, run_key=key, agencies=agencies)
    run, _, _ = begun(scenario, block, block.strategies[0], settled, processes, agencies)
    n, columns = len(agencies), numbers_of_survey(run.world.layout.n_areas)
    expected, read = {}, {}
    for month in watched.months:
        while run.world.month < month:
            run.advance()
        states, systems = observable_states(run.world, n), run.world.data_systems[:n]
        numbers = uniforms(
            run_key=key, purpose="survey", identity=run.world.layout.identity[:n], columns=columns, month=month
        )
        expected[month] = read_survey_items(states, systems, np.zeros((n, columns)), values)
        read[month] = read_survey_items(states, systems, numbers, values)
    return ReadRun(block.replicate, expected, read)
