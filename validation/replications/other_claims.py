"""What the abstracts of the other three papers say, in our words, as contrasts of the tables of their models."""

from __future__ import annotations

from validation.replications.claims import Claim, Key, falls_more, more
from validation.replications.rao import EMBEDDED, TRIALS

HALF = 0.5
"""Degree of embedding that the page shows."""


def _cell(structure: str, turnover: str, embedded: float) -> Key:
    return (f"{structure} structure, {turnover}", embedded, TRIALS)


def _interaction(embedded: float) -> dict[Key, float]:
    low, high = ((_cell(one, "no turnover", embedded), _cell(one, "turnover", embedded)) for one in ("low", "high"))
    return falls_more(low, high)


RAO = (
    Claim(
        "turnover costs groups low in structure more (half of what is learned in a role is embedded)",
        (_interaction(HALF),),
    ),
    Claim(
        "asked here, not there: the same if nothing is embedded, so that only roles differ",
        (_interaction(EMBEDDED[0]),),
    ),
    Claim(
        "what structure makes out with turnover is more than twice what it makes out without",
        (
            {
                _cell("high", "turnover", HALF): 1.0,
                _cell("low", "turnover", HALF): -1.0,
                _cell("high", "no turnover", HALF): -2.0,
                _cell("low", "no turnover", HALF): 2.0,
            },
        ),
    ),
)


def _right(task: str, structure: str, exits: float) -> Key:
    return (task, structure, exits)


def _carley(task: str) -> tuple[Claim, ...]:
    team, hierarchy = "team", "hierarchy, analysts leave"
    both = "hierarchy, everybody leaves"
    return (
        Claim(
            f"{task}: without turnover teams do better than hierarchies",
            (more(_right(task, team, 0.0), _right(task, hierarchy, 0.0)),),
        ),
        *(
            Claim(
                f"{task}: teams lose more to {words} turnover than hierarchies in which {who}",
                (
                    falls_more(
                        (_right(task, team, 0.0), _right(task, team, exits)),
                        (_right(task, structure, 0.0), _right(task, structure, exits)),
                    ),
                ),
            )
            for words, exits in (("moderate (0.01)", 0.01), ("high (0.1)", 0.1))
            for structure, who in ((hierarchy, "analysts leave"), (both, "everybody leaves"))
        ),
    )


CARLEY = (*_carley("majority"), *_carley("majority of majorities"))

_WHO, _LAST, _LONG = "who only", "who, and what came next last", "who, and what came next the last 25 times"

ROUTINES = (
    Claim(
        "transactive memory makes solving faster",
        (
            more(("none", "nothing", 30), (_WHO, "nothing", 30)),
            more(("what came next the last 25 times", "nothing", 30), (_LONG, "nothing", 30)),
        ),
    ),
    Claim(
        "declarative memory makes routines more efficient while nothing changes",
        (more((_WHO, "nothing", 60), (_LONG, "nothing", 60)),),
    ),
    Claim(
        "after another order of tasks transactive memory helps to adapt",
        (
            falls_more(
                ((_WHO, "another order", 31), (_WHO, "another order", 60)),
                (("none", "another order", 31), ("none", "another order", 60)),
            ),
        ),
    ),
    Claim(
        "after another order declarative memory gains less than while nothing changes",
        (
            falls_more(
                ((_WHO, "nothing", 40), (_LONG, "nothing", 40)),
                ((_WHO, "another order", 40), (_LONG, "another order", 40)),
            ),
        ),
    ),
    Claim(
        "after another order a long declarative memory is slower than a short one",
        (more((_LONG, "another order", 40), (_LAST, "another order", 40)),),
    ),
    Claim(
        "loss of people costs steps, which are learned again",
        (
            more((_LONG, "twenty leave", 31), (_LONG, "nothing", 31)),
            more((_LONG, "twenty leave", 31), (_LONG, "twenty leave", 60)),
        ),
    ),
)
