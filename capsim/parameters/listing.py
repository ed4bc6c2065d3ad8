"""What is declared, as plain data for whoever shows it: parameters and rules, with everyday words."""

from __future__ import annotations

from typing import Any

from capsim.catalogue.rules import RULES
from capsim.parameters.declaration import RULE_LABELS, Parameter
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
    return {
        "name": one.name,
        "label": one.label,
        "group": one.group,
        "unit": one.unit,
        "shown": shown(one),
        "default": one.default,
        "plausible": [one.low, one.high],
        "allowed": [one.minimum, one.maximum],
        "prior": one.prior,
        "words": list(one.words),
        "source": one.source,
        "meaning": one.meaning,
    }


def shown(one: Parameter) -> dict[str, Any]:
    """Factor and unit in which people read a value; a label that says "in a year" needs no unit that does."""
    unit = _PERCENT.get(one.unit)
    if unit is None:
        return {"factor": 1, "unit": _PLAIN.get(one.unit, one.unit)}
    said = any(words in one.label for words in (" a year", " a month"))
    return {"factor": 100, "unit": "%" if said else unit}


def _rule(name: str) -> dict[str, Any]:
    rule, labels = RULES[name], RULE_LABELS[name]
    return {
        "name": name,
        "label": labels[""],
        "decides": rule.sentence,
        "file": rule.file,
        "default": rule.default,
        "variants": [
            {
                "name": form.name,
                "label": labels[form.name],
                "sentence": form.sentence,
                "source": form.source,
                "parameters": list(form.parameters),
                "weight": form.weight,
            }
            for form in rule.forms
        ],
    }
