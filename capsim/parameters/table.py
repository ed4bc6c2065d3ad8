"""The one table of parameters, and how values are resolved or drawn from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from capsim.catalogue.activities import ACTIVITIES, TIE_CHANNELS, Activity, Effect
from capsim.catalogue.parts import table_of
from capsim.catalogue.rules import RULES, Rule
from capsim.errors import InputError, NearestNames, nearest_name
from capsim.parameters import declared
from capsim.parameters.declaration import Parameter, Row, Values, declare
from capsim.streams.keys import uniform_for_name


def parameters_of(activity: Activity) -> tuple[Parameter, ...]:
    """Parameters of one activity, named ``<activity>_<what>``, in the order of the documentation."""
    rows = [*_unit(activity), *(row for effect in activity.effects for row in _effect(activity, effect))]
    called = {what: (f"{activity.title}: {words}", *no_slider) for what, (words, *no_slider) in _CALLED.items()}
    named = ((f"{activity.name}_{what}", *row, *called.get(what, ())) for what, *row in rows)
    return declare("activities", cast("Iterator[Row]", named))


# fmt: off
_CALLED: Mapping[str, tuple[str | bool, ...]] = {
    "ta_hours": ("hours of help for one round",),
    "recipient_hours": ("hours each participant spends",),
    "seats": ("places in one round",),
    "prerequisite": ("what an agency must bring to it", False),
    "dollars": ("travel and print of one round",),
    "knowledge": ("what one round teaches",),
    "transfer": ("how much of it is put to use",),
    "ceiling": ("how far it can carry people",),
    "routine": ("what one round builds",),
    "engagement": ("motivation gained in one round", False),
    "culture": ("climate gained in one round", False),
    "goals": ("how far one round moves goals", False),
    "peer_ties": ("ties to other agencies from one round", False),
    "expert_ties": ("ties to experts from one round", False),
    "colleague_ties": ("ties to skilled colleagues from one round", False),
    "trainer_ties": ("ties to trainers from one round", False),
    "group_plan": ("how far plans of a group come together", False),
    "parent_plan": ("how far plans move toward those above", False),
    "parent_routine": ("what the agency above gains from it", False),
    "data_systems": ("what one round adds to data systems", False),
    "resource_alignment": ("how far one round aligns resources", False),
    "commitment": ("compliance time that one round frees", False),
    "handover": ("know-how that one round writes down", False),
}
"""Everyday words for what follows the name of an activity, and False where no slider shows it."""


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


# fmt: on
PARAMETERS: Mapping[str, Parameter] = table_of(
    *declared.TURNOVER,
    *declared.LEARNING,
    *declared.NETWORKS,
    *declared.CLIMATE,
    *declared.IMPLEMENTATION,
    *declared.SUPPORT,
    *declared.ASSISTANCE,
    *declared.INSTRUMENTS,
    *declared.OUTCOMES,
    *(parameter for activity in ACTIVITIES.values() for parameter in parameters_of(activity)),
    *declared.AGENCIES,
)
"""Every declared parameter by name, in the order of the documentation."""


def assumed_parameters() -> tuple[Parameter, ...]:
    """Parameters whose default is assumed and which therefore carry a prior."""
    return tuple(p for p in PARAMETERS.values() if p.assumed)


def resolve_values(overrides: Mapping[str, float] | None = None, rules: Mapping[str, str] | None = None) -> Values:
    """Defaults with the overrides of a scenario; the code of every rule, or of the variant that is asked for, under the
    name ``<rule>_rule``. InputError for every unknown name and every value out of range, all at once.
    """
    overrides = overrides or {}
    problems = [f"rules.{name}: {problem}" for name, problem in problems_of_rules(rules or {})]
    problems += [f"parameters.{name}: {problem}" for name, problem in problems_of_parameters(overrides)]
    if problems:
        raise InputError(problems)
    chosen = {rule.parameter: float(rule.code((rules or {}).get(name, rule.default))) for name, rule in RULES.items()}
    return MappingProxyType({name: float(overrides.get(name, p.default)) for name, p in PARAMETERS.items()} | chosen)


def problems_of_parameters(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong with the values that somebody asks for: names and sentences."""
    nearest = NearestNames(PARAMETERS)
    for name, value in values.items():
        if name not in PARAMETERS:
            yield name, f"unknown parameter{nearest(name)}"
        elif (problem := PARAMETERS[name].problem_with(value)) is not None:
            yield name, problem


def problems_of_rules(rules: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong with the rules that somebody asks for: names and sentences."""
    for name, variant in rules.items():
        if name not in RULES:
            yield name, f"unknown rule{_known(name, RULES)}"
        elif not isinstance(variant, str):
            yield name, f"must be the name of one variant, got {variant!r}{_known(variant, RULES[name].variants)}"
        elif variant not in (known := RULES[name].variants):
            yield name, f"unknown variant {variant!r}{_known(variant, known)}"


def _known(name: object, names: Iterable[str]) -> str:
    """The nearest of some names, and all of them."""
    nearest = nearest_name(name, names) if isinstance(name, str) else ""
    return f"{nearest}{' There' if nearest else '; there'} are {', '.join(names)}"


def draw_values(
    overrides: Mapping[str, float],
    draw_key: int,
    *,
    rules: Mapping[str, str] | None = None,
    with_rules: bool = False,
) -> Values:
    """Values with every assumed parameter drawn from its prior, except those the scenario fixes; rules too if asked.

    Each parameter and rule has a uniform number of its own, keyed by `draw_key` and its name, so that declaring another
    changes no existing draw.
    """
    fixed = dict(rules or {})
    values = dict(resolve_values(overrides, draw_rules(fixed, draw_key) if with_rules else fixed))
    for parameter in assumed_parameters():
        if parameter.name not in overrides:
            values[parameter.name] = parameter.quantile(uniform_for_name(draw_key, parameter.name))
    return MappingProxyType(values)


def draw_rules(fixed: Mapping[str, str], draw_key: int) -> dict[str, str]:
    """A variant of every rule by the declared weights, except where the scenario fixes one."""
    return {
        name: fixed[name] if name in fixed else variant_at(rule, uniform_for_name(draw_key, f"rule:{name}"))
        for name, rule in RULES.items()
    }


def variant_at(rule: Rule, u: float) -> str:
    """Form at a place from 0 to 1 in the prior over forms."""
    left = u * sum(form.weight for form in rule.forms)
    for form in rule.forms:
        left -= form.weight
        if left < 0.0:
            return form.name
    return rule.forms[-1].name


def rules_of(values: Values) -> dict[str, str]:
    """Variant of every rule in resolved values."""
    return {name: rule.forms[int(values[rule.parameter])].name for name, rule in RULES.items()}
