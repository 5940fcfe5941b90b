# SPDX-License-Identifier: MIT
"""An epoch of learn.cgin beside the published dense formulation in PyTorch, in one run.

cgin_torch.py BENCH_EXECUTABLE prints case,ours,peer,ratio,peer_two_threads,ratio as CSV, epochs a
second. The peer multiplies by the dense adjacency, builds the whole sigmoid(Z Z') and takes the
weighted likelihood of its known block's upper triangle; both draw the unknown part every 200 epochs.
"""
from beside_torch import compare, torch


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


class Encoder(torch.nn.Module if torch else object):
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


compare({"epoch_1000": lambda: epoch(1000), "epoch_2000": lambda: epoch(2000)}, seconds=1.0)
