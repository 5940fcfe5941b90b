# SPDX-License-Identifier: MIT
"""Steps of learn.company_growth beside the same networks in PyTorch, in one run.

company_growth_torch.py BENCH_EXECUTABLE, with a Python that has torch. Six variables, windows of five
years, four horizons, batches of 512, AdamW on the mean |error|, gradients clipped. The peer draws rows
of features and targets that are ready; ours make theirs from the panel in every step.
"""
from beside_torch import compare, torch

VARIABLES, WINDOW, HORIZONS, BATCH, ROWS = 6, 5, 4, 512, 40000


def steps_of(model):
    features, targets = torch.randn(ROWS, VARIABLES * WINDOW), torch.randn(ROWS, VARIABLES * HORIZONS)
    mask = (torch.rand(ROWS, VARIABLES * HORIZONS) < 0.8).float()
    adam = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1.0)

    def step():
        rows = torch.randint(ROWS, (BATCH,))
        adam.zero_grad(set_to_none=True)
        ((model(features[rows]) - targets[rows]).abs() * mask[rows]).mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()

    return step


def perceptron():
    linear, relu = torch.nn.Linear, torch.nn.ReLU
    return torch.nn.Sequential(linear(VARIABLES * WINDOW, 64), relu(), linear(64, 64), relu(),
                               linear(64, VARIABLES * HORIZONS))


def attention():
    """A token a variable."""

    class Model(torch.nn.Module):
        def __init__(self, width=32):
            super().__init__()
            self.embed = torch.nn.Linear(WINDOW, width)
            self.names = torch.nn.Parameter(torch.zeros(VARIABLES, width))
            self.layer = torch.nn.TransformerEncoderLayer(width, 4, 2 * width, dropout=0, batch_first=True)
            self.last = torch.nn.Linear(width, HORIZONS)

        def forward(self, x):
            tokens = self.embed(x.reshape(-1, VARIABLES, WINDOW)) + self.names
            return self.last(self.layer(tokens)).reshape(len(x), -1)

    return Model()


compare({"mlp": lambda: steps_of(perceptron()), "attention": lambda: steps_of(attention())})
