// SPDX-License-Identifier: MIT
// The network of a law of motion, its losses, and how well it foretells.
#include "dynamics.hpp"

#include <cmath>

namespace espalier::self_similarity {

using namespace numerics;

namespace {

constexpr float tiny = 1e-12f; // keeps logarithms of empty sites finite

Border border_from(const std::string& name) {
    return name == "zero" ? Border::zero : Border::circular;
}

} // namespace

void draw_values(Parameters<float>& parameters, const std::vector<Index>& fan_in, const Key& key) {
    for (Index i = 0; i < parameters.count(); ++i) {
        const auto limit = static_cast<float>(
            1 / std::sqrt(static_cast<double>(fan_in[static_cast<std::size_t>(i)])));
        fill_uniform(parameters.value(i), -limit, limit, {key, static_cast<uint32_t>(i)});
    }
}

void Design::require(const Fields& fields) const {
    const Index has = fields.size()[1] > 1 ? 2 : 1;
    if (has == axes && fields.channels() == channels) return;
    throw Invalid("fields", "has " + std::to_string(has) + " axes of space and " +
                                std::to_string(fields.channels()) + " channels, the model " +
                                std::to_string(axes) + " and " + std::to_string(channels));
}

// Each one's number of inputs.
std::vector<Index> Dynamics::add_parameters() {
    const Design& d = design_;
    parameters_ = std::make_unique<Parameters<float>>();
    if (d.kind == Kind::density) {
        parameters_->add("logits", 1, d.kernel);
        return {d.kernel};
    }
    const Index around = (d.axes == 2 ? d.kernel * d.kernel : d.kernel) * d.channels;
    parameters_->add("around.weight", around, d.hidden);
    parameters_->add("around.bias", 1, d.hidden);
    parameters_->add("out.weight", d.hidden, d.channels);
    parameters_->add("out.bias", 1, d.channels);
    return {around, around, d.hidden, d.hidden};
}

Dynamics::Dynamics(const Design& design, const Key& key) : design_(design) {
    draw_values(*parameters_, add_parameters(), key);
}

Dynamics::Dynamics(const Bundle& model) {
    if (!model.has("kind") || model.text("kind") != "field_dynamics")
        throw Invalid("dynamics", "is not a model of learn.field_dynamics");
    design_ = {kind_from(model.text("states")), model.integer("axes"),
               model.integer("channels"),       model.integer("kernel"),
               model.integer("hidden"),         border_from(model.text("border"))};
    add_parameters();
    for (Index i = 0; i < parameters_->count(); ++i) {
        const std::string name = parameters_->name(i);
        const auto given = model.tensor<float>(name.c_str());
        if (given.axes() != 2) throw Invalid("dynamics", "'" + name + "' is not a matrix");
        try {
            parameters_->assign(name, {given.data(), given.axis(0), given.axis(1)});
        } catch (const std::invalid_argument& wrong) {
            throw Invalid("dynamics", wrong.what());
        }
    }
}

void Dynamics::write(const Bundle& model) const {
    model.set("kind", "field_dynamics");
    model.set("states", std::string(name_of(design_.kind)));
    model.set("axes", design_.axes);
    model.set("channels", design_.channels);
    model.set("kernel", design_.kernel);
    model.set("hidden", design_.hidden);
    model.set("border", design_.border == Border::zero ? "zero" : "circular");
    parameters_->visit([&](const std::string& name, Index rows, Index cols, const float* data) {
        std::copy_n(data, rows * cols, model.output<float>(name.c_str(), {rows, cols}).data());
    });
}

std::vector<float> Dynamics::weights() const {
    if (design_.kind != Kind::density) return {};
    Tape<float> tape;
    tape.record(false);
    const auto w = softmax(tape.use((*parameters_)[0]));
    return {w.value().data, w.value().data + w.size()};
}

Variable<float> Dynamics::operator()(Variable<float> x, const Window::Axes& size) const {
    Tape<float>& tape = *x.tape;
    const Design& d = design_;
    const Window::Axes kernel{1, d.axes == 2 ? d.kernel : 1, d.kernel};
    const auto use = [&](Index i) { return tape.use((*parameters_)[i]); };
    if (d.kind == Kind::density)
        return convolution(x, transpose(softmax(use(0))), tape.constant(1, 1, 0.0f),
                           same_size(size, kernel, Border::zero));
    const auto hidden =
        convolution(x, use(0), use(1), same_size(size, kernel, d.border), Activation::leaky_relu);
    return affine(hidden, use(2), use(3));
}

Variable<float> state_of(Kind kind, Variable<float> output) {
    return kind == Kind::binary ? sigmoid(output) : output;
}

Variable<float> loss_of(Kind kind, Variable<float> output, Variable<float> target, Index frames) {
    if (kind == Kind::binary) return binary_cross_entropy_with_logits(output, target);
    if (kind == Kind::vector) return l2_loss(output, target);
    const auto difference = log(scale(target, 1, tiny)) - log(scale(output, 1, tiny));
    return scale(sum(target * difference), 1 / static_cast<float>(frames * target.cols()));
}

Judgement judge(const Task& task, const Dynamics& f, const Fields& fields,
                const std::vector<Pick>& picks, Index lag) {
    struct Sums {
        double loss = 0, error = 0, squares = 0, right = 0;
        std::vector<double> states; // of each channel
    };
    const auto channels = static_cast<std::size_t>(fields.channels());
    const Kind kind = f.design().kind;
    const Index numbers = fields.sites() * fields.channels();
    const auto map = [&](int64_t begin, int64_t end) {
        task.check_cancelled();
        const std::span some(picks.data() + begin, static_cast<std::size_t>(end - begin));
        std::vector<float> before(some.size() * static_cast<std::size_t>(numbers)), after(before);
        gather(fields, some, 0, 1, before.data());
        gather(fields, some, lag, 1, after.data());
        Tape<float> tape;
        tape.record(false);
        const Index rows = (end - begin) * fields.sites();
        const auto target = tape.constant({after.data(), rows, fields.channels()});
        const auto output =
            f(tape.constant({before.data(), rows, fields.channels()}), fields.size());
        const auto state = state_of(kind, output);
        Sums s;
        s.states.resize(channels);
        s.loss = static_cast<double>(loss_of(kind, output, target, end - begin).scalar()) *
                 static_cast<double>(end - begin);
        for (Index i = 0; i < target.size(); ++i) {
            const double wanted = target.value().data[i], found = state.value().data[i];
            s.error += (found - wanted) * (found - wanted);
            s.states[static_cast<std::size_t>(i) % channels] += wanted;
            s.squares += wanted * wanted;
            s.right += (found > 0.5) == (wanted > 0.5);
        }
        return s;
    };
    const auto fold = [](Sums a, const Sums& b) {
        a.loss += b.loss, a.error += b.error, a.squares += b.squares, a.right += b.right;
        for (std::size_t c = 0; c < b.states.size(); ++c) a.states[c] += b.states[c];
        return a;
    };
    Sums none;
    none.states.resize(channels);
    const auto count = static_cast<int64_t>(picks.size());
    const Sums s = task.parallel_reduce(count, frames_together(fields.sites()), none, map, fold);
    const double all = static_cast<double>(count * numbers),
                 each = all / static_cast<double>(channels); // numbers of a channel
    double variance = s.squares / all;
    for (const double sum : s.states) variance -= sum * sum / (each * all);
    return {s.loss / static_cast<double>(count), s.error / all, std::max(0.0, variance),
            kind == Kind::binary ? s.right / all : 0};
}

void write_judgement(const Task& task, const Judgement& judgement) {
    task.output_value("loss", judgement.loss);
    task.output_value("error", judgement.error);
    task.output_value("variance", judgement.variance);
    task.output_value("accuracy", judgement.accuracy);
}

} // namespace espalier::self_similarity
