"""What is declared, as plain data for whoever shows it: parameters and rules, with everyday words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from capsim.catalogue.activities import ACTIVITIES
from capsim.catalogue.rules import RULES
from capsim.parameters.declaration import RULE_LABELS, Parameter
from capsim.parameters.table import PARAMETERS

# fmt: off
TABLE_LABELS: Mapping[str, str] = {
    # people come and go
    "tenure_scale_months": "Months until a newcomer leaves no more often than others",
    "exit_size_slope": "How much more often staff leave large districts",
    "funding_recovery_months": "Months until funding recovers from a cut",
    "disposition_concentration": "How alike people's own priorities are",
    "exit_overload_slope": "How much each initiative too many drives people away",
    "exit_hub_slope": "How much more often those leave whom many ask",
    "recruiting_share": "How much good agencies attract good newcomers",
    # people learn, routines and ties
    "attention_sharpness": "How soon more attention stops helping",
    "expertise_gain": "How much attention adds to the skill people can reach",
    "expertise_routine": "How much routines add to the skill people can reach",
    "expertise_contacts": "How much a skilled colleague adds to the skill people can reach",
    "socialization_rate": "How much people pick up from routines later on",
    "influence_bound": "Difference in priorities beyond which nobody is followed",
    "returned_lapse_factor": "How much longer mutual ties last",
    "strength_lapse_slope": "How much longer strong ties last",
    "tie_use_gain": "How fast a tie grows by use",
    "tie_fade": "How fast a tie fades without use",
    "proposal_closure": "Share of new ties to a colleague's colleague",
    "proposal_unit": "Share of new ties within the unit",
    "proposal_expert": "Share of new ties to somebody skilled",
    "liaison_chance": "How often liaisons look outside the agency",
    "reciprocation": "Chance that a tie is mutual from the start",
    # climate, money, support from above
    "culture_rate": "How fast the climate changes",
    "culture_base": "Usual climate of an agency",
    "culture_returned": "How much mutual advice improves the climate",
    "culture_overload": "How much each initiative too many hurts the climate",
    "engagement_rate": "How fast motivation changes",
    "engagement_overload": "How much each initiative too many costs in motivation",
    "data_systems_base": "Usual quality of an agency's data",
    "resource_alignment_rate": "How fast resources drift away from the plan",
    "finance_weight": "How much writing down depends on money",
    "personnel_weight": "How much attention depends on posts",
    "committed_return_rate": "How fast compliance takes its time back",
    "outside_initiative_months": "Months an initiative of others lasts",
    "support_routine": "How much written routines depend on help from above",
    "support_ceiling": "How much skill depends on help from above",
    "support_hold": "How much lasting use depends on help from above",
    "support_saturation": "How much more than usual help from above can do",
    "support_state_part": "The state's part in help that goes through regions",
    "support_data_rate": "How fast better data above improves the data below",
    # use
    "potential_rho": "How far people and routines replace each other",
    "abandon_chance": "Chance that a practice ends when the leader leaves",
    "ending_annual": "Chance in a year that a practice ends",
    "ending_routine_slope": "How much routines protect a practice",
    "leader_hazard_ratio": "How much more often practices end after a leader's exit",
    "strong_routine": "Routine that outlasts any leader",
    # help
    "initiative_hours": "Hours of help a month that count as a project",
    "setup_hours": "Hours of help lost on getting started",
    "repeat_units": "Repeats after which another one teaches half",
    "prerequisite_slope": "How sharply help fails those who are not ready for it",
    "offering_hours": "Hours after which an offer has been taken in",
    "provider_quality_sd": "How much consultants differ",
    "provider_scale": "What a larger program loses in quality",
    "role_redesign_floor": "Compliance time that redesigned roles cannot free",
    "codesign_noise_factor": "Error of assessments that were designed together",
    "codesign_wish": "How far wishes move a mix that was designed together",
    "wish_familiarity": "How much people want what they know already",
    "wish_rate": "How fast wishes change",
    "caseload_loss": "What each agency too many costs in quality",
    "turnkey_time_share": "Free staff time that goes into passing on",
    "referral_expert_hours": "Hours a colleague elsewhere gives after a referral",
    "tool_invitation": "What an invitation counts against meeting users of a tool",
    "tool_polish": "What a group adds when it makes a tool",
    "tool_better": "How much better a tool must be to replace another",
    "tool_fit": "How well an adopted tool fits",
    "tool_fit_far": "How well a tool from another state fits",
    "center_tool_level": "Quality of the center's own tools",
    "center_expert_skill": "Skill of the center's experts in their area",
    "center_other_skill": "Skill of the center's experts in other areas",
    "center_months_to_fill": "Months the center needs to fill a post",
    "center_learning_hours": "Hours in which a consultant learns the work",
    "center_experience_weight": "Quality of a consultant without experience",
    "center_vacancy_loss": "What empty posts of the center cost in quality",
    "center_hire_hours": "Hours it takes the center to hire a consultant",
    # what is read
    "rubric_noise_sd": "Error of needs assessments",
    "expert_noise_sd": "Error of experts' ratings",
    "stocktake_noise_sd": "Error of stocktakes",
    "stocktake_target": "Part of the gap that a stocktake sets as its target",
    "stocktake_response": "How far plans and hours follow a stocktake",
    "likert_leniency": "How much people overrate themselves",
    "likert_noise_sd": "Error of self-ratings",
    "relevance_noise_sd": "Error in reading what matters to an agency",
    "relevance_concentration": "How alike agencies are in what matters to them",
    "client_leniency": "How much clients overrate the help they got",
    "rating_half": "Quality of help that gets a middling rating",
    "rating_noise_sd": "Error of clients' ratings",
}
"""Of parameters that no slider shows, for tables in which what they mean stands beside them."""

TABLE_UNIT_LABELS: Mapping[str, str] = {
    "prerequisite": "what an agency must bring to it",
    "engagement": "motivation gained in one round",
    "culture": "climate gained in one round",
    "goals": "how far one round moves goals",
    "peer_ties": "ties to other agencies from one round",
    "expert_ties": "ties to experts from one round",
    "colleague_ties": "ties to skilled colleagues from one round",
    "trainer_ties": "ties to trainers from one round",
    "group_plan": "how far plans of a group come together",
    "parent_plan": "how far plans move toward those above",
    "parent_routine": "what the agency above gains from it",
    "data_systems": "what one round adds to data systems",
    "resource_alignment": "how far one round aligns resources",
    "commitment": "compliance time that one round frees",
    "handover": "know-how that one round writes down",
}
"""The same of parameters of an activity."""
# fmt: on

_PERCENT = {
    "per year": "% a year",
    "per month": "% a month",
    **dict.fromkeys(
        (
            *("share", "chance", "share of gap", "share of time", "skill", "routine", "engagement", "culture"),
            *("strength", "state", "use", "data_systems", "resource_alignment"),
        ),
        "%",
    ),
}
"""Units that people read as percent."""
_PLAIN = {
    "ratio": "times",
    **dict.fromkeys(("1", "log", "r_wg", "choice"), ""),
    "dollars per hour": "$ an hour",
    "hours per month": "hours a month",
    "dollars": "$",
}
_PARTS_OF_NAMES = {
    "lea": "district",
    "sea": "state agency",
    "esa": "regional agency",
    "ta": "consultant",
    "sd": "spread",
}


def declared() -> dict[str, list[dict[str, Any]]]:
    """All parameters and rules as plain data that JSON can hold.

    Returns
    -------
    dict
        ``parameters``: name, label (everyday words; empty where no slider shows it), group, unit, shown (``factor`` and
        ``unit`` in which people read it: 0.16 per year is 16 % a year), default, plausible and allowed ranges, prior,
        words (of a choice), source, meaning. ``rules``: name, label, decides, file, default and variants, each with
        name, label, sentence, source, parameters, weight.

    Examples
    --------
    >>> one = next(one for one in declared()["parameters"] if one["name"] == "lea_annual_exit")
    >>> one["label"], one["shown"]
    ('District office staff who leave in a year', {'factor': 100, 'unit': '%'})
    """
    return {"parameters": [_parameter(one) for one in PARAMETERS.values()], "rules": [_rule(name) for name in RULES]}


def _parameter(one: Parameter) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in ("name", "label", "group", "unit", "default", "prior")}
    ranges = {"plausible": [one.low, one.high], "allowed": [one.minimum, one.maximum]}
    words = {"words": list(one.words), "source": one.source, "meaning": one.meaning}
    return {**said, **ranges, **words, "shown": shown(one)}


def shown(one: Parameter) -> dict[str, Any]:
    """Factor and unit in which people read a value; a label that says "in a year" needs no unit that does."""
    unit = _PERCENT.get(one.unit)
    if unit is None:
        return {"factor": 1, "unit": _PLAIN.get(one.unit, one.unit)}
    said = any(words in one.label for words in (" a year", " a month"))
    return {"factor": 100, "unit": "%" if said else unit}


def parameter_label(name: str) -> str:
    """What a parameter or a rule is called in everyday words; of one that has none, its name in words."""
    if name in RULE_LABELS:
        return RULE_LABELS[name][""]
    if label := (PARAMETERS[name].label if name in PARAMETERS else "") or TABLE_LABELS.get(name, ""):
        return label
    for activity in ACTIVITIES.values():
        if said := TABLE_UNIT_LABELS.get(name.removeprefix(f"{activity.name}_")):
            return f"{activity.title}: {said}"
    words = " ".join(_PARTS_OF_NAMES.get(part, part) for part in name.split("_"))
    return words[:1].upper() + words[1:]


def labels_of(names: str) -> str:
    """The same of names with commas between them."""
    return "; ".join(parameter_label(name) if name in PARAMETERS else name for name in names.split(", "))


def value_text(name: str, value: float) -> str:
    """A value of a parameter as people read it: 16% rather than 0.16 per year."""
    factor, unit = shown(PARAMETERS[name]).values() if name in PARAMETERS else (1, "")
    return f"{value * factor:.3g}{'' if unit.startswith('%') else ' '}{unit}".strip()


def _rule(name: str) -> dict[str, Any]:
    rule, labels = RULES[name], RULE_LABELS[name]
    return {
        "name": name,
        "label": labels[""],
        "decides": rule.sentence,
        "file": rule.file,
        "default": rule.default,
        "variants": [
            {**asdict(form), "label": labels[form.name], "parameters": list(form.parameters)} for form in rule.forms
        ],
    }
