# SPDX-License-Identifier: MIT
"""learn.ggn beside the same model in PyTorch, one thread each, in one run.

ggn_torch.py BENCH_EXECUTABLE prints case,unit,ours,peer,ratio,bytes_per_step as CSV. Batch 128, float32,
hidden 128 (lattice) or 256 (boolean), a learner's step with Adam on a hard network or a generator's step
with Adam through a soft one. Rates are per second of processor time, ours and the peer's taken in turns.
Without torch it prints our figures alone.
"""
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
try:
    import torch
except ImportError:
    torch = None

BATCH = 128


def rate(step, rounds=3, seconds=0.5):
    step()
    rates = []
    for _ in range(rounds):
        start, calls, passed = time.process_time(), 0, 0.0
        while passed < seconds:
            step()
            calls += 1
            passed = time.process_time() - start
        rates.append(calls / passed)
    return statistics.median(rates)


def make_model(inputs, outputs, hidden):
    linear = torch.nn.Linear

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.edge1, self.edge2 = linear(2 * inputs, hidden), linear(hidden, hidden)
            self.node1, self.node2 = linear(hidden + inputs, hidden), linear(hidden, hidden)
            self.last = linear(hidden + inputs, outputs)

        def forward(self, x, adjacency):
            batch, nodes, width = x.shape
            sender = x[:, None, :, :].expand(batch, nodes, nodes, width)
            receiver = x[:, :, None, :].expand(batch, nodes, nodes, width)
            edge = torch.relu(self.edge1(torch.cat([sender, receiver], -1)))
            edge = torch.relu(self.edge2(edge))
            message = (edge * adjacency[None, :, :, None]).sum(2)
            node = torch.relu(self.node2(torch.relu(self.node1(torch.cat([message, x], -1)))))
            return self.last(torch.cat([node, x], -1))

    return Model()


def case_steps(kind, nodes):
    torch.manual_seed(1)
    functional = torch.nn.functional
    if kind == "lattice":
        x, y = torch.randn(BATCH, nodes, 1), torch.randn(BATCH, nodes, 1)
        model, loss = make_model(1, 1, 128), lambda out: functional.mse_loss(out, y)
    else:
        x = functional.one_hot(torch.randint(2, (BATCH, nodes)), 2).float()
        y = torch.randint(2, (BATCH * nodes,))
        model = make_model(2, 2, 256)
        loss = lambda out: functional.cross_entropy(out.reshape(-1, 2), y)
    hard = (torch.rand(nodes, nodes) < 0.5).float()
    logits = torch.rand(nodes, nodes, 2, requires_grad=True)
    of_learner = torch.optim.Adam(model.parameters(), lr=1e-4)
    of_generator = torch.optim.Adam([logits], lr=0.1)

    def learner():
        of_learner.zero_grad(set_to_none=True)
        loss(model(x, hard)).backward()
        of_learner.step()

    def generator():
        of_generator.zero_grad(set_to_none=True)
        soft = functional.gumbel_softmax(logits, tau=1.0)[..., 0]
        loss(model(x, soft)).backward()
        of_generator.step()

    return learner, generator


def measure(kind, nodes):
    ours = subprocess.run([sys.argv[1], f"{kind} {nodes}"], check=True, capture_output=True, text=True).stdout
    peers = {}
    if torch is not None:
        learner, generator = case_steps(kind, nodes)
        peers = {"learner": rate(learner), "generator": rate(generator)}
    for line in ours.splitlines():
        name, speed, allocated = line.rsplit(",", 2)
        peer = peers.get(name.split()[2])
        ratio = f"{float(speed) / peer:.1f}" if peer else ""
        print(f"{name},steps/s,{speed},{f'{peer:.4g}' if peer else ''},{ratio},{allocated}", flush=True)


def main():
    if torch is None:
        print("PyTorch is not installed: our figures alone", file=sys.stderr)
    else:
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    print("case,unit,ours,peer,ratio,bytes_per_step")
    for nodes in 10, 30:
        for kind in "lattice", "boolean":
            measure(kind, nodes)


if __name__ == "__main__":
    main()
