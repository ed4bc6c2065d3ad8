"""Kernels compiled before anything is timed, or done by several processes."""

from __future__ import annotations

import functools
import os

import numpy as np

from capsim.assistance.delivery import deliver
from capsim.building import settled_world
from capsim.kernels import waits_for_code
from capsim.runs.blocks import Block, begun, block_agencies, block_values, run_block, scenario_processes
from capsim.runs.workers import Job, LocalProcesses, ending
from capsim.scenario import as_scenario


@functools.cache
def compile_kernels() -> None:
    """Run every kernel once on a tiny world: compiled on disk for workers, loaded here before anything is timed.

    The month and assistance are half of the work each. Where nothing is compiled yet, two processes share it.
    """
    if (os.cpu_count() or 1) > 1 and waits_for_code(deliver):
        with ending(LocalProcesses(1)) as helper:
            helper.submit(Job(compile_assistance, None))
            run_block(_tiny("none", settling=1, assistance=0))
            while not helper.answers():
                pass
    run_block(_tiny("none", "blended"))


def compile_assistance(_: None) -> None:
    """Compile what a month of assistance calls, without the rest of the month."""
    block = _tiny("blended")
    scenario = as_scenario(block.scenario)
    agencies = block_agencies(scenario, block)
    settled = settled_world(scenario, block_values(scenario, block), (), run_key=1, agencies=agencies)
    run = begun(scenario, block, "blended", settled, scenario_processes(scenario), agencies)[0]
    run.program.assist(run.world, np.full((run.world.layout.n_organizations, 99), 0.5))


def _tiny(*strategies: str, settling: int = 0, assistance: int = 3) -> Block:
    timeline = {"settling": settling, "assistance": assistance, "follow_up": 1}
    return Block(as_scenario("classroom", timeline=timeline), strategies, replicate=0)
