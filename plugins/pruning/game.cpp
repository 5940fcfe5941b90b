// SPDX-License-Identifier: MIT
// Pruning as a game: neurons choose how much to take part, and leave when it does not pay.
#include "pruned.hpp"

#include <cmath>

namespace espalier::pruning {
namespace {

using namespace numerics;

struct Game : FineTuning {
    double benefit = 1, weight_cost = 0.1, participation_cost = 0, redundancy_cost = 0;
    double gate_rate = 1e-3, learning_rate = 1e-3, threshold = 0.01;
    int64_t epochs = 20;
    std::string optimiser = "adam";

    static void describe(Schema<Game>& s);

    struct State;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const; // an epoch
    void finish(const Task& task, State& state) const;
};

void Game::describe(Schema<Game>& s) {
    s.pruner("game", "Neurons as players: those whose utility falls leave")
        .doc(
            R"(Hidden neuron i sends s_i f(x theta_i + b_i) with a participation s_i in [0, 1] that begins at 1. Its utility is

    U_i = alpha s_i <grad_i L, theta_i> - beta |theta_i|^2 s_i^2 - gamma s_i - eta s_i sum_(j /= i) s_j <theta_i, theta_j>

with theta_i the weights into it and the sum over its layer: benefit, weight_cost, participation_cost and
redundancy_cost. After each step on the weights every s_i goes up its own utility by `gate_rate` times dU_i/ds_i
and is cut to [0, 1]. At the end neurons with s_i < `threshold` leave, and the others' s_i go into the weights
behind them.)")
        .reference("arXiv:2512.22106")
        .example(
            R"(local small = esp.prune.game { model = net.initial, inputs = mnist.train_images, targets = mnist.train_labels,
  weight_cost = 0.5, fine_tune_epochs = 0, seed = 1 }
print(small.neurons_kept, small.accuracy))");
    s.random().isa_bits();
    describe_problem(s);
    s.param("benefit", &Game::benefit)
        .range(-1e6, 1e6)
        .doc("alpha; below 0 those gain whose growth lowers the loss.");
    s.param("weight_cost", &Game::weight_cost).range(0, 1e6).doc("beta.");
    s.param("participation_cost", &Game::participation_cost).range(0, 1e6).doc("gamma.");
    s.param("redundancy_cost", &Game::redundancy_cost).range(0, 1e6).doc("eta.");
    s.param("epochs", &Game::epochs).range(1, 1e6).doc("Epochs of the game.");
    s.param("gate_rate", &Game::gate_rate).above(0).max(10).log_scale().doc("Step of s_i.");
    s.param("learning_rate", &Game::learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("Of the weights.");
    s.param("optimiser", &Game::optimiser).choices({"adam", "sgd"}).doc("Of the weights.");
    s.param("threshold", &Game::threshold).range(0, 1).doc("Participation below which one leaves.");
    describe_fine_tuning(s);
    describe_result(s);
    s.output_table("participation", "layer, neuron, participation at the end.");
    s.output_integer("neurons_kept", "Hidden neurons whose participation is above the threshold.");
    s.output_integer("neurons", "Hidden neurons of the model.");
}

// Weights that learn as they are, and a network in which what neurons send is scaled.
class Match {
public:
    Match(const Task& task, const Problem& problem, const Game& game)
        : task_(task), problem_(problem), game_(game), plain_(problem.model),
          scaled_(problem.model),
          batches_(problem.samples, game.batch, task.key(1), problem.model.input_scale),
          parallel_({&scaled_.parameters()}, rows_together), adam_(plain_.parameters()),
          descent_(plain_.parameters()) {
        for (std::size_t k = 0; k + 1 < problem.model.layers.size(); ++k)
            participation_.emplace_back(static_cast<std::size_t>(problem.model.layers[k].outputs),
                                        1.0f);
        adam_.set_learning_rate(game.learning_rate);
        descent_.set_learning_rate(game.learning_rate);
    }
    bool advance() { // an epoch; false when none was left
        if (epoch_ == game_.epochs) return false;
        task_.progress(static_cast<double>(epoch_) / static_cast<double>(game_.epochs), "playing");
        batches_.shuffle(static_cast<uint32_t>(epoch_));
        double loss = 0;
        for (Index b = 0; b < batches_.per_epoch(); ++b) {
            task_.check_cancelled();
            batches_.load(b);
            loss = round();
            if (!std::isfinite(loss))
                throw Diverged("model", "the loss is not finite: lower learning_rate");
        }
        task_.metric("loss", ++epoch_, loss);
        return true;
    }
    template <class Keep> void keep(Keep& keep) {
        keep("epoch", epoch_), keep("adam", adam_), keep("descent", descent_);
        auto values = plain_.parameters().flat();
        keep("values", values);
        for (std::size_t k = 0; k < participation_.size(); ++k)
            keep("participation " + std::to_string(k), participation_[k]);
    }
    const std::vector<std::vector<float>>& participation() const noexcept { return participation_; }
    // Participation goes into the weights behind; who is below the threshold is cut off.
    Perceptron settled() {
        scale();
        Perceptron model = problem_.model;
        scaled_.store(model);
        for (std::size_t k = 0; k < participation_.size(); ++k) {
            PerceptronLayer& behind = model.layers[k + 1];
            if (behind.mask.empty()) behind.mask.assign(behind.weights.size(), 1);
            for (Index i = 0; i < behind.inputs; ++i)
                for (Index j = 0; j < behind.outputs; ++j) {
                    if (participation_[k][static_cast<std::size_t>(i)] >= game_.threshold) continue;
                    behind.mask[static_cast<std::size_t>(i * behind.outputs + j)] = 0;
                    behind.weights[static_cast<std::size_t>(i * behind.outputs + j)] = 0;
                }
        }
        remove_dead_ends(model);
        return model;
    }

private:
    void scale() {
        for (std::size_t k = 0; k < scaled_.layers(); ++k) {
            const auto from = plain_.weights(k), to = scaled_.weights(k);
            for (Index i = 0; i < from.rows; ++i) {
                const float s = k ? participation_[k - 1][static_cast<std::size_t>(i)] : 1.0f;
                for (Index j = 0; j < from.cols; ++j) to(i, j) = s * from(i, j);
            }
            std::copy_n(plain_.biases(k).data, from.cols, scaled_.biases(k).data);
        }
    }
    float* gradient(PerceptronNetwork& network, std::size_t k) {
        auto& p = network.parameters();
        return p.gradients().data(p.offset(2 * static_cast<Index>(k)));
    }
    double round() {
        const auto loop = [this](Index n, Index grain, auto&& body) {
            task_.parallel_for(n, grain, body);
        };
        scale();
        const MatrixView<const float> x = batches_.inputs();
        const double loss =
            parallel_.step(loop, x.rows, [&](Tape<float>& tape, Index begin, Index end) {
                const auto outputs = scaled_(tape.constant(x.slice_rows(begin, end)));
                return batch_loss(problem_.model.loss, batches_, outputs, begin, end);
            });
        scaled_.mask_gradients(problem_.model);
        auto& from = scaled_.parameters();
        auto& to = plain_.parameters();
        for (Index p = 0; p < from.count(); ++p) {
            std::copy_n(from.gradients().data(from.offset(p)), from.value(p).size(),
                        to.gradients().data(to.offset(p)));
            *to.gradients().flag(p) = 1;
        }
        for (std::size_t k = 1; k < plain_.layers(); ++k)
            for (Index i = 0; i < plain_.weights(k).rows; ++i)
                for (Index j = 0; j < plain_.weights(k).cols; ++j)
                    gradient(plain_, k)[i * plain_.weights(k).cols + j] *=
                        participation_[k - 1][static_cast<std::size_t>(i)];
        const auto utilities = slopes();
        if (game_.optimiser == "adam")
            adam_.step(loop);
        else
            descent_.step(loop);
        for (std::size_t k = 0; k < participation_.size(); ++k)
            for (std::size_t i = 0; i < participation_[k].size(); ++i)
                participation_[k][i] = std::clamp(
                    participation_[k][i] + static_cast<float>(game_.gate_rate * utilities[k][i]),
                    0.0f, 1.0f);
        from.gradients().clear();
        return loss;
    }
    // dU_i/ds_i of every neuron, with theta_i the column of weights into it.
    std::vector<std::vector<double>> slopes() {
        std::vector<std::vector<double>> all;
        for (std::size_t k = 0; k < participation_.size(); ++k) {
            const auto theta = plain_.weights(k);
            const float* const g = gradient(plain_, k);
            const auto& s = participation_[k];
            std::vector<double> slope(s.size(), -game_.participation_cost), norm(s.size());
            std::vector<double> crowd(static_cast<std::size_t>(theta.rows));
            for (Index r = 0; r < theta.rows; ++r)
                for (std::size_t i = 0; i < s.size(); ++i) {
                    const double w = static_cast<double>(theta(r, static_cast<Index>(i)));
                    slope[i] += game_.benefit * w *
                                static_cast<double>(g[r * theta.cols + static_cast<Index>(i)]);
                    norm[i] += w * w;
                    crowd[static_cast<std::size_t>(r)] += static_cast<double>(s[i]) * w;
                }
            for (std::size_t i = 0; i < s.size(); ++i)
                slope[i] -= 2 * game_.weight_cost * norm[i] * static_cast<double>(s[i]);
            for (Index r = 0; game_.redundancy_cost > 0 && r < theta.rows; ++r)
                for (std::size_t i = 0; i < s.size(); ++i) {
                    const double w = static_cast<double>(theta(r, static_cast<Index>(i)));
                    slope[i] -=
                        game_.redundancy_cost * w *
                        (crowd[static_cast<std::size_t>(r)] - static_cast<double>(s[i]) * w);
                }
            all.push_back(std::move(slope));
        }
        return all;
    }

