// SPDX-License-Identifier: MIT
// The single point of an experiment.
#include "run/experiment.hpp"

#include "values/failure.hpp"

namespace espalier {

Value Experiment::run_point(const std::vector<Argument>& arguments) const {
    return run(parameters.resolve(arguments));
}

} // namespace espalier
