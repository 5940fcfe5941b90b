// SPDX-License-Identifier: MIT
// Replicas in each coding.
#include "lattice_systems.hpp"

namespace espalier::ising {
namespace {

Rule rule_of(const LatticeSettings& s) {
    return s.algorithm == "glauber" ? Rule::glauber : Rule::metropolis;
}

class Spread final : public LatticeSystem {
public:
    Spread(const LatticeSettings& s, const Odds& odds, const SweepKeys& keys, uint32_t replica)
        : lattice_(s.lattice, s.coupling < 0, keys, replica), rule_(rule_of(s)), odds_(odds) {}
    int64_t lanes_used() const override { return 1; }
    void assign(int64_t, std::span<const uint8_t> spins) override { lattice_.assign(spins); }
    void copy_to(int64_t, std::span<uint8_t> spins) const override { lattice_.copy_to(spins); }
    double sweep(uint32_t sweep, const Task& task, bool threads) override {
        lattice_.sweep(rule_, odds_, sweep, threads ? &task : nullptr);
        return 0;
    }
    void tally(std::span<Tally> tallies, const Task&, bool) const override {
        tallies[0] = lattice_.tally();
    }
    void each_part(const std::function<void(std::span<std::byte>)>& body) override {
        lattice_.each_part(body);
    }

private:
    SpreadLattice lattice_;
    Rule rule_;
    Odds odds_;
};

class Stacked final : public LatticeSystem {
public:
    Stacked(const LatticeSettings& s, const Odds& odds, const SweepKeys& keys, uint32_t group,
            int64_t used)
        : lattices_(s.lattice, s.coupling < 0, keys, group), rule_(rule_of(s)), odds_(odds),
          used_(used) {}
    int64_t lanes_used() const override { return used_; }
    void assign(int64_t lane, std::span<const uint8_t> spins) override {
        lattices_.assign(lane, spins);
    }
    void copy_to(int64_t lane, std::span<uint8_t> spins) const override {
        lattices_.copy_to(lane, spins);
    }
    double sweep(uint32_t sweep, const Task& task, bool threads) override {
        lattices_.sweep(rule_, odds_, sweep, threads ? &task : nullptr);
        return 0;
    }
    void tally(std::span<Tally> tallies, const Task& task, bool threads) const override {
        lattices_.tally(tallies, threads ? &task : nullptr);
    }
    void each_part(const std::function<void(std::span<std::byte>)>& body) override {
        lattices_.each_part(body);
    }

private:
    StackedLattices lattices_;
    Rule rule_;
    Odds odds_;
    int64_t used_;
};

class Clusters final : public LatticeSystem {
public:
    Clusters(const LatticeSettings& s, const Key& key, uint32_t replica)
        : lattice_(s.lattice, s.coupling < 0, std::abs(s.coupling) / s.temperature, key, replica),
          sites_(static_cast<double>(s.lattice.sites())), wolff_(s.algorithm == "wolff") {}
    int64_t lanes_used() const override { return 1; }
    void assign(int64_t, std::span<const uint8_t> spins) override { lattice_.assign(spins); }
    void copy_to(int64_t, std::span<uint8_t> spins) const override { lattice_.copy_to(spins); }
    double sweep(uint32_t, const Task& task, bool) override {
        return wolff_ ? static_cast<double>(lattice_.wolff(task)) / sites_
                      : lattice_.swendsen_wang(task) / (sites_ * sites_);
    }
    void tally(std::span<Tally> tallies, const Task&, bool) const override {
        tallies[0] = lattice_.tally();
    }
    void each_part(const std::function<void(std::span<std::byte>)>& body) override {
        lattice_.each_part(body);
    }

private:
    ClusterLattice lattice_;
    double sites_;
    bool wolff_;
};

} // namespace

std::vector<std::unique_ptr<LatticeSystem>> systems_of(const LatticeSettings& s, int64_t replicas,
                                                       const SweepKeys& keys) {
    std::vector<std::unique_ptr<LatticeSystem>> systems;
    if (s.algorithm == "wolff" || s.algorithm == "swendsen_wang") {
        for (int64_t r = 0; r < replicas; ++r)
            systems.push_back(std::make_unique<Clusters>(s, keys.flips, static_cast<uint32_t>(r)));
        return systems;
    }
    const Odds odds(rule_of(s), s.lattice.degree(),
                    std::vector<double>(lanes, std::abs(s.coupling) / s.temperature));
    if (s.spread) {
        for (int64_t r = 0; r < replicas; ++r)
            systems.push_back(std::make_unique<Spread>(s, odds, keys, static_cast<uint32_t>(r)));
        return systems;
    }
    for (int64_t first = 0; first < replicas; first += lanes)
        systems.push_back(std::make_unique<Stacked>(s, odds, keys,
                                                    static_cast<uint32_t>(first / lanes),
                                                    std::min(lanes, replicas - first)));
    return systems;
}

} // namespace espalier::ising
