# SPDX-License-Identifier: MIT
"""An epoch of learn.cgin beside the published dense formulation in PyTorch, in one run.

cgin_torch.py BENCH_EXECUTABLE prints case,ours,peer,ratio,peer_two_threads,ratio as CSV, epochs a
second. The peer multiplies by the dense adjacency, builds the whole sigmoid(Z Z') and takes the
weighted likelihood of its known block's upper triangle; both draw the unknown part every 200 epochs.
Rates are per second of processor time for ours and for the peer's one thread, per second of the wall
for its two. Where torch is not installed ours are printed alone.
"""
import statistics
import subprocess
import sys
import time

try:
    import torch
except ImportError:
    torch = None


def rate(step, clock, rounds=5, seconds=1.0):
    step()
    rates = []
    for _ in range(rounds):
        start, calls, passed = clock(), 0, 0.0
        while passed < seconds:
            step()
            calls += 1
            passed = clock() - start
        rates.append(calls / passed)
    return statistics.median(rates)


def ring(nodes):
    known = nodes - nodes // 5
    adjacency = torch.zeros(nodes, nodes)
    for step in (1, 2, 3):
        i = torch.arange(nodes)
        adjacency[i, (i + step) % nodes] = 1
        adjacency[(i + step) % nodes, i] = 1
    adjacency[known:] = 0
    adjacency[:, known:] = 0
    return adjacency, known


class Encoder(torch.nn.Module):
    def __init__(self, nodes, width=64, layers=3):
        super().__init__()
        self.first = torch.nn.Linear(nodes, width)
        self.rounds = torch.nn.ModuleList(torch.nn.Linear(width, width) for _ in range(layers))
        self.last = torch.nn.Linear((layers + 1) * width, width)

    def forward(self, features, adjacency):
        states = [self.first(features)]
        for layer in self.rounds:
            states.append(layer(states[-1] + adjacency @ states[-1]))
        z = self.last(torch.cat(states, 1))
        return torch.sigmoid(z @ z.t())


def epoch(nodes):
    adjacency, known = ring(nodes)
    truth = adjacency[:known, :known]
    ones = float(truth.sum())
    everything = float(known * known)
    weight = torch.tensor([ones / everything, everything / ones])
    upper = torch.triu_indices(known, known)
    target = truth[upper[0], upper[1]].long()
    features, model = torch.eye(nodes), Encoder(nodes)
    adam = torch.optim.Adam(model.parameters(), lr=1e-4, weight_decay=1e-5)
    loss = torch.nn.NLLLoss(weight=weight)
    unknown = torch.ones(nodes, nodes, dtype=torch.bool)
    unknown[:known, :known] = False
    state = {"seen": adjacency, "steps": 0}

    def step():
        adam.zero_grad(set_to_none=True)
        p = model(features, state["seen"])
        block = p[:known, :known][upper[0], upper[1]]
        loss(torch.log(torch.stack([1 - block, block], 1) + 1e-6), target).backward()
        adam.step()
        state["steps"] += 1
        if state["steps"] % 200 == 0:
            with torch.no_grad():
                chance = p * unknown
                chance *= ones * (nodes * nodes - everything) / everything / chance.sum()
                drawn = torch.bernoulli(chance.clamp(max=1)).fill_diagonal_(0)
                state["seen"] = adjacency + drawn

    return step


def main():
    text = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout
    ours = {name: float(figure) for name, figure in (line.split(",") for line in text.split())}
    peers = {"epoch_1000": 1000, "epoch_2000": 2000}
    if torch:
        torch.set_flush_denormal(True)
    else:
        print("torch is not installed: ours alone", file=sys.stderr)
    print("case,ours,peer,ratio,peer_two_threads,ratio")
    for name, figure in ours.items():
        line = f"{name},{figure:.4g}"
        if torch and name in peers:
            for threads, clock in ((1, time.process_time), (2, time.perf_counter)):
                torch.set_num_threads(threads)
                peer = rate(epoch(peers[name]), clock)
                line += f",{peer:.4g},{figure / peer:.2f}"
        print(line, flush=True)


main()
