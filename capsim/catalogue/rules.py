"""The processes of a month, and rules that may be otherwise: processes of which two or three forms are documented, one of
which applies in a run.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from capsim.catalogue.parts import table_of


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of a rule."""

    name: str
    sentence: str  # what it says, in plain words
    source: str  # keys of docs/sources.md, or "assumed"
    parameters: tuple[str, ...] = ()  # those that this form reads and another one does not
    # of the form in the prior over forms, relative to the others of its rule: a declared judgment, no probability
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A process, or a part of one, and its forms."""

    # what the rule decides
    name: str
    sentence: str
    file: str  # where its equations stand, under capsim/
    forms: tuple[Variant, ...]  # in the order of their codes; the first applies unless a scenario asks for another

    @property
    def default(self) -> str:
        """Form that applies unless a scenario asks for another."""
        return self.forms[0].name

    @property
    def variants(self) -> Mapping[str, Variant]:
        """Forms by name."""
        return {form.name: form for form in self.forms}

    @property
    def parameter(self) -> str:
        """Name under which kernels read the code of the form."""
        return f"{self.name}_rule"

    def code(self, variant: str) -> int:
        """Number of a form."""
        return [form.name for form in self.forms].index(variant)


_STOCK = ("codification_flow", "bench_people")


def _rule(name: str, sentence: str, file: str, *forms: Variant) -> Rule:
    return Rule(name, sentence, file, forms)


RULES: Mapping[str, Rule] = table_of(
    _rule(
        "codification",
        "how what people know becomes a routine",
        "processes/codification.py",
        Variant(
            "stock",
            "A stock that grows by what able people write down and depreciates; what they know adds the same "
            "whatever the routine is.",
            "Argote, Beckman and Epple 1990; Benkard 2000; S104, S105",
            _STOCK,
        ),
        Variant(
            "gap",
            "A gap that closes: routines move toward the codifiable part of what people know.",
            "March 1991; S111, S112",
            ("codification_rate",),
        ),
        Variant(
            "provisional",
            "A stock, but what help builds stands only while help lasts, until enactment has made it institutional.",
            "S45 with S47; implementation stages of 2 to 4 years",
            (*_STOCK, "institutional_months", "provisional_loss"),
        ),
    ),
    _rule(
        "enactment",
        "how far an agency keeps up a routine",
        "processes/codification.py",
        Variant(
            "workers",
            "Among those whose work it is, how well they enact it, times a bench: some people are enough.",
            "S90, S109, S126-S128; bench assumed",
            ("bench_people",),
        ),
        Variant("positions", "The mean over all positions; vacancies enact nothing.", "assumed"),
        Variant("weakest_unit", "The lowest mean over positions of any unit.", "assumed"),
    ),
    _rule(
        "participation",
        "whose skill counts in potential, and who takes the seats of an activity",
        "measures/capacities.py, assistance/delivery.py",
        Variant("work", "Those whose work the area is, in proportion to their attention; vacancies reduce it.", "S90"),
        Variant("alike", "All positions alike, whatever their work.", "assumed"),
    ),
    _rule(
        "disuse",
        "when people forget what they could do",
        "processes/experience.py",
        Variant(
            "hours",
            "As far as practice falls short of some hours a month; hours of help in the area are practice.",
            "S98, S100",
            ("practice_hours",),
        ),
        Variant("attention", "As far as the area gets no attention.", "S100; form assumed"),
        Variant("none", "Never.", "S61: behavior hardly fades within a year"),
    ),
    _rule(
        "expertise",
        "how far practice alone carries people",
        "processes/experience.py",
        Variant(
            "routines",
            "To a ceiling that rises with the routines that the agency enacts.",
            "assumed",
            ("expertise_routine", "enacted_baseline"),
        ),
        Variant("fixed", "To a ceiling that depends on attention alone.", "assumed"),
        Variant(
            "contacts",
            "To a ceiling that rises with the skill of the best contact.",
            "S93, S94; form assumed",
            ("expertise_contacts",),
        ),
    ),
    _rule(
        "teaching",
        "what more help of the same kind still teaches",
        "assistance/delivery.py",
        Variant(
            "by_activity",
            "Each activity carries people to a ceiling of its own; a repeat teaches less and less.",
            "order S54-S60; heights assumed",
            ("<activity>_ceiling",),
        ),
        Variant("one_ceiling", "Every activity closes a share of the gap to 1.", "assumed"),
        Variant(
            "repeats",
            "Every activity closes a share of the gap to 1, less with each unit a person has had in the area.",
            "S58: hours and effects hardly correlate; form assumed",
            ("repeat_units",),
        ),
    ),
    _rule(
        "load",
        "how much of an agency's room for change help takes",
        "assistance/receptivity.py",
        Variant(
            "hours", "As much as the hours it asks of people in each area.", "S49; form assumed", ("initiative_hours",)
        ),
        Variant("areas", "One whole initiative for each area, however few its hours.", "S1, finding a; assumed"),
        Variant(
            "setup",
            "As much as the hours it asks, and the first hours in an area achieve little.",
            "at least 14 hours needed (Yoon et al. 2007); form assumed",
            ("initiative_hours", "setup_hours"),
        ),
    ),
    _rule(
        "readiness",
        "how motivation, general and specific capacity make an agency ready",
        "assistance/receptivity.py",
        Variant("product", "They multiply: any of them near zero means little gain.", "S31"),
        Variant("minimum", "The least of them decides.", "S31 read as a law of the minimum"),
        Variant("geometric_mean", "Their geometric mean: they make up for each other.", "S41, S42"),
    ),
    _rule(
        "potential",
        "how people and routines make capacity together",
        "measures/capacities.py",
        Variant("ces", "They can stand in for each other in part.", "assumed", ("potential_rho",)),
        Variant(
            "minimum", "The weaker of the two decides, each relative to its baseline.", "assumed", ("potential_rho",)
        ),
        Variant("additive", "They add up: either makes up for the other fully.", "assumed"),
    ),
    _rule(
        "influence",
        "who moves people's priorities",
        "processes/priorities.py",
        Variant("all", "Contacts, leader and plan, by fixed weights.", "Friedkin and Johnsen 1990"),
        Variant(
            "near",
            "The same, but nobody follows a person or plan too far from the own priorities.",
            "Deffuant et al. 2000; Hegselmann and Krause 2002",
            ("influence_bound",),
        ),
        Variant("leaders", "The leader alone, with the weight of contacts, and the plan.", "assumed"),
    ),
    _rule(
        "exits",
        "who leaves",
        "processes/turnover.py",
        Variant("declared", "Declared rates, raised by short tenure, poor climate and little engagement.", "S77"),
        Variant(
            "overload", "The same, and more where initiatives exceed the limit.", "assumed", ("exit_overload_slope",)
        ),
        Variant("hubs", "The same, and those whom many ask leave first.", "S68", ("exit_hub_slope",)),
    ),
    _rule(
        "ending",
        "how a practice in use ends",
        "processes/implementation.py",
        Variant(
            "hazard",
            "At any time, less where routines are enacted and more within a year of a leader's exit where they are "
            "not.",
            "S65b, S68, S80, S126-S129; sizes assumed",
            ("ending_annual", "ending_routine_slope", "enacted_baseline", "leader_hazard_ratio", "strong_routine"),
        ),
        Variant("leader_exit", "Only when the leader leaves.", "S65b, S80; assumed", ("abandon_chance",)),
        Variant("none", "Never.", "assumed"),
    ),
    _rule(
        "spread",
        "whether routines travel between agencies",
        "processes/consultation.py",
        Variant(
            "ties",
            "Leaders and liaisons who consult another agency bring its routine home.",
            "Darr et al. 1995; Frank, Zhao and Borman 2004; S110",
            ("spread_rate",),
        ),
        Variant("none", "They do not.", "assumed"),
    ),
)
"""Every rule that has variants, by name, in the order of the documentation."""


# fmt: off
RULE_LABELS: Mapping[str, Mapping[str, str]] = {
    "codification": {"": "How know-how becomes routine", "stock": "It piles up", "gap": "It closes a gap", "provisional": "It piles up, loosely at first"},
    "enactment": {"": "What keeps a routine alive", "workers": "A few people who do the work", "positions": "Everybody", "weakest_unit": "The weakest unit decides"},
    "participation": {"": "Whose skill counts", "work": "Those whose work it is", "alike": "Everybody alike"},
    "disuse": {"": "When people forget", "hours": "With too few hours of practice", "attention": "Without attention", "none": "Never"},
    "expertise": {"": "How far practice carries people", "routines": "Further with good routines", "fixed": "As far everywhere", "contacts": "Further with skilled colleagues"},
    "teaching": {"": "What more of the same help teaches", "by_activity": "Each kind has its limit", "one_ceiling": "There is no limit", "repeats": "Repeats teach less"},
    "load": {"": "How much room help takes", "hours": "As many hours as it asks", "areas": "One project an area", "setup": "Hours, the first ones lost"},
    "readiness": {"": "What makes an agency ready", "product": "All three together", "minimum": "The weakest decides", "geometric_mean": "They make up for each other"},
    "potential": {"": "How people and routines combine", "ces": "Each replaces the other in part", "minimum": "The weaker decides", "additive": "They add up"},
    "influence": {"": "Who moves people's priorities", "all": "Colleagues, leader and plan", "near": "Only those not too far off", "leaders": "Leader and plan alone"},
    "exits": {"": "Who leaves", "declared": "The usual people", "overload": "More where too much goes on", "hubs": "Those whom many ask"},
    "ending": {"": "How a practice ends", "hazard": "At any time", "leader_exit": "When the leader leaves", "none": "Never"},
    "spread": {"": "Whether routines travel", "ties": "Along advice ties", "none": "They do not"},
}
# fmt: on
"""What rules and their variants are called in everyday words, where somebody who knows no model chooses: by rule, its own
under "", and of each variant.
"""


def codes_of(rule: str) -> tuple[int, ...]:
    """Codes of the forms of a rule in their order, so that kernels can name them."""
    return tuple(range(len(RULES[rule].forms)))


def unread_by(rules: Mapping[str, str], *, varied: Container[str] = ()) -> frozenset[str]:
    """Parameters that no form in force reads, though another one does; ``<activity>_ceiling`` stands for all such.

    Of rules that are `varied` every form is in force somewhere.
    """
    read, unread = set[str](), set[str]()
    for name, rule in RULES.items():
        for form in rule.forms:
            applies = name in varied or form.name == rules.get(name, rule.default)
            (read if applies else unread).update(form.parameters)
    return frozenset(unread - read)


PROCESSES: Mapping[str, str] = MappingProxyType(
    {
        "environment": "budget shocks, turnover shocks and policy churn arrive",
        "turnover": "people leave, and what they hold leaves with them",
        "hiring": "vacancies are filled by movers or newcomers",
        "attention": "priorities decide what each person attends to this month",
        "support": "agencies help those below them in their free time, where support_weight is above 0",
        "experience": "learning by doing and forgetting by disuse",
        "socialization": "staff learn the routines of their agency",
        "codification": "staff write down what they know; routines wear out, faster when nobody enacts them",
        "consultation": "staff learn along advice ties; routines travel along those of leaders and liaisons",
        "priorities": "social influence on priorities; plans follow leaders and the parent agency",
        "ties": "advice ties strengthen, fade, lapse and form",
        "climate": "culture, engagement and data systems respond",
        "obsolescence": "reforms, where there are any, make part of skill and routines outdated",
        "outcomes": "what use is for follows it, where a scenario links it: teachers, materials, achievement",
        "assistance": "the strategy observes, decides and delivers",
        "implementation": "use follows potential with a lag; practices end",
    }
)
"""What each process of the month does, in the order in which they happen."""

PROCESS_NAMES: tuple[str, ...] = tuple(PROCESSES)
