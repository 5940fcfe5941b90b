# SPDX-License-Identifier: MIT
"""numerics beside PyTorch on one thread in one run: case,unit,ours,peer,ratio as CSV.

numerics_torch.py BENCH_EXECUTABLE [CASE...], with a Python that has torch (Debian: /usr/bin/python3
and python3-torch, libopenblas0-pthread). Without torch it says so and prints our figures alone.
"""
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
try:
    import torch
except ImportError:
    torch = None


def rate(step, rounds=7, seconds=0.15):
    rates = []
    for _ in range(rounds + 1):
        start, calls, passed = time.perf_counter(), 0, 0.0
        while passed < seconds:
            step()
            calls += 1
            passed = time.perf_counter() - start
        rates.append(calls / passed)
    return statistics.median(rates[1:])


def perceptron(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def training(model, x, y, loss):
    adam = torch.optim.Adam(model.parameters())

    def step():
        adam.zero_grad(set_to_none=True)
        loss(model(x), y).backward()
        adam.step()

    return step


def classifier_train(batch):
    x, y = torch.rand(batch, 784), torch.arange(batch) * 7 % 10
    return rate(training(perceptron(784, 300, 100, 10), x, y, torch.nn.functional.cross_entropy))


def classifier_infer(batch):
    model, x = perceptron(784, 300, 100, 10), torch.rand(batch, 784)
    with torch.no_grad():
        return batch * rate(lambda: model(x))


def node_network(rows):
    x, y = torch.rand(rows, 128) * 2 - 1, torch.rand(rows, 128)
    return rate(training(perceptron(128, 128, 128, 128), x, y, torch.nn.functional.mse_loss))


def small(operation, low=-0.5, high=0.5, length=100):
    x = (torch.rand(10, 10) * 0.6 - 0.3).requires_grad_()
    w = (torch.rand(10, 10) * (high - low) + low).requires_grad_()

    def step():
        x.grad = w.grad = None
        y = x
        for _ in range(length):
            y = operation(y, w)
        y.sum().backward()

    return length * rate(step)


def convolution(layer, fields, inputs, *size):
    x = (torch.rand(fields, inputs, *size) * 2 - 1).requires_grad_()

    def step():
        x.grad = None
        layer.zero_grad(set_to_none=True)
        layer(x).sum().backward()

    return rate(step)


def circular(inputs, outputs, kernel):
    return torch.nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2, padding_mode="circular")


PEERS = {
    "classifier_train": classifier_train,
    "classifier_infer": classifier_infer,
    "node_network": node_network,
    "convolution_narrow": lambda: convolution(circular(1, 8, 3), 64, 1, 120),
    "convolution_line": lambda: convolution(circular(8, 16, 5), 64, 8, 256),
    "convolution_plane": lambda: convolution(torch.nn.Conv2d(16, 32, 3, padding=1), 16, 16, 64, 64),
    "convolution_box": lambda: convolution(torch.nn.Conv3d(8, 16, 3, padding=1), 4, 8, 16, 16, 16),
    "convolution_blocks": lambda: convolution(torch.nn.Conv2d(3, 16, 4, stride=4), 16, 3, 64, 64),
    "convolution_transposed":
        lambda: convolution(torch.nn.ConvTranspose2d(16, 3, 4, stride=4), 16, 16, 16, 16),
    "small_matmul": lambda: small(lambda a, b: a @ b),
    "small_add": lambda: small(lambda a, b: a + b),
    "small_multiply": lambda: small(lambda a, b: a * b, 0.9, 1.1),
    "small_tanh": lambda: small(lambda a, b: torch.tanh(a)),
}


def peer(case):
    name, _, size = case.rpartition("_")
    return PEERS[name](int(size)) if size.isdigit() else PEERS[case]()


def main():
    executable, cases = sys.argv[1], sys.argv[2:]
    if torch is None:
        print("torch is not there (Debian: python3-torch): no peer", file=sys.stderr)
    else:
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    print("case,unit,ours,peer,ratio")
    names = subprocess.run([executable, *cases], capture_output=True, text=True, check=True)
    for line in names.stdout.splitlines()[1:]:
        case, unit, _ = line.split(",")
        other = peer(case) if torch else float("nan")
        # Ours once more, right beside the peer: the machine may be busier now.
        again = subprocess.run([executable, case], capture_output=True, text=True, check=True)
        rates = dict(row.split(",")[::2] for row in again.stdout.splitlines()[1:])
        ours = float(rates[case])
        print(f"{case},{unit},{ours:.5g},{other:.5g},{ours / other:.2f}", flush=True)


if __name__ == "__main__":
    main()
