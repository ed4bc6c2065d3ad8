"""How each trial is run: one function a trial, from a replicate of its sites to its statistics.

Helped and control arms are the same sites in two runs with the same luck. A statistic is a numerator and a denominator,
because a ratio is taken of sums over replicates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from capsim.parameters import Values
from capsim.world import World
from validation.anchors.declared import Trial
from validation.anchors.sites import (
    AREA,
    Numbers,
    Rows,
    Sites,
    potential_of,
    skill_of,
    skill_of_persons,
    stocktake,
)

Found = dict[str, tuple[float, float]]
"""Numerator and denominator of each statistic, by target."""
_NOBODY_LEAVES = dict.fromkeys(
    ("lea_annual_exit", "superintendent_annual_exit", "superintendent_large_annual_exit"), 0.0
)
_NOTHING_FADES = {"disuse_rate": 0.0}
_START = 0.1
"""Rise of use from which a site has started."""


def _arms(trial: Trial, sites: Sites, *watched: int) -> tuple[Rows, dict[int, World], dict[int, World]]:
    """Helped sites, one half of all, and the worlds after the watched months with help and without."""
    helped = sites.rows[::2]
    treated, control = (
        sites.run(hours, helped, months=trial.months, after=trial.after, watched=watched) for hours in (trial.hours, {})
    )
    return helped, treated, control


def _in_sds(sites: Sites, helped: Rows, treated: World, control: World) -> tuple[float, float]:
    """Difference in use as a stocktake reads it, over its standard deviation over sites without help."""
    difference = stocktake(treated, sites, helped) - stocktake(control, sites, helped)
    return float(difference.mean()), float(stocktake(control, sites, sites.rows).std(ddof=1))


def _share(which: Numbers) -> tuple[float, float]:
    """Share of sites for which something holds."""
    return float(which.sum()), float(len(which))


def year_of_help(trial: Trial, sites: Sites) -> Found:
    """Skill of all who work there at the end, in standard deviations of persons without help."""
    treated, control = (
        skill_of_persons(sites.run(hours, months=trial.months)[trial.months], sites.rows) for hours in (trial.hours, {})
    )
    return {"skill": (float(treated.mean() - control.mean()), float(control.std(ddof=1)))}


def forgetting(trial: Trial, sites: Sites) -> Found:
    """What exits alone and disuse alone take of the gain in skill after help."""
    last = trial.months + trial.after
    left = {}
    for name, off in {
        "neither": {**_NOBODY_LEAVES, **_NOTHING_FADES},
        "exits": _NOTHING_FADES,
        "disuse": _NOBODY_LEAVES,
    }.items():
        treated, control = (
            sites.run(hours, months=trial.months, after=trial.after, later=off)[last] for hours in (trial.hours, {})
        )
        left[name] = float((skill_of(treated, sites.rows) - skill_of(control, sites.rows)).mean())
    return {"exits to disuse": (left["neither"] - left["exits"], left["neither"] - left["disuse"])}


def gto(trial: Trial, sites: Sites) -> Found:
    """Difference in routine after two years."""
    helped, treated, control = _arms(trial, sites, 24)
    difference = treated[24].routine[helped, AREA] - control[24].routine[helped, AREA]
    return {"routine after 2 years": (float(difference.mean()), 1.0)}


def prep(trial: Trial, sites: Sites) -> Found:
    """Use after one and two years of help, and one and two years later."""
    helped, treated, control = _arms(trial, sites, 12, 24, 36, 48)
    enough = float(stocktake(control[24], sites, helped).mean())
    running = [np.mean(stocktake(worlds[48], sites, helped) >= enough) for worlds in (treated, control)]
    return {
        "use after 1 year": _in_sds(sites, helped, treated[12], control[12]),
        "use after 2 years": _in_sds(sites, helped, treated[24], control[24]),
        "use 1 year later": _in_sds(sites, helped, treated[36], control[36]),
        "still running 2 years later": (float(running[0] - running[1]), 1.0),
    }


def ctc(trial: Trial, sites: Sites) -> Found:
    """Use when help ends and two years later."""
    helped, treated, control = _arms(trial, sites, 60, 84)
    return {
        "use at the end": _in_sds(sites, helped, treated[60], control[60]),
        "use 2 years later": _in_sds(sites, helped, treated[84], control[84]),
    }


def cdt(trial: Trial, sites: Sites) -> Found:
    """All sites in teams against all sites alone: who starts, and how far those who do come."""
    rows, last = sites.rows, trial.months
    before = sites.world.use[rows, AREA]
    teams, alone = (
        sites.run({**trial.hours, activity: 60.0}, months=last)[last]
        for activity in ("peer_collaborative", "expert_consultation")
    )
    rise = [world.use[rows, AREA] - before for world in (teams, alone)]
    started = [one >= _START for one in rise]
    reached = [one[who].mean() if who.any() else math.nan for one, who in zip(rise, started, strict=True)]
    return {
        "use": _in_sds(sites, rows, teams, alone),
        "started": (float(started[0].mean() - started[1].mean()), 1.0),
        "use among starters": (float(reached[0]), float(reached[1])),
    }


def afterschool(trial: Trial, sites: Sites) -> Found:
    """Gain in use twelve months after help over the largest one since help ended."""
    months = range(trial.months, trial.months + trial.after + 1, 3)
    helped, treated, control = _arms(trial, sites, *months)
    gains = [
        float((stocktake(treated[m], sites, helped) - stocktake(control[m], sites, helped)).mean()) for m in months
    ]
    return {"gain left a year later": (gains[-1], max(gains))}


def schools(trial: Trial, sites: Sites) -> Found:
    """What is left of the gains of each site five years after help."""
    end, last = trial.months, trial.months + trial.after
    helped, treated, control = _arms(trial, sites, end, last)
    use, routine = (
        [getattr(treated[m], name)[helped, AREA] - getattr(control[m], name)[helped, AREA] for m in (end, last)]
        for name in ("use", "routine")
    )
    return {
        "nothing lost": _share(use[1] >= use[0]),
        "something left": _share(use[1] > 0.0),
        "routine kept": _share(routine[1] >= 0.5 * routine[0]),
    }


def groups_of_three(trial: Trial, sites: Sites) -> Found:
    """Potential with strong and weak routines, with and without one of three leaving every month."""
    reached = {
        (structure, leaving): float(_potential_after(trial, sites, structure, leaving).mean())
        for structure in (2.0, 0.5)
        for leaving in (0.0, 1.0 / 3.0)
    }
    loss = {structure: 1.0 - reached[structure, 1.0 / 3.0] / reached[structure, 0.0] for structure in (2.0, 0.5)}
    return {
        "interaction": (loss[0.5] - loss[2.0], 1.0),
        "without turnover": (reached[0.5, 0.0], reached[2.0, 0.0]),
    }


def _potential_after(trial: Trial, sites: Sites, structure: float, leaving: float) -> Numbers:
    """Potential of each group after all trials; `structure` is a factor on the mean routine, `leaving` a share."""
    values: Values = {
        **sites.values,
        "months_to_fill": 1.0,
        "mover_share": 0.0,
        "exit_normalisation": 1.0,
        **dict.fromkeys(("tenure_gradient", "season_amplitude", "exit_culture_slope", "exit_engagement_slope"), 0.0),
    }
    world, rows = sites.world.copy(), sites.rows
    world.routine[rows] = min(1.0, structure * float(world.routine[rows].mean()))
    here = np.isin(world.layout.organization, rows)
    world.layout = replace(
        world.layout, hazard=np.where(here, -math.log1p(-leaving) if leaving else 0.0, world.layout.hazard)
    )
    after = Sites(world, values, sites.key).run({}, months=trial.months)[trial.months]
    return potential_of(after, values, rows)


RUNNERS: Mapping[str, Callable[[Trial, Sites], Found]] = {
    "coaching": year_of_help,
    "training": year_of_help,
    "forgetting": forgetting,
    "gto": gto,
    "prep": prep,
    "ctc": ctc,
    "cdt": cdt,
    "afterschool": afterschool,
    "schools": schools,
    "groups of three": groups_of_three,
}
"""The runner of every trial."""
