"""Advice networks: the ties of a world to and from networkx, and single ties. Positions are the nodes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.errors import InputError
from capsim.levels import Level, Role
from capsim.numbers import integral, shown
from capsim.world.schema import MAX_TIES
from capsim.world.state import World

if TYPE_CHECKING:
    import networkx as nx

DEFAULT_STRENGTH = 0.5
"""Strength of an edge without a weight."""

_SHOWN_PROBLEMS = 20


def to_networkx(world: World) -> nx.DiGraph[int]:
    """Advice network of those who hold a position.

    Parameters
    ----------
    world : World
        Not changed.

    Returns
    -------
    networkx.DiGraph
        Nodes are positions (rows), with person, agency, organization, unit, role, level, liaison, tenure,
        engagement and skill (mean over areas). An edge i -> m says that i asks m; its `weight` is the tie's
        strength in (0, 1], its `slot` the place among the ties of i.
    """
    import networkx as nx

    layout = world.layout
    graph: nx.DiGraph[int] = nx.DiGraph()
    held = np.flatnonzero(world.person >= 0)
    skill = world.skill.mean(axis=1)
    for i in held.tolist():
        j = int(layout.organization[i])
        graph.add_node(
            i,
            person=int(world.person[i]),
            agency=layout.ids[j],
            organization=j,
            unit=int(layout.unit[i]),
            role=Role(int(layout.role[i])).name.lower(),
            level=Level(int(layout.level[j])).name.lower(),
            liaison=bool(layout.liaison[i]),
            tenure=int(world.tenure[i]),
            engagement=float(world.engagement[i]),
            skill=float(skill[i]),
        )
    rows, slots = np.nonzero(world.tie_to >= 0)
    strengths = world.tie_strength[rows, slots]
    for i, slot, contact, strength in zip(
        rows.tolist(), slots.tolist(), world.tie_to[rows, slots].tolist(), strengths.tolist(), strict=True
    ):
        graph.add_edge(i, contact, weight=strength, slot=slot)
    return graph


def write_network(world: World, graph: nx.Graph[Any]) -> None:
    """Replace all ties of a world by the edges of a graph.

    Parameters
    ----------
    world : World
        Changed in place.
    graph : networkx graph
        As `to_networkx` gives it. Nodes without edges may be missing; text such as "12", which most file formats make
        of a node, is position 12. An edge without `weight` has strength 0.5; an undirected edge stands for a tie each
        way.

    Raises
    ------
    InputError
        One line for every node that is no position or is vacant, tie to oneself, doubled tie, strength
        outside (0, 1], and position with more than 8 ties. The world is then unchanged.
    """
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        raise InputError(f"network: must be a networkx graph, got {shown(graph)}")
    directed = graph if graph.is_directed() else graph.to_directed()
    edges = [(_position(i), _position(contact), data) for i, contact, data in directed.edges(data=True)]
    problems = _node_problems(world, [_position(node) for node in graph.nodes]) or _edge_problems(edges)
    if problems:
        more = len(problems) - _SHOWN_PROBLEMS
        raise InputError([*problems[:_SHOWN_PROBLEMS], *([f"network: and {more} more problems"] if more > 0 else [])])
    tie_to, tie_strength = np.full_like(world.tie_to, -1), np.zeros_like(world.tie_strength)
    unplaced = []
    for i, contact, data in edges:
        slot = integral(data.get("slot"))
        if isinstance(slot, int) and 0 <= slot < MAX_TIES and tie_to[i, slot] < 0:
            tie_to[i, slot], tie_strength[i, slot] = contact, data.get("weight", DEFAULT_STRENGTH)
        else:
            unplaced.append((i, contact, data))
    for i, contact, data in unplaced:
        slot = int(np.argmax(tie_to[i] < 0))
        tie_to[i, slot], tie_strength[i, slot] = contact, data.get("weight", DEFAULT_STRENGTH)
    world.tie_to[:], world.tie_strength[:] = tie_to, tie_strength
    slots = np.maximum(world.consulted, 0)[:, None].astype(np.int64)
    world.consulted[np.take_along_axis(tie_to, slots, axis=1)[:, 0] < 0] = -1


def _position(node: Any) -> Any:
    """A node as the position it means."""
    is_number = isinstance(node, str) and len(node) < 10 and node.isascii() and node.isdigit()
    return int(node) if is_number else integral(node)


def with_network(world: World, graph: nx.Graph[Any]) -> World:
    """Copy of a world with the ties of a graph; see `write_network`."""
    twin = world.copy()
    write_network(twin, graph)
    return twin


def _node_problems(world: World, nodes: list[Any]) -> list[str]:
    problems = []
    for node in nodes:
        if isinstance(node, bool) or not isinstance(node, int) or not 0 <= node < world.layout.n_positions:
            problems.append(
                f"network: node {shown(node)} is no position; positions are 0 to {world.layout.n_positions - 1}"
            )
        elif world.person[node] < 0:
            problems.append(f"network: node {node}: the position is vacant")
    return problems


def _edge_problems(edges: list[tuple[Any, Any, dict[str, Any]]]) -> list[str]:
    problems, seen = [], set()
    ties: dict[int, int] = {}
    for i, contact, data in edges:
        if i == contact:
            problems.append(f"network: {i} -> {contact} is a tie to oneself")
        if (i, contact) in seen:
            problems.append(f"network: {i} -> {contact} is there twice")
        seen.add((i, contact))
        if problem := _strength_problem(data.get("weight", DEFAULT_STRENGTH)):
            problems.append(f"network: {i} -> {contact}: {problem}")
        ties[i] = ties.get(i, 0) + 1
    problems += [f"network: {i} has {count} ties; at most {MAX_TIES}" for i, count in ties.items() if count > MAX_TIES]
    return problems


def _strength_problem(strength: Any) -> str:
    is_number = isinstance(strength, int | float | np.number) and not isinstance(strength, bool)
    fits = is_number and math.isfinite(strength) and 0.0 < strength <= 1.0
    return "" if fits else f"strength must be in (0, 1], got {shown(strength)}"


def set_tie(world: World, position: int, contact: int, strength: float) -> None:
    """Add the tie from a position to a contact in the lowest free slot, or change its strength.

    Raises
    ------
    InputError
        For a tie to oneself, a strength outside (0, 1], or when all ties are taken.
    """
    if position == contact:
        raise InputError(f"position {position}: a tie to oneself is not possible")
    if problem := _strength_problem(strength):
        raise InputError(f"position {position}: {problem}")
    wanted = np.flatnonzero(world.tie_to[position] == contact)
    if not len(wanted):
        wanted = np.flatnonzero(world.tie_to[position] < 0)
    if not len(wanted):
        raise InputError(
            f"position {position} has {MAX_TIES} ties already, the most there can be; disconnect one first"
        )
    world.tie_to[position, wanted[0]], world.tie_strength[position, wanted[0]] = contact, strength


def remove_tie(world: World, position: int, contact: int) -> None:
    """Remove the tie from a position to a contact, if there is one."""
    for slot in np.flatnonzero(world.tie_to[position] == contact).tolist():
        world.tie_to[position, slot], world.tie_strength[position, slot] = -1, 0.0
        if world.consulted[position] == slot:
            world.consulted[position] = -1
