// SPDX-License-Identifier: MIT
// Steps of learn.company_growth on 2,800 firms and 30 years, one thread: lines
// "case,steps_per_second" of processor time, batches drawn and targets made included.
// company_growth_torch.py runs the same networks in PyTorch.
#include "plugins/session.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <unistd.h>

using namespace espalier;

namespace {

double seconds_of(Session& session, Map arguments, int64_t steps) {
    arguments["steps"] = steps;
    const std::clock_t start = std::clock(); // of this process: other programs cost nothing
    session.call("learn.company_growth", arguments);
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// What a call costs beside its steps falls out of the difference of a long one and a short one.
void measure(Session& session, const std::string& name, const Map& arguments, int64_t more) {
    constexpr int64_t few = 100;
    std::array<double, 5> rates;
    for (double& rate : rates)
        rate = static_cast<double>(more) /
               (seconds_of(session, arguments, few + more) - seconds_of(session, arguments, few));
    std::sort(rates.begin(), rates.end());
    std::printf("%s,%.4g\n", name.c_str(), rates[rates.size() / 2]);
    std::fflush(stdout);
}

int beside_torch(const char* self) {
    const char* script = ESPALIER_SOURCE_FOLDER "/tests/bench/company_growth_torch.py";
    setenv("ESPALIER_BENCH_ALONE", "1", 1);
    return execl("/usr/bin/python3", "/usr/bin/python3", script, self, static_cast<char*>(nullptr));
}

} // namespace

int main(int, char** arguments) {
    if (!std::getenv("ESPALIER_BENCH_ALONE")) beside_torch(arguments[0]); // returns without Python
    Session session(test_options(1));
    const Value panel = session
                            .call("simulate.firms",
                                  {{"firms", 2800}, {"years", 30}, {"feedback", 0.1}, {"seed", 1}})
                            .at("panel");
    const Map common{{"panel", panel}, {"lines", false}, {"batch", 512}, {"seed", 1}};
    Map perceptron = common, attention = common;
    measure(session, "mlp", perceptron, 1000);
    attention["fluctuation"] = "attention", attention["hidden"] = 32, attention["layers"] = 1;
    measure(session, "attention", attention, 300);
}
