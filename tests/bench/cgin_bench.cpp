// SPDX-License-Identifier: MIT
// Epochs of learn.cgin on a ring of 1000 and 2000 nodes, a fifth of them hidden, one thread: lines
// "case,epochs_per_second" of processor time. cgin_torch.py runs the same in PyTorch.
#include "plugins/serial_host.hpp"
#include "training.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

using namespace espalier;
using namespace espalier::completion;

namespace {

struct Ring {
    std::vector<int64_t> offsets{0};
    std::vector<int32_t> targets;
    GraphView view() const {
        GraphView g;
        g.nodes = static_cast<int64_t>(offsets.size()) - 1;
        g.offsets = offsets, g.targets = targets;
        return g;
    }
};

// Each node with the three before and behind it; of the last fifth nothing is seen.
Ring observed_ring(int32_t nodes) {
    Ring ring;
    const int32_t known = nodes - nodes / 5;
    for (int32_t i = 0; i < nodes; ++i) {
        std::vector<int32_t> row;
        for (const int32_t step : {-3, -2, -1, 1, 2, 3}) {
            const int32_t j = (i + step + nodes) % nodes;
            if (i < known && j < known) row.push_back(j);
        }
        std::sort(row.begin(), row.end());
        ring.targets.insert(ring.targets.end(), row.begin(), row.end());
        ring.offsets.push_back(static_cast<int64_t>(ring.targets.size()));
    }
    return ring;
}

void measure(const std::string& name, const Recipe& recipe, int32_t nodes) {
    const Task task(&serial_host(), nullptr);
    const Ring ring = observed_ring(nodes);
    Training training(recipe, ring.view(), nodes / 5, task);
    for (int k = 0; k < 210; ++k) training.advance(task); // past the first draw of the unknown part
    double rates[7];
    for (double& rate : rates) {
        const std::clock_t start = std::clock(); // of this process: other programs cost nothing
        double passed = 0;
        long calls = 0;
        while (passed < 0.3) {
            training.advance(task), ++calls;
            passed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        }
        rate = static_cast<double>(calls) / passed;
    }
    std::sort(std::begin(rates), std::end(rates));
    std::printf("%s,%.4g\n", name.c_str(), rates[3]);
    std::fflush(stdout);
}

} // namespace

int main() {
    Recipe recipe;
    recipe.encoder = {Messages::isomorphism, 3, 64, numerics::Activation::none, false};
    recipe.loss = {PairWeights::published, true, 0};
    recipe.hidden_part = {false, 1};
    recipe.epochs = 1'000'000, recipe.resample = 200;
    recipe.learning_rate = recipe.final_rate = 1e-4, recipe.weight_decay = 1e-5;
    measure("epoch_1000", recipe, 1000);
    measure("epoch_2000", recipe, 2000);
    recipe.loss = {PairWeights::balanced, false, 5};
    measure("drawn_pairs_1000", recipe, 1000);
}
