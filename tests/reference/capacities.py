"""What an agency can do: capacities that nobody stores, because they emerge from people, ties and routines.

None stands for undefined: agreement needs two people, alignment of units two units, the other a parent.
"""

from __future__ import annotations

import math

from capsim.parameters import Values

from .agencies import Organization
from .people import Person
from .rules import form

__all__ = ["filled_share", "measures", "potential", "shared_goals"]


def mean(numbers: list[float]) -> float:
    """Arithmetic mean."""
    return sum(numbers) / len(numbers)


def filled_share(organization: Organization) -> float:
    """Share of positions that have a holder."""
    return len(organization.holders) / organization.size


def mean_skill(organization: Organization) -> list[float]:
    """Mean skill over positions, by area; a vacancy counts as zero."""
    areas = range(len(organization.routine))
    return [sum(person.skill[area] for person in organization.holders) / organization.size for area in areas]


def people_at_work(values: Values, organization: Organization) -> list[float]:
    """Skill that counts in potential, by area: of all positions alike, or of those whose work the area is."""
    areas = range(len(organization.routine))
    if form(values, "participation") == "alike":
        return [sum(current_skill(one, area) for one in organization.holders) / organization.size for area in areas]
    return [filled_share(organization) * mean_at_work(organization.holders, area) for area in areas]


def current_skill(person: Person, area: int) -> float:
    """What is not outdated of what a person can do."""
    return person.skill[area] * (1 - person.outdated[area])


def mean_at_work(people: list[Person], area: int) -> float:
    """Mean current skill weighted by attention; 0 if nobody attends."""
    attending = sum(person.attention[area] for person in people)
    return sum(one.attention[area] * current_skill(one, area) for one in people) / attending if attending > 0 else 0.0


def current_routine(organization: Organization) -> list[float]:
    """What is not outdated of the routines of an agency, by area."""
    both = zip(organization.routine, organization.outdated_routine, strict=True)
    return [routine * (1 - outdated) for routine, outdated in both]


def enactment(organization: Organization) -> list[float]:
    """Share of positions that do what the routine says, by area."""
    return [
        sum(
            person.attention[area] * (min(1.0, person.skill[area] / routine) if routine > 0 else 1.0)
            for person in organization.holders
        )
        / organization.size
        for area, routine in enumerate(organization.routine)
    ]


def mean_priorities(people: list[Person]) -> list[float] | None:
    """Mean priorities, by area."""
    if not people:
        return None
    return [mean([person.priority[area] for person in people]) for area in range(len(people[0].priority))]


def shared_goals(organization: Organization) -> float | None:
    """Agreement on priorities, r_wg: 1 - mean variance / that of a uniform draw on the simplex; at least 0.

    James, Demaree and Wolf 1984. Variances with n - 1, averaged over areas.
    """
    people = organization.holders
    if len(people) < 2:
        return None
    areas = len(organization.plan)
    if areas == 1:
        return 1.0
    center = mean_priorities(people)
    variances = [
        sum((person.priority[area] - center[area]) ** 2 for person in people) / (len(people) - 1)
        for area in range(areas)
    ]
    uniform = (areas - 1) / (areas**2 * (areas + 1))
    return max(0.0, 1 - mean(variances) / uniform)


def overlap(one: list[float], other: list[float]) -> float:
    """1 - half the L1 distance of two sets of priorities: 1 for the same, 0 for nothing in common."""
    return 1 - sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def unit_alignment(organization: Organization) -> float | None:
    """Mean overlap of the priorities of units with those of the whole agency."""
    staffed = [unit.holders for unit in organization.units if unit.holders]
    if len(staffed) < 2:
        return None
    whole = mean_priorities(organization.holders)
    return mean([overlap(mean_priorities(people), whole) for people in staffed])


def parent_alignment(organization: Organization) -> float | None:
    """Overlap of the priorities of the agency with those of its parent."""
    if organization.parent is None or not organization.holders or not organization.parent.holders:
        return None
    return overlap(mean_priorities(organization.holders), mean_priorities(organization.parent.holders))


def alignment(organization: Organization) -> float | None:
    """Mean of what is defined of both alignments."""
    defined = [one for one in (unit_alignment(organization), parent_alignment(organization)) if one is not None]
    return mean(defined) if defined else None


def access_to_expertise(values: Values, organization: Organization) -> float:
    """Share of staff who can ask an expert in the area that matters most to them."""
    people = organization.holders
    if not people:
        return 0.0
    reach = [
        any(contact.skill[person.top_area] >= values["expert_skill"] for contact in person.contacts)
        for person in people
    ]
    return sum(reach) / len(people)


def bench_depth(values: Values, organization: Organization) -> float:
    """On how many proficient people an agency can rely, area by area."""
    areas = range(len(organization.plan))
    return mean([sum(one.skill[area] >= values["expert_skill"] for one in organization.holders) for area in areas])


