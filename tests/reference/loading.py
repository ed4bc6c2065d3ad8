"""From a world of columns to people and agencies. Holds no rule of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.catalogue import LINKS
from capsim.levels import Role
from capsim.world import World

from .agencies import Area, Organization, Position, Unit
from .people import Applicant, Person, RememberedTie, Tie

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["populate"]


def populate(twin: Twin, world: World) -> None:
    """Fill an empty twin with the agencies, positions, people, ties and applicants of a world."""
    twin.month = world.month
    twin.areas = world.layout.areas
    twin.shock_months = int(world.shock_months[0])
    twin.next_number = int(world.next_person[0])
    twin.pool_room = len(world.pool.person)
    twin.newcomers = list(zip(world.bank.skill.tolist(), world.bank.disposition.tolist(), strict=True))
    areas = _areas(world)
    twin.organizations = [_organization(world, j, areas) for j in range(world.layout.n_organizations)]
    _relate(twin, world)
    _furnish(twin, world)
    _people(twin, world)
    _ties(twin, world)
    _applicants(twin, world)


def _areas(world: World) -> tuple[Area, ...]:
    layout = world.layout
    columns = zip(
        layout.areas,
        layout.area_prerequisite.tolist(),
        layout.area_codifiable.tolist(),
        layout.area_disuse.tolist(),
        layout.area_lag.tolist(),
        layout.area_people.tolist(),
        strict=True,
    )
    links = {name: getattr(layout, f"{name}_link").tolist() for name in LINKS}
    return tuple(
        Area(*record, linked={name: weights[k] for name, weights in links.items()}) for k, record in enumerate(columns)
    )


def _organization(world: World, j: int, areas: tuple[Area, ...]) -> Organization:
    layout = world.layout
    return Organization(
        index=j,
        areas=areas,
        identity=int(layout.identity[j]),
        level=int(layout.level[j]),
        market=int(layout.market[j]),
        culture_effect=float(layout.culture_effect[j]),
        engagement_effect=float(layout.engagement_effect[j]),
        data_systems_effect=float(layout.data_systems_effect[j]),
        expertise_effect=layout.expertise_effect[j].tolist(),
        codification_factor=layout.codification_factor[j].tolist(),
        relevance=layout.relevance[j].tolist(),
        disadvantage=float(layout.disadvantage[j]),
        enrollment=float(layout.enrollment[j]),
        weight=float(layout.weight[j]),
        family_weight=float(layout.family_weight[j]),
        allocation=float(layout.allocation[j]),
        sparse=bool(layout.sparse[j]),
        routine=world.routine[j].tolist(),
        enacted=world.enacted[j].tolist(),
        provisional=world.provisional[j].tolist(),
        outdated_routine=world.outdated_routine[j].tolist(),
        supported=world.supported[j].tolist(),
        helped=world.helped[j].tolist(),
        plan=world.plan[j].tolist(),
        use=world.use[j].tolist(),
        use_unmultiplied=world.use_unmultiplied[j].tolist(),
        culture=float(world.culture[j]),
        data_systems=float(world.data_systems[j]),
        funding=float(world.funding[j]),
        resource_alignment=float(world.resource_alignment[j]),
        finances=world.finances[j].tolist(),
        personnel=world.personnel[j].tolist(),
        committed=float(world.committed[j]),
        leader_left=bool(world.leader_left[j]),
        leader_exit_age=int(world.leader_exit_age[j]),
        exits=int(world.exits[j]),
        areas_served=int(world.areas_served[j]),
        outside_initiatives=int(world.outside_initiatives[j]),
        load=float(world.load[j]),
        ta_hours=float(world.ta_hours[j]),
        support=world.support[j].tolist(),
        support_time=float(world.support_time[j]),
        support_plan=float(world.support_plan[j]),
        support_alignment=float(world.support_alignment[j]),
        support_quality=float(world.support_quality[j]),
        usual_positions=float(layout.usual_positions[j]),
        usual_layers=int(layout.usual_layers[j]),
        first_year_teachers=float(world.first_year_teachers[j]),
        materials=float(world.materials[j]),
        achievement=float(world.achievement[j]),
        backing=float(world.backing[j]),
    )


def _relate(twin: Twin, world: World) -> None:
    for organization, parent in zip(twin.organizations, world.layout.parent.tolist(), strict=True):
        if parent >= 0:
            organization.parent = twin.organizations[parent]
            organization.parent.children.append(organization)


def _furnish(twin: Twin, world: World) -> None:
    layout = world.layout
    units = {number: Unit() for number in layout.unit.tolist()}
    for i in range(layout.n_positions):
        organization, unit = twin.organizations[layout.organization[i]], units[int(layout.unit[i])]
        position = Position(
            index=i,
            organization=organization,
            unit=unit,
            row=organization.size,
            role=Role(int(layout.role[i])),
            liaison=bool(layout.liaison[i]),
            hazard=float(layout.hazard[i]),
            vacant_months=int(world.vacant_months[i]),
        )
        if unit not in organization.units:
            organization.units.append(unit)
        unit.positions.append(position)
        organization.positions.append(position)
        twin.positions.append(position)


def _people(twin: Twin, world: World) -> None:
    for position in twin.positions:
        i = position.index
        if world.person[i] < 0:
            continue
        person = Person(
            twin,
            number=int(world.person[i]),
            skill=world.skill[i].tolist(),
            disposition=world.disposition[i].tolist(),
        )
        person.position, position.holder = position, person
        person.tenure = int(world.tenure[i])
        person.priority = world.priority[i].tolist()
        person.attention = world.attention[i].tolist()
        person.engagement = float(world.engagement[i])
        person.consulted = int(world.consulted[i]) if world.consulted[i] >= 0 else None
        person.recipient_hours = float(world.recipient_hours[i])
        person.practice = world.practice[i].tolist()
        person.lessons = world.lessons[i].tolist()
        person.outdated = world.outdated[i].tolist()


def _ties(twin: Twin, world: World) -> None:
    for person in twin.people:
        slots = zip(
            world.tie_to[person.position.index].tolist(),
            world.tie_strength[person.position.index].tolist(),
            strict=True,
        )
        person.ties = [Tie(twin.positions[to].holder, strength) if to >= 0 else None for to, strength in slots]


def _applicants(twin: Twin, world: World) -> None:
    pool = world.pool
    holder_of_number = {person.number: person for person in twin.people}
    for c in range(int(pool.count[0])):
        number, group = int(pool.person[c]), int(pool.group[c])
        hired = group < 0
        person = (
            holder_of_number[number]
            if hired
            else Person(twin, number=number, skill=pool.skill[c].tolist(), disposition=pool.disposition[c].tolist())
        )
        slots = zip(pool.tie_to[c].tolist(), pool.tie_person[c].tolist(), pool.tie_strength[c].tolist(), strict=True)
        twin.applicants.append(
            Applicant(
                person=person,
                origin=twin.organizations[pool.origin[c]],
                job=(group // 15, group // 3 % 5, group % 3),
                months_left=int(pool.months_left[c]),
                key=float(pool.key[c]),
                ties=[
                    RememberedTie(twin.positions[to], holder, strength) if to >= 0 else None
                    for to, holder, strength in slots
                ],
                hired=hired,
            )
        )
