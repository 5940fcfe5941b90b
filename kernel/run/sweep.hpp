// SPDX-License-Identifier: MIT
// Sweep: the points that an experiment visits, described as data and never held as a whole.
#pragma once

#include "run/experiment.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

// The items of a list or of a tensor of one axis; nothing of anything else.
std::optional<List> items_of(const Value&);

// What a number, or one of some values, is drawn from. As data: { kind = "uniform" or
// "log_uniform", from, to }, { kind = "normal", mean, deviation }, or the list of values, each
// equally likely.
struct Distribution {
    enum class Kind { uniform, log_uniform, normal, choice } kind = Kind::uniform;
    double first = 0, second = 1; // from, to; of a normal: mean, standard deviation
    bool whole = false;           // of an integer parameter: from and to included, equally likely
    double min = 0, max = 0;      // a normal is cut off at the declared range
    List choices;

    // The value below which a share u of the draws lies, 0 < u < 1.
    Value at(double u) const;
};

// One parameter's place in a sweep.
struct Axis {
    std::string name;
    List values;       // of a grid or a zip
    Distribution from; // of a random one
};

// As data, a map: { kind, axes = map of lists } for "grid" (every combination, the first axis in
// alphabetical order slowest) and "zip" (the n-th values together); { kind = "list", points };
// { kind, axes = map of distributions, count } for "random", "latin_hypercube", "sobol";
// { kind, parts } for "product" (every combination of their points, the first part slowest) and
// "chain" (one after the other).
struct Sweep {
    enum class Kind { grid, zip, list, random, latin_hypercube, sobol, product, chain };
    Kind kind = Kind::grid; // with no axes: one point that sets nothing
    std::vector<Axis> axes;
    List points; // maps
    int64_t count = 0;
    std::vector<Sweep> parts;
};

std::string_view name_of(Sweep::Kind) noexcept;

// A search goes where its metric leads, in rounds, for each point of the sweep. As data:
// { kind = "refine", parameter, from, to, metric, points, rounds, add }: `points` evenly from one
// end to the other, then in each round the middles of the `add` intervals along which the curve
// runs furthest (both axes scaled to 1);
// { kind = "bisect", parameter, from, to, metric, target, tolerance };
// { kind = "minimize" or "maximize", over = map of { from, to } or log_uniform, metric,
// evaluations, method, tolerance }, where the tolerance is a share of each range.
struct Search {
    enum class Kind { refine, bisect, minimize, maximize } kind = Kind::refine;
    std::string metric;
    std::vector<Axis> axes;    // uniform or log_uniform
    std::vector<double> start; // of an optimiser, a share of each range
    int64_t points = 9, rounds = 4, add = 4, evaluations = 100;
    double target = 0, tolerance = 0;
    std::string method;
};
std::string_view name_of(Search::Kind) noexcept;
const std::vector<std::string>& search_methods();

struct Sweeps {
    Sweep points;
    std::optional<Search> search;
};

// Reads the data of a sweep, values brought to the declared types. Throws Failure (Exit::script), a
// line for each problem.
Sweeps sweeps_from(const Value& sweep, const ScriptParameters&);

// How many points it has; UINT64_MAX when they are more than that.
uint64_t points_of(const Sweep&) noexcept;
// The names that it sets, sorted. Of sweep data that is not checked yet: what can be found.
Texts axes_of(const Sweep&);
Texts names_in_sweep(const Value& sweep);
// The same without one axis. Points that become equal stay. Throws Failure when an optimiser cannot
// do with the axes that are left.
void leave_out(Sweep&, std::string_view name);
void leave_out(Search&, std::string_view name);
// Sets the axes of each point in turn, in order, over what `point` holds. Draws belong to (run
// seed, axis, distribution, index), so other axes and a larger count leave them as they are; those
// of a Latin hypercube depend on the count too. Sobol's sequence (Joe and Kuo 2008,
// doi:10.1137/070709359) is taken from its first point on (Owen 2020, arXiv:2008.08051) with a
// digital shift for each axis, which keeps every net property; its axes are its dimensions in
// alphabetical order.
void visit(const Sweep&, Map& point, int64_t run_seed, const std::function<void()>& next);

// What a search has come to. A place is the values of its axes, as reals.
using Place = std::vector<double>;
struct SearchState {
    std::vector<Place> wanted; // to be evaluated next; empty when the search is over
    std::optional<Place> best; // the root, or the extreme seen
    double value = 0;          // the metric there
    std::string message;       // why nothing was found
};
int64_t first_places(const Search&) noexcept; // how many its first round has
// A pure function of the metric at places: nothing when not known, NaN when there is none. Seeks
// from the start each time, so that nothing but finished results needs to be kept.
SearchState advance(const Search&, const std::function<std::optional<double>(const Place&)>&);

} // namespace espalier
