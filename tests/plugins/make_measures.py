# SPDX-License-Identifier: MIT
"""Writes measures.txt: measures of 30 random graphs and of real networks by networkx.

make_measures.py PROGRAM [DATA] > measures.txt; PROGRAM exports the real networks of its cache DATA.
"""
import itertools
import os
import random
import subprocess
import sys
import tempfile

import networkx as nx
from networkx.algorithms import community

REAL = ["karate", "dolphins", "lesmis", "polbooks", "football", "adjnoun", "celegansneural", "netscience", "power"]


def number(x):
    return "%.12g" % x


def line(name, values):
    print(name, *(number(v) for v in values))


def random_graphs():
    """Thirty: ten each undirected, directed, with weights; some in pieces, some with loops."""
    draw = random.Random(8)
    for i in range(30):
        n = draw.randint(9, 22)
        kind = ["plain", "directed", "weighted"][i % 3]
        directed = kind == "directed" or i in (14, 20, 26)
        if i in (0, 9):
            g = nx.barabasi_albert_graph(n, 2, seed=i)
        elif i in (3, 12, 18):
            g = nx.connected_watts_strogatz_graph(n, 4, 0.3, seed=i)
        else:
            g = nx.gnp_random_graph(n, draw.choice([1.2, 2.5, 5.0]) / n, seed=i, directed=directed)
        if i in (6, 7, 21, 22):
            g.add_edge(1, 1), g.add_edge(4, 4)
        if kind == "weighted":
            for a, b in g.edges:
                g[a][b]["weight"] = draw.randint(1, 40) / 8
        yield "random_%02d" % i, g


def real_graphs(program):
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "export.lua")
        with open(script, "w") as f:
            f.write('local esp = require "espalier"\n')
            for name in REAL:
                f.write('esp.save("%s.edges", esp.data("%s").graph)\n' % (name, name))
        subprocess.run([program, "run", script], cwd=folder, check=True)
        for name in REAL:
            edges = []
            with open(os.path.join(folder, name + ".edges")) as f:
                head = f.readline().split()  # "# espalier graph: 34 nodes, undirected"
                nodes, directed = int(head[3]), head[5] == "directed"
                for a, b, *w in map(str.split, f):
                    edges.append((int(a), int(b), float(w[0]) if w else 1))
            g = nx.DiGraph() if directed else nx.Graph()
            g.add_nodes_from(range(nodes))
            weighted = any(w != 1 for _, _, w in edges)
            for a, b, w in edges:
                g.add_edge(a, b, **({"weight": w} if weighted else {}))
            yield name, g


def part_of(degrees, node):
    """Orbit of a node in an induced connected subgraph of four."""
    edges, d = sum(degrees.values()) // 2, degrees[node]
    shape = sorted(degrees.values())
    if edges == 3:
        return (4 if d == 1 else 5) if shape == [1, 1, 2, 2] else (6 if d == 1 else 7)
    if edges == 4:
        return 8 if shape == [2, 2, 2, 2] else {1: 9, 2: 10, 3: 11}[d]
    return {2: 12, 3: 13}[d] if edges == 5 else 14


def orbits(g):
    """By looking at every set of three and four nodes."""
    g = nx.Graph(g)
    g.remove_edges_from(list(nx.selfloop_edges(g)))
    counts = {v: [0] * 15 for v in g}
    for v in g:
        counts[v][0] = g.degree(v)
    for some in itertools.combinations(g, 3):
        inside = g.subgraph(some)
        if inside.number_of_edges() >= 2:
            for v in some:
                counts[v][3 if inside.number_of_edges() == 3 else inside.degree(v)] += 1
    for some in itertools.combinations(g, 4):
        degrees = {v: sum(u in g[v] for u in some) for v in some}
        if sum(degrees.values()) < 6 or 0 in degrees.values():
            continue
        if sum(degrees.values()) == 6 and sorted(degrees.values()) == [0, 2, 2, 2]:
            continue
        for v in some:
            counts[v][part_of(degrees, v)] += 1
    return [c for v in sorted(g) for c in counts[v]]


