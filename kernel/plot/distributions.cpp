// SPDX-License-Identifier: MIT
// histogram, box and violin: how values are spread.
#include "plot/fields.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace espalier::plot {

namespace {

struct Sample {
    std::string name;
    std::vector<double> values; // finite, ascending
};

std::vector<double> ascending(std::vector<double> values) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    std::sort(values.begin(), values.end());
    return values;
}

// Linear between order statistics (Hyndman and Fan 1996, definition 7).
double quantile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// The samples of a field; where columns are named, one for each value of `by`.
std::vector<Sample> samples_of(const Fields& fields, std::string_view name) {
    std::vector<Sample> samples;
    for (const Values& one : fields.several(name)) {
        if (!fields.has("by")) {
            samples.push_back({one.name, ascending(one.numbers)});
            continue;
        }
        const Texts groups = fields.groups("by");
        for (const auto& group : sorted_names(groups)) {
            Sample sample{group, {}};
            for (std::size_t i = 0; i < groups.size(); ++i)
                if (groups[i] == group) sample.values.push_back(one.numbers[i]);
            sample.values = ascending(std::move(sample.values));
            samples.push_back(std::move(sample));
        }
    }
    std::erase_if(samples, [](const Sample& s) { return s.values.empty(); });
    return samples;
}

// Freedman and Diaconis' width, 5 to 60 bins.
int64_t bins_for(const std::vector<double>& sorted) {
    const double width = 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) /
                         std::cbrt(static_cast<double>(sorted.size()));
    const double range = sorted.back() - sorted.front();
    return width > 0 ? static_cast<int64_t>(std::clamp(std::ceil(range / width), 5.0, 60.0)) : 5;
}

Picture histogram(const Fields& fields) {
    std::vector<Sample> samples = samples_of(fields, "values");
    const bool density = fields.flag("density");
    const std::string label = fields["values"].get<std::string>() ? fields.text("values") : "";
    Picture picture = begin_picture(fields, label, density ? "density" : "count");
    std::vector<double> all;
    for (auto& sample : samples) {
        if (picture.x.log) std::erase_if(sample.values, [](double v) { return v <= 0; });
        all.insert(all.end(), sample.values.begin(), sample.values.end());
    }
    if (all.empty()) return picture;
    const auto placed = [&](double v) { return picture.x.log ? std::log10(v) : v; };
    for (double& v : all) v = placed(v);
    std::sort(all.begin(), all.end());
    double low = all.front(), high = all.back();
    if (low == high) low -= 0.5, high += 0.5;
    const int64_t bins = fields.integer("bins", bins_for(all), 1);
    if (bins > 10'000) fields.refuse("bins", "must be at most 10000");
    const double width = (high - low) / static_cast<double>(bins);
    for (const auto& sample : samples) {
        Curve curve;
        curve.name = sample.name == label && samples.size() == 1 ? "" : sample.name;
        curve.mark = Mark::bars;
        for (int64_t b = 0; b <= bins; ++b) {
            const double edge = low + static_cast<double>(b) * width;
            curve.x.push_back(picture.x.log ? std::pow(10, edge) : edge);
        }
        curve.y.assign(static_cast<std::size_t>(bins), 0);
        for (const double v : sample.values)
            ++curve.y[std::min(static_cast<std::size_t>((placed(v) - low) / width),
                               curve.y.size() - 1)];
        if (density)
            for (std::size_t b = 0; b < curve.y.size(); ++b)
                curve.y[b] /=
                    static_cast<double>(sample.values.size()) * (curve.x[b + 1] - curve.x[b]);
        picture.curves.push_back(std::move(curve));
    }
    return picture;
}

Curve::Spread spread_of(const std::vector<double>& sorted) {
    Curve::Spread s;
    s.lower = quantile(sorted, 0.25);
    s.upper = quantile(sorted, 0.75);
    const double reach = 1.5 * (s.upper - s.lower);
    s.least = *std::lower_bound(sorted.begin(), sorted.end(), s.lower - reach);
    s.most = *std::prev(std::upper_bound(sorted.begin(), sorted.end(), s.upper + reach));
    for (const double v : sorted)
        if (v < s.least || v > s.most) s.outliers.push_back(v);
    return s;
}

// Gaussian kernels of Silverman's width (1986, eq. 3.31).
Curve::Outline outline_of(const std::vector<double>& sorted) {
    constexpr int points = 64;
    const auto n = static_cast<double>(sorted.size());
    double mean = 0, squares = 0;
    for (const double v : sorted) mean += v / n;
    for (const double v : sorted) squares += (v - mean) * (v - mean);
    const double deviation = n > 1 ? std::sqrt(squares / (n - 1)) : 0;
    const double quartiles = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
    const double narrow = quartiles > 0 ? std::min(deviation, quartiles) : deviation;
    Curve::Outline outline;
    if (!(narrow > 0)) return {{sorted.front()}, {1}};
    const double width = 0.9 * narrow * std::pow(n, -0.2);
    for (int i = 0; i < points; ++i) {
        const double at = sorted.front() + (sorted.back() - sorted.front()) * i / (points - 1);
        double sum = 0;
        const auto first = std::lower_bound(sorted.begin(), sorted.end(), at - 5 * width);
        for (auto v = first; v != sorted.end() && *v < at + 5 * width; ++v)
            sum += std::exp(-0.5 * (at - *v) * (at - *v) / (width * width));
        outline.at.push_back(at);
        outline.width.push_back(sum);
    }
    const double widest = *std::max_element(outline.width.begin(), outline.width.end());
    for (double& w : outline.width) w /= widest;
    return outline;
}

Picture boxes(const Fields& fields) {
    const std::string by = fields.text("by");
    const std::string label = fields["y"].get<std::string>() ? fields.text("y") : "";
    Picture picture = begin_picture(fields, by, label);
    Curve curve;
    curve.mark = fields.kind() == "box" ? Mark::box : Mark::violin;
    for (const auto& sample : samples_of(fields, "y")) {
        const std::string prefix = by + " = ";
        picture.x.categories.push_back(
            sample.name.starts_with(prefix) ? sample.name.substr(prefix.size()) : sample.name);
        curve.x.push_back(static_cast<double>(curve.x.size()));
        curve.y.push_back(quantile(sample.values, 0.5));
        curve.spreads.push_back(spread_of(sample.values));
        if (curve.mark == Mark::violin) curve.outlines.push_back(outline_of(sample.values));
    }
    if (!curve.x.empty()) picture.curves.push_back(std::move(curve));
    return picture;
}

} // namespace

Picture distribution_picture(const Map& plot, const Source* source) {
    const Fields fields(plot, source);
    return fields.kind() == "histogram" ? histogram(fields) : boxes(fields);
}

} // namespace espalier::plot
