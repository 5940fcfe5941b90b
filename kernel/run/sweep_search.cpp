// SPDX-License-Identifier: MIT
// Searches in rounds: refinement of a curve, bisection, and NLopt's optimisers without derivatives.
#include "run/sweep.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>
#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

namespace espalier {

namespace {

using Metric = std::function<std::optional<double>(const Place&)>;

double middle(const Axis& axis, double a, double b) {
    const bool log = axis.from.kind == Distribution::Kind::log_uniform;
    const double x = log ? std::sqrt(a) * std::sqrt(b) : a + (b - a) / 2;
    return axis.from.whole ? std::floor(x) : x;
}

// Lengths along the curve, each axis scaled to its extent; what is not finite counts as flat.
std::vector<std::pair<double, std::size_t>> longest_first(const std::map<double, double>& curve) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& [x, y] : curve)
        if (std::isfinite(y)) low = std::min(low, y), high = std::max(high, y);
    const double width = curve.rbegin()->first - curve.begin()->first;
    std::vector<std::pair<double, std::size_t>> lengths;
    std::size_t index = 0;
    for (auto right = std::next(curve.begin()), left = curve.begin(); right != curve.end();
         ++left, ++right, ++index) {
        const double rise = (right->second - left->second) / (high - low);
        lengths.emplace_back(
            std::hypot((right->first - left->first) / width, std::isfinite(rise) ? rise : 0),
            index);
    }
    std::stable_sort(lengths.begin(), lengths.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    return lengths;
}

SearchState refine(const Search& search, const Metric& metric) {
    const Axis& axis = search.axes.front();
    SearchState state;
    std::map<double, double> curve;
    std::vector<double> next = spaced(axis.from.first, axis.from.second, search.points, false);
    for (int64_t round = 0; round <= search.rounds; ++round) {
        for (double x : next) {
            if (axis.from.whole) x = std::round(x);
            const auto y = metric({x});
            if (!y && !curve.contains(x)) state.wanted.push_back({x});
            curve[x] = y.value_or(0);
        }
        if (!state.wanted.empty() || round == search.rounds) return state;
        std::vector<double> places;
        for (const auto& entry : curve) places.push_back(entry.first);
        next.clear();
        for (const auto& [length, index] : longest_first(curve)) {
            const double x = middle(axis, places[index], places[index + 1]);
            if (static_cast<int64_t>(next.size()) < search.add && !curve.contains(x))
                next.push_back(x);
        }
        if (next.empty()) return state; // integers are used up
        std::sort(next.begin(), next.end());
    }
    return state;
}

SearchState bisect(const Search& search, const Metric& metric) {
    const Axis& axis = search.axes.front();
    SearchState state;
    double low = axis.from.first, high = axis.from.second;
    const auto at_low = metric({low}), at_high = metric({high});
    if (!at_low) state.wanted.push_back({low});
    if (!at_high) state.wanted.push_back({high});
    if (!state.wanted.empty()) return state;
    const double sign = *at_low < search.target ? 1 : -1;
    const double below = sign * (*at_low - search.target);
    const double above = sign * (*at_high - search.target);
    const auto consider = [&](double x, double y) {
        if (!state.best || std::abs(y - search.target) < std::abs(state.value - search.target))
            state.best = Place{x}, state.value = y;
    };
    if (!std::isfinite(below) || !std::isfinite(above)) {
        state.message = fmt::format("{} is not finite at {} = {:g}", search.metric, axis.name,
                                    std::isfinite(below) ? high : low);
        return state;
    }
    if (below < 0 && above < 0) {
        state.message =
            fmt::format("{} does not cross {:g} between {} = {:g} and {:g}: it is {:g} "
                        "and {:g}",
                        search.metric, search.target, axis.name, low, high, *at_low, *at_high);
        return state;
    }
    consider(low, *at_low), consider(high, *at_high);
    const double width = axis.from.whole ? std::max(1.0, search.tolerance) : search.tolerance;
    while (high - low > width && state.value != search.target) {
        const double x = middle(axis, low, high);
        if (x <= low || x >= high) break; // neighbours
        const auto y = metric({x});
        if (!y) {
            state.wanted.push_back({x});
            return state;
        }
        if (!std::isfinite(*y)) {
            state.best.reset();
            state.message =
                fmt::format("{} is not finite at {} = {:g}", search.metric, axis.name, x);
            return state;
        }
        consider(x, *y);
        (sign * (*y - search.target) < 0 ? low : high) = x;
    }
    return state;
}

constexpr std::pair<const char*, nlopt_algorithm> algorithms[] = {
    {"bobyqa", NLOPT_LN_BOBYQA},
    {"cobyla", NLOPT_LN_COBYLA},
    {"direct", NLOPT_GN_DIRECT_L},
    {"nelder_mead", NLOPT_LN_NELDERMEAD},
    {"sbplx", NLOPT_LN_SBPLX}};

// One run of an optimiser over the unit cube, up to the first place whose metric is not known.
struct Replay {
    const Search& search;
    const Metric& metric;
    nlopt_opt optimiser = nullptr;
    SearchState state;
    double least = std::numeric_limits<double>::infinity(), most = -least;

