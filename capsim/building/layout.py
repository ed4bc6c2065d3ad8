"""From a table of agencies to the fixed columns of a world: positions, units, roles, liaisons, the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.building.initial import position_hazards
from capsim.levels import Level, Role
from capsim.measures.groups import disadvantage
from capsim.parameters import Values
from capsim.scenario import AgencyTable
from capsim.scenario.own import NO_LINKS, Area, Links, area_columns, link_columns, names_of
from capsim.streams.keys import key_from_name
from capsim.streams.squares import uniforms
from capsim.world import Layout
from capsim.world.state import LAYOUT_COLUMNS

CENTER_ID = "TA-CENTER"

ROLES_BY_SIZE = ((1, 0.0, 0.0), (4, 0.0, 0.0), (8, 0.0, 0.25), (16, 0.08, 0.20), (10**9, 0.05, 0.20))
"""Mix of roles: for agencies up to a size, the share of further leaders (besides the first position) and of managers.
Assumed."""


def _roles(size: int) -> NDArray[np.int8]:
    """Roles of the positions of an agency: its leader first, then further leaders, managers, specialists."""
    leaders, managers = next((lead, manage) for limit, lead, manage in ROLES_BY_SIZE if size <= limit)
    roles = np.full(size, Role.SPECIALIST, np.int8)
    n_leaders = 1 + int(leaders * size)
    roles[:n_leaders] = Role.LEADER
    roles[n_leaders : n_leaders + int(managers * size + 0.5)] = Role.MANAGER
    return roles


def _unit_sizes(size: int, target: float) -> list[int]:
    """Sizes of the units of an agency: one unit while it is smaller than 1.5 targets, else near-equal ones."""
    units = max(1, int(size / target + 0.5)) if size >= 1.5 * target else 1
    return [size // units + (1 if u < size % units else 0) for u in range(units)]


def _deal_roles(roles: NDArray[np.int8], unit_sizes: list[int]) -> NDArray[np.int8]:
    """Deal leaders and managers round the units, so that each has some; the agency's leader stays first."""
    order = np.concatenate([np.arange(u, len(roles), len(unit_sizes)) for u in range(len(unit_sizes))])
    dealt: NDArray[np.int8] = roles[order]
    return dealt


def _children(parent: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    n = len(parent)
    has_parent = np.flatnonzero(parent >= 0)
    child = has_parent[np.argsort(parent[has_parent], kind="stable")].astype(np.int32)
    counts = np.bincount(parent[has_parent], minlength=n) if len(has_parent) else np.zeros(n, np.int64)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), child


def with_center(table: AgencyTable, values: Values) -> AgencyTable:
    """The table with the TA center as its last row, outside the labour market; unchanged when `center_experts` is 0.

    It stands in every world, whatever the strategy; its positions are empty until assistance begins and after it ends.
    """
    experts = int(values["center_experts"])
    if experts == 0:
        return table
    center: dict[str, Any] = {
        **{"id": CENTER_ID, "name": "TA center", "state": "~center", "level": Level.CENTER, "parent": -1},
        **{"positions": experts, "usual_positions": experts, "usual_layers": 0},
        **{"enrollment": 0.0, "sparse": False, "size_group": -1},
        **dict.fromkeys(("weight", "allocation", "family_weight"), 1.0),
        **dict.fromkeys(("density", "poverty_share", "annual_exit", "leader_annual_exit", "wage_index"), np.nan),
    }
    columns = {
        field.name: np.concatenate(
            [column, np.array([center[field.name]], column.dtype if column.dtype.kind != "U" else None)]
        )
        for field in fields(table)
        if isinstance(column := getattr(table, field.name), np.ndarray)
    }
    return replace(table, **columns)  # type: ignore[arg-type]


def build_layout(
    table: AgencyTable, values: Values, *, areas: Sequence[str | Area], key: int, links: Links = NO_LINKS
) -> Layout:
    """Fixed columns of a world; the TA center becomes one more row. The lasting effects of agencies follow from the
    key; `links` say to which areas outcomes are linked.
    """
    table = with_center(table, values)
    positions = _positions(table, values)
    identity = np.array([key_from_name(agency) for agency in table.id], np.uint64)
    layout = Layout(
        areas=names_of(areas),
        ids=tuple(map(str, table.id)),
        names=tuple(map(str, table.name)),
        hazard=np.zeros(len(positions["role"])),
        position_identity=identity[positions["organization"]],
        identity=identity,
        **positions,
        **_of_agencies(table),
        **_effects(identity, key, values, len(areas)),
        **area_columns(areas),
        **link_columns(links, names_of(areas)),
    )
    return replace(layout, hazard=position_hazards(layout, values))