    Task task_;
    const Problem& problem_;
    const Game& game_;
    PerceptronNetwork plain_, scaled_;
    Batches batches_;
    DataParallel<float> parallel_;
    Adam<float> adam_;
    GradientDescent<float> descent_;
    std::vector<std::vector<float>> participation_; // of each hidden layer
    int64_t epoch_ = 0;
};

Problem with_neurons(const Task& task) {
    Problem problem(task);
    if (problem.model.layers.size() < 2) throw Invalid("model", "has no hidden neurons");
    return problem;
}

struct Game::State {
    State(const Game& game, const Task& task)
        : problem(with_neurons(task)), match(task, problem, game) {}
    template <class Keep> void keep(Keep& keep) { keep("match", match); }

    Problem problem;
    Match match;
};

Game::State Game::begin(const Task& task) const { return State(*this, task); }

bool Game::advance(const Task&, State& state) const { return state.match.advance(); }

void Game::finish(const Task& task, State& state) const {
    auto& [problem, match] = state;
    Perceptron model = match.settled();
    if (fine_tune_epochs > 0) apply(task, model, problem.samples, 0, 0.99);
    report(task, problem, model);
    int64_t all = 0, kept = 0;
    for (const auto& layer : match.participation()) all += static_cast<int64_t>(layer.size());
    const Bundle table = task.output_table("participation");
    const auto layers = table.output<int64_t>("layer", {all});
    const auto neurons = table.output<int64_t>("neuron", {all});
    const auto values = table.output<double>("participation", {all});
    int64_t row = 0;
    for (std::size_t k = 0; k < match.participation().size(); ++k)
        for (std::size_t i = 0; i < match.participation()[k].size(); ++i, ++row) {
            layers(row) = static_cast<int64_t>(k) + 1, neurons(row) = static_cast<int64_t>(i) + 1;
            values(row) = static_cast<double>(match.participation()[k][i]);
            kept += values(row) >= threshold;
        }
    task.output_value("neurons", all);
    task.output_value("neurons_kept", kept);
}

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(game, espalier::pruning::Game)
