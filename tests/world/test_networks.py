"""Advice networks to and from networkx."""

from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest

from capsim import CapacityModel, InputError, to_networkx, with_network
from capsim.world import World
from capsim.world.invariants import broken_invariants


@pytest.fixture(scope="module")
def settled() -> World:
    model = CapacityModel("classroom", seed=1)
    while (model.world.person >= 0).all():
        model.step()
    return model.world


@pytest.fixture
def world(settled: World) -> World:
    return settled.copy()


def holders(world: World) -> list[int]:
    return np.flatnonzero(world.person >= 0).tolist()


def test_nodes_are_holders_and_edges_their_ties(world: World) -> None:
    graph = to_networkx(world)
    assert list(graph.nodes) == holders(world)
    assert graph.number_of_edges() == int((world.tie_to >= 0).sum())
    for i, contact, data in graph.edges(data=True):
        slot = world.tie_to[i].tolist().index(contact)
        assert (data["weight"], data["slot"]) == (world.tie_strength[i, slot], slot)
    first = holders(world)[0]
    assert graph.nodes[first]["person"] == world.person[first]
    assert graph.nodes[first]["role"] == "leader"
    assert graph.nodes[first]["skill"] == pytest.approx(world.skill[first].mean())
    nx.generate_gml(graph)


def test_there_and_back_is_the_same_world(world: World) -> None:
    twin = with_network(world, to_networkx(world))
    for (name, column), (_, other) in zip(world.columns(), twin.columns(), strict=True):
        np.testing.assert_array_equal(column, other, err_msg=name)
    assert twin.tie_to is not world.tie_to


def test_other_graphs_become_ties(world: World) -> None:
    a, b, c = holders(world)[:3]
    before = world.tie_to.copy()
    twin = with_network(world, nx.Graph([(a, b, {"weight": 0.25}), (b, c)]))
    assert not broken_invariants(twin)
    np.testing.assert_array_equal(world.tie_to, before)
    edges = sorted(to_networkx(twin).edges(data="weight"))
    assert edges == [(a, b, 0.25), (b, a, 0.25), (b, c, 0.5), (c, b, 0.5)]
    twin.consulted[a] = 5
    empty = with_network(twin, nx.DiGraph())
    assert (empty.tie_to == -1).all()
    assert (empty.consulted == -1).all()
    assert not broken_invariants(empty)


def test_a_slot_that_is_taken_does_not_lose_a_tie(world: World) -> None:
    a, b, c, d = holders(world)[:4]
    graph = nx.DiGraph([(a, b, {"slot": 3}), (a, c, {"slot": 3}), (a, d)])
    twin = with_network(world, graph)
    assert sorted(to_networkx(twin).successors(a)) == [b, c, d]
    assert twin.tie_to[a, 3] == b


def test_all_problems_of_a_graph_at_once(world: World) -> None:
    vacant = int(np.flatnonzero(world.person < 0)[0])
    last = world.layout.n_positions
    with pytest.raises(InputError) as error:
        with_network(world, nx.DiGraph([(0, last), ("me", vacant)]))
    assert len(error.value.problems) == 3
    text = str(error.value)
    assert f"node {last} is no position" in text
    assert "node 'me' is no position" in text
    assert f"node {vacant}: the position is vacant" in text
    a, *others = holders(world)
    graph = nx.MultiDiGraph([(a, contact) for contact in others[:9]])
    graph.add_edges_from([(others[0], others[0]), (others[1], a), (others[1], a)])
    strengths = (0.0, 1.5, float("nan"), "strong")
    graph.add_edges_from((others[2], others[5 + n], {"weight": weight}) for n, weight in enumerate(strengths))
    before = world.tie_to.copy()
    with pytest.raises(InputError) as error:
        with_network(world, graph)
    text = str(error.value)
    assert len(error.value.problems) == 7
    assert f"network: {a} has 9 ties; at most 8" in text
    assert "is a tie to oneself" in text
    assert "is there twice" in text
    assert text.count("strength must be in (0, 1]") == 4
    np.testing.assert_array_equal(world.tie_to, before)


def test_the_network_of_a_model_can_be_assigned() -> None:
    model = CapacityModel("classroom", seed=1)
    graph = model.network
    graph.remove_edges_from([(i, m) for i, m, strength in graph.edges(data="weight") if strength < 0.6])
    model.network = graph
    assert (model.world.tie_to >= 0).sum() == graph.number_of_edges()
    model.run()
    assert not broken_invariants(model.world)


WRITERS = {
    "graphml": (nx.write_graphml, nx.read_graphml),
    "graphml_xml": (nx.write_graphml_xml, nx.read_graphml),
    "gexf": (nx.write_gexf, nx.read_gexf),
    "gml": (nx.write_gml, nx.read_gml),
    "pajek": (nx.write_pajek, nx.read_pajek),
    "edgelist": (nx.write_edgelist, lambda path: nx.read_edgelist(path, create_using=nx.DiGraph)),
    "weighted_edgelist": (
        nx.write_weighted_edgelist,
        lambda path: nx.read_weighted_edgelist(path, create_using=nx.DiGraph),
    ),
    "node_link": (
        lambda graph, path: path.write_text(json.dumps(nx.node_link_data(graph, edges="links"))),
        lambda path: nx.node_link_graph(json.loads(path.read_text()), edges="links"),
    ),
    "adjacency": (
        lambda graph, path: path.write_text(json.dumps(nx.adjacency_data(graph))),
        lambda path: nx.adjacency_graph(json.loads(path.read_text())),
    ),
    "cytoscape": (
        lambda graph, path: path.write_text(json.dumps(nx.cytoscape_data(graph))),
        lambda path: nx.cytoscape_graph(json.loads(path.read_text())),
    ),
}


@pytest.mark.filterwarnings("ignore:Node attribute")  # Pajek keeps text alone
@pytest.mark.parametrize("kind", WRITERS)
def test_every_file_format_of_networkx_takes_and_gives_back_the_network(kind, tmp_path):
    model = CapacityModel(seed=1)
    model.step()
    graph = model.network
    write, read = WRITERS[kind]
    write(graph, tmp_path / "network")
    model.network = read(tmp_path / "network")
    back = model.network
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {(i, m): data["weight"] for i, m, data in back.edges(data=True)} == pytest.approx(
        {(i, m): data["weight"] for i, m, data in graph.edges(data=True)}
    )


def test_lists_of_neighbours_give_back_who_asks_whom(tmp_path):
    model = CapacityModel(seed=1)
    graph = model.network
    for write, read in ((nx.write_adjlist, nx.read_adjlist), (nx.write_multiline_adjlist, nx.read_multiline_adjlist)):
        write(graph, tmp_path / "network")
        model.network = read(tmp_path / "network", create_using=nx.DiGraph)
        assert set(model.network.edges) == set(graph.edges)


def test_attributes_are_plain_python():
    graph = CapacityModel(seed=1).network
    data = [one for _, one in graph.nodes(data=True)] + [one for *_, one in graph.edges(data=True)]
    assert {type(value) for one in data for value in one.values()} <= {int, float, str, bool}


@pytest.mark.parametrize("graph", [None, 3, "graph", [(0, 1)], {0: [1]}])
def test_what_is_no_graph_is_refused(graph):
    model = CapacityModel(seed=1)
    with pytest.raises(InputError, match="network: must be a networkx graph"):
        model.network = graph