def lengths(g, weight):
    found, longest, total, inverse = 0, 0, 0.0, 0.0
    paths = nx.all_pairs_dijkstra_path_length(g) if weight else nx.all_pairs_shortest_path_length(g)
    for s, reached in paths:
        for v, d in reached.items():
            if v != s:
                found, total, inverse, longest = found + 1, total + d, inverse + 1 / d, max(longest, d)
    pairs = len(g) * (len(g) - 1)
    return total / found, inverse / pairs, found / pairs, longest


def vectors(g, weight, exact):
    """Measures of nodes; of a real network their sum, sum of squares and largest."""

    def put(name, values):
        v = [values[k] for k in sorted(g)]
        line(name, v if exact else [sum(v), sum(x * x for x in v), max(v)])

    put("closeness", nx.closeness_centrality(g, distance=weight))
    put("closeness_out", nx.closeness_centrality(g.reverse() if g.is_directed() else g, distance=weight))
    put("harmonic", nx.harmonic_centrality(g, distance=weight))
    put("betweenness", nx.betweenness_centrality(g, weight=weight))
    put("betweenness_raw", nx.betweenness_centrality(g, weight=weight, normalized=False))
    put("pagerank", nx.pagerank(g, weight=weight, tol=1e-15, max_iter=5000))


def measures(name, g, exact):
    weighted = any("weight" in d for _, _, d in g.edges(data=True))
    print("graph", name, len(g), int(g.is_directed()), int(weighted))
    if exact:
        line("edges", [x for a, b, d in g.edges(data=True) for x in (a, b, d.get("weight", 1))])
    labels = [v * 7 % 5 for v in range(len(g))]
    values = [(v * v) % 11 for v in range(len(g))]
    nx.set_node_attributes(g, dict(enumerate(labels)), "label")
    nx.set_node_attributes(g, dict(enumerate(values)), "value")
    line("degree_assortativity", [nx.degree_assortativity_coefficient(g)])
    if g.is_directed():
        line("in_in_assortativity", [nx.degree_assortativity_coefficient(g, x="in", y="in")])
    line("label_assortativity", [nx.attribute_assortativity_coefficient(g, "label")])
    line("value_assortativity", [nx.numeric_assortativity_coefficient(g, "value")])
    groups = [{v for v in g if labels[v] == k} for k in range(5)]
    for kind, weight in [("", None)] + ([("weighted ", "weight")] if weighted else []):
        print("kind", kind or "plain")
        line("lengths", lengths(g, weight))
        vectors(g, weight, exact)
        line("modularity", [community.modularity(g, groups, weight=weight, resolution=r) for r in (1, 1.7)])
        best = max(
            (community.louvain_communities(g, weight=weight, seed=s) for s in range(5)),
            key=lambda c: community.modularity(g, c, weight=weight),
        )
        line("louvain", [community.modularity(g, best, weight=weight)])
    loopless = g.copy()
    loopless.remove_edges_from(list(nx.selfloop_edges(g)))
    cores = nx.core_number(loopless)
    line("cores", [cores[v] for v in sorted(g)] if len(g) < 300 else [sum(cores.values()), max(cores.values())])
    if not g.is_directed() and len(g) < 80:
        line("orbits", orbits(g))
    print("end")


if __name__ == "__main__":
    print("# Measures by networkx %s, written by make_measures.py." % nx.__version__)
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.environ.setdefault("ESPALIER_DATASETS", os.path.join(source, "datasets", "manifest.json"))
    if len(sys.argv) > 2:
        os.environ["ESPALIER_DATA"] = sys.argv[2]
    for name, graph in random_graphs():
        measures(name, graph, True)
    for name, graph in real_graphs(sys.argv[1]):
        measures(name, graph, False)