    Place place_of(const double* shares) const {
        Place place;
        for (std::size_t i = 0; i < search.axes.size(); ++i) {
            const Distribution& d = search.axes[i].from;
            double x = d.first + (d.second - d.first) * shares[i];
            if (d.kind == Distribution::Kind::log_uniform)
                x = d.first * std::pow(d.second / d.first, shares[i]);
            x = std::clamp(x, d.first, d.second);
            place.push_back(d.whole ? std::round(x) : x);
        }
        return place;
    }

    // Where there is no finite metric, worse than everything seen.
    double cost_at(const double* shares) {
        if (!state.wanted.empty()) return most;
        const Place place = place_of(shares);
        const auto value = metric(place);
        if (!value) {
            state.wanted.push_back(place);
            nlopt_force_stop(optimiser);
            return most;
        }
        const double cost = search.kind == Search::Kind::maximize ? -*value : *value;
        if (!std::isfinite(cost)) return std::isfinite(most) ? most + (most - least) + 1 : 1e100;
        if (cost < least) state.best = place, state.value = *value;
        least = std::min(least, cost), most = std::max(most, cost);
        return cost;
    }
};

double cost_of(unsigned, const double* shares, double*, void* replay) {
    return static_cast<Replay*>(replay)->cost_at(shares);
}

SearchState optimise(const Search& search, const Metric& metric) {
    const auto* const which =
        std::find_if(std::begin(algorithms), std::end(algorithms),
                     [&](const auto& known) { return search.method == known.first; });
    const auto axes = static_cast<unsigned>(search.axes.size());
    const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> optimiser(
        nlopt_create(which->second, axes), &nlopt_destroy);
    Replay replay{search, metric, optimiser.get(), {}};
    std::vector<double> at = search.start;
    double least = 0;
    nlopt_set_lower_bounds1(replay.optimiser, 0);
    nlopt_set_upper_bounds1(replay.optimiser, 1);
    nlopt_set_maxeval(replay.optimiser, static_cast<int>(search.evaluations));
    nlopt_set_xtol_abs1(replay.optimiser, search.tolerance);
    nlopt_set_initial_step1(replay.optimiser, 0.25);
    nlopt_set_min_objective(replay.optimiser, cost_of, &replay);
    const nlopt_result end = nlopt_optimize(replay.optimiser, at.data(), &least);
    // Rounding stops an optimiser that can do no better; the best place seen is what counts.
    if (end < 0 && end != NLOPT_FORCED_STOP && end != NLOPT_ROUNDOFF_LIMITED)
        throw Failure(Exit::bug,
                      fmt::format("esp.{}: the optimiser {} ended with code {}",
                                  name_of(search.kind), search.method, static_cast<int>(end)));
    if (replay.state.wanted.empty() && !replay.state.best)
        replay.state.message = fmt::format("{} was finite nowhere", search.metric);
    return std::move(replay.state);
}

} // namespace

const std::vector<std::string>& search_methods() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& known : algorithms) all.emplace_back(known.first);
        return all;
    }();
    return names;
}

void leave_out(Search& search, std::string_view name) {
    for (std::size_t a = search.axes.size(); a-- > 0;)
        if (search.axes[a].name == name) {
            const auto at = static_cast<std::ptrdiff_t>(a);
            search.axes.erase(search.axes.begin() + at);
            if (!search.start.empty()) search.start.erase(search.start.begin() + at);
        }
    if (search.method == "bobyqa" && search.axes.size() == 1)
        throw Failure(
            Exit::command_line,
            fmt::format("command line: {} is given, and the method bobyqa of esp.{} wants "
                        "two parameters or more",
                        name, name_of(search.kind)));
}

int64_t first_places(const Search& search) noexcept {
    if (search.kind == Search::Kind::refine) return search.points;
    return search.kind == Search::Kind::bisect ? 2 : 1;
}

SearchState advance(const Search& search, const Metric& metric) {
    if (search.kind == Search::Kind::refine) return refine(search, metric);
    if (search.kind == Search::Kind::bisect) return bisect(search, metric);
    return optimise(search, metric);
}

} // namespace espalier
