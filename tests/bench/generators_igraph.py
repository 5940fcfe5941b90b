# SPDX-License-Identifier: MIT
"""Makes one network with python-igraph and prints its edges and the processor time it took.

generators_igraph.py MODEL NODES; ends with 3 when igraph is not installed.
"""
import math
import random
import sys
import time

try:
    import igraph
except ImportError:
    sys.exit(3)


def power_law_degrees(nodes):
    """Exponent 2.5 from 8 to 1000, with an even sum."""
    degrees = range(8, 1001)
    drawn = random.choices(degrees, weights=[k**-2.5 for k in degrees], k=nodes)
    drawn[0] += sum(drawn) % 2
    return drawn


def erased_configuration(degrees):
    """Without self-loops and repeated edges, as Espalier makes it."""
    return igraph.Graph.Degree_Sequence(degrees, method="configuration").simplify()


model, nodes = sys.argv[1], int(sys.argv[2])
igraph.set_random_number_generator(None)  # that of its C library: calls back to Python are slower
degrees = power_law_degrees(nodes) if model == "configuration" else []
make = {
    "G(n,p)": lambda: igraph.Graph.Erdos_Renyi(n=nodes, p=20 / (nodes - 1)),
    "G(n,m)": lambda: igraph.Graph.Erdos_Renyi(n=nodes, m=10 * nodes),
    "barabasi_albert": lambda: igraph.Graph.Barabasi(n=nodes, m=10),
    "watts_strogatz": lambda: igraph.Graph.Watts_Strogatz(dim=1, size=nodes, nei=10, p=0.1),
    "configuration": lambda: erased_configuration(degrees),
    "random_regular": lambda: igraph.Graph.K_Regular(n=nodes, k=20),
    "circulant": lambda: igraph.Graph.Lattice([nodes], nei=10, circular=True),
    "stochastic_block_model": lambda: igraph.Graph.SBM(
        nodes, [[(110 if r == s else 10) / nodes for s in range(10)] for r in range(10)], [nodes // 10] * 10
    ),
    "chung_lu": lambda: igraph.Graph.Static_Power_Law(nodes, 10 * nodes, 2.5),
    "random_geometric": lambda: igraph.Graph.GRG(nodes, (20 / (nodes - 1) / math.pi) ** 0.5),
    "forest_fire": lambda: igraph.Graph.Forest_Fire(nodes, fw_prob=0.37, bw_factor=0.32, ambs=1),
}[model]
begin = time.process_time()
graph = make()
print(graph.ecount(), time.process_time() - begin)
