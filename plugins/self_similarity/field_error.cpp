// SPDX-License-Identifier: MIT
// How well a learned law of motion foretells fields that it was not learned from.
#include "dynamics.hpp"

namespace espalier::self_similarity {
namespace {

struct FieldError {
    int64_t lag = 1, first = 0;

    static void describe(Schema<FieldError>& s);
    void run(const Task& task) const;
};

void FieldError::describe(Schema<FieldError>& s) {
    s.analyzer("field_error", "Error of a learned law of motion on fields, at any scale")
        .doc(
            R"(Every frame from `first` on is foretold from the one `lag` frames earlier and compared. A law that was
learned at one scale and foretells coarse-grained fields as well as one that was learned there is invariant
under that change of scale.)")
        .reference("arXiv:2310.08282")
        .example(R"(local heat = esp.simulate.diffusion { runs = 10, seed = 1 }
local law = esp.learn.field_dynamics { fields = heat.density, kind = "density", kernel = 7, seed = 1 }
print(esp.analyze.field_error { fields = heat.density, dynamics = law.dynamics, lag = 2 }.loss))")
        .isa_bits();
    describe_fields(s);
    s.input_model("dynamics", "A law of learn.field_dynamics.");
    s.param("lag", &FieldError::lag).range(1, 1e9).doc("Frames between a state and the next.");
    s.param("first", &FieldError::first).range(0, 1e9).doc("Frames left out at the beginning.");
    describe_judgement(s, "Cross-entropy a site or divergence a frame in nats, or squared.");
    s.output_tensor<double>("losses", "run", "The same for each run.");
}

void FieldError::run(const Task& task) const {
    const Dynamics law(task.model("dynamics"));
    const Fields fields(task, law.design().kind);
    law.design().require(fields);
    const Index latest = latest_start(fields, first + lag + 1);
    const auto losses = task.output<double>("losses", {fields.runs()});
    Judgement all;
    for (Index run = 0; run < fields.runs(); ++run) {
        std::vector<Pick> picks;
        for (Index time = first; time <= first + latest; ++time) picks.push_back({run, time});
        const Judgement one = judge(task, law, fields, picks, lag);
        losses(run) = one.loss;
        const double share = 1 / static_cast<double>(fields.runs());
        all.loss += share * one.loss, all.error += share * one.error;
        all.variance += share * one.variance, all.accuracy += share * one.accuracy;
    }
    write_judgement(task, all);
}

} // namespace
} // namespace espalier::self_similarity

ESPALIER_COMPONENT(field_error, espalier::self_similarity::FieldError)
