"""What must come out under assistance, declared before the first run: statistics, arms, worlds, expectations.

Nothing here is computed, and nothing in the model is tuned to it: what is missed is a finding. Written as a page by
`validation.pattern_text` (docs/patterns_declared.md). A change after the first run belongs in
`AMENDMENTS`, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from capsim.catalogue import Recipe
from capsim.parameters import PARAMETERS

Sign = Literal["+", "-", "band"]
Method = Literal["t", "bootstrap"]

SEED = 20
"""Of every run; replicate r has the luck of (seed, r), the same for all arms and points of a row."""
RESAMPLES = 4000
"""Of a bootstrap."""
SETTLING_AT_MOST = 240
"""Months that `settling: auto` can take; planned as if it always did."""
RUN_MONTHS, RUN_SECONDS, WORKERS = 120, 0.2, 2
"""One planned run is this many months of 200 districts and takes about these seconds on one core."""
RUNS_AT_MOST = 8000
"""For all rows together: 13 to 14 minutes on two cores."""

REVISED = 4
"""Results version for whose rules the declaration was last revised, before any run under them."""

AMENDMENTS: tuple[str, ...] = ()
"""What was changed after the first run, why, and which results were already known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The agencies: synthetic ones, the same in every replicate (`sample_seed` 1); their people are drawn anew."""

    districts: int = 200
    regions: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """A state of `START_STATES` that is set in every district by one of `START_RULES`, once, after settling."""

    state: str
    rule: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One setting in which the arms of a row are run: what differs from the defaults, while settling and after or from
    the end of settling on, forms of rules from the end of settling on, and states that are set. Without arms, replicates
    (0) or months (-1) those of the row count.
    """

    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    after_settling: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    start: tuple[Start, ...] = ()
    arms: tuple[str, ...] = ()
    replicates: int = 0
    assistance: int = -1
    follow_up: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How doses of two arms are made equal, at each point by itself.

    Paired mean gains in the measure at the end of assistance are brought together by at most so many steps, until their
    relative difference is that at which the search stops; within the tolerance the point is used.
    """

    arms: tuple[str, str]
    measure: str
    tolerance: float
    stop_at: float
    most_steps: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One statistic that is judged, of measures in `MEASURES`, `LOGGED` or `READINGS`.

    Its interval (paired t over replicates, or percentiles of resampled replicates) is expected above 0, below 0 or inside
    a band from low to high, because of keys of docs/sources.md.
    """

    name: str
    formula: str
    measures: tuple[str, ...]
    sign: Sign
    low: float = 0.0
    high: float = 0.0
    method: Method
    sources: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One statistic that is shown, with a 95% interval by `method`, and not judged."""

    name: str
    formula: str
    measures: tuple[str, ...]
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRow:
    """One pattern, or one check of construction, which restates inputs of the model: that they arrive is no evidence.

    Patterns and checks are numbered each from 1. `hours` are TA hours a year for all agencies together; something is read
    at the end of months (since assistance began) in `read_at`, or with `monthly` in every month from the first of two to
    the second; `replicates` are pairs; `note` says what limits the reading of the result.
    """

    number: int
    name: str
    title: str
    question: str
    arms: tuple[str, ...]
    points: tuple[Point, ...] = (Point(name="defaults"),)
    where: Where = Where()
    hours: float = 40_000.0
    assistance: int
    follow_up: int
    read_at: tuple[int, ...]
    monthly: bool = False
    replicates: int
    matching: Matching | None = None
    judged: tuple[Expected, ...]
    reported: tuple[Reported, ...] = ()
    note: str = ""
    construction: bool = False

    @property
    def level(self) -> float:
        """Of the interval of each judged statistic (Bonferroni)."""
        return 1 - 0.05 / len(self.judged)


COMMON: tuple[str, ...] = (
    "Declared anew for the rules of results version 4 and committed before any run under them. Under version 3 thirteen "
    "of these rows were run (docs/patterns.md as it stood then), so that those results were known; no result under the "
    "new rules was. Each row says in its note what the new rules changed in its meaning.",
    "Parameters and rules at their defaults unless a point says otherwise (uncertainty: none), the five default focal "
    "areas, settling: auto. Nothing is solved again: turnover and retention move the level at which worlds settle. Arms "
    "of a point start from the same settled world and meet the same luck.",
    "Y(arm, t) is the mean of a measure over districts (group lea) at the end of month t since assistance began; the "
    "gain is g(arm, t) = Y(arm, t) - Y(none, t) in the same replicate and point. Every district counts the same. A mean, "
    "a median or a correlation without more words is over replicates.",
    "40,000 hours a year are 200 for each of 200 districts on average (the scenario of Ohio: about 197), divided by "
    "position; the schedule is level.",
    "What would contradict a row: an interval that lies outside where it is expected, in whole (missed).",
    "Number of replicates fixed beforehand: nobody looks earlier. Level of each interval 1 - .05 / m with m judged "
    "statistics in the row; over rows nothing is corrected: of 20 true statements at the edge one may be missed.",
    "A run that fails is reported and its replicate left out of the row in all arms.",
)
"""What holds in every row."""

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "met": "the whole interval lies where it is expected",
        "missed": "the whole interval lies outside",
        "not resolved": "the interval has a part in each, or the statistic is undefined",
    }
)

START_STATES: Mapping[str, str] = MappingProxyType(
    {
        "routine": "routine of a district in each area; one shift of log-odds over districts (shifted_to_mean)",
        "motivation": "mean engagement of the holders of a district; one shift of log-odds over them",
        "general": "geometric mean of culture, filled share and data systems; culture and data systems get one value",
        "specific": "logistic of mean skill over positions around the prerequisite of coaching, relative to "
        "baseline_people; skill of the holders of a district moved in each area by one shift of log-odds",
    }
)
"""States that a point can set."""

START_RULES: Mapping[str, str] = MappingProxyType(
    {
        "mean": "the mean over districts becomes the value",
        "times median": "in every district the value times the median over the settled districts of the replicate",
        "quantile": "in every district that quantile of the settled districts of the replicate",
    }
)

READINGS: Mapping[str, str] = MappingProxyType(
    {
        "routine": "mean over districts and areas of the routine itself, whether enacted or not",
        "share_in_use": "share of districts whose mean use over the areas in which they got hours in the run with "
        "assistance is above .5; in the paired run without it the same districts and areas",
        "closed_share": "(Y(arm) - Y(none)) / (1 - Y(none)) of mean skill over positions in the two focal areas: the share "
        "of the gap in skill that assistance closed",
        "cross_agency_share": "frequent ties (at least frequent_strength) of district staff to another agency other than "
        "the TA center, as a share of all their frequent ties not to the center",
        "frequent_ties": "frequent ties of district staff per holder, those to the center left out",
        "indegree_centralisation": "Freeman: sum over holders of (largest in-degree - own in-degree) / (n - 1)^2 of "
        "frequent ties inside a district, mean over districts with n >= 5 holders",
        "unit_ei_index": "E-I index by unit of frequent ties inside districts with two units or more",
        "priority_homophily": "mean over frequent ties inside districts of 1 - half the L1 distance of the two "
        "priorities, minus the same mean over all ordered pairs of holders of one district",
        "true_gap": "of a district: 1 - mean over areas of (skill + routine) / 2, what need-based targeting estimates",
        "self_rating": "of a district: likert(mean skill of those who are there), with likert_leniency and "
        "likert_noise_sd and a number of its own (purpose instrument:self_rating)",
        "rubric_need": "of a district: 1 - mean over areas of the latest (skill + routine) / 2 as read",
        "weakest_tenth": "mean use of the tenth of districts with the lowest use in that run and month",
        "lost_after_exit": "of districts with 5 positions and more, by area: share of cases in which use falls to half or "
        "less within 12 months of a month in which the leader left. A case is an area whose use was at least .05 at the "
        "end of that month; no other exit of a leader of that district in the 12 months before",
        "lost_otherwise": "the same from months in which no leader had left for 12 months and none leaves in the next 12",
        "delivered": "hours delivered on a link of the chain, over the months of assistance",
        "received": "hours received on it",
        "used": "hours used on it",
        "recipient_hours_total": "hours that staff spent on assistance, all agencies and months (ledger)",
        "ta_hours_total": "TA hours spent (ledger)",
    }
)
"""Quantities that are read from the world, the readings or the ledger and are no recorded measures."""

_MIX = {"coaching": 0.30, "training": 0.19, "routine_redesign": 0.35, "goal_setting": 0.11, "leadership_coaching": 0.05}
_CHAIN = {"performance_management": 0.35, "delivery_chain_review": 0.15, "routine_redesign": 0.30, "coaching": 0.20}
_BLENDED = {
    "coaching": 0.28,
    "training": 0.18,
    "routine_redesign": 0.33,
    "goal_setting": 0.10,
    "leadership_coaching": 0.05,
    "needs_assessment": 0.06,
}

COMPOSITIONS: Mapping[str, Recipe] = MappingProxyType(
    {
        row.name: row
        for row in (
            Recipe(
                name="individual_only",
                title="Individual-only",
                activities={"coaching": 0.6, "training": 0.4},
                focal_areas=2,
            ),
            Recipe(name="routine_only", title="Routine-only", activities={"routine_redesign": 1.0}, focal_areas=2),
            Recipe(
                name="ungated",
                title="As readiness-gated, without screening",
                focal_areas=2,
                activities={
                    "coaching": 0.29,
                    "training": 0.19,
                    "routine_redesign": 0.36,
                    "goal_setting": 0.11,
                    "leadership_coaching": 0.05,
                },
            ),
            Recipe(
                name="peer_network",
                title="Peers across agencies",
                focal_areas=2,
                activities={"peer_collaborative": 0.6, "working_group": 0.3, "joint_call": 0.1},
            ),
            Recipe(name="trainers", title="Trainers inside", activities={"train_the_trainer": 1.0}, focal_areas=2),
            Recipe(
                name="equal_allocation",
                title="As performance management, equal hours",
                activities=_CHAIN,
                recipients={"esa": 0.2, "lea": 0.8},
                focal_areas=2,
            ),
            Recipe(name="focus_1", title="One area", activities=_MIX, focal_areas=1),
            Recipe(name="focus_2", title="Two areas", activities=_MIX, focal_areas=2),
            Recipe(name="focus_3", title="Three areas", activities=_MIX, focal_areas=3),
            Recipe(name="focus_5", title="All five areas", activities=_MIX, focal_areas=5),
            Recipe(
                name="codesign_throughout",
                title="As co-designed, but to the end",
                activities=_BLENDED,
                targeting="need",
                codesign="both",
                focal_areas=2,
            ),
            Recipe(name="only_coaching", activities={"coaching": 1.0}, focal_areas=2),
            Recipe(name="only_peer_collaborative", activities={"peer_collaborative": 1.0}, focal_areas=2),
            Recipe(name="only_training", activities={"training": 1.0}, focal_areas=2),
            Recipe(name="only_webinar", activities={"webinar": 1.0}, focal_areas=2),
            Recipe(name="only_publication", activities={"publication": 1.0}, focal_areas=2),
        )
    }
)
"""Arms that are no named strategies."""

_PURE = {
    "routine_redesign_knowledge": 0.0,
    "coaching_engagement": 0.0,
    "provider_quality_sd": 0.0,
    "provider_scale": 0.0,
    "caseload_loss": 0.0,
}
_EXITS = ("lea_annual_exit", "superintendent_annual_exit", "superintendent_large_annual_exit")
_TURNOVER = {tau: dict.fromkeys(_EXITS, tau) for tau in (0.0, 0.16, 0.25, 0.40)}
_STAY = _TURNOVER[0.0]
_HELD = {
    **_STAY,
    "engagement_rate": 0.0,
    "culture_rate": 0.0,
    "data_systems_rate": 0.0,
    "coaching_engagement": 0.0,
    "provider_quality_sd": 0.0,
    "coaching_prerequisite": 0.5,
    "training_prerequisite": 0.5,
    "coaching_ceiling": 1.0,
    "training_ceiling": 1.0,
    "experience_rate": 0.0,
    "disuse_rate": 0.0,
    "onboarding_rate": 0.0,
    "socialization_rate": 0.0,
    "consultation_rate": 0.0,
}
_NO_STRAIN = {"coherence_gamma": 0.0, "culture_overload": 0.0, "engagement_overload": 0.0}
_FACTORS = ("motivation", "general", "specific")
_PREREQUISITES = (0.1, 0.3, 0.5)
_EXITS_BY_LUCK = {"exit_culture_slope": 0.0, "exit_engagement_slope": 0.0}
_TIERS = ("publication", "webinar", "training", "peer_collaborative", "coaching", "routine_redesign")


def _ceilings(shift: float) -> dict[str, float]:
    """Ceilings of what the tiers consist of, all of them moved, at most 1."""
    names = [f"{activity}_ceiling" for activity in _TIERS]
    return {name: min(1.0, round(PARAMETERS[name].default + shift, 4)) for name in names}


_ASSUMED = (
    ("routine_annual_retention", 0.40),
    ("routine_annual_retention", 0.99),
    ("potential_rho", -2.0),
    ("potential_rho", 0.5),
)

_STORAGE = PatternRow(
    number=1,
    name="storage_location",
    title="Storage location and turnover",
    question="If helping people and helping procedures have brought us equally far on the day the helpers leave, which "
    "gain lasts longer, and from what turnover on is it the procedures?",
    arms=("none", "individual_only", "routine_only"),
    points=(
        *(Point(name=f"turnover {tau:g}", parameters=_PURE | exits) for tau, exits in _TURNOVER.items()),
        *(
            Point(
                name=f"{name} {value:g}, turnover {tau:g}",
                parameters=_PURE | _TURNOVER[tau] | {name: value},
                replicates=12,
            )
            for name, value in _ASSUMED
            for tau in (0.16, 0.40)
        ),
    ),
    assistance=60,
    follow_up=240,
    read_at=(60, 300),
    monthly=True,
    replicates=60,
    matching=Matching(
        arms=("individual_only", "routine_only"),
        measure="potential",
        tolerance=0.05,
        stop_at=0.02,
        most_steps=8,
        how="At each point both arms run to month 60 with the hours of the row. The smaller of the two mean paired "
        "gains in potential is the target; the other arm's budget is multiplied by f, found by bisection on ln f "
        "over [1/64, 1] with all replicates of the point and the same luck, until its mean gain is within 2% of the "
        "target, at most 8 steps. Within 5% at the end the point is used, else it is marked and left out of every "
        "statistic. Quality of providers is the same for all hours here, so that scaling hours scales the dose "
        "alone. f and both gains are reported; intervals are conditional on f.",
    ),
    judged=(
        Expected(
            name="ratio of half-lives rises with turnover",
            formula="Half-life h(arm, r) = months after month 60 until the gain in potential, g(arm, t), of replicate "
            "r has fallen to half of g(arm, 60), linear between months; a survival time, censored at 240; undefined if "
            "g(arm, 60) < .002. M(arm, tau) = Kaplan-Meier median of h over replicates; not reached if the survival "
            "curve stays above .5. R(tau) = M(routine_only, tau) / M(individual_only, tau). Statistic: least-squares "
            "slope of ln R(tau) on tau over those of the levels 0, .16, .25, .40 at which both medians are reached; "
            "fewer than three such levels: not resolved.",
            measures=("potential",),
            sign="+",
            method="bootstrap",
            sources=("S1", "S17", "S106"),
            because="Capacity held in routines is said to outlast people (S1, S17), knowledge in routines to resist "
            "turnover (S106): then its advantage grows as turnover does. No level of the ratio is expected.",
        ),
    ),
    reported=(
        Reported(
            "ratio at each turnover",
            "R(tau); where one median is not reached, the bound with 240 "
            "months in its place, marked as a bound; with both not reached: none.",
            ("potential",),
            "bootstrap",
        ),
        Reported(
            "medians and survival",
            "M(arm, tau), the share censored, and the restricted mean of h to 240 months.",
            ("potential",),
            "bootstrap",
        ),
        Reported(
            "break-even turnover",
            "Zeros in tau of the line through ln R(tau) at the used levels: "
            "none, one or several. Interval from resamples with as many zeros, and the share of those; no zero "
            "outside [0, .40] is claimed.",
            ("potential",),
            "bootstrap",
        ),
        Reported(
            "own-channel half-lives",
            "The same half-life of the gain in individual "
            "(individual_only), and of the gains in routine and in organizational_skills (routine_only), beside "
            "ln 2 / -ln(1 - tau) years.",
            ("individual", "routine", "organizational_skills"),
            "bootstrap",
        ),
        Reported(
            "without goal and alignment factors",
            "R(tau) of the gain in use_unmultiplied.",
            ("use_unmultiplied",),
            "bootstrap",
        ),
        Reported(
            "under other assumptions",
            "R(.16), R(.40) and ln R(.40) - ln R(.16) with routines kept "
            ".40 or .99 a year and with potential_rho -2 or .5; where the sign flips.",
            ("potential",),
            "bootstrap",
        ),
        Reported("realised turnover", "12 times the mean monthly exits over months 1 to 60, by arm.", ("exits",), "t"),
    ),
    note="Turnover is that of all district staff and superintendents, while settling too, so starting worlds differ "
    "between levels. Hazards answer to culture and engagement, so that realised turnover is not exactly tau. The skill "
    "channel of routine redesign and the engagement channel of coaching are off. Under the new rules a routine is a stock "
    "that wears out and no longer a gap that closes, people forget by hours of practice, and what colleagues hand on to "
    "newcomers decides how long people's gain outlives people: all three move both half-lives. That routines raise the "
    "ceiling of skill lets part of one gain return as the other. Where nobody leaves, people's median may not be reached; "
    "then the slope rests on the other three levels.",
)

_BUFFER = PatternRow(
    number=2,
    name="structure_buffers",
    title="Structure buffers turnover",
    question="Does an agency with strong procedures lose less of what it can do when people leave?",
    arms=("none",),
    points=tuple(
        Point(
            name=f"routine {level:g}, turnover {tau:g}{', fixed ceiling' * fixed}",
            after_settling=_TURNOVER[tau],
            rules={"expertise": "fixed"} if fixed else {},
            start=(Start("routine", "mean", level),),
        )
        for fixed in (False, True)
        for level in (0.15, 0.60)
        for tau in (0.0, 0.25)
    ),
    hours=0.0,
    assistance=0,
    follow_up=36,
    read_at=(36,),
    replicates=40,
    judged=(
        Expected(
            name="share of potential kept",
            formula="[ln Y(.60, .25) - ln Y(.60, 0)] - [ln Y(.15, .25) - ln Y(.15, 0)] of potential at month 36; "
            "first number routine level, second turnover.",
            measures=("potential",),
            sign="+",
            method="t",
            sources=("S1", "S106"),
            because="Routines keep what leavers knew and raise newcomers. In logarithms, because the two levels "
            "start from different potential; people and routines complement each other, so it can fail.",
        ),
        Expected(
            name="skill kept",
            formula="[Y(.60, .25) - Y(.60, 0)] - [Y(.15, .25) - Y(.15, 0)] of individual at month 36.",
            measures=("individual",),
            sign="+",
            method="t",
            sources=("S1", "S111", "S114"),
            because="Newcomers learn from the routines they find: mutual learning (S111), onboarding (S114).",
        ),
    ),
    reported=(
        Reported("potential in points", "The first interaction without logarithms.", ("potential",), "t"),
        Reported(
            "with a fixed ceiling of skill",
            "Both judged statistics where routines do not raise the ceiling of skill.",
            ("potential", "individual"),
            "t",
        ),
    ),
    note="No assistance: the level is set by hand after settling at default turnover, because a dose would land "
    "differently at each. Turnover changes when the level does. Under the new rules enacted routines raise the ceiling of "
    "skill, so that the second statistic is partly put in: where the ceiling is fixed it shows what newcomers learn from "
    "the routines they find. Fewer people enact a routine under turnover, so that strong ones also lose more.",
)

_LAG = PatternRow(
    number=3,
    name="lag",
    title="Lag of use behind capacity",
    question="After a year of help capacity is visibly better: should practice be, too?",
    arms=("none", "blended", "individual_focused", "organization_focused"),
    assistance=24,
    follow_up=0,
    read_at=(12, 24),
    replicates=60,
    judged=(
        Expected(
            name="potential opens in year one",
            formula="Mean g(blended, 12) of potential.",
            measures=("potential",),
            sign="+",
            method="t",
            sources=("S43",),
            because="Ratings of performance stood apart from control's after one year of support.",
        ),
        Expected(
            name="use follows late",
            formula="Mean g(blended, 12) / mean g(blended, 24), both of use; undefined if "
            "the lower end of the 97.5% interval of the denominator is not above 0.",
            measures=("use",),
            sign="band",
            low=0.0,
            high=0.5,
            method="bootstrap",
            sources=("S43", "S44"),
            because="Little difference in fidelity after one year of support, clearly more after two (S43, S44).",
        ),
    ),
    reported=(
        Reported(
            "the other strategies",
            "Both for individual_focused and organization_focused.",
            ("potential", "use"),
            "bootstrap",
        ),
    ),
    note="Nearly a restatement: a gap in potential that grows evenly and a lag of 12 months give .32. By ceilings of "
    "activities a repeat teaches less and less, so that the gap grows fastest at first and the ratio is larger.",
)

_FADE = PatternRow(
    number=4,
    name="fade",
    title="Fade and continuation",
    question="Two years after the helpers left, how much has faded, and is anybody still at it who otherwise would not "
    "be?",
    arms=("none", "blended", "individual_focused", "organization_focused"),
    assistance=60,
    follow_up=24,
    read_at=(60, 84),
    replicates=60,
    judged=(
        Expected(
            name="the gap in use closes",
            formula="Mean of g(blended, 84) - g(blended, 60) of use.",
            measures=("use",),
            sign="-",
            method="t",
            sources=("S51", "S10"),
            because="Low sustained use within a year after consultation ended (S51); sustainability is threatened "
            "when resources and leaders go (S10).",
        ),
        Expected(
            name="more still above one half",
            formula="Mean of share_in_use(blended, 84) - share_in_use(none, 84).",
            measures=("share_in_use",),
            sign="+",
            method="t",
            sources=("S45", "S47"),
            because="Two years after support ended supported sites were more likely to go on (S45), in communities "
            "too (S47).",
        ),
    ),
    reported=(
        Reported(
            "the other strategies",
            "Both for individual_focused and organization_focused, and share_in_use itself.",
            ("use", "share_in_use"),
            "t",
        ),
    ),
    note="With a lag of 12 months use can go on rising for a while after the end. If nobody is above .5 in either run, "
    "the second statistic is 0 and not resolved. Under the old rules agencies without help wrote down what their staff "
    "knew and caught up, so that the gap closed by construction; now it closes only as far as routines wear out, people "
    "leave and forget, and practices end. The first can well be missed.",
)

_READINESS = PatternRow(
    number=5,
    name="readiness_product",
    title="Readiness is a product",
    question="Can strong motivation make up for an agency that lacks the basics, or the other way round?",
    arms=("none", "individual_only", "readiness_gated", "ungated"),
    points=(
        Point(
            name="median",
            after_settling=_HELD,
            start=tuple(Start(f, "times median", 1.0) for f in _FACTORS),
            arms=("none", "individual_only"),
            assistance=12,
            follow_up=0,
        ),
        *(
            Point(
                name=f"low {low}",
                after_settling=_HELD,
                arms=("none", "individual_only"),
                assistance=12,
                follow_up=0,
                start=tuple(Start(f, "times median", 0.1) if f == low else Start(f, "quantile", 0.9) for f in _FACTORS),
            )
            for low in _FACTORS
        ),
        Point(name="screening", arms=("none", "readiness_gated", "ungated")),
    ),
    assistance=60,
    follow_up=24,
    read_at=(12, 84),
    replicates=40,
    judged=tuple(
        Expected(
            name=f"low {low}",
            formula=f"Mean closed_share at point 'low {low}' / mean closed_share at point 'median', month 12.",
            measures=("closed_share",),
            sign="band",
            low=0.0,
            high=0.25,
            method="bootstrap",
            sources=("S31",),
            because="R = MC2: any component near zero is not ready; a quarter as the model was planned.",
        )
        for low in _FACTORS
    ),
    reported=(
        Reported(
            "gain of screening",
            "1,000 g(arm, 84) of use / ta_hours_total: readiness_gated minus ungated.",
            ("use", "ta_hours_total"),
            "t",
        ),
    ),
    note="The product is the formula of receptivity; what can fail is that high factors, which multiply, make up for "
    "the low one. Exits, learning other than by assistance, and the drift of engagement, culture and data systems are "
    "off for the 12 months, so that factors stay as set but for what assistance adds and for posts that were vacant. "
    "Prerequisites are raised to .5, because at their defaults no skill is low enough for a tenth; against their fixed "
    "reference all points are then less ready by the same factor. Ceilings of coaching and training are 1, so that closed "
    "shares are of the same gap for all: with ceilings of their own those who know little would gain more for another "
    "reason.",
)

_NETWORK = PatternRow(
    number=6,
    name="network_shape",
    title="Shape of advice networks",
    question="Who turns to whom after each kind of help: across agencies, or to a few in-house trainers? Does it last?",
    arms=("none", "individual_focused", "peer_network", "trainers", "clearinghouse"),
    assistance=60,
    follow_up=24,
    read_at=(60, 84),
    replicates=40,
    judged=(
        Expected(
            name="peers open agencies",
            formula="Mean of cross_agency_share(peer_network, 60) - cross_agency_share(none, 60).",
            measures=("cross_agency_share",),
            sign="+",
            method="t",
            sources=("S6", "S9", "S50"),
            because="Collaboratives and working groups are there for it.",
        ),
        Expected(
            name="and the opening fades",
            formula="Mean of [cross_agency_share(peer_network, 84) - cross_agency_share(none, 84)] - [the same at 60].",
            measures=("cross_agency_share",),
            sign="-",
            method="t",
            sources=("S69",),
            because="Ties of leaders turn over from year to year (S69), those nobody uses first.",
        ),
        Expected(
            name="trainers centralise",
            formula="Mean of indegree_centralisation(trainers, 60) - indegree_centralisation(none, 60).",
            measures=("indegree_centralisation",),
            sign="+",
            method="t",
            sources=("S14", "S94"),
            because="Colleagues turn to who was trained (S14); expertise raises centrality (S94).",
        ),
    ),
    reported=(
        Reported(
            "all shapes of all strategies",
            "Each reading minus that of none at 60 and 84.",
            (
                "cross_agency_share",
                "frequent_ties",
                "indegree_centralisation",
                "unit_ei_index",
                "priority_homophily",
            ),
            "t",
        ),
    ),
    note="That these activities make ties at all is an input; how many are frequent, and how long, is not.",
)

_WEAKEST = PatternRow(
    number=7,
    name="weakest_link",
    title="Aiming at the weakest link",
    question="With the same hours, is more in use if they follow stocktakes to the weakest districts than if every "
    "position gets the same?",
    arms=("none", "performance_management", "equal_allocation"),
    where=Where(regions=10),
    assistance=60,
    follow_up=24,
    read_at=(60, 84),
    replicates=80,
    judged=(
        Expected(
            name="mean use",
            formula="Mean of Y(performance_management, 84) - Y(equal_allocation, 84) of use.",
            measures=("use",),
            sign="+",
            method="t",
            sources=("S27", "S29"),
            because="What performance management claims: review the chain, put effort at its weak links.",
        ),
        Expected(
            name="the weakest tenth",
            formula="Mean of weakest_tenth(performance_management, 84) - weakest_tenth(equal_allocation, 84).",
            measures=("weakest_tenth",),
            sign="+",
            method="t",
            sources=("S29", "S40"),
            because="Those who get more hours gain, at least.",
        ),
    ),
    reported=(
        Reported("at the end of assistance", "Both at 60.", ("use", "weakest_tenth"), "t"),
        Reported(
            "hours",
            "Spent TA hours and recipients' hours of the two arms.",
            ("ta_hours_total", "recipient_hours_total"),
            "t",
        ),
    ),
    note="The weakest are also the least ready, and the last hours in one place do less: the first can well be missed. "
    "Hours go by position under both arms now; before, each district got the same, and small ones many times more for "
    "each of their people.",
)

_FOCUS = PatternRow(
    number=8,
    name="focus",
    title="Focus",
    question="With the same hours, is more gained in all by working on few areas at once?",
    arms=("none", "focus_1", "focus_2", "focus_3", "focus_5"),
    points=(
        Point(name="defaults"),
        Point(name="no strain", after_settling=_NO_STRAIN),
        Point(name="load by areas", rules={"load": "areas"}),
        Point(name="load with setup", rules={"load": "setup"}),
    ),
    assistance=60,
    follow_up=24,
    read_at=(84,),
    replicates=40,
    judged=(
        Expected(
            name="total gain falls with areas",
            formula="G(n) = 5 g(focus_n, 84) of use: the sum of gains over the "
            "five areas. Per replicate, least-squares slope of G(n) on n = 1, 2, 3, 5 at point 'defaults'; mean over "
            "replicates.",
            measures=("use",),
            sign="-",
            method="t",
            sources=("S1", "S65b"),
            because="Clear focal areas made support coherent (S1); many initiatives at once tire (S65b).",
        ),
    ),
    reported=(
        Reported("best number of areas", "G(n) for each n, and the n with the largest mean.", ("use",), "t"),
        Reported(
            "without strain",
            "Slope and G(n) at point 'no strain', and the difference of slopes: "
            "how much is the declared cost of many areas.",
            ("use",),
            "t",
        ),
        Reported(
            "by rule of load",
            "Slope and G(n) where each area counts as one initiative, and where the first hours in an area achieve "
            "little; the difference of each slope from that at point 'defaults'.",
            ("use",),
            "t",
        ),
    ),
    note="Under the old rule each area counted as a whole initiative, and the sign was put in. By hours the same help "
    "takes about the same room however many areas it is spread over: diminishing returns, which favour spreading, stand "
    "against what sources say. So it can well be missed, and by which rule of load it is met is the finding.",
)

_PERCEIVED = PatternRow(
    number=9,
    name="perceived_need",
    title="Perceived and real need",
    question="Do agencies that say they need or want help need it most?",
    arms=("needs_based",),
    assistance=24,
    follow_up=0,
    read_at=(12,),
    replicates=40,
    judged=(
        Expected(
            name="interest",
            formula="Mean of the correlation over districts (Pearson, unweighted) of interest, as "
            "surveyed at the beginning of month 13, with true_gap at the end of month 12.",
            measures=("interest", "true_gap"),
            sign="band",
            low=-0.43,
            high=0.43,
            method="t",
            sources=("S42",),
            because="Self-perceived need was not linked to rated functioning in 21 sites (S42), "
            "which would have shown a correlation beyond .43 (two-sided 5%).",
        ),
        Expected(
            name="self-rated need",
            formula="Mean of the correlation over districts of 5 - self_rating with true_gap, "
            "both at the end of month 12.",
            measures=("self_rating", "true_gap"),
            sign="band",
            low=-0.43,
            high=0.43,
            method="t",
            sources=("S42",),
            because="As above.",
        ),
        Expected(
            name="a rubric knows better",
            formula="Mean of corr(rubric_need, true_gap) - corr(5 - self_rating, "
            "true_gap) over districts read by the end of month 12.",
            measures=("rubric_need", "self_rating", "true_gap"),
            sign="+",
            method="t",
            sources=("S42", "S119"),
            because="Why need is assessed by a team with a rubric (S119), not asked for.",
        ),
    ),
    note="In the model a self-rating errs by leniency and noise, not by what people fail to see: the second can well "
    "be missed, and then says what the instrument lacks. Agencies now differ lastingly by area, as instruments find, so "
    "that there is more need to see for both.",
)

_TIERED = PatternRow(
    number=10,
    name="tiered_ceilings",
    title="Tiers",
    question="With the same hours, is more in use with materials for all, groups for volunteers and intensive work where "
    "need is greatest than with materials for all alone?",
    arms=("none", "tiered", "universal_only"),
    points=(
        Point(name="defaults"),
        Point(name="one ceiling", rules={"teaching": "one_ceiling"}),
        Point(name="ceilings .15 lower", after_settling=_ceilings(-0.15)),
        Point(name="ceilings .15 higher", after_settling=_ceilings(0.15)),
    ),
    assistance=60,
    follow_up=24,
    read_at=(60, 84),
    replicates=20,
    judged=(
        Expected(
            name="tiered above universal",
            formula="Mean of Y(tiered, 84) - Y(universal_only, 84) of use at point 'defaults'.",
            measures=("use",),
            sign="+",
            method="t",
            sources=("S5", "S13", "S54"),
            because="Centers give most hours to tailored and intensive work (S5); states found people more useful than "
            "materials (S13); practice changes with coaching, hardly with presentations (S54).",
        ),
    ),
    reported=(
        Reported(
            "with ceilings off and moved",
            "The same difference at every point, at 60 and 84, the gains of both arms, and how much the difference "
            "changes from point 'defaults'.",
            ("use",),
            "t",
        ),
    ),
    note="Ceilings by activity put part of this in: that of a publication lies near what people know anyway. If the "
    "difference is above 0 only with ceilings on, it is they that say so; their order has sources, their heights are "
    "assumed.",
)

_SPREAD = PatternRow(
    number=11,
    name="routines_spread",
    title="Routines travel along ties",
    question="When help ties agencies to each other, do they bring home routines that others have?",
    arms=("none", "peer_network"),
    points=(Point(name="defaults"), Point(name="no spread", rules={"spread": "none"})),
    assistance=60,
    follow_up=24,
    read_at=(60, 84),
    replicates=40,
    judged=(
        Expected(
            name="brokered ties carry routines",
            formula="Mean of D(defaults) - D(no spread), D(point) = g(peer_network, 84) of routine at the point.",
            measures=("routine",),
            sign="+",
            method="t",
            sources=("S6", "S9", "S110"),
            because="What collaboratives across agencies are for (S6, S9); knowledge moves along ties of ownership and "
            "acquaintance, hardly without (S110).",
        ),
    ),
    reported=(
        Reported(
            "size, and what it does to use",
            "D of routine and of use at both points and months; the level of routine without help at both points.",
            ("routine", "use"),
            "t",
        ),
    ),
    note="That ties carry routines is a rule. That help which makes ties thereby adds routines is none: the ties must last, "
    "be used by leaders and liaisons, and lead to agencies with more. Where all learn from each other without help "
    "already, there may be little left to bring, and the difference may be below 0.",
)

_MODES = ("coaching", "peer_collaborative", "training", "webinar", "publication")

_MODE_ORDER = PatternRow(
    number=1,
    name="mode_order",
    title="Order of modes",
    construction=True,
    question="Does an hour of staff time in coaching do more for skill than one in a collaborative, a training, a "
    "webinar or with a publication?",
    arms=("none", *(f"only_{mode}" for mode in _MODES)),
    hours=4_000.0,
    assistance=12,
    follow_up=0,
    read_at=(12,),
    replicates=40,
    judged=(
        *(
            Expected(
                name=f"{first} above {second}",
                formula=f"e(only_{first}) - e(only_{second}), e(arm) = mean g(arm, 12) of "
                "individual / mean recipient_hours_total.",
                measures=("individual", "recipient_hours_total"),
                sign="+",
                method="bootstrap",
                sources=("S54", "S60", "S61"),
                because="Order of modes in transfer to practice, as the model was planned.",
            )
            for first, second in pairwise(_MODES)
        ),
        Expected(
            name="coaching to training",
            formula="e(only_coaching) / e(only_training).",
            measures=("individual", "recipient_hours_total"),
            sign="band",
            low=1.5,
            high=3.0,
            method="bootstrap",
            sources=("S56", "S60"),
            because="Coaching about twice central training (S60).",
        ),
    ),
    reported=(
        Reported(
            "per TA hour",
            "Mean g(arm, 12) of individual / mean ta_hours_total.",
            ("individual", "ta_hours_total"),
            "bootstrap",
        ),
    ),
    note="Few hours, so that returns hardly diminish. By knowledge x transfer / hours alone coaching has 1.25 times "
    "training and a collaborative 1.23 times; with the room that is left from a skill of .46 to their ceilings (.90, .70, "
    ".75) the order is the declared one, with coaching 2.3 times training. A publication's ceiling is .45: it "
    "teaches only those below. The size of the program counts for all modes alike.",
)

_ATTENUATION = PatternRow(
    number=2,
    name="attenuation",
    title="Attenuation down the chain",
    construction=True,
    question="How much of what leaves the center arrives, and how much of that is used, at each step?",
    arms=("network_teams",),
    where=Where(regions=10),
    assistance=60,
    follow_up=0,
    read_at=(60,),
    replicates=20,
    judged=tuple(
        Expected(
            name=f"{after} below {before}, {link}",
            formula=f"Mean of ln({after} / {before}) on the link {link}.",
            measures=(before, after),
            sign="-",
            method="t",
            sources=("S9", "S14"),
            because="Delivered, received and utilized as separate quantities (S9).",
        )
        for link in ("center to regional agency", "regional agency to district")
        for before, after in (("delivered", "received"), ("received", "used"))
    ),
)

_CLARITY = PatternRow(
    number=3,
    name="codesign_clarity",
    title="Co-design after planning",
    construction=True,
    question="What does it cost to go on designing together while the work is under way?",
    arms=("blended", "co_designed", "codesign_throughout"),
    points=tuple(
        Point(name=f"clarity loss {zeta:g}", after_settling={"codesign_clarity_loss": zeta})
        for zeta in (0.0, 0.15, 0.40)
    ),
    assistance=60,
    follow_up=24,
    read_at=(84,),
    replicates=40,
    judged=tuple(
        Expected(
            name=f"clarity loss {more:g} against {less:g}",
            formula=f"Mean of D({more:g}) - D({less:g}), D(zeta) = "
            "Y(codesign_throughout, 84) - Y(co_designed, 84) of use at clarity loss zeta.",
            measures=("use",),
            sign="-",
            method="t",
            sources=("S1",),
            because="Co-design beyond planning left recipients with limited clarity (S1).",
        )
        for less, more in ((0.0, 0.15), (0.15, 0.40))
    ),
    reported=(
        Reported("co-design at no loss of clarity", "D(0), and Y(co_designed, 84) - Y(blended, 84).", ("use",), "t"),
    ),
)

_RATINGS = PatternRow(
    number=4,
    name="client_and_expert",
    title="Clients and experts rate",
    construction=True,
    question="How much kinder are those who were helped than an outside expert?",
    arms=("blended",),
    assistance=60,
    follow_up=0,
    read_at=(1, 60),
    monthly=True,
    replicates=20,
    judged=(
        Expected(
            name="client minus expert",
            formula="Mean over months 1 to 60 of client_rating - expert_rating; mean over replicates.",
            measures=("client_rating", "expert_rating"),
            sign="band",
            low=0.4,
            high=0.8,
            method="t",
            sources=("S19",),
            because="Clients about .6 of 5 points above panels of experts, in each year.",
        ),
    ),
)

_LEADER_EXIT = PatternRow(
    number=5,
    name="leader_exit",
    title="A leader leaves",
    construction=True,
    question="How much more often is half of a practice lost within a year if the leader leaves, with weak routines and "
    "with strong ones?",
    arms=("none",),
    points=tuple(
        Point(name=name, after_settling=_EXITS_BY_LUCK, start=(Start("routine", "mean", level),))
        for name, level in (("weak routines", 0.15), ("strong routines", 0.60))
    ),
    hours=0.0,
    assistance=0,
    follow_up=24,
    read_at=(24,),
    replicates=40,
    judged=tuple(
        Expected(
            name=f"hazard ratio, {kind} routines",
            formula="Mean of lost_after_exit / mean of lost_otherwise at point "
            f"'{kind} routines'; undefined if either is 0.",
            measures=("lost_after_exit", "lost_otherwise"),
            sign="band",
            low=low,
            high=high,
            method="bootstrap",
            sources=sources,
            because=because,
        )
        for kind, low, high, sources, because in (
            ("weak", 1.3, 3.0, ("S68", "S80", "S126"), "Published ratios lie between 1.3 and 3."),
            (
                "strong",
                0.7,
                1.5,
                ("S128", "S129"),
                "Where routines are strong a leader's exit makes little difference.",
            ),
        )
    ),
    reported=(
        Reported(
            "shares",
            "lost_after_exit and lost_otherwise at both points.",
            ("lost_after_exit", "lost_otherwise"),
            "t",
        ),
    ),
    note="The ratio is a parameter (leader_hazard_ratio 2, gone at enacted routines of .5): it checks that it arrives, with "
    "what a vacant post does beside it. Leaders leave one at a time by the usual chance, not answering to culture and "
    "engagement, so that who is left is luck. Under the old rule a leader's exit was the only way for a practice to end, "
    "and the ratio was 26 to 45.",
)

_MONOTONE = PatternRow(
    number=6,
    name="readiness_monotone",
    title="Harder prerequisites never help",
    construction=True,
    question="Does the same help achieve less where it asks for more to begin with?",
    arms=("none", "individual_only"),
    points=tuple(
        Point(
            name=f"prerequisite {level:g}",
            after_settling={"coaching_prerequisite": level, "training_prerequisite": level},
        )
        for level in _PREREQUISITES
    ),
    assistance=12,
    follow_up=0,
    read_at=(12,),
    replicates=40,
    judged=tuple(
        Expected(
            name=f"prerequisite {easy:g} above {hard:g}",
            formula=f"Mean of g(individual_only, 12) of individual at prerequisite {easy:g} minus the same at {hard:g}.",
            measures=("individual",),
            sign="+",
            method="t",
            sources=("S31",),
            because="Specific capacity is part of readiness: who lacks what help builds on gains less.",
        )
        for easy, hard in pairwise(_PREREQUISITES)
    ),
    note="Before, specific capacity counted relative to the same prerequisite, so that a harder one could help.",
)

PATTERNS: tuple[PatternRow, ...] = (
    _STORAGE,
    _BUFFER,
    _LAG,
    _FADE,
    _READINESS,
    _NETWORK,
    _WEAKEST,
    _FOCUS,
    _PERCEIVED,
    _TIERED,
    _SPREAD,
    _MODE_ORDER,
    _ATTENUATION,
    _CLARITY,
    _RATINGS,
    _LEADER_EXIT,
    _MONOTONE,
)
"""The eleven patterns under assistance, then the checks of construction."""
