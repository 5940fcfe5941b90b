# SPDX-License-Identifier: MIT
"""What the benchmarks beside PyTorch share: rates, and the table of both.

Rates are medians, per second of processor time for ours and for the peer's one thread, per second of
the wall for its two. Denormals are flushed for it. Where torch is not installed ours are printed alone.
"""
import statistics
import subprocess
import sys
import time

try:
    import torch
except ImportError:
    torch = None


def rate(step, clock, rounds, seconds):
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


def compare(peers, rounds=5, seconds=0.5):
    """Runs the benchmark named on the command line ("case,rate" a line) and each case's peer.

    `peers` makes a step of a case, by name; cases without one stand alone. Returns our rates by case.
    """
    text = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout
    ours = {name: float(figure) for name, figure in (line.split(",") for line in text.split())}
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
                peer = rate(peers[name](), clock, rounds, seconds)
                line += f",{peer:.4g},{figure / peer:.2f}"
        print(line, flush=True)
    return ours
