"""The simplest form of every rule: one number a unit, no ceilings, everybody alike. What follows is arithmetic by hand.

The forms that apply by default are measured by validation/closed_forms, tests/reference and tests/contract/test_rules.
"""

from collections.abc import Mapping

from capsim.parameters import Values, resolve_values

FORMS: Mapping[str, str] = {
    "codification": "gap",
    "enactment": "positions",
    "participation": "alike",
    "disuse": "attention",
    "expertise": "fixed",
    "teaching": "one_ceiling",
    "load": "areas",
    "ending": "leader_exit",
    "spread": "none",
}
SIZES: Mapping[str, float] = {
    "readiness_reference": 0.6,
    "readiness_cap": 1.0,
    "team_exponent": 0.0,
    "routine_ceiling": 1.0,
    "expertise_agency_sd": 0.0,
    "expertise_area_sd": 0.0,
    "codification_agency_sd": 0.0,
    "codification_area_sd": 0.0,
    "support_weight": 0.0,
    "finance_rate": 0.0,
    "personnel_rate": 0.0,
    "offering_weight": 0.0,
    "role_redesign_floor": 0.0,
    "codesign_wish": 0.0,
    "tool_rate": 0.0,
    "stocktake_response": 0.0,
    "referral_expert_hours": 0.0,  # what colleagues give is in tests/contract/test_brokering.py
}


def simplest(overrides: Mapping[str, float] | None = None) -> Values:
    """Values under the simplest forms."""
    return resolve_values({**SIZES, **(overrides or {})}, FORMS)
