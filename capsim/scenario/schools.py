"""Schools below districts. No source here counts them, so how many there are follows from the pupils of a district."""

from __future__ import annotations

from collections.abc import Iterator

from capsim.levels import LEA, SCHOOL
from capsim.scenario.population import Agency, Population, arranged

__all__ = ["with_schools"]


def with_schools(population: Population, pupils_per_school: float) -> Population:
    """Add the schools of every district.

    A district with e pupils has ``max(1, round(e / pupils_per_school))`` schools of equal size.

    Parameters
    ----------
    population : Population
        Without schools.
    pupils_per_school : float
        Pupils.
    """
    note = (
        f"Schools are illustrative: each district has one for every {pupils_per_school:g} of its pupils, "
        "all of the same size; their number and their names are not data."
    )
    schools = [
        school
        for agency in population.agencies
        if agency.level == LEA
        for school in _schools_of(agency, max(1, round(agency.enrollment / pupils_per_school)))
    ]
    return arranged([*population.agencies, *schools], [*population.notes, note])


def _schools_of(district: Agency, number: int) -> Iterator[Agency]:
    for place in range(1, number + 1):
        yield Agency(
            id=f"{district.id}-S{place:02d}",
            name=f"School {place} of {district.name}",
            state=district.state,
            level=SCHOOL,
            parent=district.id,
            enrollment=district.enrollment / number,
        )
