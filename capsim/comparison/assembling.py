"""From the runs of blocks to the tables of a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import MEASURES
from capsim.comparison.comparison import Comparison, Settling
from capsim.comparison.provision import chain_table, hours_table, instruments_table
from capsim.comparison.survey import survey_table
from capsim.engine.recorder import GROUPS
from capsim.parameters import assumed_parameters
from capsim.runs.blocks import Block, BlockResult, Run, block_values
from capsim.runs.identity import NOT_PART_OF_A_RUN, run_id
from capsim.runs.provenance import provenance
from capsim.runs.study_plan import strategy_definitions
from capsim.scenario import Scenario, build_agencies, scenario_hash, survey_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assemble_comparison"]


def assemble_comparison(
    scenario: Scenario,
    names: tuple[str, ...],
    results: list[BlockResult],
    found: list[Any],
    *,
    precision: float | None = None,
) -> Comparison:
    """Tables of the runs of some blocks, with who they are and where they come from.

    Parameters
    ----------
    scenario : Scenario
    names : tuple of str
        Strategies of the blocks.
    results : list of BlockResult
    found : list of BreakEven
    precision : float, optional
        Half-width asked for, when replications were chosen by it.
    """
    import pandas as pd

    table = build_agencies(scenario, block_values(scenario, Block(scenario.resolved(), names, 0)))
    labelled = list(_labelled(scenario, results))
    runs = [
        {**labels, "scenario": scenario.name, "status": "failed" if run.failure else "done", **run.outcomes}
        for labels, run in labelled
    ]
    done = [(labels, run) for labels, run in labelled if not run.failure]
    provided = [(labels, run.provision) for labels, run in done if run.provision is not None]
    survey = survey_of(scenario, table)
    values = [{"replicate": r.replicate, **_assumed_values(scenario, r)} for r in results if r.assumptions == "drawn"]
    return Comparison(
        scenario=scenario,
        strategies=names,
        runs=pd.DataFrame(runs),
        monthly=_together([_monthly_table(run.monthly, labels) for labels, run in done]),
        agencies=_together(
            [_agency_table(run.by_organization, labels, table) for labels, run in done if run.by_organization]
        ),
        chain=_together([chain_table(provision, labels) for labels, provision in provided]),
        instruments=_together([instruments_table(provision, labels) for labels, provision in provided]),
        hours=_together([hours_table(provision, labels) for labels, provision in provided]),
        draws=pd.DataFrame(values),
        failures=[{**labels, "reason": run.failure} for labels, run in labelled if run.failure],
        settling=[Settling(r.replicate, r.assumptions, r.settling_months, r.drift) for r in results],
        notes=tuple(table.notes),
        break_even=found,
        survey=pd.DataFrame() if survey is None else survey_table(survey, table, results),
        provenance=provenance(
            scenario,
            scenario_hash(scenario),
            precision=precision,
            replications=len({result.replicate for result in results}),
        ),
    )


def _labelled(scenario: Scenario, results: list[BlockResult]) -> Iterator[tuple[dict[str, Any], Run]]:
    """Every run with who it is."""
    content = scenario_hash(scenario, leave_out=NOT_PART_OF_A_RUN)
    own = strategy_definitions(scenario)
    for result in results:
        for run in result.runs:
            who = run_id(
                scenario_hash=content,
                strategy=own.get(run.strategy, run.strategy),
                replicate=result.replicate,
                point={"assumptions": result.assumptions},
            )
            yield (
                {
                    "run_id": who,
                    "strategy": run.strategy,
                    "replicate": result.replicate,
                    "assumptions": result.assumptions,
                },
                run,
            )


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _assumed_values(scenario: Scenario, result: BlockResult) -> dict[str, float]:
    values = block_values(scenario, Block({}, (), result.replicate, "drawn"))
    return {parameter.name: values[parameter.name] for parameter in assumed_parameters()}


def _monthly_table(record: np.ndarray, labels: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    months, groups, measures = record.shape
    table = pd.DataFrame(record.reshape(months * groups, measures), columns=list(MEASURES))
    table.insert(0, "level", np.tile(np.array(GROUPS), months))
    table.insert(0, "month", np.repeat(np.arange(1, months + 1), groups))
    for position, (name, value) in enumerate(labels.items()):
        table.insert(position, name, value)
    defined: pd.DataFrame = table.loc[~np.isnan(table["use"].to_numpy())]
    return defined


def _agency_table(kept: dict[int, np.ndarray], labels: dict[str, Any], agencies: Any) -> pd.DataFrame:
    import pandas as pd

    tables = []
    for month, measured in kept.items():
        of_agencies = measured[:, : len(agencies)]  # the TA center comes after them and is not reported
        table = pd.DataFrame(of_agencies.T, columns=list(MEASURES))
        table.insert(0, "month", month)
        table.insert(0, "agency", agencies.id)
        for position, (name, value) in enumerate(labels.items()):
            table.insert(position, name, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
