"""People, ties and agency states before settling, and the bank of newcomers of a replicate."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from capsim.building.hazards import stationary_tenure
from capsim.kernels import kernel
from capsim.levels import SEA, Level
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.support import reports_owed
from capsim.streams.squares import uniforms
from capsim.world import Bank, Layout, World
from capsim.world.slots import add_tie, state_above, vacate

BANK_SIZE = 1024
"""Profiles of newcomers in a replicate."""
_KEPT = 128
"""Replicates whose profiles are kept: working them out takes half as long as all else of a tiny world."""


def build_bank(n_areas: int, values: Values, *, key: int) -> Bank:
    """Profiles of newcomers: skill ~ Beta with mean newcomer_skill, disposition ~ symmetric Dirichlet, by inverse
    distributions.

    The inverse of one uniform number keeps a profile comparable when a parameter changes: a higher mean raises every
    skill. Profiles of the same luck are worked out once.
    """
    mean, total = values["newcomer_skill"], values["newcomer_skill_concentration"]
    return Bank(
        skill=_skills(n_areas, key, mean, total).copy(),
        disposition=_dispositions(n_areas, key, values["disposition_concentration"]).copy(),
    )


@functools.lru_cache(_KEPT)
def _skills(n_areas: int, key: int, mean: float, total: float) -> NDArray[np.float64]:
    from scipy.special import betaincinv

    u = _of_newcomers(n_areas, key)[:, :n_areas]
    return np.ascontiguousarray(betaincinv(mean * total, (1.0 - mean) * total, u))


@functools.lru_cache(_KEPT)
def _dispositions(n_areas: int, key: int, concentration: float) -> NDArray[np.float64]:
    from scipy.special import gammaincinv

    gamma = np.maximum(gammaincinv(concentration, _of_newcomers(n_areas, key)[:, n_areas:]), 1e-12)
    return np.ascontiguousarray(gamma / gamma.sum(axis=1, keepdims=True))


@functools.lru_cache(1)  # both ask for the same one after the other
def _of_newcomers(n_areas: int, key: int) -> NDArray[np.float64]:
    rows = np.arange(BANK_SIZE, dtype=np.uint64)
    return uniforms(run_key=key, purpose="newcomers", identity=rows, columns=2 * n_areas)


@kernel
def _initial_ties(w, u, ties, strength):
    """Each person proposes ties, two of three inside the unit; half of them are returned."""
    for i in range(len(w.organization)):
        j = w.organization[i]
        for n in range(ties):
            if u[i, 3 * n] < 0.67:
                start, end = w.unit_first[w.unit[i]], w.unit_first[w.unit[i] + 1]
            else:
                start, end = w.first[j], w.first[j + 1]
            contact = start + int(u[i, 3 * n + 1] * (end - start))
            if add_tie(i, contact, strength, w.tie_to, w.tie_strength) and u[i, 3 * n + 2] < 0.5:
                add_tie(contact, i, strength, w.tie_to, w.tie_strength)


def initial_world(layout: Layout, values: Values, *, key: int) -> World:
    """World with every position filled, before settling.

    Skills are those of the bank, grown toward the ceiling of experience over the person's tenure; priorities are the
    dispositions, plans the dispositions of one profile per agency; routines stand at the usual level times what is
    lasting in the agency and area, for a stock needs some hundred months to get there.
    """
    P, K = layout.n_positions, layout.n_areas
    bank = build_bank(K, values, key=key)
    world = World.vacant(layout, bank)
    ties = int(values["initial_ties"])
    numbers = uniforms(
        run_key=key,
        purpose="initial people",
        identity=layout.position_identity,
        row=layout.position_row,
        columns=2 + 3 * ties,
    )
    pick = (numbers[:, 0] * BANK_SIZE).astype(np.int64)
    world.person[:] = np.arange(P)
    world.next_person[0] = P
    world.disposition[:] = bank.disposition[pick]
    world.priority[:] = world.disposition
    world.tenure[:] = stationary_tenure(
        layout.hazard, numbers[:, 1], values["tenure_gradient"], values["tenure_scale_months"]
    )
    ceiling = np.minimum(
        1.0, values["expertise_floor"] + values["expertise_gain"] * world.priority / (world.priority + 0.25)
    )
    grown = -np.expm1(-values["experience_rate"] * world.tenure)[:, None]
    world.skill[:] = bank.skill[pick] + grown * np.maximum(0.0, ceiling - bank.skill[pick])
    world.engagement[:] = np.clip(values["engagement_base"] + layout.engagement_effect[layout.organization], 0.0, 1.0)
    agency = uniforms(run_key=key, purpose="agencies", identity=layout.identity, columns=2)
    world.plan[:] = bank.disposition[(agency[:, 0] * BANK_SIZE).astype(np.int64)]
    world.outside_initiatives[:] = _poisson(agency[:, 1], values["outside_initiatives"])
    world.routine[:] = np.minimum(1.0, values["initial_routine"] * layout.codification_factor)
    world.culture[:] = np.clip(values["culture_base"] + layout.culture_effect, 0.0, 1.0)
    world.data_systems[:] = np.clip(values["data_systems_base"] + layout.data_systems_effect, 0.0, 1.0)
    world.resource_alignment[:] = values["resource_alignment_base"]
    _initial_commitments(world.arrays, constants(values))
    world.use[:] = 0.25
    world.use_unmultiplied[:] = 0.25
    _initial_outcomes(world, values)
    _initial_ties(world.arrays, np.ascontiguousarray(numbers[:, 2:]), ties, 0.5)
    vacate(world, *layout.center)
    return world


@kernel
def _initial_commitments(w, p):
    """What federal programs ask of state agencies, and where there is support their reports of those below."""
    for j in range(len(w.committed)):
        state = state_above(w, j)
        w.committed[j] = p.compliance_share if w.level[j] == SEA else 0.0
        if p.support_weight > 0.0 and state >= 0:
            w.committed[j] = reports_owed(p, p.compliance_share)


def _initial_outcomes(world: World, values: Values) -> None:
    """Outcomes that are linked to use, as they are at usual use and without help; districts alone have any."""
    layout, tilt = world.layout, world.layout.disadvantage
    districts = layout.level == Level.LEA
    if layout.teacher_equity_link.any():
        teachers = values["first_year_teachers"] + values["teacher_gap_start"] * tilt
        world.first_year_teachers[:] = np.where(districts, np.clip(teachers, 0.0, 1.0), 0.0)
    if layout.materials_link.any():
        world.materials[:] = np.where(districts, values["materials_start"], 0.0)
    if layout.achievement_gap_link.any():
        world.achievement[:] = -values["achievement_gap_start"] * tilt


def _poisson(numbers: NDArray[np.float64], mean: float) -> NDArray[np.int64]:
    """Poisson counts with a mean, by the inverse distribution of uniform numbers."""
    from scipy.special import pdtr

    at_most = np.arange(int(mean + 12.0 * np.sqrt(mean)) + 12)
    return np.searchsorted(pdtr(at_most, mean), numbers)
