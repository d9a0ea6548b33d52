"""The steps of the layout one by one, against the simplest thing that says the same."""

from __future__ import annotations

import random
from itertools import combinations

import networkx as nx
import pytest

from studio.layout.arrangement import HASTY, THOROUGH, Cancelled, never
from studio.layout.chains import Chains
from studio.layout.crossings import Ordering
from studio.layout.flow import Flow, forward_edges, longest_path
from studio.layout.order import ordered
from studio.layout.ranks import ranks_of
from studio.layout.rows import Rows, rows_of
from studio.layout.separation import Distances, packed, pushed_apart, separated
from studio.layout.starts import from_inputs, from_outputs
from tests.layout.figures import drawn, random_drawing


def random_flow(seed: int) -> Flow:
    drawing = random_drawing(seed)
    index = {node: number for number, node in enumerate(drawing.boxes)}
    return Flow.of(len(index), [(index[edge.source], index[edge.target]) for edge in drawing.edges])


def random_rows(seed: int) -> tuple[Flow, Rows]:
    flow = random_flow(seed)
    return flow, rows_of(flow, ranks_of(flow, HASTY, never))


def least_length(flow: Flow) -> int:
    """The least total length of edges, as the dual of a flow of least cost."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(flow.count))
    graph.add_edges_from(flow.edges, weight=-1)
    for node in graph:
        graph.nodes[node]["demand"] = len(flow.entering[node]) - len(flow.leaving[node])
    cost, _ = nx.network_simplex(graph)
    return -cost


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_ranks_are_the_shortest_that_there_are(start: int) -> None:
    for seed in range(start, start + 50):
        flow = random_flow(seed)
        for part in nx.weakly_connected_components(nx.DiGraph(flow.edges)):
            nodes = {node: at for at, node in enumerate(sorted(part))}
            alone = Flow.of(len(nodes), [(nodes[a], nodes[b]) for a, b in flow.edges if a in nodes])
            ranks = ranks_of(alone, THOROUGH, never)
            assert all(ranks[a] < ranks[b] for a, b in alone.edges)
            assert sum(ranks[b] - ranks[a] for a, b in alone.edges) == least_length(alone), seed


def test_cheap_ranks_point_downwards() -> None:
    for seed in range(100):
        flow = random_flow(seed)
        ranks = ranks_of(flow, HASTY, never)
        assert all(ranks[a] < ranks[b] for a, b in flow.edges)


def test_a_source_stands_close_to_what_it_feeds() -> None:
    flow = Flow.of(6, [(0, 1), (1, 2), (2, 3), (4, 5), (5, 3)])
    for effort in (THOROUGH, HASTY):
        assert ranks_of(flow, effort, never) == [0, 1, 2, 3, 1, 2]


def crossings(ordering: Ordering) -> int:
    """Every pair of pieces between the same two ranks, looked at."""
    rows, place = ordering.rows, ordering.place
    return sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for (a, b, _), (c, d, _) in combinations(rows.segments, 2)
        if rows.rank[a] == rows.rank[c]
    )


def turned(ordering: Ordering) -> int:
    """Every pair of inputs of a merge, looked at."""
    return sum(
        ordering.place[one] > ordering.place[other]
        for above in ordering.rows.up[: ordering.rows.nodes]
        for one, other in combinations(above, 2)
    )


def shuffled(seed: int) -> tuple[Rows, list[list[int]], random.Random]:
    """Random rows, an order in which nothing has its place, and what it was drawn with."""
    _, rows = random_rows(seed)
    chance = random.Random(seed)
    order = [[item for item, rank in enumerate(rows.rank) if rank == at] for at in range(rows.height)]
    for row in order:
        chance.shuffle(row)
    return rows, order, chance


def test_crossings_are_counted_right_and_exchanges_make_them_fewer() -> None:
    saved_by_swaps = saved_by_sifting = 0
    for seed in range(60):
        rows, order, _ = shuffled(seed)
        ordering = Ordering(rows, order, never)
        counts = [crossings(ordering) + 3 * turned(ordering)]
        for exchange in (ordering.swap_neighbours, ordering.sift):
            exchange()
            assert ordering.crossings() == crossings(ordering)
            assert ordering.turned() == turned(ordering)
            counts.append(ordering.cost())
        assert counts == sorted(counts, reverse=True)
        saved_by_swaps += counts[0] - counts[1]
        saved_by_sifting += counts[1] - counts[2]
    assert saved_by_swaps > 1000
    assert saved_by_sifting > 100


def test_chains_cost_what_they_say_less_at_their_new_places() -> None:
    saved_by_chains = 0
    for seed in range(60):
        flow, rows = random_rows(seed)
        straight = Chains(rows, from_outputs(flow, rows), never).in_ranks()
        chains = Chains(rows, straight, never)
        costs = [Ordering(rows, straight, never).cost()]
        saved = steps = 10_000
        while saved:
            saved, steps = chains.sift(steps)
            costs.append(Ordering(rows, chains.in_ranks(), never).cost())
            assert costs[-2] - costs[-1] == saved, seed
        assert [sorted(row) for row in chains.in_ranks()] == [sorted(row) for row in straight]
        saved_by_chains += costs[0] - costs[-1]
    assert saved_by_chains > 500


def test_a_merge_moves_together_with_its_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    """h to a crosses three edges from p. With everything that goes into add on the left only its lane crosses another;
    a or s by itself would have to cross more than before."""
    text = "in p x first cat; in h a add cat; p y first; p z first; p s add; p l sum cat; p r sum"
    ranks = {"in": 0, "p": 1, "h": 1, **dict.fromkeys("xyzaslr", 2), "first": 3, "add": 3, "sum": 3, "cat": 5}
    drawing = drawn(text)
    index = {node: number for number, node in enumerate(drawing.boxes)}
    flow = Flow.of(len(index), [(index[edge.source], index[edge.target]) for edge in drawing.edges])
    rows = rows_of(flow, [ranks[node] for node in drawing.boxes])
    lanes = [chain[0] for chain in rows.chains if chain]
    named = [["in"], ["p", "h"], list("xyzaslr"), ["first", "add", "sum"], [], ["cat"]]
    order = [[index[node] for node in row] or lanes for row in named]
    assert Ordering(rows, order, never).cost() == 3
    chains = Chains(rows, order, never)
    assert chains.sift(10_000)[0] == 2
    assert [list(index)[item] for item in chains.in_ranks()[2]] == list("asxyzlr")
    monkeypatch.setattr(Chains, "_merges", lambda self: [])
    assert Chains(rows, order, never).sift(10_000)[0] == 0


def test_chains_stop_where_their_steps_end() -> None:
    flow, rows = random_rows(7)
    chains = Chains(rows, from_inputs(flow, rows, longest_path(flow)), never)
    before = chains.in_ranks()
    assert chains.sift(0) == (0, 0)
    assert chains.in_ranks() == before
    with pytest.raises(Cancelled):
        Chains(rows, before, lambda: True).sift(10_000)


def test_what_stood_keeps_its_order_and_no_merge_is_turned_for_a_crossing() -> None:
    for seed in range(60):
        rows, order, chance = shuffled(seed)
        ordering = Ordering(rows, order, never)
        before = (ordering.crossings(), ordering.turned())
        stood = set(chance.sample(range(len(rows.rank)), len(rows.rank) // 2))
        ordering.swap_neighbours(stood=stood)
        after = (ordering.crossings(), ordering.turned())
        assert [[item for item in row if item in stood] for row in ordering.order] == [
            [item for item in row if item in stood] for row in order
        ]
        assert after[0] <= before[0]
        assert after[1] <= before[1]


def test_the_search_finds_fewer_crossings_than_its_start() -> None:
    hasty = thorough = 0
    for seed in range(100):
        flow, rows = random_rows(seed)
        main = longest_path(flow)
        hasty += ordered(flow, rows, main, HASTY, never)[1]
        order, found = ordered(flow, rows, main, THOROUGH, never)
        assert crossings(Ordering(rows, order, never)) == found
        thorough += found
    assert thorough < hasty / 2


def test_edges_that_close_cycles_are_left_out_and_no_others() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        ends = [(chance.randrange(8), chance.randrange(8)) for _ in range(chance.randint(0, 16))]
        kept = [ends[number] for number in forward_edges(8, ends)]
        assert nx.is_directed_acyclic_graph(nx.DiGraph(kept))
        if nx.is_directed_acyclic_graph(nx.DiGraph(ends)):
            assert kept == ends


def random_distances(seed: int) -> tuple[Distances, list[float], list[float]]:
    chance = random.Random(seed)
    count = chance.randint(1, 12)
    left: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    right: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for one, other in combinations(range(count), 2):
        if chance.random() < 0.3:
            distance = chance.choice([8.0, 120.0, 224.0])
            right[one].append((other, distance))
            left[other].append((one, distance))
    wanted = [chance.uniform(0, 400) for _ in range(count)]
    return Distances(left, right, list(range(count))), wanted, [chance.choice([1.0, 5.0]) for _ in range(count)]


def test_distances_are_kept_and_places_without_conflict_too() -> None:
    for seed in range(200):
        distances, wanted, weights = random_distances(seed)
        tidy = packed(distances)
        assert separated(tidy, weights, distances) == tidy
        assert pushed_apart(tidy, distances) == tidy
        for x in (separated(wanted, weights, distances), pushed_apart(wanted, distances), tidy):
            for column, others in enumerate(distances.right):
                assert all(x[other] - x[column] >= distance - 1e-6 for other, distance in others)


def test_the_heavier_column_gives_way_less() -> None:
    distances = Distances([[], [(0, 100.0)]], [[(1, 100.0)], []], [0, 1])
    assert separated([0.0, 0.0], [3.0, 1.0], distances) == [-25.0, 75.0]
