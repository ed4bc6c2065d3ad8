"""Choose the defaults marked "calibrated" from the baseline patterns alone, and print every candidate tried.

    python calibration/defaults.py [--candidates 64] [--seed 7] [--centers]

Objective: over all patterns of `validation.baseline` and all sizes of agency, the sum of squared
distances from the middle of the band in half widths, plus ten times the squared excess outside the band. Assistance is
nowhere in it.
Ties, then learning, then ties again are varied over their plausible ranges (Latin hypercube), the rest held at the best
so far; then all together within a tenth of the range around the best. Each candidate is run
twice: first to find the medians of culture and engagement, at which exits are declared, then with these as centers.
The best candidate is rounded to two digits; its centers and means are found by repetition, after the floor of expertise
and the flow into routines at which districts' means are .46 and .27. Nothing is written: the
printed values are put into the declarations by hand, in a commit of their own. With --centers nothing is searched: all
other defaults stay, and only floor, flow, centers and means are found again, as a change of the rules may ask for.
"""

from __future__ import annotations

import argparse
import csv
import sys

import numpy as np
from scipy.stats import qmc

from capsim.parameters import PARAMETERS, resolve_values
from validation.baseline import BANDS, Pattern, baseline_means, run_baseline

LEARNING = (
    "expertise_gain",
    "socialization_rate",
    "unenacted_annual_retention",
    "consultation_rate",
    "disposition_concentration",
    "susceptibility",
    "culture_base",
)
NETWORK = (
    "tie_use_gain",
    "tie_fade",
    "proposal_chance",
    "proposal_unit",
    "proposal_closure",
    "liaison_chance",
    "reciprocation",
    "tie_annual_survival",
    "returned_lapse_factor",
    "newcomer_tie_strength",
    "frequent_strength",
)


SEARCHED = {"proposal_chance": (0.12, 0.50), "proposal_closure": (0.10, 0.40)}
"""Searched in another range than the plausible one; all others over their plausible range."""


def objective(patterns: list[Pattern]) -> float:
    """Distance from the bands; patterns of the whole world are checked afterwards, not optimised."""
    total = 0.0
    for pattern in patterns:
        if pattern.size == 0:
            continue
        low, high = BANDS[pattern.name]
        low = max(low, -0.75) if pattern.name == "external_internal_index" else low
        half = (high - low) / 2.0
        distance = abs(pattern.observed - (low + high) / 2.0) / half
        total += distance**2 + 10.0 * max(0.0, distance - 1.0) ** 2
    return total


SKILL, ROUTINE = 0.46, 0.27
"""Declared means of a district's skill and routine; the floor of expertise and the flow into routines follow."""


def centered(
    overrides: dict[str, float], *, passes: int, replicates: int, seed: int, years: int = 24
) -> dict[str, float]:
    """Overrides with the centers and means that the baseline itself shows."""
    for _ in range(passes):
        overrides = overrides | baseline_means(resolve_values(overrides), replicates=replicates, seed=seed, years=years)
    return overrides


def leveled(overrides: dict[str, float], *, passes: int, replicates: int, seed: int) -> dict[str, float]:
    """Overrides with the floor and the flow at which the means are the declared ones, to three digits."""
    for _ in range(passes):
        found = centered(overrides, passes=1, replicates=replicates, seed=seed)
        values = resolve_values(found)
        flow = values["codification_flow"] * ROUTINE / found["baseline_routine"]
        floor = values["expertise_floor"] + 0.7 * (SKILL - found["baseline_people"])
        overrides = found | {"codification_flow": float(f"{flow:.3g}"), "expertise_floor": float(f"{floor:.3g}")}
    return overrides


def place(name: str, u: float, around: float | None) -> float:
    """Value of a parameter at the share u of its plausible range, or of a fifth of it around a value."""
    low, high = SEARCHED.get(name, (PARAMETERS[name].low, PARAMETERS[name].high))
    if around is None:
        return low + u * (high - low)
    return min(high, max(low, around + (u - 0.5) * 0.2 * (high - low)))


def evaluate(overrides: dict[str, float], seed: int) -> tuple[float, int]:
    """Objective of a candidate and the number of state patterns it misses."""
    values = resolve_values(
        centered(leveled(overrides, passes=2, replicates=1, seed=seed), passes=1, replicates=1, seed=seed, years=2)
    )
    patterns = run_baseline(values=values, seed=seed, replicates=1, years=2)
    return objective(patterns), sum(not pattern.met for pattern in patterns if pattern.size)


def main() -> None:
    """Try candidates, print all of them, then the best."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=64)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--centers", action="store_true")
    options = parser.parse_args()
    if options.centers:
        report({}, options.seed)
        return
    out = csv.writer(sys.stdout)
    out.writerow(("stage", "candidate", "objective", "missed", *LEARNING, *NETWORK))
    best: tuple[float, dict[str, float]] = (float("inf"), {})
    for stage, free in enumerate((NETWORK, LEARNING, NETWORK, (*LEARNING, *NETWORK))):
        design = qmc.LatinHypercube(len(free), rng=np.random.default_rng((options.seed, stage))).random(
            options.candidates
        )
        start = best[1]
        for number, point in enumerate(design):
            drawn = {
                name: place(name, u, start.get(name) if stage == 3 else None)
                for name, u in zip(free, point, strict=True)
            }
            candidate = start | drawn
            score, missed = evaluate(candidate, options.seed)
            shown = [f"{candidate.get(n, PARAMETERS[n].default):.4g}" for n in (*LEARNING, *NETWORK)]
            out.writerow((stage, number, f"{score:.3f}", missed, *shown))
            if score < best[0]:
                best = (score, candidate)
    rounded = {name: float(f"{value:.2g}") for name, value in best[1].items()}
    print(f"\nbest objective {best[0]:.3f}")
    report(rounded, options.seed)


def report(overrides: dict[str, float], seed: int) -> None:
    """Print the defaults to declare, centers and means found by repetition, and what the baseline then shows."""
    final = centered(leveled(overrides, passes=5, replicates=4, seed=seed), passes=4, replicates=12, seed=seed)
    print("defaults to declare:")
    for name, value in final.items():
        print(f"  {name}: {value:.4g}")
    for pattern in run_baseline(values=resolve_values(final), seed=seed + 1, replicates=12):
        print(f"  {pattern.name} at {pattern.size}: {pattern.observed:.4f} {'met' if pattern.met else 'MISSED'}")


if __name__ == "__main__":
    main()
