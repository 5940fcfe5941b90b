// SPDX-License-Identifier: MIT
// Scales: linear, logarithmic, and of categories; ticks at round numbers.
#include "plot/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

// 3 -> "3", 0.30000000000000004 -> "0.3", 1200000 -> "1.2e6", with the digits that the step needs.
std::string rounded(double value, double step) {
    if (std::abs(value) < step * 1e-9) return "0";
    const double size = std::abs(value);
    if (size >= 1e6 || size < 1e-4) {
        const int digits =
            std::clamp(static_cast<int>(std::ceil(std::log10(size / step) - 1e-9)) + 1, 1, 8);
        std::string text = fmt::format("{:.{}g}", value, digits);
        const auto e = text.find('e');
        if (e == std::string::npos) return text;
        return text.substr(0, e) + "e" + std::to_string(std::stoi(text.substr(e + 1)));
    }
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    std::string text = fmt::format("{:.{}f}", value, decimals);
    // A step such as 2.5 needs one digit more than its order.
    if (std::abs(std::strtod(text.c_str(), nullptr) - value) > step * 1e-6)
        text = fmt::format("{:.{}f}", value, decimals + 1);
    return text;
}

} // namespace

Scale::Scale(const Axis& axis, double low, double high, double margin)
    : log_(axis.log), categories_(axis.categories) {
    if (!categories_.empty()) {
        low_ = -0.5, high_ = static_cast<double>(categories_.size()) - 0.5;
        log_ = false;
        return;
    }
    low_ = log_ ? std::log10(low) : low;
    high_ = log_ ? std::log10(high) : high;
    if (low_ == high_) low_ -= 0.5, high_ += 0.5;
    const double room = margin * (high_ - low_);
    low_ -= room, high_ += room;
    if (axis.low) low_ = log_ ? std::log10(*axis.low) : *axis.low;
    if (axis.high) high_ = log_ ? std::log10(*axis.high) : *axis.high;
    if (!(low_ < high_)) high_ = low_ + 1;
}

double Scale::operator()(double value) const {
    if (log_) value = value > 0 ? std::log10(value) : NAN;
    return from_ + (value - low_) / (high_ - low_) * (to_ - from_);
}

std::vector<Scale::Tick> Scale::ticks(int wanted) const {
    std::vector<Tick> out;
    if (!categories_.empty()) {
        for (std::size_t i = 0; i < categories_.size(); ++i)
            out.push_back({static_cast<double>(i), categories_[i]});
        return out;
    }
    if (log_) {
        const double step = std::max(1.0, std::ceil((high_ - low_) / wanted));
        for (double e = std::ceil(low_ - 1e-9); e <= high_ + 1e-9; e += step)
            out.push_back({std::pow(10, e), e > -4 && e < 5 ? fmt::format("{:g}", std::pow(10, e))
                                                            : fmt::format("1e{:g}", e)});
        if (out.size() >= 2) return out;
        out.clear(); // less than a decade or so: 1, 2, 5 within it
        for (double e = std::floor(low_); e <= high_; ++e)
            for (const double digit : {1.0, 2.0, 5.0})
                if (const double v = digit * std::pow(10, e);
                    std::log10(v) >= low_ && std::log10(v) <= high_)
                    out.push_back({v, rounded(v, v)});
        if (out.size() >= 2) return out;
        out.clear();
        for (const double at : {low_, high_})
            out.push_back({std::pow(10, at), fmt::format("{:.3g}", std::pow(10, at))});
        return out;
    }
    const double raw = (high_ - low_) / wanted, unit = std::pow(10, std::floor(std::log10(raw)));
    const double size = raw / unit, step = unit * (size > 5     ? 10
                                                   : size > 2.5 ? 5
                                                   : size > 2   ? 2.5
                                                   : size > 1   ? 2
                                                                : 1);
    for (double k = std::ceil(low_ / step - 1e-9); k <= std::floor(high_ / step + 1e-9); ++k)
        out.push_back({k * step, rounded(k * step, step)});
    return out;
}

} // namespace espalier::plot