def _positions(table: AgencyTable, values: Values) -> dict[str, Any]:
    """Columns of positions and units: whose, which role, who is a liaison, who competes for whom."""
    level, sizes = np.asarray(table.level, np.int8), np.asarray(table.positions, np.int64)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    organization = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    roles: list[NDArray[np.int8]] = []
    experts = np.where(np.arange(sizes.max(initial=0)) == 0, Role.LEADER, Role.SPECIALIST).astype(np.int8)
    unit_sizes: list[int] = []
    for size, level_of in zip(sizes.tolist(), level.tolist(), strict=True):
        center = level_of == Level.CENTER
        units = [size] if center else _unit_sizes(size, values["unit_size"])
        roles.append(experts[:size] if center else _deal_roles(_roles(size), units))
        unit_sizes.extend(units)
    role = np.concatenate(roles) if roles else np.empty(0, np.int8)
    row = np.arange(int(first[-1])) - first[organization]
    _, market = np.unique(np.asarray(table.state), return_inverse=True)
    of_center = level[organization] == Level.CENTER
    group = (market[organization] * 5 + level[organization]) * 3 + role
    group[of_center] = -1
    return {
        "organization": organization,
        "unit": np.repeat(np.arange(len(unit_sizes)), unit_sizes).astype(np.int32),
        "role": role,
        "liaison": _liaison_mask(sizes, first, row, role, organization) & ~of_center,
        "labour_group": group.astype(np.int32),
        "position_row": row.astype(np.uint64),
        "first": first,
        "unit_first": np.concatenate([[0], np.cumsum(unit_sizes)]).astype(np.int32),
        "market": market.astype(np.int32),
    }


def _of_agencies(table: AgencyTable) -> dict[str, Any]:
    """Columns of agencies that the table has, as the world holds them."""
    same = ("level", "parent", "enrollment", "weight", "allocation", "family_weight", "sparse", "size_group")
    columns = {
        name: np.asarray(getattr(table, name), LAYOUT_COLUMNS[name].dtype)
        for name in (*same, "usual_positions", "usual_layers")
    }
    for name in ("poverty_share", "annual_exit", "leader_annual_exit"):
        columns[name] = np.nan_to_num(np.asarray(getattr(table, name), np.float64), nan=-1.0)
    columns["child_first"], columns["child"] = _children(columns["parent"])
    poor = disadvantage(columns["level"], columns["poverty_share"], columns["weight"])
    return {**columns, "disadvantage": poor}


def _effects(identity: NDArray[np.uint64], key: int, values: Values, n_areas: int) -> dict[str, Any]:
    """Columns of what each agency is by chance, and stays, by inverse distributions.

    Normal effects on climate, (O,). Normal effects on expertise and lognormal factors of mean 1 on codification,
    (O, K), one part of an agency as a whole, one of each area. How much each area matters: symmetric Dirichlet, (O, K).
    """
    from scipy.special import gammaincinv, ndtri

    def normal(purpose: str, columns: int) -> NDArray[np.float64]:
        u = uniforms(run_key=key, purpose=purpose, identity=identity, columns=columns)
        return np.asarray(ndtri(np.clip(u, 1e-12, 1.0 - 1e-12)))

    climate = zip(("culture", "engagement", "data_systems"), normal("lasting effects", 3).T, strict=True)
    effects = {f"{name}_effect": np.ascontiguousarray(z * values[f"{name}_effect_sd"]) for name, z in climate}
    by_area = np.split(normal("lasting effects by area", 2 * (1 + n_areas)), 2, axis=1)
    expertise, log_factor = (
        values[f"{what}_agency_sd"] * z[:, :1] + values[f"{what}_area_sd"] * z[:, 1:]
        for what, z in zip(("expertise", "codification"), by_area, strict=True)
    )
    variance = values["codification_agency_sd"] ** 2 + values["codification_area_sd"] ** 2
    u = uniforms(run_key=key, purpose="relevance", identity=identity, columns=n_areas)
    gamma = np.maximum(gammaincinv(values["relevance_concentration"], u), 1e-12)
    return {
        **effects,
        "expertise_effect": np.ascontiguousarray(expertise),
        "codification_factor": np.ascontiguousarray(np.exp(log_factor - 0.5 * variance)),
        "relevance": np.ascontiguousarray(gamma / gamma.sum(axis=1, keepdims=True)),
    }


def _liaison_mask(
    sizes: NDArray[np.int64],
    first: NDArray[np.int32],
    row: NDArray[np.int64],
    role: NDArray[np.int8],
    organization: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """The first positions of each agency that are not specialists, or else its first positions, are its liaisons."""
    wanted = np.select([sizes < 8, sizes < 20], [1, 2], np.maximum(3, sizes // 15))  # liaisons of an agency
    rank = np.lexsort((row, role == Role.SPECIALIST, organization))
    place = np.empty(len(row), np.int64)
    place[rank] = np.arange(len(row)) - first[organization[rank]]
    return place < wanted[organization]
