// SPDX-License-Identifier: MIT
// The arguments of one call, checked against what its component declares: all errors at once.
#pragma once

#include "schema/component.hpp"
#include "values/value.hpp"

#include <deque>
#include <optional>

namespace espalier {

// Checked and converted arguments. The esp_values point into it, so it cannot be copied or moved.
class Arguments {
public:
    // Throws Failure (Exit::script) with one line for each wrong argument: unknown names with the
    // nearest right one, types, ranges, missing inputs, shapes that do not agree, NaN where none
    // may be.
    Arguments(const Component&, const Map& given, int64_t default_seed);
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    const std::vector<esp_value>& values() const noexcept { return values_; } // in declared order
    const Map& parameters() const noexcept {
        return parameters_;
    }                                                      // all of them, defaults filled in
    const Map& inputs() const noexcept { return inputs_; } // converted; what was given
    int64_t seed() const noexcept { return seed_; }        // 0 when the component is not random

private:
    void take_parameter(const esp_parameter&, const Value* given);
    std::string take_single(const esp_parameter&, const Value&);
    std::string take_list(const esp_parameter&, const Value&);
    void take_input(const esp_port&, const Value* given);
    void take_seed(const Value* given);
    void unknown_names(const Map& given);
    void agree_on_axes();
    void wrong(std::string message);

    const Component& component_;
    std::vector<esp_value> values_;
    Map parameters_, inputs_;
    int64_t seed_ = 0;
    std::deque<std::vector<int64_t>> integers_;
    std::deque<std::vector<double>> reals_;
    std::deque<std::string> texts_;
    std::deque<std::vector<const char*>> text_lists_;
    std::vector<std::string> errors_;
    std::map<std::string, std::pair<int64_t, std::string>> axis_lengths_;
};

} // namespace espalier
