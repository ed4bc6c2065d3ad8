"""What was declared before anything was run: trials, what they found, and the one parameter that each target solves.

One to one: a target either solves the parameter it names, to the middle of its band, or marks the upper end of one, or
is held out and only reported. No parameter stands twice. Everything that is not in the table stays at its stated
default and is drawn, not fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["solved", "upper end", "held out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One published result.

    Attributes
    ----------
    name : str
        Statistic of the runner of its trial.
    says : str
        What is measured, and with which instrument.
    published : str
        What was found, in words.
    low, high : float
        Interval in which a simulated mean agrees with it.
    interval : str
        Where the interval comes from.
    role : {"solved", "upper end", "held out"}
    parameter : str
        The one that it solves or bounds; "" where it is held out.
    """

    name: str
    says: str
    published: str
    low: float
    high: float
    interval: str
    role: Role = "held out"
    parameter: str = ""

    @property
    def middle(self) -> float:
        """What a solved parameter is solved to."""
        return (self.low + self.high) / 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one was run, and its targets.

    Attributes
    ----------
    name : str
        Also that of its runner (validation/anchors/designs.py).
    title, sources : str
    sites : int
        Of both arms, one half helped; where there is no arm without help, all of them.
    positions : tuple of int
        Of the sites, in turn.
    hours : mapping of activity to float
        TA hours in one area for a site and year.
    months, after : int
        Of help, and of watching after it.
    dose : str
        Where the hours come from.
    targets : tuple of Target
    """

    name: str
    title: str
    sources: str
    sites: int
    positions: tuple[int, ...]
    hours: dict[str, float]
    months: int
    after: int
    dose: str
    targets: tuple[Target, ...]


_SMALL = (3, 4, 5, 6, 8)
"""Positions of clubs, programs and small offices; assumed."""
_GTO = {"routine_redesign": 50.0, "training": 25.0, "coaching": 25.0}
_GTO_DOSE = (
    "100 TA hours a site and year, half of them on routines: assumed; two full-time staff for 30 programs in a trial of "
    "the same method (S117) are about that"
)


def not_significant(sites: int) -> tuple[float, float]:
    """Effects, in standard deviations over sites, of which a trial of so many in two arms says: no difference."""
    edge = 1.96 * (4.0 / sites) ** 0.5
    return -edge, edge


def significant(sites: int) -> tuple[float, float]:
    """Effects, in standard deviations over sites, that such a trial can tell from none, up to the largest found."""
    return 1.96 * (4.0 / sites) ** 0.5, 3.5


def _difference(name: str, says: str, published: str, sites: int, *, none: bool) -> Target:
    low, high = not_significant(sites) if none else significant(sites)
    kind = "not significant" if none else "significant, and at most 3.5"
    return Target(
        name=name,
        says=says,
        published=published,
        low=low,
        high=high,
        interval=f"{kind}: 1.96 standard errors of a difference in standard deviations over {sites} sites",
    )


TRIALS: tuple[Trial, ...] = (
    Trial(
        name="coaching",
        title="Coaching of 100 people for a year",
        sources="S56, S57, S58",
        sites=20,
        positions=(5,),
        hours={"coaching": 100.0},
        months=12,
        after=0,
        dose="20 hours of each person a year, one to one; 2,000 hours a year are the program of the median trial",
        targets=(
            Target(
                name="skill",
                says="skill of staff in the helped area at the end of the year, standard deviations of persons pooled "
                "over controls",
                published="+.49 SD of instruction over 60 studies; trials of 100 teachers and more about half as much",
                low=0.25,
                high=0.35,
                interval="half to two thirds of .49: observed practice of agency staff instead of teachers",
                role="solved",
                parameter="coaching_knowledge",
            ),
        ),
    ),
    Trial(
        name="training",
        title="Training of the same 100 people, for the same hours",
        sources="S60",
        sites=20,
        positions=(5,),
        hours={"training": 20.0},
        months=12,
        after=0,
        dose="20 hours of each person a year in seats of 6 hours, 1.2 TA hours a seat",
        targets=(
            Target(
                name="skill",
                says="as for coaching",
                published="coaching .24, central training .12 SD after two years, the same materials",
                low=0.125,
                high=0.175,
                interval="half the band of coaching",
                role="solved",
                parameter="training_knowledge",
            ),
        ),
    ),
    Trial(
        name="forgetting",
        title="What is lost in the three years after help",
        sources="S107",
        sites=20,
        positions=(5,),
        hours={"coaching": 100.0},
        months=12,
        after=36,
        dose="as coaching",
        targets=(
            Target(
                name="exits to disuse",
                says="loss of the gain in skill three years after help with exits alone, over the loss with disuse "
                "alone, each against neither",
                published="turnover takes about twice as much of an organization's experience as skill decay",
                low=1.2,
                high=3.5,
                interval="as reported (S107)",
                role="solved",
                parameter="practice_hours",
            ),
        ),
    ),
    Trial(
        name="gto",
        title="Getting To Outcomes in clubs for two years",
        sources="S43",
        sites=32,
        positions=_SMALL,
        hours=_GTO,
        months=24,
        after=0,
        dose=_GTO_DOSE,
        targets=(
            Target(
                name="routine after 2 years",
                says="difference in routine, as a share of its scale",
                published="performance rating 1.7 (controls) and 3.2, on a scale of 1 to 5 as recalled",
                low=0.25,
                high=0.50,
                interval="(3.2 - 1.7) / 4, plus and minus a third; rated in interviews by those who knew the arm",
                role="upper end",
                parameter="routine_redesign_routine",
            ),
        ),
    ),
    Trial(
        name="prep",
        title="Getting To Outcomes with a pregnancy prevention program, two years of help",
        sources="S44, S45",
        sites=29,
        positions=_SMALL,
        hours=_GTO,
        months=24,
        after=24,
        dose=_GTO_DOSE,
        targets=(
            _difference(
                "use after 1 year",
                "use in the helped area by a stocktake, standard deviations over sites",
                "after one year fidelity was similar (S44)",
                29,
                none=True,
            ),
            _difference(
                "use after 2 years",
                "the same after two years",
                "after two years fidelity was better (S44, as recalled)",
                29,
                none=False,
            ),
            _difference(
                "use 1 year later",
                "the same one year after the end of help",
                "one year after help no difference in fidelity (S45)",
                29,
                none=True,
            ),
            Target(
                name="still running 2 years later",
                says="difference in the share of sites whose use is at least what controls, who all ran the program, "
                "had on average when help ended",
                published="two years after help, helped sites significantly more often ran the program (S45)",
                low=0.36,
                high=1.0,
                interval="significant: 1.96 standard errors of a difference of shares over 29 sites",
            ),
        ),
    ),
    Trial(
        name="ctc",
        title="Communities That Care, five years of help",
        sources="S47",
        sites=24,
        positions=(8, 12, 15),
        hours={"training": 60.0, "coaching": 60.0, "routine_redesign": 60.0},
        months=60,
        after=24,
        dose="180 TA hours a community and year: assumed; hours are not given",
        targets=(
            _difference(
                "use at the end",
                "use in the helped area by a stocktake, standard deviations over sites",
                "more tested programs adopted while help lasted",
                24,
                none=False,
            ),
            _difference(
                "use 2 years later",
                "the same two years after help",
                "and more sustained two years after resources ended",
                24,
                none=False,
            ),
        ),
    ),
    Trial(
        name="cdt",
        title="Teams of counties against counties alone, the same support",
        sources="S50",
        sites=51,
        positions=_SMALL,
        hours={"training": 40.0},
        months=36,
        after=0,
        dose="both arms 40 hours of training a county and year, teams 60 hours of peer learning on top of it and those "
        "alone 60 hours of consultation: assumed",
        targets=(
            _difference(
                "use",
                "teams minus alone: use in the helped area by a stocktake, standard deviations over sites",
                "no difference in the composite of steps",
                51,
                none=True,
            ),
            Target(
                name="started",
                says="teams minus alone: share of sites whose use rose by a tenth of its scale",
                published="no difference in the share that started",
                low=-0.27,
                high=0.27,
                interval="not significant: 1.96 standard errors of a difference of shares over 51 sites",
            ),
            Target(
                name="use among starters",
                says="teams over alone: rise of use among sites that started",
                published="among starters more than twice the youth served, implementation more complete",
                low=1.5,
                high=3.0,
                interval="two, plus and minus a half, rounded; youth served are not use",
            ),
        ),
    ),
    Trial(
        name="afterschool",
        title="A year of consultation in after-school programs, and a year without",
        sources="S51",
        sites=20,
        positions=_SMALL,
        hours={"coaching": 60.0, "training": 20.0},
        months=12,
        after=12,
        dose="a consultation every fortnight: assumed",
        targets=(
            Target(
                name="gain left a year later",
                says="share of the largest gain in use, by a stocktake, that is left twelve months after help",
                published="useful in the eyes of staff, but little sustained use within a year",
                low=0.0,
                high=0.5,
                interval="low use, read as less than half",
            ),
        ),
    ),
    Trial(
        name="schools",
        title="Health programs in schools after their funds ended",
        sources="S130 (with Kalafat and Ryerson 1999)",
        sites=40,
        positions=(4, 6, 8),
        hours={"training": 30.0, "coaching": 30.0, "routine_redesign": 30.0},
        months=36,
        after=60,
        dose="three years of 90 TA hours a school: assumed; programs differ",
        targets=(
            Target(
                name="nothing lost",
                says="share of sites whose gain in use, five years after help, is all there",
                published="none of 18 interventions was sustained in its entirety",
                low=0.0,
                high=0.19,
                interval="95% of 0 in 18 (Clopper and Pearson)",
            ),
            Target(
                name="something left",
                says="share of sites with more use than without help",
                published="all but one of 18 in part; 96% of schools went on with student training at lower dosage",
                low=0.73,
                high=1.0,
                interval="95% of 17 in 18",
            ),
            Target(
                name="routine kept",
                says="share of sites that keep at least half of their gain in routine",
                published="67% kept written policies and procedures",
                low=0.48,
                high=0.82,
                interval="95% of 67% over 33 schools, the number as recalled",
            ),
        ),
    ),
    Trial(
        name="groups of three",
        title="Structure against turnover in groups of three",
        sources="S132, S109",
        sites=80,
        positions=(3,),
        hours={},
        months=5,
        after=0,
        dose="no help; five trials as five months, structure as routines of twice or half the baseline, turnover as one "
        "of three who leaves in each of them",
        targets=(
            Target(
                name="interaction",
                says="loss of potential by turnover, as a share: with weak routines minus with strong ones",
                published="turnover hurt groups without structure more; the interaction was significant",
                low=0.02,
                high=1.0,
                interval="positive; a fiftieth taken as the least that 80 groups can show",
            ),
            Target(
                name="without turnover",
                says="potential without turnover: weak routines over strong ones",
                published="little difference without turnover",
                low=0.85,
                high=1.05,
                interval="little, read as at most 15%",
            ),
        ),
    ),
)
"""Every trial in the order of the documentation."""

BEFORE = {"forgetting": 0, "coaching": 1, "training": 2}
"""Order in which solved parameters are found: each with those before it at their solved values."""
