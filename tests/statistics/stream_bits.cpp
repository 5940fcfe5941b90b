// SPDX-License-Identifier: MIT
// Writes the random bits of the Ising samplers to standard output for batteries of tests, eight
// lanes in turn, until nobody reads on: stream_bits SEED | dieharder -g 200 -a (results.txt)
#include "ising/stream.hpp"

#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace espalier;
using namespace espalier::ising;

int main(int count, char** words) {
    const auto seed = static_cast<uint32_t>(count > 1 ? std::strtoul(words[1], nullptr, 10) : 1);
    StreamState state = seeded({seed, 0}, 0, 0);
    std::vector<uint64_t> numbers(block * 1024);
    for (;;) {
        for (int64_t e = 0; e < block; e += elements) {
            Stream stream(state, e);
            for (std::size_t k = static_cast<std::size_t>(e); k < numbers.size(); k += block)
                store(numbers.data() + k, stream.next());
            stream.keep(state, e);
        }
        if (std::fwrite(numbers.data(), sizeof(uint64_t), numbers.size(), stdout) < numbers.size())
            return 0;
    }
}
