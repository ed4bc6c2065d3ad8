"""What an instrument of a scenario's own can read of an agency, and the targetings that such an instrument makes."""

from __future__ import annotations

from dataclasses import dataclass

from capsim.catalogue.parts import TARGETINGS, Choice
from capsim.catalogue.rows import table_of


@dataclass(frozen=True, slots=True)
class Readable:
    """One state in [0, 1]; `by_area` where it differs between focal areas, `flow` where it is of hours so far."""

    name: str
    title: str
    meaning: str
    by_area: bool = False
    flow: bool = False


# fmt: off
READABLE = table_of(
    Readable("skill", "Skill", "Mean skill of those who answer, or of all staff, in each focal area.", by_area=True),
    Readable("routine", "Routines", "Routines in each focal area.", by_area=True),
    Readable("use", "Use", "How far the practices are in use, in each focal area.", by_area=True),
    Readable("relevance", "Relevance", "How much a focal area matters to the agency, as a share.", by_area=True),
    Readable("culture", "Culture", "Trust, learning norms, psychological safety."),
    Readable("engagement", "Engagement", "Mean engagement of those who answer, or of all staff."),
    Readable("staffing", "Staffing", "Share of positions with a holder."),
    Readable("data_systems", "Data systems", "Quality of the agency's data about itself."),
    Readable("resource_alignment", "Resource alignment", "How far finances, data systems and personnel follow the plan."),
    Readable("general_capacity", "General capacity", "Geometric mean of culture, staffing and data systems."),
    Readable("received", "Received", "Hours that landed, of those that the agency was offered so far; nothing to read before the first.", flow=True),
    Readable("used", "Used", "Hours that landed where the practice is in use, of those offered so far.", flow=True),
)
# fmt: on
"""Every state that an item can read, by name."""

AIMS = {
    "low": "Hours in proportion to 1 - the latest reading of {name}, by agency and area; agencies without one count as average.",
    "high": "Hours in proportion to the latest reading of {name}, by agency and area; agencies without one count as average.",
    "gate": "Agencies whose latest reading of {name}, mean over areas, is at or above its first threshold get equal hours, the others none.",
}
"""How a strategy can aim by an instrument of a scenario's own: targeting ``<instrument>.<aim>``."""


def is_own(targeting: str) -> bool:
    """Whether a targeting goes by an instrument of a scenario's own."""
    name, dot, aim = targeting.partition(".")
    return bool(name and dot) and aim in AIMS


def targeting_row(targeting: str) -> Choice:
    """Row of a targeting, shipped or by an instrument of one's own."""
    if not is_own(targeting):
        return TARGETINGS[targeting]
    name, _, aim = targeting.partition(".")
    return Choice(targeting, f"By {name} ({aim})", AIMS[aim].format(name=name), reads=(name,), by_area=aim != "gate")


def known_targeting(name: object) -> bool:
    """Whether this can be the name of a targeting; that the instrument exists a scenario checks."""
    return isinstance(name, str) and (name in TARGETINGS or is_own(name))
