"""Parameters of the activities, made from the rows of their table."""

from __future__ import annotations

from collections.abc import Iterator

from capsim.catalogue.activities import TIE_CHANNELS, Activity, Effect
from capsim.parameters.declaration import Parameter, Row, declare
from capsim.parameters.labels import UNIT_LABELS


def parameters_of(activity: Activity) -> tuple[Parameter, ...]:
    """Parameters of one activity, named ``<activity>_<what>``, in the order of the documentation."""
    rows = [*_unit(activity), *(row for effect in activity.effects for row in _effect(activity, effect))]
    named = [(f"{activity.name}_{row[0]}", *row[1:]) for row in rows]
    labels = {f"{activity.name}_{what}": f"{activity.title}: {words}" for what, words in UNIT_LABELS.items()}
    return declare("activities", named, labels=labels)


# fmt: off
def _unit(one: Activity) -> Iterator[Row]:
    name, hours, each, seats = one.name.replace("_", " "), one.ta_hours, one.recipient_hours, one.seats
    needs, dollars, months = one.prerequisite, one.dollars, one.every_months
    yield "ta_hours", "hours", hours, (hours / 2, hours * 2), (.01, 10000), "triangular", "assumed", f"TA hours of one unit of {name}, preparation included."
    yield "recipient_hours", "hours", each, (each / 2, each * 2), (0, 1000), "triangular", "assumed", f"Hours that each participant spends on one unit of {name}."
    yield "seats", "people", seats, (max(1, seats / 2), seats * 2), (1, 1000), "none", "assumed", f"Participants of one unit of {name}."
    yield "prerequisite", "state", needs, (0, needs * 2), (0, 1), "triangular" if needs else "none", "assumed", f"Skill or routine at which an agency is half ready for {name}."
    yield "dollars", "dollars", dollars, (dollars / 2, dollars * 2 or 200), (0, 1_000_000), "none", "assumed", f"Travel, venue and printing of one unit of {name}, beside the hours."
    if one.yields:
        yield "every_months", "months", months, (max(1, months / 2), months * 2), (1, 600), "none", "assumed", f"Least months between two units of {name} for an agency, when a composed strategy buys them."


def _effect(one: Activity, effect: Effect) -> Iterator[Row]:
    name, size, share, top = one.name.replace("_", " "), effect.size, effect.transfer, effect.ceiling
    order = "assumed; ordering from S54-S62"
    if effect.channel == "skill":
        yield "knowledge", "share of gap", size, (size / 2, min(1, size * 2)), (0, 1), "triangular", order, f"Knowledge gained from one unit of {name}."
        yield "transfer", "share", share, (share / 2, min(1, share * 1.5)), (0, 1), "triangular", order, f"Part of the knowledge from {name} that becomes applied skill."
        yield "ceiling", "skill", top, (top - .15, min(1, top + .15)), (0, 1), "triangular", "assumed; order from S54-S60", f"Skill to which {name} can carry people, where the rule of teaching is by_activity."
    elif effect.channel in TIE_CHANNELS:
        yield effect.channel, "per unit", size, (size / 3, size * 2), (0, 10), "triangular", "assumed", f"Chance rate, in one unit of {name}, that a participant wins a tie to {effect.meaning}."
    elif effect.span:
        yield effect.channel, "share of gap", size, effect.span, (0, 1), "loguniform", "assumed; ten times as much at most (S43 at face value), the same for all", effect.meaning
    else:
        yield effect.channel, "share of gap", size, (size / 3, min(1, size * 2)), (0, 1), "triangular", "assumed", effect.meaning
