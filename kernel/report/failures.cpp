// SPDX-License-Identifier: MIT
// Tasks that failed, those with the same cause together, the most frequent first.
#include "report/gathered.hpp"

#include <algorithm>

namespace espalier::report {

Json failures_of(const Gathered& g) {
    Json causes = Json::array();
    std::map<std::string, std::size_t> known;
    std::size_t row = 0;
    g.store.outcomes(g.run, Detail::scalars, [&](std::size_t, const RunTask&, const Outcome& o) {
        const std::size_t place = ++row;
        if (o.state == TaskState::done || o.state == TaskState::pending) return true;
        const std::string state(name_of(o.state));
        const auto [at, fresh] =
            known.emplace(state + '\n' + o.message + '\n' + o.hint, causes.size());
        if (fresh)
            causes.push_back({{"state", state},
                              {"message", o.message},
                              {"hint", o.hint},
                              {"output", o.output.substr(0, 2000)}, // of the first of them
                              {"tasks", Json::array()}});
        causes[at->second]["tasks"].push_back(place);
        return true;
    });
    std::stable_sort(causes.begin(), causes.end(), [](const Json& a, const Json& b) {
        return a["tasks"].size() > b["tasks"].size();
    });
    return causes;
}

} // namespace espalier::report
