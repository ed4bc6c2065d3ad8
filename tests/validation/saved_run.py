"""The saved run: what the same inputs gave before. It changes only by this command, in a commit that says why:

    python -m tests.validation.saved_run --save

A commit that changes it raises `RESULTS_VERSION` and carries a **Results change** entry in the changelog.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from capsim.catalogue import MEASURES
from capsim.measures.groups import GROUPS
from capsim.runs.blocks import Block, run_block
from capsim.runs.identity import RESULTS_VERSION
from capsim.scenario import load_scenario, scenario_from_mapping

PLACE = Path(__file__).with_name("saved_run.json")
YEARS = (12, 24, 36)
WATCHED = [name for name in MEASURES if name != "ta_hours"]


def situation() -> Block:
    """Twenty districts of Ohio under every shipped strategy, two years of assistance and one of follow-up."""
    content = load_scenario("ohio").resolved()
    content["agencies"] = {**content["agencies"], "sample": 20}
    content["timeline"] = {"settling": 24, "assistance": 24, "follow_up": 12}
    content["assistance"] = {"budget_hours_per_year": 120000.0}
    return Block(scenario_from_mapping(content).resolved(), tuple(content["strategies"]), replicate=3)


def measured() -> dict[str, object]:
    """Measures of districts and of the state agency at the end of each year, by strategy."""
    runs = {}
    for run in run_block(situation()).runs:
        runs[run.strategy] = {
            group: {
                name: [float(run.monthly[m - 1, GROUPS.index(group), list(MEASURES).index(name)]) for m in YEARS]
                for name in WATCHED
            }
            for group in ("sea", "lea")
        }
    return {"results_version": RESULTS_VERSION, "months": list(YEARS), "runs": runs}


def as_text(found: dict[str, object]) -> str:
    """JSON in which undefined values are null."""
    return json.dumps(json.loads(json.dumps(found), parse_constant=lambda _: None), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] != ["--save"]:
        sys.exit(__doc__)
    PLACE.write_text(as_text(measured()), encoding="utf-8")
