// SPDX-License-Identifier: MIT
// The sweeps of a chain, for all samplers: when records and states are due, and how a chain is kept
// when it is interrupted.
#pragma once

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace espalier::ising {

struct Sweeps {
    int64_t sweeps = 1000, warm_up = 200, measure_every = 1, replicas = 1;

    int64_t records() const { return sweeps / measure_every; }
    int64_t all_sweeps() const { return warm_up + sweeps; }
    // Sweeps from `from` on until the next moment at which the chain can be interrupted: those that
    // cost about `together`.
    int64_t pause_after(int64_t from, int64_t cost_of_one, int64_t together) const {
        return std::min(all_sweeps(), from + std::max<int64_t>(1, together / cost_of_one));
    }
    // Sweeps `from` to `to` - 1: sweep(k), and when k is past the warm-up look(after), `after`
    // being the number of sweeps since.
    template <class Sweep, class Look>
    void play(const Task& task, int64_t from, int64_t to, Sweep&& sweep, Look&& look) const {
        for (int64_t k = from; k < to; ++k) {
            sweep(k);
            task.check_cancelled();
            if (k >= warm_up) look(k + 1 - warm_up);
        }
    }
    // body(time of the record), where one is due.
    template <class Body> void if_record(int64_t after, Body&& body) const {
        if (after % measure_every == 0) body(after / measure_every - 1);
    }
    // body(index) for those of `count` equally spaced states that are due; the last is the final
    // one.
    template <class Body> void each_state(int64_t after, int64_t count, Body&& body) const {
        for (int64_t k = (after - 1) * count / sweeps; k < after * count / sweeps; ++k) body(k);
    }

    void check_records() const {
        if (records() * replicas < 2)
            throw Invalid(
                "sweeps",
                "makes " + std::to_string(records() * replicas) +
                    " records (sweeps / measure_every, times replicas); at least 2 are needed");
    }
    void check_states(const char* name, int64_t count) const {
        if (count > sweeps)
            throw Invalid(name, "must be <= sweeps = " + std::to_string(sweeps) + ", is " +
                                    std::to_string(count));
    }
};

// T derives from Sweeps.
template <class T> void describe_sweeps(Schema<T>& s) {
    const auto member = [](int64_t Sweeps::*m) { return static_cast<int64_t T::*>(m); };
    s.param("sweeps", member(&Sweeps::sweeps)).range(1, 2e9).doc("Sweeps after the warm-up.");
    s.param("warm_up", member(&Sweeps::warm_up))
        .range(0, 2e9)
        .doc("Sweeps before the first record.");
    s.param("measure_every", member(&Sweeps::measure_every))
        .range(1, 2e9)
        .doc("Sweeps between two records.");
}

template <class T> void describe_replicas(Schema<T>& s, double most, const char* doc) {
    s.param("replicas", static_cast<int64_t T::*>(&Sweeps::replicas)).range(1, most).doc(doc);
}

template <class T> void describe_snapshots(Schema<T>& s, int64_t T::*snapshots) {
    s.param("snapshots", snapshots)
        .range(0, 1e9)
        .doc("States to keep of each replica, equally spaced; the last is the final one.");
}

// Keeps memory that lies in several parts as one member of a state. each_part(body) calls
// body(part), a span of bytes, for every part, in one order.
template <class Keep, class Each> void keep_parts(Keep& keep, const char* name, Each&& each_part) {
    std::vector<uint8_t> bytes;
    if constexpr (!Keep::loading)
        each_part([&](std::span<std::byte> part) {
            const auto* from = reinterpret_cast<const uint8_t*>(part.data());
            bytes.insert(bytes.end(), from, from + part.size());
        });
    keep(name, bytes);
    if constexpr (Keep::loading) {
        std::size_t at = 0;
        each_part([&](std::span<std::byte> part) {
            if (bytes.size() - at < part.size())
                throw Invalid(ESP_STATE, std::string("'") + name + "' has another length");
            std::memcpy(part.data(), bytes.data() + at, part.size());
            at += part.size();
        });
    }
}

// Writes what a chain has gathered to an output; returns it as one.
template <class Range>
auto put(const Task& task, const char* port, const Range& values,
         const std::vector<int64_t>& axes) {
    const auto to = task.output<std::remove_cvref_t<decltype(*values.data())>>(port, axes);
    std::copy(values.begin(), values.end(), to.data());
    return to;
}

} // namespace espalier::ising
