"""Comparisons whose outcomes are given, one value a world."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from capsim.scenario import scenario_from_mapping


def with_outcomes(full, outcomes, *, matters=None, strategies=None):
    """The comparison with other values of its outcome; luck alone. Mapping of strategies to one value a world."""
    content = full.scenario.resolved()
    question = {**content["question"], **({} if matters is None else {"matters": matters})}
    chosen = scenario_from_mapping(
        {**content, "question": {**question, "contrast": list(outcomes)[1:3]}, "strategies": list(outcomes)}
    )
    row = full.runs[(full.runs["status"] == "done") & (full.runs["assumptions"] == "default")].iloc[0].to_dict()
    runs = [
        {**row, "run_id": f"{name}{n}", "strategy": name, "replicate": n, full.outcome: value}
        for name, values in outcomes.items()
        for n, value in enumerate(values)
    ]
    empty = pd.DataFrame()
    return dataclasses.replace(
        full, scenario=chosen, strategies=tuple(outcomes), runs=pd.DataFrame(runs), draws=empty, monthly=full.monthly
    )


def worlds(mean, spread=0.001, n=20):
    return mean + spread * np.resize([1.0, -1.0], n)
