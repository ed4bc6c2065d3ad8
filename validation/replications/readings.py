"""The readings of March (1991) that are run: what is known of the program, the text as it is printed, and steps between."""

from __future__ import annotations

from validation.replications.march import Reading

DEFAULT = "program"

PROGRAM = Reading(acting=True, stepwise=True, code_stepwise=False, net=True, in_turn=False, lag=1)
TEXT = Reading(acting=False, stepwise=False, code_stepwise=False, net=False, in_turn=False, lag=1)

READINGS: dict[str, tuple[Reading, str]] = {
    DEFAULT: (
        PROGRAM,
        "the program as Christensen (2015) describes it: individuals act (a guess where there is no belief), acts are "
        "judged and vote; an individual who believes the opposite of the code first loses the belief; knowledge is the "
        "share known minus the share believed wrongly",
    ),
    "at_once": (PROGRAM._replace(stepwise=False), "`program`, but an individual takes over the code's belief at once"),
    "measured_after": (
        PROGRAM._replace(lag=0),
        "`program`, but what is reported of period 20 is known when it ends, not when it begins",
    ),
    "measured_before": (
        PROGRAM._replace(lag=2),
        "`program`, but it is what was known when period 19 began; nobody says so",
    ),
    "basic": (
        PROGRAM._replace(acting=False, code_stepwise=True),
        "March's BASIC program as Watts and Gilbert (2014) had it from Rodan: beliefs are judged and vote, none counts "
        "as nothing; individuals and the code both lose a belief before they take over its opposite",
    ),
    "text": (
        TEXT,
        "the text and its footnote as they are printed: beliefs are judged and vote, both sides change at once, "
        "knowledge is the share of reality that is known",
    ),
    "text_net": (TEXT._replace(net=True), "`text`, but wrong beliefs count against, in judging and in reporting"),
    "text_in_turn": (
        TEXT._replace(in_turn=True),
        "`text`, but the code learns after the individuals have, not at the same time",
    ),
}
"""By name: the reading, and in words what it is."""
