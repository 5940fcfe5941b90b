// SPDX-License-Identifier: MIT
// A coarse-graining under which a law of motion is its own: learned, and judged.
#include "coarse_graining.hpp"

namespace espalier::self_similarity {
namespace {

using namespace numerics;

struct SelfSimilar {
    int64_t group_space = 2, group_time = 2, rows = 1, hidden = 8;
    int64_t steps = 1000, batch = 64, restarts = 1;
    double consistency = 1, reconstruction = 1, information = 0.5;
    double learning_rate = 1e-2, weight_decay = 0, held_out = 0.2;
    bool shared = true;

    static void describe(Schema<SelfSimilar>& s);
    void check() const;
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_values = 1, macro_values = 1 << 20, batches = 1 << 21 };

void SelfSimilar::describe(Schema<SelfSimilar>& s) {
    s.learner("self_similar", "Coarse-graining under which a law of motion is its own")
        .doc(
            R"(A law f is self-similar for groups of S sites and T steps when there is a coarse-graining P with

    P(X(t + T)) = f( P(X(t)) )    with the same f on both levels.

f is given and frozen. P sees blocks of `group_space` sites along each axis and `rows` successive frames, P'
goes the other way, and both are learned by

    reconstruction * L( P' f P X(t), X(t + T) ) + consistency * L'( f P X(t), P X(t + T) ) + (binary) shortfall

where L is the loss of learn.field_dynamics. L' is too for density; for binary it is the mean squared difference, and
for vector that difference over the variance of P X(t + T), mean over channels, so that a P of small numbers gains
nothing. A constant P would be consistent: the shortfall of a binary one is 10 times the square of what the mutual
information of P and the block, H(mean of P) - mean of H(P), lacks to `information` bits.

The held-out runs are judged; a binary P is first rounded to 0 or 1. macro_error near 0 with an entropy well
above 0 says that the law is self-similar; `unexplained` says how much of the coarse field f does not foretell.
With `shared` = false a law of the same form is learned on the coarse level in place of f.)")
        .reference("arXiv:2310.08282")
        .example(
            R"(local rule = esp.simulate.cellular_automaton { rule = 90, width = 120, steps = 2, runs = 100 }
local law = esp.learn.field_dynamics { fields = rule.states, seed = 1 }
local blocks = esp.learn.self_similar { fields = rule.states, dynamics = law.dynamics, restarts = 16, seed = 1 }
print(blocks.macro_error, blocks.entropy))")
        .random()
        .isa_bits();
    describe_fields(s);
    s.input_model("dynamics", "The law f, from learn.field_dynamics.");
    s.param("group_space", &SelfSimilar::group_space)
        .range(1, 1024)
        .doc("S: sites of a block along each axis; divides them.");
    s.param("group_time", &SelfSimilar::group_time)
        .range(1, 1e6)
        .doc("T: frames that are one step of the blocks.");
    s.param("rows", &SelfSimilar::rows)
        .range(1, 1e6)
        .doc("Successive frames that P sees and P' makes; at most group_time.");
    s.param("hidden", &SelfSimilar::hidden).range(1, 65536).doc("Hidden channels of P and P'.");
    s.param("shared", &SelfSimilar::shared)
        .doc("Whether the blocks follow f; otherwise a law of their own, learned with P.");
    s.param("consistency", &SelfSimilar::consistency)
        .range(0, 1e6)
        .doc("Weight of the difference on the coarse level.");
    s.param("reconstruction", &SelfSimilar::reconstruction)
        .range(0, 1e6)
        .doc("Weight of the difference on the fine level.");
    s.param("information", &SelfSimilar::information)
        .range(0, 1)
        .unit("bit")
        .doc("binary: what P must tell of a block.");
    describe_descent(s);
    s.output_real("macro_error", "Mean squared difference of f(P(X)) and P(X').");
    s.output_real("macro_loss", "The same as loss of learn.field_dynamics.");
    s.output_real("variance", "Of P(X'), mean over channels.");
    s.output_real("unexplained", "Mean over channels of macro_error / variance.");
    s.output_real("decoder_loss", "Loss of P'(f(P(X))) beside X'.");
    s.output_real("entropy", "binary: of P(X), in bits; 0 otherwise.");
    s.output_tensor<float>("macro_fields", "run,time,x|run,time,y,x|run,time,channel,y,x",
                           "P at every time of every run.");
    s.output_tensor<float>(
        "projection", "state",
        "binary, blocks of at most 12 cells: P of each state, cell k being bit k "
        "of the state; empty otherwise.");
    s.output_model("coarse_graining", "P and P'.");
    s.output_model("dynamics", "The law of the blocks: f, or what was learned in its place.");
}

void SelfSimilar::check() const {
    if (rows > group_time)
        throw Invalid("rows", "must be <= group_time = " + std::to_string(group_time) + ", is " +
                                  std::to_string(rows));
    if (consistency == 0 && reconstruction == 0)
        throw Invalid("consistency", "must not be 0 together with reconstruction");
}

// H of probabilities, each times `weight`, in bits.
Variable<float> bits(Variable<float> p) {
    constexpr float tiny = 1e-7f;
    const auto part = [](Variable<float> x) { return x * log(scale(x, 1, tiny)); };
    return scale(mean(part(p) + part(scale(p, -1, 1))), static_cast<float>(-1 / std::numbers::ln2));
}

double bits(double p) {
    return p <= 0 || p >= 1 ? 0 : -(p * std::log2(p) + (1 - p) * std::log2(1 - p));
}

constexpr float tiny = 1e-6f; // keeps the error of a constant P over its variance finite

// Mean over columns of the mean squared difference over the variance of the target.
Variable<float> unexplained(Variable<float> found, Variable<float> target) {
    const auto means = [](Variable<float> x) {
        return scale(column_sums(x), 1 / static_cast<float>(x.rows()));
    };
    const auto variances = means(square(target)) - square(means(target));
    return mean(means(square(found - target)) / scale(variances, 1, tiny));
}

// Rounds probabilities in place.
void harden(Kind kind, Variable<float> state) {
    if (kind != Kind::binary) return;
    for (Index i = 0; i < state.size(); ++i)
        state.node->value[i] = state.node->value[i] > 0.5f ? 1.0f : 0.0f;
}

struct Trained {
    std::unique_ptr<CoarseGraining> blocks;
    std::unique_ptr<Dynamics> own; // null when f is shared
    double error = 0, loss = 0, variance = 0, unexplained = 0, decoder_loss = 0, entropy = 0;
};

// All that trainings share.
struct Experiment {
    const SelfSimilar& settings;
    const Task& task;
    const Fields& fields;
    const Dynamics& law;
    BlockDesign design;
    Split split;
    Index latest;

    Kind kind() const { return design.kind; }
    Index columns() const { return design.rows * design.channels; }
    Index numbers() const { return fields.sites() * columns(); } // of a fine piece

    template <class Parallel>
    Trained train(int64_t restart, const std::vector<Pick>& unseen, Parallel&& parallel) const;
    Variable<float> objective(const CoarseGraining& blocks, const Dynamics& f,
                              Variable<float> before, Variable<float> after, Index frames) const;
    void judge(Trained& trained, const std::vector<Pick>& picks) const;
    // The lower the better.
    double rank(const Trained& t) const;
    Fields coarse(const CoarseGraining& blocks) const;
};

Variable<float> Experiment::objective(const CoarseGraining& blocks, const Dynamics& f,
                                      Variable<float> before, Variable<float> after,
                                      Index frames) const {
    const auto now = state_of(kind(), blocks.encode(before));
    const auto then = state_of(kind(), blocks.encode(after));
    const auto next = state_of(kind(), f(now, design.coarse_size()));
    const auto macro = kind() == Kind::density  ? loss_of(kind(), next, then, frames)
                       : kind() == Kind::binary ? l2_loss(next, then)
                                                : unexplained(next, then);
    const auto fine = loss_of(kind(), blocks.decode(next), after, frames);
    auto total = scale(macro, static_cast<float>(settings.consistency)) +
                 scale(fine, static_cast<float>(settings.reconstruction));
    if (kind() != Kind::binary) return total;
    const auto told = bits(mean(now)) - bits(now);
    constexpr float weight = 10;
    const auto lacking = relu(scale(told, -1, static_cast<float>(settings.information)));
    return total + scale(square(lacking), weight);
}

template <class Parallel>
Trained Experiment::train(int64_t restart, const std::vector<Pick>& unseen,
                          Parallel&& parallel) const {
    const auto stream = static_cast<uint64_t>(restart);
    Trained t;
    t.blocks = std::make_unique<CoarseGraining>(design, task.key(initial_values + stream));
    if (!settings.shared)
        t.own = std::make_unique<Dynamics>(law.design(), task.key(macro_values + stream));
    const Key key = task.key(batches + stream);
    std::vector<Pick> picks(static_cast<std::size_t>(settings.batch));
    std::vector<float> before(picks.size() * static_cast<std::size_t>(numbers())), after(before);
    const Index n = fields.sites();
    const auto prepare = [&](int64_t step) {
        if (restart == 0 && step % 64 == 0)
            task.progress(static_cast<double>(step) / static_cast<double>(settings.steps),
                          "learning");
        split.draw(picks, latest, Random(key, static_cast<uint32_t>(step)));
        gather(fields, picks, 0, design.rows, before.data());
        gather(fields, picks, settings.group_time, design.rows, after.data());
    };
    const auto body = [&](Tape<float>& tape, Index begin, Index end) {
        const auto part = [&](std::vector<float>& from) {
            return tape.constant({from.data() + begin * numbers(), (end - begin) * n, columns()});
        };
        return objective(*t.blocks, t.own ? *t.own : law, part(before), part(after), end - begin);
    };
    const Descent how = descent_of(settings);
    if (t.own)
        descend(task, {&t.blocks->parameters(), &t.own->parameters()}, how, frames_together(n),
                parallel, prepare, body);
    else
        descend(task, {&t.blocks->parameters()}, how, frames_together(n), parallel, prepare, body);
    judge(t, unseen);
    return t;
}

void Experiment::judge(Trained& t, const std::vector<Pick>& picks) const {
    const Dynamics& f = t.own ? *t.own : law;
    struct Channel {
        double error = 0, sum = 0, squares = 0;
    };
    std::vector<Channel> channels(static_cast<std::size_t>(design.channels));
    double ones = 0, count = 0;
    const double share = 1 / static_cast<double>(picks.size());
    std::vector<float> fine(static_cast<std::size_t>(numbers())), after(fine);
    Tape<float> tape;
    tape.record(false);
    for (const Pick& pick : picks) {
        tape.clear();
        gather(fields, {&pick, 1}, 0, design.rows, fine.data());
        gather(fields, {&pick, 1}, settings.group_time, design.rows, after.data());
        const auto on_tape = [&](std::vector<float>& from) {
            return tape.constant({from.data(), fields.sites(), columns()});
        };
        const auto target = on_tape(after);
        const auto now = state_of(kind(), t.blocks->encode(on_tape(fine)));
        const auto then = state_of(kind(), t.blocks->encode(target));
        harden(kind(), now), harden(kind(), then);
        const auto output = f(now, design.coarse_size());
        const auto next = state_of(kind(), output);
        t.error += share * static_cast<double>(l2_loss(next, then).scalar());
        t.loss += share * static_cast<double>(loss_of(kind(), output, then, 1).scalar());
        t.decoder_loss += share * static_cast<double>(
                                      loss_of(kind(), t.blocks->decode(next), target, 1).scalar());
        for (Index i = 0; i < then.size(); ++i) {
            const double v = then.value().data[i], difference = next.value().data[i] - v;
            Channel& channel = channels[static_cast<std::size_t>(i % design.channels)];
            channel.error += difference * difference;
            channel.sum += v, channel.squares += v * v;
            ones += now.value().data[i], count += 1;
        }
    }
    const double each = count / static_cast<double>(channels.size());
    for (const Channel& c : channels) {
        const double mean = c.sum / each, variance = std::max(0.0, c.squares / each - mean * mean);
        t.variance += variance / static_cast<double>(channels.size());
        t.unexplained += c.error / each / (variance + tiny) / static_cast<double>(channels.size());
    }
    if (kind() == Kind::binary) t.entropy = bits(ones / count);
}

double Experiment::rank(const Trained& t) const {
    if (kind() == Kind::binary) return t.error + (t.entropy < settings.information ? 1 : 0);
    const double macro = kind() == Kind::density ? t.loss : t.unexplained;
    return settings.consistency * macro + settings.reconstruction * t.decoder_loss;
}

Fields Experiment::coarse(const CoarseGraining& blocks) const {
    Fields out(fields.runs(), fields.times() - design.rows + 1, design.coarse_size(),
               fields.channels());
    task.parallel_for(out.runs(), 1, [&](int64_t run, int64_t) {
        std::vector<float> fine(static_cast<std::size_t>(numbers()));
        Tape<float> tape;
        tape.record(false);
        for (Index time = 0; time < out.times(); ++time) {
            tape.clear();
            const Pick pick{run, time};
            gather(fields, {&pick, 1}, 0, design.rows, fine.data());
            const auto state = state_of(
                kind(), blocks.encode(tape.constant({fine.data(), fields.sites(), columns()})));
            harden(kind(), state);
            std::copy_n(state.value().data, state.size(), out.frame(run, time));
        }
    });
    return out;
}

void SelfSimilar::run(const Task& task) const {
    Dynamics law(task.model("dynamics"));
    law.parameters().freeze();
    const Fields fields(task, law.design().kind);
    law.design().require(fields);
    for (const Index length : fields.size())
        if (length > 1 && length % group_space)
            throw Invalid("group_space", "must divide the " + std::to_string(length) +
                                             " sites of an axis, is " +
                                             std::to_string(group_space));
    const BlockDesign design{law.design().kind, fields.size(), fields.channels(),
                             group_space,       rows,          hidden};
    const Experiment experiment{*this,
                                task,
                                fields,
                                law,
                                design,
                                Split(fields, held_out),
                                latest_start(fields, group_time + rows)};
    const std::vector<Pick> unseen = experiment.split.held_out(experiment.latest, 256);
    std::vector<Trained> all(static_cast<std::size_t>(restarts));
    for_each_restart(task, restarts, [&](int64_t restart, auto&& parallel) {
        all[static_cast<std::size_t>(restart)] = experiment.train(restart, unseen, parallel);
    });
    std::size_t found = 0;
    for (std::size_t k = 1; k < all.size(); ++k)
        if (experiment.rank(all[k]) < experiment.rank(all[found])) found = k;
    const Trained& best = all[found];
    task.output_value("macro_error", best.error);
    task.output_value("macro_loss", best.loss);
    task.output_value("variance", best.variance);
    task.output_value("unexplained", best.unexplained);
    task.output_value("decoder_loss", best.decoder_loss);
    task.output_value("entropy", best.entropy);
    experiment.coarse(*best.blocks).write(task, "macro_fields");
    const std::vector<float> table = best.blocks->table();
    std::copy(table.begin(), table.end(),
              task.output<float>("projection", {static_cast<int64_t>(table.size())}).data());
    best.blocks->write(task.output_model("coarse_graining"));
    (best.own ? *best.own : law).write(task.output_model("dynamics"));
}

} // namespace
} // namespace espalier::self_similarity

ESPALIER_COMPONENT(self_similar, espalier::self_similarity::SelfSimilar)
