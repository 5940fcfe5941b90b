// SPDX-License-Identifier: MIT
// What the simulators are compared with: the programs one would write first.
#pragma once

#include "values/value.hpp"

#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>

#include <cmath>
#include <queue>
#include <random>
#include <vector>

namespace peers {

// Neighbour lists in one block.
struct Network {
    std::vector<int64_t> offsets;
    std::vector<int32_t> targets;
    explicit Network(const espalier::Graph& g) {
        const auto o = g.offsets.values<int64_t>();
        const auto t = g.targets.values<int32_t>();
        offsets.assign(o.begin(), o.end()), targets.assign(t.begin(), t.end());
    }
    std::size_t nodes() const { return offsets.size() - 1; }
    template <class Body> void for_neighbours(std::size_t v, Body&& body) const {
        for (auto e = static_cast<std::size_t>(offsets[v]);
             e < static_cast<std::size_t>(offsets[v + 1]); ++e)
            body(static_cast<std::size_t>(targets[e]));
    }
};

inline double kuramoto_odeint(const Network& net, double coupling, double step, int steps) {
    using State = std::vector<double>;
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> angle(-3.14159265358979, 3.14159265358979);
    std::normal_distribution<double> frequency;
    State theta(net.nodes()), omega(net.nodes());
    for (double& x : theta) x = angle(random);
    for (double& x : omega) x = frequency(random);
    const auto rates = [&](const State& x, State& rate, double) {
        for (std::size_t v = 0; v < net.nodes(); ++v) {
            double sum = 0;
            net.for_neighbours(v, [&](std::size_t u) { sum += std::sin(x[u] - x[v]); });
            rate[v] = omega[v] + coupling * sum;
        }
    };
    boost::numeric::odeint::runge_kutta4<State> stepper;
    for (int k = 0; k < steps; ++k) stepper.do_step(rates, theta, k * step, step);
    return theta[0];
}

inline double map_lattice(const Network& net, double coupling, double growth, int steps) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform;
    std::vector<double> x(net.nodes()), next(net.nodes());
    for (double& v : x) v = uniform(random);
    const auto f = [growth](double v) { return growth * v * (1 - v); };
    for (int k = 0; k < steps; ++k) {
        for (std::size_t v = 0; v < net.nodes(); ++v) {
            double sum = 0;
            net.for_neighbours(v, [&](std::size_t u) { sum += f(x[u]); });
            const auto degree = static_cast<double>(net.offsets[v + 1] - net.offsets[v]);
            next[v] = degree > 0 ? (1 - coupling) * f(x[v]) + coupling / degree * sum : f(x[v]);
        }
        x.swap(next);
    }
    return x[0];
}

// Event-driven, with a heap of transmissions and recoveries; returns the number of events.
inline double sir_heap(const Network& net, double infection, double recovery, int initial) {
    struct Event {
        double time;
        std::size_t node;
        bool recovers;
        bool operator>(const Event& e) const { return time > e.time; }
    };
    std::mt19937_64 random(1);
    std::exponential_distribution<double> delay(infection), period(recovery);
    std::vector<char> state(net.nodes());
    std::vector<double> best(net.nodes(), 1e300);
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    for (int k = 0; k < initial; ++k) events.push({0, random() % net.nodes(), false});
    double count = 0;
    while (!events.empty()) {
        const Event e = events.top();
        events.pop();
        if (e.recovers) {
            state[e.node] = 2, ++count;
            continue;
        }
        if (state[e.node] != 0) continue;
        state[e.node] = 1, ++count;
        const double end = e.time + period(random);
        events.push({end, e.node, true});
        net.for_neighbours(e.node, [&](std::size_t u) {
            const double time = e.time + delay(random);
            if (state[u] == 0 && time < end && time < best[u])
                best[u] = time, events.push({time, u, false});
        });
    }
    return count;
}

} // namespace peers
