// SPDX-License-Identifier: MIT
// The same bits at 1, 2 and 8 threads and on every instruction set, each algorithm and coding.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

Map on_graph(Map settings) {
    settings.merge(Map{{"graph", tangle(50)}, {"sweeps", 12}, {"warm_up", 2}, {"seed", 7}});
    return settings;
}

Map lattice(Map settings) {
    settings.merge(Map{{"sweeps", 12}, {"warm_up", 2}, {"snapshots", 2}, {"seed", 7}});
    return settings;
}

const std::vector<std::pair<std::string, Map>> samplers{
    {"sample.ising_lattice", lattice({{"size", 1024}})},
    {"sample.ising_lattice", lattice({{"size", 256}, {"algorithm", "glauber"}, {"replicas", 3}})},
    {"sample.ising_lattice", lattice({{"size", 128}, {"lattice", "triangular"}, {"replicas", 2}})},
    {"sample.ising_lattice", lattice({{"size", 128}, {"lattice", "cubic"}, {"temperature", 4.5}})},
    // Here a plane belongs to several threads.
    {"sample.ising_lattice",
     lattice({{"size", 256}, {"lattice", "cubic"}, {"temperature", 4.5}, {"sweeps", 3}})},
    {"sample.ising_lattice", lattice({{"size", 48}, {"replicas", 20}})},
    {"sample.ising_lattice", lattice({{"size", 11}, {"lattice", "cubic"}, {"replicas", 600}})},
    {"sample.ising_lattice", lattice({{"size", 33}, {"algorithm", "wolff"}, {"replicas", 4}})},
    {"sample.ising_lattice",
     lattice({{"size", 70}, {"algorithm", "swendsen_wang"}, {"replicas", 4}})},
    {"sample.ising_lattice",
     lattice(
         {{"size", 10}, {"lattice", "cubic"}, {"algorithm", "swendsen_wang"}, {"replicas", 4}})},
    {"sample.ising_graph", on_graph({{"replicas", 20}, {"snapshots", 2}})},
    {"sample.ising_graph", on_graph({{"algorithm", "metropolis"}, {"replicas", 3}})},
    {"sample.parallel_tempering", on_graph({{"replicas", 5}})},
    {"sample.potts", lattice({{"size", 12}, {"replicas", 3}, {"algorithm", "heat_bath"}})},
    {"sample.potts", lattice({{"size", 12}, {"replicas", 3}, {"lattice", "triangular"}})},
    {"sample.xy", lattice({{"size", 12}, {"replicas", 3}})},
    {"sample.xy", lattice({{"size", 6}, {"lattice", "cubic"}, {"algorithm", "overrelaxation"}})},
};

Digest digest_on(Isa isa, const std::string& component, const Map& call) {
    SessionOptions options = test_options();
    options.registry.isa = isa;
    Session session(options);
    return digest_of(Value(session.call(component, call)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(reproducible)

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    for (std::size_t k = 0; k < samplers.size(); ++k) BOOST_TEST_CONTEXT("call " << k) {
            const auto& [component, call] = samplers[k];
            const Digest one = digest_at(1, component, call);
            BOOST_TEST((one == digest_at(2, component, call)));
            BOOST_TEST((one == digest_at(8, component, call)));
            Map other = call;
            other["seed"] = 8;
            BOOST_TEST((one != digest_at(1, component, other)));
        }
}

BOOST_AUTO_TEST_CASE(instruction_sets_change_no_bit) {
    for (std::size_t k = 0; k < samplers.size(); ++k) BOOST_TEST_CONTEXT("call " << k) {
            const auto& [component, call] = samplers[k];
            const Digest plain = digest_on(Isa::base, component, call);
            for (const Isa isa : {Isa::v3, Isa::v4})
                if (isa <= best_isa()) BOOST_TEST((plain == digest_on(isa, component, call)));
        }
}

BOOST_AUTO_TEST_CASE(a_replica_is_the_same_alone_and_among_others) {
    for (const char* algorithm : {"metropolis", "swendsen_wang"})
        for (const int64_t size : {16, 128}) {
            Map one = lattice({{"size", size}, {"algorithm", algorithm}, {"replicas", 1}}),
                all = one;
            all["replicas"] = 5;
            const auto energies_of = [](const Map& call) {
                return test_session()
                    .call("sample.ising_lattice", call)
                    .at("energies")
                    .as<Tensor>();
            };
            const Tensor first = energies_of(one), every = energies_of(all);
            const auto alone = first.values<double>(), among = every.values<double>();
            for (std::size_t t = 0; t < alone.size(); ++t) BOOST_TEST(alone[t] == among[t]);
        }
}

BOOST_AUTO_TEST_SUITE_END()
