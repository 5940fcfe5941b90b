// SPDX-License-Identifier: MIT
// The law of motion of fields, learned from their frames.
#include "dynamics.hpp"

namespace espalier::self_similarity {
namespace {

struct FieldDynamics {
    std::string kind = "binary", border = "circular";
    int64_t kernel = 3, hidden = 16, lag = 1, steps = 1000, batch = 64, restarts = 1;
    double learning_rate = 1e-2, weight_decay = 0, held_out = 0.2;

    static void describe(Schema<FieldDynamics>& s);
    void check() const;
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_values = 1, batches = 1 << 20 };

void FieldDynamics::describe(Schema<FieldDynamics>& s) {
    s.learner("field_dynamics", "Law of motion of fields, from their frames")
        .doc(R"(A network f that foretells each site from those around it, `lag` frames earlier:

    binary, vector   x' = W2 lrelu(W1 * x + b1) + b2, through a sigmoid for binary
    density          x' = softmax(w) * x

where * is a convolution of width `kernel` along each axis. It is learned by the cross-entropy (binary), the
Kullback-Leibler divergence of each frame (density), or the mean squared difference (vector), in nats, over
pairs of frames of the training runs drawn at random. The losses told are those of the other runs.

The model is for learn.self_similar and analyze.field_error.)")
        .reference("arXiv:2310.08282")
        .example(
            R"(local rule = esp.simulate.cellular_automaton { rule = 150, width = 120, steps = 50, runs = 20 }
local law = esp.learn.field_dynamics { fields = rule.states, kind = "binary", seed = 1 }
print(law.accuracy))")
        .random()
        .isa_bits();
    describe_fields(s);
    s.param("kind", &FieldDynamics::kind).choices(kind_names).doc("What the numbers are.");
    s.param("border", &FieldDynamics::border)
        .choices({"circular", "zero"})
        .doc("What lies beyond the sides; always zero for density.");
    s.param("kernel", &FieldDynamics::kernel).range(1, 99).doc("Sites seen along each axis, odd.");
    s.param("hidden", &FieldDynamics::hidden).range(1, 65536).doc("Hidden channels.");
    s.param("lag", &FieldDynamics::lag).range(1, 1e9).doc("Frames between a state and the next.");
    describe_descent(s);
    s.output_model("dynamics", "The law.");
    s.output_tensor<float>("weights", "tap",
                           "density: the weights of the kernel; empty otherwise.");
    describe_judgement(s, "On the held-out runs, in nats or squared.");
}

void FieldDynamics::check() const {
    if (kernel % 2 == 0) throw Invalid("kernel", "must be odd, is " + std::to_string(kernel));
}

void FieldDynamics::run(const Task& task) const {
    const Kind what = kind_from(kind);
    const Fields fields(task, what);
    const Split split(fields, held_out);
    const Index latest = latest_start(fields, lag + 1), n = fields.sites(), c = fields.channels();
    const Design design{
        what,   fields.size()[1] > 1 ? 2 : 1,
        c,      kernel,
        hidden, border == "zero" || what == Kind::density ? Border::zero : Border::circular};
    const std::vector<Pick> unseen = split.held_out(latest, 1024);
    std::vector<std::unique_ptr<Dynamics>> laws(static_cast<std::size_t>(restarts));
    std::vector<Judgement> judgements(laws.size());
    for_each_restart(task, restarts, [&](int64_t restart, auto&& parallel) {
        const auto stream = static_cast<uint64_t>(restart);
        auto law = std::make_unique<Dynamics>(design, task.key(initial_values + stream));
        const Key key = task.key(batches + stream);
        std::vector<Pick> picks(static_cast<std::size_t>(batch));
        std::vector<float> before(static_cast<std::size_t>(batch * n * c)), after(before);
        descend(
            task, {&law->parameters()}, descent_of(*this), frames_together(n), parallel,
            [&](int64_t step) {
                if (restart == 0 && step % 64 == 0)
                    task.progress(static_cast<double>(step) / static_cast<double>(steps),
                                  "learning");
                split.draw(picks, latest, Random(key, static_cast<uint32_t>(step)));
                gather(fields, picks, 0, 1, before.data());
                gather(fields, picks, lag, 1, after.data());
            },
            [&](Tape<float>& tape, Index begin, Index end) {
                const auto part = [&](std::vector<float>& from) {
                    return tape.constant({from.data() + begin * n * c, (end - begin) * n, c});
                };
                return loss_of(what, (*law)(part(before), fields.size()), part(after), end - begin);
            });
        const auto at = static_cast<std::size_t>(restart);
        judgements[at] = judge(task, *law, fields, unseen, lag);
        laws[at] = std::move(law);
    });
    std::size_t best = 0;
    for (std::size_t k = 1; k < laws.size(); ++k)
        if (judgements[k].loss < judgements[best].loss) best = k;
    laws[best]->write(task.output_model("dynamics"));
    const std::vector<float> weights = laws[best]->weights();
    std::copy(weights.begin(), weights.end(),
              task.output<float>("weights", {static_cast<int64_t>(weights.size())}).data());
    write_judgement(task, judgements[best]);
}

} // namespace
} // namespace espalier::self_similarity

ESPALIER_COMPONENT(field_dynamics, espalier::self_similarity::FieldDynamics)
