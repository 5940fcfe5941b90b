// SPDX-License-Identifier: MIT
// How far each node of a directed graph is at least and at most from what it reaches and from what
// reaches it.
#include "eccentricities.hpp"

#include "rows_as_graph.hpp"

#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <tuple>

namespace espalier::graphs {

int64_t Eccentricities::Side::open(int64_t length) const {
    return std::ranges::count_if(most, [&](int32_t m) { return m > length; });
}

int64_t Eccentricities::Side::most_of_all() const {
    return most.empty() ? 0 : std::ranges::max(most);
}

Eccentricities::Eccentricities(const GraphView& graph, const GraphView& back)
    : graph_(graph), back_(back), component_(static_cast<std::size_t>(graph.nodes)),
      members_(component_.size()), forward_(graph), backward_(back) {
    for (Side* side : {&ahead_, &behind_}) {
        side->least.assign(component_.size(), 0);
        side->most.assign(component_.size(), static_cast<int32_t>(graph.nodes - 1));
    }
    find_components();
}

// Tarjan's algorithm ends a component when all that it leads to have ended: its numbers fall along
// the edges.
void Eccentricities::find_components() {
    if (component_.empty()) return;
    const int32_t count = boost::strong_components(
        RowsAsGraph<boost::directed_tag>{graph_},
        boost::make_iterator_property_map(component_.begin(),
                                          boost::typed_identity_property_map<int32_t>()));
    first_.assign(static_cast<std::size_t>(count) + 1, 0);
    for (const int32_t c : component_) ++first_[c + 1];
    for (int32_t c = 0; c < count; ++c) first_[c + 1] += first_[c];
    Numbers free(first_.begin(), first_.end() - 1);
    for (std::size_t v = 0; v < component_.size(); ++v)
        members_[free[component_[v]]++] = static_cast<int32_t>(v);
}

// Of each component a node that seems to be in its middle and is not known yet.
Eccentricities::Numbers Eccentricities::pivots() const {
    const auto rank = [&](int32_t v) {
        const bool known = ahead_.least[v] == ahead_.most[v] && behind_.least[v] == behind_.most[v];
        return std::tuple(known, int64_t{ahead_.least[v]} + behind_.least[v],
                          -(graph_.degree(v) + 1) * (back_.degree(v) + 1));
    };
    Numbers found;
    for (std::size_t c = 0; c + 1 < first_.size(); ++c)
        found.push_back(*std::min_element(members_.begin() + first_[c],
                                          members_.begin() + first_[c + 1],
                                          [&](int32_t a, int32_t b) { return rank(a) < rank(b); }));
    return found;
}

int32_t Eccentricities::component_to_search() const {
    Numbers open(first_.size() - 1);
    for (std::size_t v = 0; v < component_.size(); ++v)
        open[component_[v]] += ahead_.most[v] > longest_;
    return static_cast<int32_t>(std::ranges::max_element(open) - open.begin());
}

void Eccentricities::search(int32_t source, bool forward) {
    Search& made = forward ? forward_ : backward_;
    Side &side = forward ? ahead_ : behind_, &other = forward ? behind_ : ahead_;
    made.run(source);
    for (const int32_t v : made.order())
        other.least[v] = std::max(other.least[v], made.distance(v));
    const int32_t far = made.distance(made.order().back());
    side.least[source] = side.most[source] = far;
    longest_ = std::max<int64_t>(longest_, far);
}

// Of each node the distance from the source in its component, one a component.
Eccentricities::Numbers Eccentricities::within_components(const GraphView& graph,
                                                          const Numbers& sources) const {
    Numbers distance(component_.size(), -1), queue(sources);
    for (const int32_t v : sources) distance[v] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const int32_t v = queue[i];
        for (const int32_t u : graph.neighbours(v))
            if (distance[u] < 0 && component_[u] == component_[v])
                distance[u] = distance[v] + 1, queue.push_back(u);
    }
    return distance;
}

// A pivot is as far at most as the farthest of its component, or as a way to another component and
// on from there, the shortest of those that lead to that component; a node, as the way to its pivot
// and on from there.
void Eccentricities::pass_on(bool forward, const Numbers& pivots, const Numbers& from,
                             const Numbers& to) {
    const GraphView& graph = forward ? graph_ : back_;
    std::vector<int32_t>& most = forward ? ahead_.most : behind_.most;
    std::vector<int64_t> by_way_of(pivots.size(), -1);
    Numbers left_to;
    for (std::size_t k = 0; k < pivots.size(); ++k) {
        const std::size_t c = forward ? k : pivots.size() - 1 - k;
        const std::span<const int32_t> nodes(members_.data() + first_[c],
                                             members_.data() + first_[c + 1]);
        int64_t reach = 0;
        left_to.clear();
        for (const int32_t v : nodes) {
            reach = std::max<int64_t>(reach, from[v]);
            for (const int32_t u : graph.neighbours(v)) {
                const int32_t next = component_[u];
                if (next == static_cast<int32_t>(c)) continue;
                const int64_t way = int64_t{from[v]} + 1 + most[u];
                if (by_way_of[next] < 0)
                    by_way_of[next] = way, left_to.push_back(next);
                else
                    by_way_of[next] = std::min(by_way_of[next], way);
            }
        }
        for (const int32_t next : left_to)
            reach = std::max(reach, by_way_of[next]), by_way_of[next] = -1;
        reach = std::min<int64_t>(reach, most[pivots[c]]);
        for (const int32_t v : nodes)
            most[v] = static_cast<int32_t>(std::min<int64_t>(most[v], to[v] + reach));
    }
}

int32_t Eccentricities::farthest(const Side& side) {
    int32_t found = 0;
    for (int32_t v = 1; v < std::ssize(side.most); ++v)
        if (std::tuple(side.most[v], side.least[v]) >
            std::tuple(side.most[found], side.least[found]))
            found = v;
    return found;
}

void Eccentricities::refine() {
    if (component_.empty()) return;
    const Numbers middles = pivots();
    const int32_t middle = middles[component_to_search()];
    search(middle, true);
    search(middle, false);
    const Numbers from = within_components(graph_, middles);
    const Numbers to = within_components(back_, middles);
    pass_on(true, middles, from, to);
    pass_on(false, middles, to, from);
    search(farthest(ahead_), true);
    search(farthest(behind_), false);
}

} // namespace espalier::graphs
