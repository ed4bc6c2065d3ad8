"""One month's help: the rows of a month carried out, from the state at the month's start to the readings at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.brokering import Groups, groups_of, make_ties
from capsim.assistance.cascade import pass_on
from capsim.assistance.chain import Chain
from capsim.assistance.doses import (
    EFFECTS,
    Doses,
    add_rows,
    ask_rows,
    attend,
    count_participants,
    mark_areas,
)
from capsim.assistance.effects import change_agencies, change_people, hazard_of_people, spend_evenly
from capsim.assistance.ledger import Ledger
from capsim.assistance.logbook import count_expert_ties
from capsim.assistance.observation import Before, Observation
from capsim.assistance.receptivity import Providers, common_receptivity
from capsim.assistance.rows import Rows
from capsim.assistance.terms import Terms
from capsim.measures.capacities import mean_skill
from capsim.parameters import Values
from capsim.streams.keys import key_from_name
from capsim.streams.philox import fill_uniform_where
from capsim.world import World

__all__ = ["Helping", "common_terms"]

Hazard = NDArray[np.float64]
"""Exponents of the chance of a tie: by agency, or by position for rows that serve single persons."""

_CODESIGN = "codesign"
_GROUP_PLAN = EFFECTS.index("group_plan")


class CommonTerms(NamedTuple):
    """What all activities of a month have in common, by organization, each (O,)."""

    most: NDArray[np.float64]
    readiness: NDArray[np.float64]
    motivation: NDArray[np.float64]
    general: NDArray[np.float64]


def common_terms(world: World, values: Values, clarity: NDArray[np.float64]) -> CommonTerms:
    """Coherence times clarity, readiness without its specific factor, motivation and general capacity."""
    return CommonTerms(
        *common_receptivity(
            world.layout.first,
            world.person,
            world.engagement,
            world.culture,
            world.data_systems,
            world.areas_served,
            clarity,
            values["readiness_reference"],
            values["motivation_center"],
            values["general_capacity_center"],
            values["coherence_gamma"],
            values["coherence_limit"],
            world.outside_initiatives,
        )
    )


class Helping:
    """The rows of one month, with the state before them.

    Parameters
    ----------
    rows : list of Rows
        Checked, from the center.
    world : World
        Changed by `deliver`.
    values : mapping of str to float
    terms : mapping of str to Terms
    providers : Providers
    run_key : int
    """

    def __init__(
        self,
        rows: list[Rows],
        world: World,
        values: Values,
        *,
        terms: Mapping[str, Terms],
        providers: Providers,
        run_key: int,
    ) -> None:
        layout = world.layout
        self._rows, self._world, self._values, self._terms = rows, world, values, terms
        self._run_key = run_key
        self._people = mean_skill(layout.first, world.skill)
        self._routine, self._culture = world.routine.copy(), world.culture.copy()
        self._data_systems, self._resources = world.data_systems.copy(), world.resource_alignment.copy()
        self._old_plan = world.plan.copy()
        self._below, self._passing = pass_on(rows, world, values, self._people)
        served = np.zeros((layout.n_organizations, layout.n_areas), np.bool_)
        asking = [row for row in self._all() if not terms[row.activity].universal]
        for row in asking:  # a publication asks nobody to work on its area
            mark_areas(row.organizations, row.areas, row.hours, served, world.areas_served)
        self._common = common_terms(world, values, self._clarity())
        self._quality = self._quality_of_consultants(providers)
        self._doses = self._ask()
        limit = values["participation_limit"] * values["work_hours_per_month"]
        self._attendance, self._mean_attendance = attend(self._doses, layout.first, layout.role, world.person, limit)
        self._groups = self._group_agencies()
        self._qualities: list[NDArray[np.float64]] = []

    def _all(self) -> tuple[Rows, ...]:
        return (*self._rows, *self._below)

    def _clarity(self) -> NDArray[np.float64]:
        clarity = np.ones(self._world.layout.n_organizations)
        if self._world.month >= self._values["planning_months"]:
            for row in self._all():
                if row.activity == _CODESIGN:
                    clarity[row.organizations[row.hours > 0.0]] = 1.0 - self._values["codesign_clarity_loss"]
        return clarity

    def _quality_of_consultants(self, providers: Providers) -> NDArray[np.float64]:
        """By organization, at this month's caseload."""
        layout = self._world.layout
        served = np.zeros(layout.n_organizations, np.bool_)
        for row in self._rows:
            if not self._terms[row.activity].universal:
                served[row.organizations[row.hours > 0.0]] = True
        return providers.quality_this_month(float(layout.weight[served].sum()))

    def _quality_of(self, row: Rows) -> NDArray[np.float64]:
        """Quality with which each row is delivered, (n,)."""
        return self._quality[row.organizations] if row.quality is None else row.quality

    def _ask(self) -> Doses:
        """Sums of the month, so far with the hours asked of people."""
        layout, world = self._world.layout, self._world
        alone = any(len(row.people) for row in self._rows)
        doses = Doses.none(
            count_participants(layout.first, layout.role, world.person),
            layout.n_areas,
            single_persons=layout.n_positions if alone else 0,
        )
        for row in self._all():
            units = self._terms[row.activity].units
            ask_rows(doses, units, row.organizations, row.people, row.hours, layout.role, world.person)
        return doses

    def _group_agencies(self) -> dict[str, Groups]:
        """Groups in which agencies meet, by activity; only where they matter."""
        together: dict[str, list[NDArray[np.int64]]] = {}
        apart: dict[str, bool] = {}
        for row in self._all():
            terms = self._terms[row.activity]
            if terms.tie >= 0 or terms.units.effects[_GROUP_PLAN] > 0.0:
                together.setdefault(row.activity, []).append(row.organizations[row.hours > 0.0])
                apart[row.activity] = apart.get(row.activity, True) and (row.by_state or row.total <= 0.0)
        state, size = self._world.layout.market, int(self._values["group_agencies"])
        return {
            activity: groups_of(rows, state if apart[activity] else np.zeros_like(state), size)
            for activity, rows in together.items()
        }

    def deliver(self, ledger: Ledger, chain: Chain | None) -> None:
        """Carry out all rows, make ties, and enter hours in the books."""
        world, layout, doses = self._world, self._world.layout, self._doses
        hazards = self._add_up(ledger, chain)
        change_people(
            doses,
            self._attendance,
            layout.first,
            layout.role,
            world.person,
            self._old_plan,
            world.skill,
            world.engagement,
            world.priority,
            world.recipient_hours,
        )
        change_agencies(
            doses,
            layout.parent,
            self._people,
            self._old_plan,
            self._values["codifiable_share"],
            world.plan,
            world.routine,
            world.culture,
            world.data_systems,
            world.resource_alignment,
            world.committed,
        )
        for activity, (hazard, alone) in hazards.items():
            self._make_ties(activity, hazard, alone)
        if self._below:
            spend_evenly(layout.first, doses.participants[0], world.person, self._passing, world.recipient_hours)
            ledger.turnkey_hours += float(self._passing.sum())
        ledger.recipient_hours += float(world.recipient_hours.sum())

    def _add_up(self, ledger: Ledger, chain: Chain | None) -> dict[str, tuple[Hazard, Hazard]]:
        """Sum all rows, enter them in ledger and chain; exponents of ties by activity that makes some."""
        world, n = self._world, self._world.layout.n_organizations
        hazards: dict[str, tuple[Hazard, Hazard]] = {}
        for rows, from_above in ((self._rows, False), (self._below, True)):
            if not rows:
                continue
            hours, account = np.zeros(n), np.zeros((n, 2))
            for row in rows:
                terms = self._terms[row.activity]
                activity = row.activity if terms.tie >= 0 else ""
                hazard = hazards.setdefault(activity, (np.zeros(n), np.zeros(len(self._doses.alone))))
                self._add(row, hours, account, *hazard)
                if not from_above:
                    ledger.charge(row.activity, row.total, world.month, row.total * terms.dollars_per_hour)
            if chain is not None:
                chain.add(world.month, hours, account, from_above=from_above)
            landed, used = account.sum(axis=0).tolist()
            ledger.received += landed
            ledger.used += used
            world.ta_hours += hours
            if not from_above:
                ledger.by_organization += hours
        hazards.pop("", None)
        return hazards

    def _add(
        self,
        row: Rows,
        hours: NDArray[np.float64],
        account: NDArray[np.float64],
        hazard: NDArray[np.float64],
        alone_hazard: NDArray[np.float64],
    ) -> None:
        layout, world, common = self._world.layout, self._world, self._common
        terms, quality = self._terms[row.activity], self._quality_of(row)
        add_rows(
            self._doses,
            terms.units,
            row.organizations,
            row.people,
            row.areas,
            row.hours,
            quality,
            layout.role,
            world.person,
            layout.parent,
            layout.child_first,
            self._attendance,
            self._mean_attendance,
            common.most,
            common.readiness,
            self._people if terms.state == "skill" else self._routine,
            self._group_plan(row.activity),
            world.use,
            hours,
            account,
            hazard,
            alone_hazard,
        )
        self._qualities.append(quality)

    def _group_plan(self, activity: str) -> NDArray[np.float64]:
        """Mean plan of the group of each agency, (O, K); where there are no groups the plans themselves, unused."""
        if activity not in self._groups or self._terms[activity].units.effects[_GROUP_PLAN] <= 0.0:
            return self._old_plan
        members = self._groups[activity].members
        of_member = self._groups[activity].group[members]
        total = np.zeros((of_member.max() + 1 if len(members) else 0, self._old_plan.shape[1]))
        np.add.at(total, of_member, self._old_plan[members])
        means = self._old_plan.copy()
        means[members] = (total / np.bincount(of_member)[:, None])[of_member]
        return means

    def _make_ties(self, activity: str, hazard: NDArray[np.float64], alone_hazard: NDArray[np.float64]) -> None:
        world, layout, terms = self._world, self._world.layout, self._terms[activity]
        each = hazard_of_people(
            hazard, alone_hazard, terms.units.leaders, self._attendance, layout.organization, layout.role, world.person
        )
        numbers = np.empty((layout.n_positions, 3))
        fill_uniform_where(
            each > 0.0,
            numbers,
            np.uint64(self._run_key % 2**64),
            np.uint64(key_from_name(f"ties:{activity}")),
            layout.position_identity,
            layout.position_row,
            np.uint64(world.month),
        )
        make_ties(
            terms.tie,
            each,
            numbers,
            layout.first,
            layout.organization,
            layout.role,
            world.person,
            world.priority,
            world.skill,
            terms.units.leaders == 1,
            self._groups[activity],
            *layout.center,
            self._values["brokered_tie_strength"],
            world.tie_to,
            world.tie_strength,
            world.consulted,
        )

    def observe(self, observation: Observation, numbers: NDArray[np.float64]) -> None:
        """Read the instruments that this month has paid for."""
        before = Before(
            self._people,
            self._routine,
            self._culture,
            self._data_systems,
            self._resources,
            self._common.motivation,
            self._common.general,
        )
        observation.read(self._rows, self._terms, self._world, numbers, before)

    def rate(self, observation: Observation) -> None:
        """Ratings of the month's help by those who got it; only after `deliver`."""
        world, layout = self._world, self._world.layout
        quality = np.zeros(layout.n_organizations)
        for row, of_row in zip(self._all(), self._qualities, strict=True):
            given = row.hours > 0.0
            np.maximum.at(quality, row.organizations[given], of_row[given])
        spent = np.bincount(layout.organization, weights=world.recipient_hours, minlength=layout.n_organizations)
        share = spent / np.maximum(1, self._doses.participants[0]) / self._values["work_hours_per_month"]
        quality *= self._common.most
        observation.rate(
            world.ta_hours > 0.0, quality, self._common.motivation, share, count_expert_ties(world), world.month
        )
