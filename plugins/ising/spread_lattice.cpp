// SPDX-License-Identifier: MIT
// Sweeps of a lattice that is spread over the lanes.
#include "spread_lattice.hpp"

namespace espalier::ising {

SpreadLattice::SpreadLattice(const Lattice& lattice, bool antiferromagnetic, const SweepKeys& keys,
                             uint32_t replica)
    : lattice_(lattice), against_(broadcast(antiferromagnetic ? ~uint64_t{0} : 0)), keys_(keys),
      replica_(replica), words_(lattice.size / granularity), slices_(lattice.size / block),
      rows_(lattice.kind == Kind::cubic ? lattice.size : 1),
      chunk_rows_(std::max<int64_t>(1, 256 / words_)) {
    spins_.assign(static_cast<std::size_t>((slices_ + 2) * rows_ * 2 * (words_ + 2)), Block{});
    for (Block& b : spins_) std::fill(b.element, b.element + block, ~uint64_t{0});
    const int64_t chunks = (slices_ * rows_ + chunk_rows_ - 1) / chunk_rows_;
    for (int64_t c = 0; c < chunks; ++c)
        streams_.push_back(seeded(keys.flips, replica, static_cast<uint32_t>(c)));
}

// body(site, block index, element, bit)
template <class Body> void SpreadLattice::each_site(Body&& body) const {
    const int64_t size = lattice_.size;
    for (int64_t slow = 0; slow < size; ++slow)
        for (int64_t row = 0; row < rows_; ++row)
            for (int64_t parity = 0; parity < 2; ++parity) {
                const int64_t at = place(slow % slices_, row, parity);
                int64_t site = (slow * rows_ + row) * size + parity;
                for (int64_t bit = 0; bit < 64; ++bit)
                    for (int64_t w = 0; w < words_; ++w, site += 2)
                        body(site, at + w, slow / slices_, bit);
            }
}

void SpreadLattice::assign(std::span<const uint8_t> spins) {
    each_site([&](int64_t site, int64_t at, int64_t element, int64_t bit) {
        uint64_t& word = spins_[static_cast<std::size_t>(at)].element[element];
        word = (word & ~(uint64_t{1} << bit)) | uint64_t{spins[static_cast<std::size_t>(site)]}
                                                    << bit;
    });
    for (int64_t slice = 0; slice < slices_; ++slice)
        for (int64_t row = 0; row < rows_; ++row)
            for (int64_t parity = 0; parity < 2; ++parity)
                for (int64_t e = 0; e < block; e += elements) join_ends(at(slice, row, parity), e);
    refresh_ghosts(0);
    refresh_ghosts(slices_ - 1);
}

void SpreadLattice::copy_to(std::span<uint8_t> spins) const {
    each_site([&](int64_t site, int64_t at, int64_t element, int64_t bit) {
        spins[static_cast<std::size_t>(site)] =
            static_cast<uint8_t>(spins_[static_cast<std::size_t>(at)].element[element] >> bit & 1);
    });
}

// The last block of a row, one segment on, stands before its first; and the other way round.
void SpreadLattice::join_ends(uint64_t* row, int64_t element) noexcept {
    store(row - block + element, rotated<1>(load(row + (words_ - 1) * block + element)));
    store(row + words_ * block + element, rotated<63>(load(row + element)));
}

// The slice before the first of a band is the last of the band before, and so on round the lattice.
void SpreadLattice::refresh_ghosts(int64_t slice) {
    const auto copy = [&](int64_t to_slice, int64_t shift) {
        const int64_t from = place(slice, 0, 0) - 1, to = place(to_slice, 0, 0) - 1;
        for (int64_t b = 0; b < rows_ * 2 * (words_ + 2); ++b)
            for (int64_t e = 0; e < block; ++e)
                spins_[static_cast<std::size_t>(to + b)].element[e] =
                    spins_[static_cast<std::size_t>(from + b)].element[(e + shift) % block];
    };
    if (slice == 0) copy(slices_, 1);
    if (slice == slices_ - 1) copy(-1, block - 1);
}

template <int degree>
std::array<const uint64_t*, degree> SpreadLattice::neighbours(int64_t slice, int64_t row,
                                                              int64_t parity) const noexcept {
    const uint64_t* beside = at(slice, row, 1 - parity);
    // The sites at x + 1 and x - 1 of those at 2 k + parity are the k-th, or one off.
    const int64_t right = parity ? block : 0, left = parity ? 0 : -block;
    const uint64_t *after = at(slice + 1, row, parity), *before = at(slice - 1, row, parity);
    if constexpr (degree == 4) {
        return {beside + right, after, beside + left, before};
    } else {
        if (lattice_.kind == Kind::triangular)
            return {beside + right, after,  at(slice + 1, row, 1 - parity) + right,
                    beside + left,  before, at(slice - 1, row, 1 - parity) + left};
        const int64_t above = row + 1 < rows_ ? row + 1 : 0, below = row > 0 ? row - 1 : rows_ - 1;
        return {beside + right, at(slice, above, parity), after,
                beside + left,  at(slice, below, parity), before};
    }
}

template <Rule rule, int degree>
void SpreadLattice::update(int64_t chunk, int colour, const Odds& odds, uint32_t sweep) {
    const int64_t first = chunk * chunk_rows_;
    const int64_t last = std::min(first + chunk_rows_, slices_ * rows_);
    StreamState& state = streams_[static_cast<std::size_t>(chunk)];
    const Word against_alike = against_;
    const int64_t rests =
        resting(rule, keys_.pauses, sweep, replica_, static_cast<uint32_t>(chunk * 4 + colour),
                (last - first) * words_);
    for (int64_t element = 0; element < block; element += elements) {
        Stream stream(state, element);
        for (int64_t r = first; r < last; ++r) {
            const int64_t slice = r / rows_, row = r % rows_;
            const int parity = parity_in(colour, slice, row);
            if (parity < 0) continue;
            uint64_t* target = at(slice, row, parity);
            const auto near = neighbours<degree>(slice, row, parity);
            const int64_t row_place = (r * 2 + parity) * words_ * lanes;
            for (int64_t w = 0; w < words_; ++w) {
                if ((r - first) * words_ + w == rests) continue;
                const int64_t offset = w * block + element;
                const Word spins = load(target + offset);
                Word against[degree];
                for (int n = 0; n < degree; ++n)
                    against[n] = sum_of(spins, load(near[static_cast<std::size_t>(n)] + offset),
                                        against_alike);
                const Word turned = flips<rule, degree>(
                    against, odds, element, stream, [&](int64_t lane, int, double chance) {
                        const int64_t site = row_place + w * lanes + lane;
                        return Random(keys_.tails, sweep, replica_, static_cast<uint32_t>(site))
                                   .uniform() < chance;
                    });
                store(target + offset, spins ^ turned);
            }
            join_ends(target, element);
        }
        stream.keep(state, element);
    }
}

template <Rule rule, int degree>
void SpreadLattice::sweep_as(const Odds& odds, uint32_t sweep, const Task* threads) {
    const int colours = lattice_.kind == Kind::triangular ? 4 : 2;
    const auto chunks = static_cast<int64_t>(streams_.size());
    for (int colour = 0; colour < colours; ++colour) {
        const auto some = [&](int64_t begin, int64_t end) {
            for (int64_t chunk = begin; chunk < end; ++chunk)
                update<rule, degree>(chunk, colour, odds, sweep);
        };
        if (threads && chunks > 1)
            threads->parallel_for(chunks, 1, some);
        else
            some(0, chunks);
        // Behind all chunks: another may read the ghosts, or still be in one of these slices.
        refresh_ghosts(0);
        refresh_ghosts(slices_ - 1);
    }
}

void SpreadLattice::sweep(Rule rule, const Odds& odds, uint32_t sweep, const Task* threads) {
    const bool four = lattice_.degree() == 4;
    if (rule == Rule::metropolis)
        four ? sweep_as<Rule::metropolis, 4>(odds, sweep, threads)
             : sweep_as<Rule::metropolis, 6>(odds, sweep, threads);
    else
        four ? sweep_as<Rule::glauber, 4>(odds, sweep, threads)
             : sweep_as<Rule::glauber, 6>(odds, sweep, threads);
}

Tally SpreadLattice::tally() const {
    Tally tally;
    const auto count = [&]<int degree>() {
        for (int64_t slice = 0; slice < slices_; ++slice)
            for (int64_t row = 0; row < rows_; ++row)
                for (int64_t parity = 0; parity < 2; ++parity) {
                    const uint64_t* spins = at(slice, row, parity);
                    const auto near = neighbours<degree>(slice, row, parity);
                    for (int64_t i = 0; i < words_ * block; ++i) {
                        tally.up += std::popcount(spins[i]);
                        for (std::size_t n = 0; n < degree / 2; ++n)
                            tally.unlike += std::popcount(spins[i] ^ near[n][i]);
                    }
                }
    };
    lattice_.degree() == 4 ? count.operator()<4>() : count.operator()<6>();
    return tally;
}

} // namespace espalier::ising
