// SPDX-License-Identifier: MIT
// How far each node of a directed graph is at least and at most from what it reaches and from what
// reaches it.
#pragma once

#include "searches.hpp"

#include <espalier/view.hpp>

#include <cstdint>
#include <vector>

namespace espalier::graphs {

// Bounds of all eccentricities from few searches, whether the graph is strongly connected or not
// (Borassi et al. 2015, doi:10.1016/j.tcs.2015.02.033). A distance counts when a path is there.
class Eccentricities {
public:
    struct Side {
        std::vector<int32_t> least, most; // by node
        // Nodes that may be farther than `length` from something.
        int64_t open(int64_t length) const;
        int64_t most_of_all() const;
    };
    static constexpr int searches_at_once = 4;

    // `back`: `graph` turned round. Both must outlive this.
    Eccentricities(const GraphView& graph, const GraphView& back);

    // Searches both ways from a node in the middle of the component with most open nodes, passes
    // what is known of each component's pivot on to its nodes and to the components around, and
    // searches from the nodes of the largest bounds.
    void refine();

    const Side& ahead() const { return ahead_; }
    const Side& behind() const { return behind_; }
    // The longest distance that was met.
    int64_t longest() const { return longest_; }

private:
    using Numbers = std::vector<int32_t>;

    void find_components();
    Numbers pivots() const;
    int32_t component_to_search() const;
    void search(int32_t source, bool forward);
    Numbers within_components(const GraphView& graph, const Numbers& sources) const;
    void pass_on(bool forward, const Numbers& pivots, const Numbers& from, const Numbers& to);
    static int32_t farthest(const Side& side);

    const GraphView graph_, back_;
    int64_t longest_ = 0;
    Side ahead_, behind_;
    // component_: by node, numbered so that edges lead to smaller numbers. members_: the nodes of
    // component c from first_[c] to first_[c + 1].
    Numbers component_, members_, first_;
    Search forward_, backward_;
};

} // namespace espalier::graphs
