// SPDX-License-Identifier: MIT
// A random walk of many walkers in steps, with a member of every type that a state may have.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <array>
#include <csignal>
#include <cstdlib>

namespace {

using espalier::Schema;
using espalier::Task;

struct Records {
    double farthest = 0;
    std::vector<uint32_t> steps;
    template <class Keep> void keep(Keep& keep) {
        keep("farthest", farthest), keep("steps", steps);
    }
};

struct Walk {
    int64_t steps = 100, walkers = 500;
    bool hasty = false;

    static void describe(Schema<Walk>& s) {
        s.simulator("walk", "Walkers on a line").random();
        s.param("steps", &Walk::steps).range(0, 1e9).doc("Steps of each.");
        s.param("walkers", &Walk::walkers).range(1, 1e9).doc("How many.");
        s.param("hasty", &Walk::hasty).doc("Makes an output too early.");
        s.output_tensor("places", "walker", "Where they are.");
        s.output_tensor<int64_t>("records", "record", "Steps at which the farthest went farther.");
        s.output_text("diary", "One letter a step.");
        s.output_real("mean", "Of all steps.");
    }

    struct State {
        espalier::Key key; // follows from the seed: begin makes it
        int64_t step = 0;
        std::vector<double> places;
        double sum = 0;
        float last = 0;
        bool right = false;
        std::string diary;
        std::vector<std::string> names;
        std::array<int16_t, 3> hands{};
        std::vector<uint8_t> nothing;
        Records records;

        template <class Keep> void keep(Keep& keep) {
            keep("step", step), keep("places", places), keep("sum", sum), keep("last", last);
            keep("right", right), keep("diary", diary), keep("names", names), keep("hands", hands);
            keep("nothing", nothing), keep("records", records);
        }
    };

    State begin(const Task& task) const {
        State state;
        state.key = task.key(1);
        state.places.resize(static_cast<std::size_t>(walkers));
        task.metric("mean", 0, 0);
        return state;
    }

    bool advance(const Task& task, State& s) const {
        if (s.step == steps) return false;
        if (const char* fatal = std::getenv("DIE_AT"); fatal && std::atoll(fatal) == s.step)
            std::raise(SIGKILL);
        if (hasty) task.output<double>("places", {walkers});
        const double sum = task.parallel_reduce(
            walkers, 64, 0.0,
            [&](int64_t begin, int64_t end) {
                double part = 0;
                for (int64_t w = begin; w < end; ++w) {
                    espalier::Random random(s.key, static_cast<uint32_t>(s.step),
                                            static_cast<uint32_t>(w));
                    part += s.places[static_cast<std::size_t>(w)] += random.normal();
                }
                return part;
            },
            [](double a, double b) { return a + b; });
        s.sum += sum, s.last = static_cast<float>(sum), s.right = sum > 0;
        s.diary += s.right ? 'r' : 'l';
        s.names.push_back("step " + std::to_string(s.step));
        s.hands[static_cast<std::size_t>(s.step % 3)]++;
        for (const double place : s.places)
            if (place > s.records.farthest) {
                s.records.farthest = place;
                s.records.steps.push_back(static_cast<uint32_t>(s.step));
            }
        if (++s.step % 7 == 0) task.metric("mean", s.step, s.sum);
        task.progress(static_cast<double>(s.step) / static_cast<double>(steps));
        return true;
    }

    void finish(const Task& task, const State& s) const {
        std::copy(s.places.begin(), s.places.end(),
                  task.output<double>("places", {walkers}).begin());
        const auto records =
            task.output<int64_t>("records", {static_cast<int64_t>(s.records.steps.size())});
        std::copy(s.records.steps.begin(), s.records.steps.end(), records.begin());
        task.output_value("diary", s.diary + (s.right ? "!" : "?") + std::to_string(s.hands[1]) +
                                       (s.names.empty() ? "" : s.names.back()));
        task.output_value("mean", s.sum + static_cast<double>(s.last));
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.walk", VERSION, "MIT", "", Walk)
