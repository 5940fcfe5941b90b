// SPDX-License-Identifier: MIT
// Correlations along the axes, and domains by union and find.
#include "shapes.hpp"

#include "estimates.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace espalier::ising {
namespace {

constexpr std::size_t octaves = 40; // of sizes: 2^33 sites at most

int64_t differing(const uint8_t* a, const uint8_t* b, int64_t count) {
    int64_t sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += a[i] ^ b[i];
    return sum;
}

int32_t root_of(std::vector<int32_t>& parent, int32_t site) {
    while (parent[static_cast<std::size_t>(site)] != site) {
        int32_t& up = parent[static_cast<std::size_t>(site)];
        up = parent[static_cast<std::size_t>(up)];
        site = up;
    }
    return site;
}

} // namespace

Shapes::Shapes(const Lattice& lattice, bool antiferromagnetic, int64_t replicas, int64_t states)
    : lattice_(lattice), antiferromagnetic_(antiferromagnetic), replicas_(replicas),
      states_(states) {
    if (states == 0) return;
    correlations_.resize(distances() * static_cast<std::size_t>(replicas * states));
    counts_.resize(static_cast<std::size_t>(replicas) * octaves);
    largest_.resize(static_cast<std::size_t>(replicas)), mean_ = largest_;
}

void Shapes::correlate(std::size_t place, std::span<const uint8_t> spins) {
    const int64_t size = lattice_.size, sites = lattice_.sites();
    for (std::size_t r = 0; r < distances(); ++r) {
        const auto distance = static_cast<int64_t>(r);
        int64_t unlike = 0;
        for (int64_t axis = 0, stride = 1; axis < lattice_.axes(); ++axis, stride *= size)
            for (int64_t line = 0; line < sites; line += stride * size) {
                const uint8_t* first = spins.data() + line;
                unlike += differing(first, first + distance * stride, (size - distance) * stride);
                unlike += differing(first + (size - distance) * stride, first, distance * stride);
            }
        correlations_[r * static_cast<std::size_t>(replicas_ * states_) + place] =
            1 - 2 * static_cast<double>(unlike) / static_cast<double>(sites * lattice_.axes());
    }
}

void Shapes::count_domains(int64_t replica, std::span<const uint8_t> spins) {
    std::vector<int32_t> parent(spins.size()), size(spins.size(), 0);
    std::iota(parent.begin(), parent.end(), 0);
    const auto forward = static_cast<std::size_t>(lattice_.degree() / 2);
    for (int64_t site = 0; site < lattice_.sites(); ++site) {
        const auto near = lattice_.neighbours(site);
        for (std::size_t n = 0; n < forward; ++n) {
            const auto i = static_cast<std::size_t>(site), j = static_cast<std::size_t>(near[n]);
            if ((spins[i] ^ spins[j]) != antiferromagnetic_) continue;
            const int32_t a = root_of(parent, static_cast<int32_t>(i)),
                          b = root_of(parent, static_cast<int32_t>(j));
            parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
        }
    }
    for (std::size_t i = 0; i < parent.size(); ++i)
        ++size[static_cast<std::size_t>(root_of(parent, static_cast<int32_t>(i)))];
    const auto sites = static_cast<double>(lattice_.sites());
    int32_t most = 0;
    double squares = 0;
    for (const int32_t n : size) {
        if (n == 0) continue;
        const auto octave = static_cast<std::size_t>(std::bit_width(static_cast<uint32_t>(n)) - 1);
        ++counts_[static_cast<std::size_t>(replica) * octaves + octave];
        most = std::max(most, n), squares += static_cast<double>(n) * n;
    }
    largest_[static_cast<std::size_t>(replica)] += most / sites;
    mean_[static_cast<std::size_t>(replica)] += squares / (sites * sites);
}

void Shapes::add(int64_t replica, int64_t state, std::span<const uint8_t> spins) {
    correlate(static_cast<std::size_t>(replica * states_ + state), spins);
    count_domains(replica, spins);
}

void Shapes::write(const Task& task) const {
    const bool any = states_ > 0;
    const auto count = any ? static_cast<int64_t>(distances()) : 0, each = replicas_ * states_;
    const auto mean = task.output<double>("correlation", {count}),
               error = task.output<double>("correlation_error", {count});
    for (int64_t r = 0; r < count; ++r) {
        const Series series{
            std::span(correlations_)
                .subspan(static_cast<std::size_t>(r * each), static_cast<std::size_t>(each)),
            replicas_, states_};
        const Blocking found = each < 2 ? Blocking{series.values[0], 0} : blocking(series);
        mean(r) = found.mean, error(r) = found.error;
    }
    const auto kinds =
        static_cast<int64_t>(any ? std::bit_width(static_cast<uint64_t>(lattice_.sites())) : 0);
    const auto domains = task.output<double>("domain_counts", {kinds});
    for (int64_t k = 0; k < kinds; ++k) {
        int64_t sum = 0;
        for (int64_t r = 0; r < replicas_; ++r)
            sum += counts_[static_cast<std::size_t>(r) * octaves + static_cast<std::size_t>(k)];
        domains(k) = static_cast<double>(sum) / static_cast<double>(each);
    }
    const auto mean_of = [&](const std::vector<double>& sums) {
        return any ? std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(each) : 0;
    };
    task.output_value("largest_domain", mean_of(largest_));
    task.output_value("mean_domain", mean_of(mean_));
}

} // namespace espalier::ising
