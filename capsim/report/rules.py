"""What a strategy's rules do with its readings, in words: where hours move when readings come in, and where not."""

from __future__ import annotations

from collections.abc import Mapping

from capsim.catalogue import ACTIVITIES, Recipe
from capsim.report.strategies import bought
from capsim.report.words import joined, sentence

__all__ = ["what_rules_do"]

_NOTHING = "Nothing changes: hours follow the plan whatever happens."
_NEEDS = ("rubric", "expert")
_RULES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "need": (_NEEDS, "hours move to the agencies and areas with the greatest need as last assessed"),
    "readiness": (("screening",), "hours go to the readier half of the agencies, by the latest screening"),
    "need_and_readiness": (
        (*_NEEDS, "screening"),
        "hours move to the agencies with the greatest need and readiness as last read",
    ),
    "lowest_first": (_NEEDS, "hours move to the third of the agencies with the lowest readings"),
    "least_sustainable": (("sustainability",), "hours move to the agencies whose rubric says that least would last"),
    "weakest_link": (("stocktake",), "hours move to the fourth of the agencies in each chain in which least is in use"),
}
"""Targetings that follow readings: any of these instruments, and what they do with them."""


def what_rules_do(composed: Recipe | None) -> str:
    """The rules of a strategy for the case that something goes wrong."""
    if composed is None:
        return "Whatever its Python code decides, month by month; this page cannot read it."
    read: set[str] = {str(ACTIVITIES[name].yields) for name in bought(composed)} - {""}
    moves, idle = _moves(composed, read)
    if composed.target_capacities:
        if read & set(_NEEDS):
            moves.append("within each agency, hours move to its people or its organization, whichever is read lower")
        else:
            idle.append("people or organization")
    words = [f"At the start of every quarter with new readings, {joined(moves)}."] if moves else []
    if "volunteers" in _targetings(composed).values():
        words.append("Once a year, after the free survey of interest, hours go to those who say they want help.")
    if "self_rated_need" in _targetings(composed).values():
        words.append("Once a year, after the free survey, hours go to agencies and areas that rate themselves lowest.")
    if idle:
        words.append(f"It would aim by {joined(idle)}, but buys no reading of that, so all agencies count alike.")
    if not words or (idle and len(words) == 1):
        words.append(_NOTHING)
    if "stocktake" in read:
        words.append(
            "Red, amber and green by themselves change nothing"
            + ("; the reading of use behind them does." if "weakest_link" in _targetings(composed).values() else ".")
        )
    return " ".join(map(sentence, words))


def _targetings(composed: Recipe) -> dict[str, str]:
    """Targeting of each tier that has an activity; universal ones go everywhere."""
    tiers = dict.fromkeys(ACTIVITIES[name].tier for name in bought(composed) if not ACTIVITIES[name].yields)
    aims = composed.targeting
    return {
        tier: aims if isinstance(aims, str) else aims.get(tier, "universal") for tier in tiers if tier != "universal"
    }


def _moves(composed: Recipe, read: set[str]) -> tuple[list[str], list[str]]:
    """What targetings do with the readings that are bought, and what those would follow that are not."""
    moves, idle = [], []
    named = _targetings(composed)
    for targeting in dict.fromkeys(named.values()):
        if targeting not in _RULES:
            continue
        instruments, does = _RULES[targeting]
        tiers = [tier for tier, name in named.items() if name == targeting]
        whole = len(tiers) == len(named)
        if read & set(instruments):
            moves.append(does if whole else f"for {joined(tiers)} activities {does}")
        else:
            idle.append(targeting.replace("_", " "))
    return moves, idle
