// SPDX-License-Identifier: MIT
// Sweeps of 512 lattices at once.
#include "stacked_lattices.hpp"

#include "lane_counter.hpp"

namespace espalier::ising {

StackedLattices::StackedLattices(const Lattice& lattice, bool antiferromagnetic,
                                 const SweepKeys& keys, uint32_t group)
    : lattice_(lattice), against_(broadcast(antiferromagnetic ? ~uint64_t{0} : 0)), keys_(keys),
      group_(group) {
    Block up;
    std::fill(up.element, up.element + block, ~uint64_t{0});
    spins_.assign(static_cast<std::size_t>(lattice.sites()), up);
    colour_sites();
    uint32_t chunks = 0;
    for (const auto& chunk : classes_)
        for (std::size_t c = 0; c < chunk.size(); ++c)
            streams_.push_back(seeded(keys.flips, group, chunks++));
}

// Each site takes the first class that none of its neighbours has: two classes where the lattice is
// made of two, up to seven otherwise.
void StackedLattices::colour_sites() {
    const int64_t sites = lattice_.sites();
    const auto degree = static_cast<std::size_t>(lattice_.degree());
    std::vector<int8_t> colour(static_cast<std::size_t>(sites), -1);
    std::vector<std::vector<int64_t>> members;
    for (int64_t site = 0; site < sites; ++site) {
        unsigned taken = 0;
        const auto near = lattice_.neighbours(site);
        for (std::size_t n = 0; n < degree; ++n)
            if (const int8_t c = colour[static_cast<std::size_t>(near[n])]; c >= 0)
                taken |= 1u << c;
        const auto free = static_cast<std::size_t>(std::countr_one(taken));
        colour[static_cast<std::size_t>(site)] = static_cast<int8_t>(free);
        if (members.size() <= free) members.resize(free + 1);
        members[free].push_back(site);
    }
    for (const auto& sites_of_class : members) {
        auto& chunks = classes_.emplace_back();
        const auto begin = static_cast<int64_t>(order_.size());
        order_.insert(order_.end(), sites_of_class.begin(), sites_of_class.end());
        const auto end = static_cast<int64_t>(order_.size());
        for (int64_t at = begin; at < end; at += chunk_sites)
            chunks.push_back({at, std::min(at + chunk_sites, end)});
    }
}

void StackedLattices::assign(int64_t lane, std::span<const uint8_t> spins) noexcept {
    for (std::size_t site = 0; site < spins_.size(); ++site) {
        uint64_t& word = spins_[site].element[lane / 64];
        word = (word & ~(uint64_t{1} << lane % 64)) | uint64_t{spins[site]} << lane % 64;
    }
}

void StackedLattices::copy_to(int64_t lane, std::span<uint8_t> spins) const noexcept {
    for (std::size_t site = 0; site < spins_.size(); ++site)
        spins[site] = static_cast<uint8_t>(spins_[site].element[lane / 64] >> lane % 64 & 1);
}

template <Rule rule, int degree>
void StackedLattices::update(std::size_t chunk_index, const Odds& odds, uint32_t sweep) {
    std::size_t of_class = chunk_index, colour = 0;
    while (of_class >= classes_[colour].size()) of_class -= classes_[colour++].size();
    const Chunk chunk = classes_[colour][of_class];
    StreamState& state = streams_[chunk_index];
    const Word against_alike = against_;
    const int64_t rests = resting(rule, keys_.pauses, sweep, group_,
                                  static_cast<uint32_t>(chunk_index), chunk.end - chunk.begin);
    for (int64_t element = 0; element < block; element += elements) {
        Stream stream(state, element);
        for (int64_t i = chunk.begin; i < chunk.end; ++i) {
            if (i - chunk.begin == rests) continue;
            const int64_t site = order_[static_cast<std::size_t>(i)];
            const auto near = lattice_.neighbours(site);
            uint64_t* target = spins_[static_cast<std::size_t>(site)].element + element;
            const Word spins = load(target);
            Word against[degree];
            for (std::size_t n = 0; n < degree; ++n)
                against[n] =
                    sum_of(spins, load(spins_[static_cast<std::size_t>(near[n])].element + element),
                           against_alike);
            const Word turned = flips<rule, degree>(
                against, odds, element, stream, [&](int64_t lane, int, double chance) {
                    return Random(keys_.tails, sweep, group_,
                                  static_cast<uint32_t>(site * lanes + lane))
                               .uniform() < chance;
                });
            store(target, spins ^ turned);
        }
        stream.keep(state, element);
    }
}

template <Rule rule, int degree>
void StackedLattices::sweep_as(const Odds& odds, uint32_t sweep, const Task* threads) {
    std::size_t first = 0;
    for (const auto& chunks : classes_) {
        const auto count = static_cast<int64_t>(chunks.size());
        const auto some = [&](int64_t begin, int64_t end) {
            for (int64_t c = begin; c < end; ++c)
                update<rule, degree>(first + static_cast<std::size_t>(c), odds, sweep);
        };
        if (threads && count > 1)
            threads->parallel_for(count, 1, some);
        else
            some(0, count);
        first += chunks.size();
    }
}

void StackedLattices::sweep(Rule rule, const Odds& odds, uint32_t sweep, const Task* threads) {
    const bool four = lattice_.degree() == 4;
    if (rule == Rule::metropolis)
        four ? sweep_as<Rule::metropolis, 4>(odds, sweep, threads)
             : sweep_as<Rule::metropolis, 6>(odds, sweep, threads);
    else
        four ? sweep_as<Rule::glauber, 4>(odds, sweep, threads)
             : sweep_as<Rule::glauber, 6>(odds, sweep, threads);
}

void StackedLattices::tally(std::span<Tally> tallies, const Task* threads) const {
    using Counts = std::vector<int64_t>; // of up, then of unlike
    const auto bonds = static_cast<std::size_t>(lattice_.degree() / 2);
    const auto count = [&](int64_t begin, int64_t end) {
        Counts counts(2 * lanes);
        for (int64_t element = 0; element < block; element += elements) {
            LaneCounter up, unlike;
            for (int64_t site = begin; site < end; ++site) {
                const Word spins = load(spins_[static_cast<std::size_t>(site)].element + element);
                up.add(spins);
                const auto near = lattice_.neighbours(site);
                for (std::size_t n = 0; n < bonds; ++n)
                    unlike.add(spins ^
                               load(spins_[static_cast<std::size_t>(near[n])].element + element));
            }
            up.add_to(counts.data() + 64 * element);
            unlike.add_to(counts.data() + lanes + 64 * element);
        }
        return counts;
    };
    const auto fold = [](Counts sum, const Counts& part) {
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
        return sum;
    };
    const int64_t sites = lattice_.sites();
    Counts total(2 * lanes);
    if (threads && sites > tally_sites)
        total = threads->parallel_reduce(sites, tally_sites, total, count, fold);
    else
        total = count(0, sites);
    for (std::size_t lane = 0; lane < tallies.size(); ++lane)
        tallies[lane] = {total[lane], total[lane + lanes]};
}

} // namespace espalier::ising
