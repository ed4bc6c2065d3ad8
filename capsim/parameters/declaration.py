"""What a parameter is: its declaration, its prior and its check; and what parameters and rules are called in everyday
words, where somebody who knows no model moves a slider.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from capsim.errors import nearest_name

# fmt: off

LABELS: Mapping[str, str] = {
    # people come and go
    "sea_annual_exit": "State agency staff who leave in a year",
    "sea_chief_annual_exit": "Chance that the state's chief leaves in a year",
    "esa_annual_exit": "Regional agency staff who leave in a year",
    "lea_annual_exit": "District office staff who leave in a year",
    "superintendent_annual_exit": "Superintendents who leave in a year",
    "superintendent_large_annual_exit": "Superintendents of large districts who leave in a year",
    "principal_annual_exit": "Principals who leave in a year",
    "school_staff_annual_exit": "Other school leaders who leave in a year",
    "tenure_gradient": "How much more often newcomers leave",
    "season_amplitude": "How much departures bunch in summer",
    "exit_culture_slope": "How much a good climate keeps people",
    "exit_engagement_slope": "How much motivation keeps people",
    "exit_poverty_slope": "How much more often staff leave poor districts",
    "turnover_shock_chance": "Chance in a year of a wave of departures",
    "turnover_shock_size": "How much bigger departures are in a wave",
    "event_strength": "Strength of the dated events",
    "mover_share": "Leavers who take a job elsewhere in the state",
    "months_to_fill": "Months to fill an empty post",
    "leader_plan_churn": "Chance that a leader's exit reopens the plan",
    "policy_churn_chance": "Chance in a year that outside policy reopens the plan",
    "plan_churn_share": "How much of a plan is redrawn when it is reopened",
    "budget_shock_chance": "Chance in a year of a budget cut",
    "budget_shock_size": "Posts lost in a budget cut",
    "newcomer_skill": "Skill of a newcomer",
    "newcomer_engagement": "Motivation of a newcomer",
    # people learn and forget, routines form and fade
    "experience_rate": "How fast people learn on the job",
    "disuse_rate": "Skill lost in a month without practice",
    "practice_hours": "Practice a month that keeps a skill fresh",
    "onboarding_rate": "How fast routines bring newcomers up to speed",
    "onboarding_months": "How long newcomers are shown the ropes",
    "codification_rate": "How fast know-how is written down",
    "codifiable_share": "Know-how that can be written down at all",
    "routine_annual_retention": "What is left of a routine after a year of use",
    "unenacted_annual_retention": "What is left of a routine after a year without use",
    "bench_people": "People it takes to keep a routine alive",
    "institutional_months": "Months until a new routine is everyday business",
    "provisional_loss": "Share of a young routine lost in a month without help",
    "spread_rate": "How fast routines travel between agencies",
    "compliance_share": "State staff time taken by compliance",
    "reform_chance": "Chance in a year that a reform makes things outdated",
    "reform_share": "How much a reform makes outdated",
    # advice and goals
    "consultation_rate": "How much people learn from those they ask",
    "boundary_discount": "How well advice from other agencies carries over",
    "influence_rate": "How fast people adopt others' priorities",
    "susceptibility": "How much people listen to others",
    "influence_contact": "Say of the colleague one asks",
    "influence_leader": "Say of the leader",
    "influence_plan": "Say of the agency's plan",
    "plan_leader_rate": "How fast plans follow what leaders want",
    "plan_parent_rate": "How fast plans follow the agency above",
    "tie_annual_survival": "Advice ties that last a year",
    "proposal_chance": "How often people look for someone new to ask",
    # climate, money, support from above
    "culture_goals": "How much shared goals improve the climate",
    "culture_vacancy": "How much empty posts hurt the climate",
    "culture_leader_exit": "How much a leader's exit hurts the climate",
    "engagement_base": "Usual motivation of staff",
    "engagement_culture": "How much the climate motivates",
    "engagement_fit": "How much working on one's own priorities motivates",
    "outside_initiatives": "Initiatives of others that run at the same time",
    "initiative_limit": "Initiatives an agency can carry without strain",
    "finance_rate": "How fast money follows the plan",
    "personnel_rate": "How fast posts follow the plan",
    "support_weight": "How much help from the agencies above matters",
    "reporting_hours": "Hours a month that reports to the state take",
    # use
    "goal_weight": "What is lost when goals are not shared",
    "alignment_weight": "What is lost when plans do not line up",
    "access_weight": "What is lost when nobody can reach an expert",
    "resource_weight": "How much resources that follow the plan add",
    "implementation_lag_months": "Months from being able to doing it",
    "abandon_drop": "Use lost when a practice is dropped",
    # help
    "routine_ceiling": "How good a routine help can build",
    "coherence_gamma": "What each initiative too many costs",
    "coherence_limit": "Initiatives at once before help loses focus",
    "offering_weight": "How much too many offers confuse",
    "planning_months": "Months of planning at the start",
    "codesign_share": "Help spent on designing together",
    "codesign_clarity_loss": "What designing on the go costs in clarity",
    "caseload_limit": "Agencies a consultant can serve well",
    "online_fidelity": "What is left of help that comes online only",
    "participation_limit": "Working time that people can give to help",
    "turnkey_ratio": "Hours passed on for each hour received",
    "turnkey_fidelity": "Quality left after each step of passing on",
    "group_agencies": "Agencies in a working group",
    "brokered_tie_strength": "Strength of ties that help makes",
    "center_annual_exit": "Consultants who leave in a year",
    "tool_rate": "How fast agencies take up a better tool",
    "equity_weight": "Extra hours for small and sparse districts",
    "consultant_rate": "Cost of an hour of help",
    "staff_rate": "Cost of an hour of participants' time",
    "readiness_cap": "How much readiness can add at most",
}
"""By name of the parameter."""

UNIT_LABELS: Mapping[str, str] = {
    "ta_hours": "hours of help for one round",
    "recipient_hours": "hours each participant spends",
    "seats": "places in one round",
    "dollars": "travel and print of one round",
    "knowledge": "what one round teaches",
    "transfer": "how much of it is put to use",
    "routine": "what one round builds",
    "ceiling": "how far it can carry people",
}
"""Of parameters of an activity, by what follows its name."""

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
"""By rule, its own under "", and of each variant."""


Prior = Literal["none", "uniform", "triangular", "loguniform"]
Values = Mapping[str, float]
"""Resolved parameter values by name; every declared parameter is present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the model, declared once.

    Documentation, validation messages, priors, sweep and sensitivity bounds are all made from this.
    """

    name: str  # identifier in scenario files, Python, tables and reports
    group: str  # part of the model it belongs to
    unit: str  # unit of `default`, `low` and `high`
    default: float  # value used unless a scenario says otherwise
    # plausible range; the support of the prior and the default bounds of sweeps
    low: float
    high: float
    # what a scenario may ask for; outside is an error
    minimum: float
    maximum: float
    # shape over [low, high] when assumptions are drawn; "triangular" has its mode at `default`. "none" for a measured
    # default or a choice of the user
    prior: Prior
    # a key of docs/sources.md, or "assumed", with the reason; "calibrated" where the calibration script chose it
    source: str
    meaning: str  # one sentence
    words: tuple[str, ...] = ()  # of a choice: what a scenario writes for 0, 1, 2 and so on
    label: str = ""  # everyday words for a slider; empty where none shows it

    def __post_init__(self) -> None:
        numbers = (self.minimum, self.low, self.default, self.high, self.maximum)
        if not all(math.isfinite(x) for x in (self.low, self.default, self.high)) or list(numbers) != sorted(numbers):
            raise ValueError(f"{self.name}: need minimum <= low <= default <= high <= maximum, got {numbers}")

    @property
    def assumed(self) -> bool:
        """Whether the value is drawn from its prior when a comparison includes assumptions."""
        return self.prior != "none"

    def number(self, value: object) -> object:
        """The number that a word of a choice stands for; anything else as it is."""
        return self.words.index(value) if isinstance(value, str) and value in self.words else value

    def problem_with(self, value: object) -> str | None:
        """Say what is wrong with a value, or return None when it is allowed."""
        if self.words and value not in range(len(self.words)):
            near = nearest_name(value, self.words) if isinstance(value, str) else ""
            return f"must be {', '.join(self.words[:-1])} or {self.words[-1]}, got {value!r}{near}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"must be a number, got {value!r}"
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            bounds = f"allowed {self.minimum:g} to {self.maximum:g}"
            return f"{value:g} is out of range; {bounds}, plausible {self.low:g} to {self.high:g} {self.unit}".rstrip()
        return None

    def quantile(self, u: float) -> float:
        """Value of the prior at cumulative probability `u` in [0, 1]; the default when there is no prior."""
        if self.prior == "none" or self.low == self.high:
            return self.default
        span = self.high - self.low
        if self.prior == "uniform":
            return self.low + u * span
        if self.prior == "loguniform":
            return float(self.low * (self.high / self.low) ** u)
        mode = (self.default - self.low) / span
        if u < mode:
            return self.low + span * math.sqrt(u * mode)
        return self.high - span * math.sqrt((1.0 - u) * (1.0 - mode))


Row = tuple[str, str, float, tuple[float, float], tuple[float, float], Prior, str, str]


def declare(
    group: str,
    rows: list[Row],
    words: Mapping[str, tuple[str, ...]] | None = None,
    labels: Mapping[str, str] = LABELS,
) -> tuple[Parameter, ...]:
    """Parameters of one group from rows (name, unit, default, plausible, allowed, prior, source, meaning); `words` are
    those of choices, by name, `labels` everyday words.
    """
    return tuple(
        Parameter(
            name=name,
            group=group,
            unit=unit,
            default=default,
            low=float(plausible[0]),
            high=float(plausible[1]),
            minimum=float(allowed[0]),
            maximum=float(allowed[1]),
            prior=prior,
            source=source,
            meaning=meaning,
            words=(words or {}).get(name, ()),
            label=labels.get(name, ""),
        )
        for name, unit, default, plausible, allowed, prior, source, meaning in rows
    )
