// SPDX-License-Identifier: MIT
// Compressed rows as a graph of Boost.Graph: incidence, adjacency and the list of vertices, without
// a copy.
#pragma once

#include <espalier/view.hpp>

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <boost/range/irange.hpp>

#include <utility>

namespace espalier::graphs {

// Direction: boost::directed_tag or boost::undirected_tag. An undirected edge is met once from each
// of its ends. The view must outlive this.
template <class Direction> struct RowsAsGraph { const GraphView& rows; };

struct RowEdge {
    int32_t from, to;
    bool operator==(const RowEdge&) const = default;
};

class RowEdges
    : public boost::iterator_facade<RowEdges, RowEdge, std::random_access_iterator_tag, RowEdge> {
public:
    RowEdges() = default;
    RowEdges(int32_t from, const int32_t* at) : from_(from), at_(at) {}

private:
    friend class boost::iterator_core_access;
    RowEdge dereference() const { return {from_, *at_}; }
    bool equal(const RowEdges& other) const { return at_ == other.at_; }
    void increment() { ++at_; }
    void decrement() { --at_; }
    void advance(std::ptrdiff_t n) { at_ += n; }
    std::ptrdiff_t distance_to(const RowEdges& other) const { return other.at_ - at_; }

    int32_t from_ = 0;
    const int32_t* at_ = nullptr;
};

template <class D> std::pair<RowEdges, RowEdges> out_edges(int32_t v, const RowsAsGraph<D>& g) {
    const auto row = g.rows.neighbours(v);
    return {{v, row.data()}, {v, row.data() + row.size()}};
}
template <class D> std::size_t out_degree(int32_t v, const RowsAsGraph<D>& g) {
    return static_cast<std::size_t>(g.rows.degree(v));
}
template <class D> int32_t source(RowEdge e, const RowsAsGraph<D>&) { return e.from; }
template <class D> int32_t target(RowEdge e, const RowsAsGraph<D>&) { return e.to; }
template <class D>
std::pair<const int32_t*, const int32_t*> adjacent_vertices(int32_t v, const RowsAsGraph<D>& g) {
    const auto row = g.rows.neighbours(v);
    return {row.data(), row.data() + row.size()};
}

using NodeNumbers = decltype(boost::irange(int32_t{0}, int32_t{1}).begin());
template <class D> std::pair<NodeNumbers, NodeNumbers> vertices(const RowsAsGraph<D>& g) {
    const auto all = boost::irange(int32_t{0}, static_cast<int32_t>(g.rows.nodes));
    return {all.begin(), all.end()};
}
template <class D> std::size_t num_vertices(const RowsAsGraph<D>& g) {
    return static_cast<std::size_t>(g.rows.nodes);
}
template <class D>
boost::typed_identity_property_map<int32_t> get(boost::vertex_index_t, const RowsAsGraph<D>&) {
    return {};
}

struct RowsTraversal : boost::incidence_graph_tag,
                       boost::adjacency_graph_tag,
                       boost::vertex_list_graph_tag {};

} // namespace espalier::graphs

namespace boost {

template <class Direction> struct graph_traits<espalier::graphs::RowsAsGraph<Direction>> {
    using vertex_descriptor = int32_t;
    using edge_descriptor = espalier::graphs::RowEdge;
    using directed_category = Direction;
    using edge_parallel_category = disallow_parallel_edge_tag;
    using traversal_category = espalier::graphs::RowsTraversal;
    using out_edge_iterator = espalier::graphs::RowEdges;
    using adjacency_iterator = const int32_t*;
    using vertex_iterator = espalier::graphs::NodeNumbers;
    using degree_size_type = std::size_t;
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    static vertex_descriptor null_vertex() { return -1; }
};

template <class Direction>
struct property_map<espalier::graphs::RowsAsGraph<Direction>, vertex_index_t> {
    using type = typed_identity_property_map<int32_t>;
    using const_type = type;
};

} // namespace boost
