"""What is declared, as plain data for whoever shows it: parameters and rules, with everyday words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from capsim.catalogue.rules import RULE_LABELS, RULES
from capsim.parameters.declaration import Parameter
from capsim.parameters.table import PARAMETERS

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
    if name in PARAMETERS and PARAMETERS[name].called:
        return PARAMETERS[name].called
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
