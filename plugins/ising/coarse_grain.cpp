// SPDX-License-Identifier: MIT
// Block spins by majority.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

namespace espalier::ising {
namespace {

struct CoarseGrain {
    int64_t factor = 2;

    static void describe(Schema<CoarseGrain>& s);
    void run(const Task& task) const;
};

enum Stream : uint64_t { tie_stream = 1 };

void CoarseGrain::describe(Schema<CoarseGrain>& s) {
    s.analyzer("coarse_grain", "Block spins of square lattices by majority")
        .doc(
            R"(Each square of `factor` x `factor` spins becomes one that points where most of them do; ties are
broken at random. At a critical point $\langle |m'| \rangle / \langle |m| \rangle \to b^{\beta/\nu}$ for blocks of
side b (1.0905 for b = 2 in two dimensions), which measures $\beta/\nu$.)")
        .reference("doi:10.1103/PhysicsPhysiqueFizika.2.263")
        .example(
            R"(local ising = esp.sample.ising_lattice { size = 64, algorithm = "wolff", snapshots = 100 }
print(esp.analyze.coarse_grain { snapshots = ising.snapshots, factor = 2, seed = 1 }.ratio))")
        .random();
    s.input_tensor<uint8_t>("snapshots", "replica,snapshot,y,x", "States: 1 is up, 0 is down.");
    s.param("factor", &CoarseGrain::factor)
        .range(2, 1024)
        .doc("Side of a block; divides the sides of the lattice.");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,y,x", "Block spins.");
    s.output_real("magnetisation", "<|m|> of the spins.");
    s.output_real("block_magnetisation", "<|m'|> of the block spins.");
    s.output_real("ratio", "block_magnetisation / magnetisation.");
    s.output_real("ratio_error", "Its standard error, if the snapshots are independent.");
}

void CoarseGrain::run(const Task& task) const {
    const auto fine = task.tensor<uint8_t>("snapshots");
    const int64_t states = fine.axis(0) * fine.axis(1), height = fine.axis(2), width = fine.axis(3);
    if (height % factor || width % factor || states < 2)
        throw Invalid("snapshots", "must hold two or more states whose sides are multiples of " +
                                       std::to_string(factor) + ", holds " +
                                       std::to_string(states) + " of " + std::to_string(height) +
                                       " x " + std::to_string(width));
    for (const uint8_t spin : fine.flat())
        if (spin > 1)
            throw Invalid("snapshots",
                          "holds " + std::to_string(spin) + ": spins are 1 (up) and 0 (down)");
    const int64_t rows = height / factor, columns = width / factor, block_sites = factor * factor;
    const auto coarse =
        task.output<uint8_t>("snapshots", {fine.axis(0), fine.axis(1), rows, columns});
    const Key key = task.key(tie_stream);
    std::vector<double> before(static_cast<std::size_t>(states)), after(before.size());
    task.parallel_for(states, 1, [&](int64_t begin, int64_t end) {
        for (int64_t state = begin; state < end; ++state) {
            const uint8_t* from = fine.data() + state * height * width;
            uint8_t* to = coarse.data() + state * rows * columns;
            Random random(key, static_cast<uint32_t>(state));
            int64_t up = 0, blocks_up = 0;
            for (int64_t y = 0; y < rows; ++y)
                for (int64_t x = 0; x < columns; ++x) {
                    int64_t sum = 0;
                    for (int64_t j = 0; j < factor; ++j)
                        for (int64_t i = 0; i < factor; ++i)
                            sum += from[(y * factor + j) * width + x * factor + i];
                    const bool majority =
                        2 * sum == block_sites ? random.bits() >> 31 : 2 * sum > block_sites;
                    to[y * columns + x] = majority;
                    up += sum, blocks_up += majority;
                }
            const auto size_of = [](int64_t ups, int64_t of) {
                return static_cast<double>(std::abs(2 * ups - of)) / static_cast<double>(of);
            };
            before[static_cast<std::size_t>(state)] = size_of(up, height * width);
            after[static_cast<std::size_t>(state)] = size_of(blocks_up, rows * columns);
        }
    });
    double fine_sum = 0, coarse_sum = 0, squares = 0;
    for (std::size_t k = 0; k < before.size(); ++k) fine_sum += before[k], coarse_sum += after[k];
    if (!(fine_sum > 0)) throw Invalid("snapshots", "have no magnetisation to compare with");
    const double ratio = coarse_sum / fine_sum, count = static_cast<double>(states);
    for (std::size_t k = 0; k < before.size(); ++k)
        squares += std::pow(after[k] - ratio * before[k], 2);
    task.output_value("magnetisation", fine_sum / count);
    task.output_value("block_magnetisation", coarse_sum / count);
    task.output_value("ratio", ratio);
    task.output_value("ratio_error", std::sqrt(squares * count / (count - 1)) / fine_sum);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(coarse_grain, espalier::ising::CoarseGrain)