def potential(values: Values, organization: Organization) -> tuple[list[float], list[float]]:
    """What the agency could put into use, by area; and the same if goals, alignment and resources did not matter."""
    reach = 1 - values["access_weight"] * (1 - access_to_expertise(values, organization))
    plain = [
        min(1.0, combined(values, people, routine, area.people) * reach)
        for people, routine, area in zip(
            people_at_work(values, organization), current_routine(organization), organization.areas, strict=True
        )
    ]
    factor = 1.0
    goals, aligned = shared_goals(organization), alignment(organization)
    if goals is not None:
        factor *= 1 - values["goal_weight"] * (1 - goals)
    if aligned is not None:
        factor *= 1 - values["alignment_weight"] * (1 - aligned)
    factor *= 1 + values["resource_weight"] * (organization.resource_alignment - values["resource_alignment_base"])
    return [min(1.0, one * factor) for one in plain], plain


def combined(values: Values, people: float, routine: float, share: float) -> float:
    """People and routines together, by the rule of potential; an agency at the baseline has the same in all areas."""
    rule, usual_people, usual_routine = form(values, "potential"), values["baseline_people"], values["baseline_routine"]
    if rule == "additive":
        usual = share * usual_people + (1 - share) * usual_routine
        return (share * people + (1 - share) * routine) / usual * (usual_people + usual_routine) / 2
    if rule == "minimum":
        weaker = min(people / usual_people, routine / usual_routine)
        return weaker * substitute(values, usual_people, usual_routine, 0.5)
    usual = substitute(values, usual_people, usual_routine, share)
    return substitute(values, people, routine, share) / usual * substitute(values, usual_people, usual_routine, 0.5)


def substitute(values: Values, people: float, routine: float, share: float) -> float:
    """CES: neither replaces the other fully."""
    rho, alpha = values["potential_rho"], people_weight(values, share)
    if abs(rho) < 1e-9:
        return people**alpha * routine ** (1 - alpha)
    smaller = min(people, routine)
    if rho < 0 and smaller <= 0:
        return 0.0
    unit = smaller if rho < 0 else 1.0  # a negative power of a tiny number would be too large a number
    return unit * (alpha * (people / unit) ** rho + (1 - alpha) * (routine / unit) ** rho) ** (1 / rho)


def people_weight(values: Values, share: float) -> float:
    """The weight at which people have a share of the marginal products of people and routines at the baseline."""
    ratio = (values["baseline_people"] / values["baseline_routine"]) ** (1 - values["potential_rho"])
    ratio *= share / (1 - share)
    return ratio / (1 + ratio)


def composite(parts: list[float | None]) -> float:
    """Geometric mean of the defined parts, each at least 0.001."""
    return math.exp(mean([math.log(max(0.001, part)) for part in parts if part is not None]))


def measures(values: Values, organization: Organization) -> dict[str, float | None]:
    """Every recorded measure of an agency, by name."""
    individual = mean(mean_skill(organization))
    skills = mean([r * a for r, a in zip(organization.routine, enactment(organization), strict=True)])
    access, goals = access_to_expertise(values, organization), shared_goals(organization)
    resources = mean(
        [
            filled_share(organization),
            organization.data_systems,
            organization.funding,
            organization.resource_alignment,
        ]
    )
    parts = [individual, skills, access, goals, organization.culture, alignment(organization), resources]
    return {
        "individual": individual,
        "bench_depth": bench_depth(values, organization),
        "organizational_skills": skills,
        "access_to_expertise": access,
        "shared_goals": goals,
        "culture": organization.culture,
        "alignment_internal": unit_alignment(organization),
        "alignment_parent": parent_alignment(organization),
        "resources": resources,
        "potential": mean(potential(values, organization)[0]),
        "capacity": composite(parts),
        "use": mean(organization.use),
        "use_unmultiplied": mean(organization.use_unmultiplied),
        "relevant_use": sum(m * use for m, use in zip(organization.relevance, organization.use, strict=True)),
        "vacancy": 1 - filled_share(organization),
        "exits": organization.exits / organization.size,
        "ta_hours": organization.ta_hours,
        "recipient_hours": sum(person.recipient_hours for person in organization.holders),
        **support_measures(values, organization),
    }


def support_measures(values: Values, organization: Organization) -> dict[str, float | None]:
    """Support and what it is made of; undefined where nobody helps."""
    factors = ("support_time", "support_plan", "support_alignment", "support_quality")
    if values["support_weight"] == 0 or organization.parent is None:
        return dict.fromkeys(("support", *factors))
    return {"support": mean(organization.support), **{name: getattr(organization, name) for name in factors}}
