# SPDX-License-Identifier: MIT
"""learn.mlp, prune.gumbel and predict.mlp beside PyTorch in one run: CSV of medians and ratios.

pruning_torch.py BENCH_EXECUTABLE, with a Python that has torch (Debian: /usr/bin/python3 and
python3-torch, libopenblas0-pthread).
"""
from beside_torch import compare, torch

SIZES = (784, 300, 100, 10)


def batches(batch):
    x = torch.rand(4096, 784)
    x = torch.where(x < 0.8, torch.zeros(()), x)
    y = torch.arange(4096) * 7 % 10
    place = 0
    while True:
        rows = torch.arange(place, place + batch) % 4096
        yield x[rows], y[rows]
        place += batch


def dense(batch):
    layers = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model, data = torch.nn.Sequential(*layers[:-1]), batches(batch)
    adam = torch.optim.Adam(model.parameters())

    def step():
        x, y = next(data)
        adam.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(x), y).backward()
        adam.step()

    return step


def gated(batch):
    """The published layer: two logits a weight, hard Gumbel-softmax."""
    F = torch.nn.functional
    weights, gates, biases = [], [], []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        weights.append(torch.nn.Parameter(torch.randn(inputs, outputs) / inputs ** 0.5))
        gates.append(torch.nn.Parameter(torch.randn(inputs, outputs, 2) * 2 / inputs))
        biases.append(torch.nn.Parameter(torch.zeros(outputs)))
    adam, data = torch.optim.Adam(weights + gates + biases), batches(batch)

    def step():
        x, y = next(data)
        adam.zero_grad(set_to_none=True)
        for k, (w, g, b) in enumerate(zip(weights, gates, biases)):
            x = x @ (w * F.gumbel_softmax(g, dim=-1, tau=3, hard=True)[..., 0]) + b
            x = F.relu(x) if k < 2 else x
        F.cross_entropy(x, y).backward()
        adam.step()

    return step


def infer(batch):
    layers = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model, data = torch.nn.Sequential(*layers[:-1]), next(batches(batch))[0]

    def step():
        with torch.no_grad():
            model(data)

    return step


ours = compare({
    "train_dense_64": lambda: dense(64), "train_dense_256": lambda: dense(256),
    "train_gated_64": lambda: gated(64), "train_gated_256": lambda: gated(256),
    "infer_dense_1": lambda: infer(1), "infer_sparse_1": lambda: infer(1), "infer_dense_1000": lambda: infer(1000),
}, seconds=0.3)
for batch in (64, 256):
    share = ours[f"train_dense_{batch}"] / ours[f"train_gated_{batch}"]
    print(f"gated step / dense step at {batch},{share:.2f}")
print(f"sparse / dense at batch 1,{ours['infer_sparse_1'] / ours['infer_dense_1']:.1f}")
