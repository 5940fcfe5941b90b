# SPDX-License-Identifier: MIT
"""Time to a network without a wrong entry: learn.ggn beside the published procedure in PyTorch, in one run.

ggn_recovery_torch.py PROGRAM prints case,program,wrong,wall_seconds,processor_seconds as CSV, two threads
each. Ours is the whole program: start, series, all of the training, judgement. The peer (arXiv:1812.11482:
batches of 128; temperature 10, times .9999 a batch; one network drawn an epoch for the learner, one a batch
for the generator) gets the same series and stops as soon as no entry is wrong: 1.5 to 3 minutes a case.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "2"
from ggn_torch import make_model, torch

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ggn_recovery.lua")
LIMIT = 1200  # processor seconds


class Lattice:
    hidden, learner_rate, learner_passes, generator_passes = 128, 1e-4, 30, 5

    def __init__(self, series):
        x = series.float()
        self.now, self.next = x[:, :-1].reshape(-1, *x.shape[2:]), x[:, 1:].reshape(-1, *x.shape[2:])

    def loss(self, out, rows):
        return (out - self.next[rows]).abs().mean()

    def counted(self, wrong):
        return wrong & ~torch.eye(len(wrong), dtype=torch.bool)


class Boolean:
    hidden, learner_rate, learner_passes, generator_passes = 256, 1e-3, 20, 10

    def __init__(self, series):
        states = series.long().reshape(len(series), series.shape[1], -1)
        rows = torch.randperm(len(states))[: len(states) * 5 // 7]
        self.now = torch.nn.functional.one_hot(states[rows, 0], 2).double()
        self.next = states[rows, 1]

    def loss(self, out, rows):
        return torch.nn.functional.cross_entropy(out.reshape(-1, 2), self.next[rows].reshape(-1))

    def counted(self, wrong):
        return wrong


def recover(case, truth):
    """The wrong entries that are left, of receivers by senders."""
    width = case.now.shape[-1]
    model = make_model(width, width, case.hidden).to(case.now.dtype)
    logits = torch.rand(*truth.shape, 2, dtype=case.now.dtype, requires_grad=True)
    learner = torch.optim.Adam(model.parameters(), lr=case.learner_rate)
    generator = torch.optim.Adam([logits], lr=0.1)
    gumbel, temperature = torch.nn.functional.gumbel_softmax, 10.0

    def wrong():
        return int(case.counted((logits[..., 0] > logits[..., 1]) != truth).sum())

    def batches():
        order = torch.randperm(len(case.now))
        return [order[k:k + 128] for k in range(0, len(order) - 127, 128)]

    def descend(adam, rows, adjacency):
        adam.zero_grad(set_to_none=True)
        case.loss(model(case.now[rows], adjacency), rows).backward()
        adam.step()

    while time.process_time() < LIMIT:
        drawn = gumbel(logits.detach(), tau=temperature, hard=True)[..., 0]
        for _ in range(case.learner_passes):
            for rows in batches():
                descend(learner, rows, drawn)
        for _ in range(case.generator_passes):
            for rows in batches():
                descend(generator, rows, gumbel(logits, tau=temperature)[..., 0])
                temperature *= 0.9999
            if wrong() == 0:
                return 0
    return wrong()


def peer(name, folder):
    """In a process of its own, whose processor time is the peer's."""
    import numpy

    torch.manual_seed(1)
    torch.set_num_threads(2)
    torch.set_flush_denormal(True)
    series = torch.from_numpy(numpy.load(os.path.join(folder, "trajectories.npy")))
    truth = torch.from_numpy(numpy.load(os.path.join(folder, "truth.npy"))).t() > 0.5
    print(recover({"lattice": Lattice, "boolean": Boolean}[name](series), truth))


def timed(name, program, command):
    def used():
        r = resource.getrusage(resource.RUSAGE_CHILDREN)
        return r.ru_utime + r.ru_stime

    wall, processor = time.perf_counter(), used()
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(f"{name},{program},{out.split()[0]},{time.perf_counter() - wall:.2f},{used() - processor:.2f}", flush=True)


def main():
    print("case,program,wrong,wall_seconds,processor_seconds")
    for name in "lattice", "boolean":
        with tempfile.TemporaryDirectory() as folder:
            timed(name, "espalier", [sys.argv[1], "run", SCRIPT, f"case={name}", "-o", folder, "-q", "--threads", "2"])
            if torch:
                timed(name, "torch", [sys.executable, __file__, "--peer", name, folder])
    if not torch:
        print("torch is not installed: ours alone", file=sys.stderr)


if __name__ == "__main__":
    if sys.argv[1] == "--peer":
        peer(sys.argv[2], sys.argv[3])
    else:
        main()
