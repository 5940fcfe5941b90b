// SPDX-License-Identifier: MIT
// The points of a sweep: counted, named, and visited one by one.
#include "run/sweep.hpp"

#include "espalier/random.hpp"
#include "values/digest.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/random/sobol.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace espalier {

namespace {

using Kind = Sweep::Kind;
constexpr uint64_t too_many = std::numeric_limits<uint64_t>::max();

uint64_t product(uint64_t a, uint64_t b) noexcept {
    uint64_t out = 0;
    return __builtin_mul_overflow(a, b, &out) ? too_many : out;
}

uint64_t sum(uint64_t a, uint64_t b) noexcept {
    uint64_t out = 0;
    return __builtin_add_overflow(a, b, &out) ? too_many : out;
}

bool random(Kind kind) noexcept {
    return kind == Kind::random || kind == Kind::latin_hypercube || kind == Kind::sobol;
}

// The stream of one axis: of its name and distribution, so that its neighbours do not matter.
Key key_of(const Sweep& sweep, const Axis& axis, int64_t run_seed) {
    Hasher hasher;
    hasher.add(std::string_view("espalier sweep")).add(run_seed).add(name_of(sweep.kind));
    hasher.add(std::string_view(axis.name)).add(static_cast<int64_t>(axis.from.kind));
    hasher.add(Value(axis.from.first)).add(Value(axis.from.second));
    hasher.add(Value(axis.from.choices));
    const uint64_t word = hasher.digest().word();
    return {static_cast<uint32_t>(word), static_cast<uint32_t>(word >> 32)};
}

Random draws_at(const Key& key, int64_t index) noexcept {
    const auto i = static_cast<uint64_t>(index);
    return Random(key, static_cast<uint32_t>(i), static_cast<uint32_t>(i >> 32));
}

// Of the middle of its cell: never 0.
double share(uint32_t word) noexcept { return (static_cast<double>(word) + 0.5) * 0x1p-32; }
double share(Random draws) noexcept { return draws.uniform() + 0x1p-54; }

void visit_grid(const Sweep& sweep, std::size_t axis, Map& point,
                const std::function<void()>& next) {
    if (axis == sweep.axes.size()) return next();
    for (const Value& value : sweep.axes[axis].values) {
        point[sweep.axes[axis].name] = value;
        visit_grid(sweep, axis + 1, point, next);
    }
}

void visit_zip(const Sweep& sweep, Map& point, const std::function<void()>& next) {
    for (std::size_t i = 0; i < sweep.axes.front().values.size(); ++i) {
        for (const Axis& axis : sweep.axes) point[axis.name] = axis.values[i];
        next();
    }
}

void visit_list(const Sweep& sweep, Map& point, const std::function<void()>& next) {
    const Map before = point;
    for (const Value& one : sweep.points) {
        point = before;
        for (const auto& [name, value] : one.as<Map>()) point[name] = value;
        next();
    }
    point = before;
}

void visit_random(const Sweep& sweep, Map& point, int64_t run_seed,
                  const std::function<void()>& next) {
    std::vector<Key> keys;
    for (const Axis& axis : sweep.axes) keys.push_back(key_of(sweep, axis, run_seed));
    for (int64_t i = 0; i < sweep.count; ++i) {
        for (std::size_t a = 0; a < keys.size(); ++a)
            point[sweep.axes[a].name] = sweep.axes[a].from.at(share(draws_at(keys[a], i)));
        next();
    }
}

// McKay, Beckman and Conover 1979 (doi:10.2307/1268522): of `count` equally likely strata of each
// axis every one is met once.
void visit_latin(const Sweep& sweep, Map& point, int64_t run_seed,
                 const std::function<void()>& next) {
    std::vector<Key> keys;
    std::vector<std::vector<uint32_t>> strata;
    for (const Axis& axis : sweep.axes) {
        keys.push_back(key_of(sweep, axis, run_seed));
        auto& order = strata.emplace_back(static_cast<std::size_t>(sweep.count));
        std::iota(order.begin(), order.end(), 0u);
        Random(keys.back(), 0, 0, 1).shuffle(order);
    }
    for (int64_t i = 0; i < sweep.count; ++i) {
        for (std::size_t a = 0; a < keys.size(); ++a) {
            const double inside = share(draws_at(keys[a], i));
            const double stratum = strata[a][static_cast<std::size_t>(i)];
            point[sweep.axes[a].name] =
                sweep.axes[a].from.at((stratum + inside) / static_cast<double>(sweep.count));
        }
        next();
    }
}

void visit_sobol(const Sweep& sweep, Map& point, int64_t run_seed,
                 const std::function<void()>& next) {
    std::vector<uint32_t> shift;
    for (const Axis& axis : sweep.axes)
        shift.push_back(draws_at(key_of(sweep, axis, run_seed), 0).bits());
    // Boost's engine begins after the origin.
    boost::random::sobol_engine<uint32_t, 32> engine(sweep.axes.size());
    for (int64_t i = 0; i < sweep.count; ++i) {
        for (std::size_t a = 0; a < shift.size(); ++a) {
            const uint32_t word = i == 0 ? 0 : engine();
            point[sweep.axes[a].name] = sweep.axes[a].from.at(share(word ^ shift[a]));
        }
        next();
    }
}

void visit_product(const std::vector<Sweep>& parts, std::size_t part, Map& point, int64_t run_seed,
                   const std::function<void()>& next) {
    if (part == parts.size()) return next();
    visit(parts[part], point, run_seed,
          [&] { visit_product(parts, part + 1, point, run_seed, next); });
}

double normal_below(double z) noexcept { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_at(const Distribution& d, double u) {
    const double low = normal_below((d.min - d.first) / d.second);
    const double high = normal_below((d.max - d.first) / d.second);
    const double below = std::clamp(low + u * (high - low), 1e-300, 1 - 0x1p-53);
    return d.first - d.second * std::numbers::sqrt2 * boost::math::erfc_inv(2 * below);
}

} // namespace

std::optional<List> items_of(const Value& v) {
    if (const List* list = v.get<List>()) return *list;
    const Tensor* t = v.get<Tensor>();
    if (!t || t->axes() != 1) return {};
    List items;
    for (int64_t i = 0; i < t->size(); ++i)
        items.push_back(is_real(t->dtype()) ? Value(t->number(i))
                                            : Value(static_cast<int64_t>(t->number(i))));
    return items;
}

Value Distribution::at(double u) const {
    if (kind == Kind::choice)
        return choices[std::min(static_cast<std::size_t>(u * static_cast<double>(choices.size())),
                                choices.size() - 1)];
    double x = 0;
    const double end = whole ? second + 1 : second;
    if (kind == Kind::uniform) x = first * (1 - u) + end * u;
    if (kind == Kind::log_uniform) x = std::exp(std::log(first) * (1 - u) + std::log(end) * u);
    if (kind == Kind::normal)
        x = normal_at(*this, u);
    else
        x = std::clamp(whole ? std::floor(x) : x, first, second);
    if (whole) x = std::round(x);
    x = std::clamp(x, min, max);
    return whole ? Value(static_cast<int64_t>(x)) : Value(x);
}

std::string_view name_of(Sweep::Kind kind) noexcept {
    constexpr std::string_view names[] = {"grid",  "zip",     "list", "random", "latin_hypercube",
                                          "sobol", "product", "chain"};
    return names[static_cast<std::size_t>(kind)];
}

uint64_t points_of(const Sweep& sweep) noexcept {
    uint64_t count = sweep.kind == Kind::chain ? 0 : 1;
    if (random(sweep.kind)) return static_cast<uint64_t>(sweep.count);
    if (sweep.kind == Kind::list) return sweep.points.size();
    if (sweep.kind == Kind::zip) return sweep.axes.front().values.size();
    for (const Axis& axis : sweep.axes) count = product(count, axis.values.size());
    for (const Sweep& part : sweep.parts)
        count = sweep.kind == Kind::product ? product(count, points_of(part))
                                            : sum(count, points_of(part));
    return count;
}

Texts axes_of(const Sweep& sweep) {
    Texts names;
    for (const Axis& axis : sweep.axes) names.push_back(axis.name);
    for (const Value& point : sweep.points)
        for (const auto& entry : point.as<Map>()) names.push_back(entry.first);
    for (const Sweep& part : sweep.parts)
        for (std::string& name : axes_of(part)) names.push_back(std::move(name));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void leave_out(Sweep& sweep, std::string_view name) {
    std::erase_if(sweep.axes, [&](const Axis& axis) { return axis.name == name; });
    if (sweep.axes.empty() && (random(sweep.kind) || sweep.kind == Kind::zip)) sweep = Sweep();
    for (Value& point : sweep.points) {
        Map left = point.as<Map>();
        if (const auto at = left.find(name); at != left.end()) left.erase(at);
        point = std::move(left);
    }
    for (Sweep& part : sweep.parts) leave_out(part, name);
}

void visit(const Sweep& sweep, Map& point, int64_t run_seed, const std::function<void()>& next) {
    switch (sweep.kind) {
    case Kind::grid: return visit_grid(sweep, 0, point, next);
    case Kind::zip: return visit_zip(sweep, point, next);
    case Kind::list: return visit_list(sweep, point, next);
    case Kind::random: return visit_random(sweep, point, run_seed, next);
    case Kind::latin_hypercube: return visit_latin(sweep, point, run_seed, next);
    case Kind::sobol: return visit_sobol(sweep, point, run_seed, next);
    case Kind::product: return visit_product(sweep.parts, 0, point, run_seed, next);
    case Kind::chain:
        const Map before = point;
        for (const Sweep& part : sweep.parts) {
            point = before;
            visit(part, point, run_seed, next);
        }
        point = before;
    }
}

} // namespace espalier
