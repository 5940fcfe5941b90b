# SPDX-License-Identifier: MIT
"""Measures one network with python-igraph and networkx and prints processor times of a call, a line a measure.

measures_igraph.py EDGES NODES WITH_NETWORKX MEASURE...; EDGES is a file of int32 pairs. Ends with 3
when igraph is not installed.
"""
import random
import sys
import time

try:
    import igraph
    import numpy
except ImportError:
    sys.exit(3)

pairs = numpy.fromfile(sys.argv[1], dtype=numpy.int32).reshape(-1, 2)
nodes = int(sys.argv[2])
g = igraph.Graph(n=nodes, edges=pairs)
sources = random.Random(1).sample(range(nodes), min(nodes, 64))

IGRAPH = {
    "paths": lambda: g.average_path_length(),
    "sampled_paths": lambda: [g.distances(source=s) for s in sources],
    "closeness": lambda: g.closeness(),
    "harmonic": lambda: g.harmonic_centrality(normalized=False),
    "betweenness": lambda: g.betweenness(),
    "pagerank": lambda: g.pagerank(),
    "core_numbers": lambda: g.coreness(),
    "assortativity": lambda: g.assortativity_degree(directed=False),
    "communities": lambda: g.community_multilevel().modularity,
    "diameter": lambda: g.diameter(),
    "orbits": lambda: g.motifs_randesu(size=4),
    "clustering": lambda: g.transitivity_local_undirected(mode="zero"),
    "components": lambda: len(g.connected_components()),
    "degree_distribution": lambda: g.degree_distribution(),
}


def with_networkx():
    """None when it is not installed."""
    try:
        import networkx as nx
    except ImportError:
        return {}
    h = nx.Graph()
    h.add_nodes_from(range(nodes))
    h.add_edges_from(pairs.tolist())
    return {
        "paths": lambda: nx.average_shortest_path_length(h),
        "closeness": lambda: nx.closeness_centrality(h),
        "harmonic": lambda: nx.harmonic_centrality(h),
        "betweenness": lambda: nx.betweenness_centrality(h),
        "pagerank": lambda: nx.pagerank(h),
        "core_numbers": lambda: nx.core_number(h),
        "assortativity": lambda: nx.degree_assortativity_coefficient(h),
        "communities": lambda: nx.community.louvain_communities(h, seed=1),
        "clustering": lambda: nx.clustering(h),
        "components": lambda: sum(1 for _ in nx.connected_components(h)),
    }


peers = [("python-igraph", IGRAPH)]
if int(sys.argv[3]):
    peers.append(("networkx", with_networkx()))
for measure in sys.argv[4:]:
    for name, made in peers:
        if measure not in made:
            continue
        begin, calls, passed = time.process_time(), 0, 0.0
        while passed < 0.02:
            result = made[measure]()
            calls += 1
            passed = time.process_time() - begin
        value = result if isinstance(result, (int, float)) else 0
        print(name, measure, passed / calls, value, flush=True)
