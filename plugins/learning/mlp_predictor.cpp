// SPDX-License-Identifier: MIT
// What a perceptron says of samples: all of it, or only the connections that were kept.
#include <espalier/numerics/batches.hpp>
#include <espalier/numerics/sparse_perceptron.hpp>
#include <espalier/plugin.hpp>

#include <algorithm>

namespace espalier::learning {
namespace {

using namespace numerics;

struct MlpPredictor {
    std::string method = "auto";

    static void describe(Schema<MlpPredictor>& s);
    void run(const Task& task) const;
};

void MlpPredictor::describe(Schema<MlpPredictor>& s) {
    s.predictor("mlp", "Outputs of a multilayer perceptron, dense or by compressed rows")
        .doc(
            R"(outputs = f(... f(x W_1 + b_1) ...) W_n + b_n of each sample, before any softmax; `classes` is the place of
the largest. With the method `sparse` only the connections that were kept are visited (compressed rows), which is
quicker below a density of about a tenth; `auto` takes it there. Both sum in different orders, so their last bits
differ.)")
        .reference("doi:10.1038/323533a0")
        .example(R"(local said = esp.predict.mlp { model = net.model, inputs = mnist.test_images }
print(said.classes))");
    s.isa_bits();
    s.input_model("model", "Of learn.mlp or a pruner.");
    s.input_tensor<float>("inputs", "sample,feature|sample,row,column|sample,channel,row,column",
                          "One sample along the first axis; the others are flattened.");
    s.param("method", &MlpPredictor::method)
        .choices({"auto", "dense", "sparse"})
        .doc("How the products are taken.");
    s.output_tensor<float>("outputs", "sample,output", "Of the last layer.");
    s.output_tensor<int32_t>("classes", "sample", "The output that is largest, from 0.");
}

void MlpPredictor::run(const Task& task) const {
    const Perceptron model = read_perceptron(task, "model");
    const auto given = task.tensor<float>("inputs");
    const Index rows = given.axes() ? given.axis(0) : 0;
    if (rows > 0 && given.size() / rows != model.inputs())
        throw Invalid("inputs", "has " + std::to_string(given.size() / rows) +
                                    " features, the model " + std::to_string(model.inputs()) +
                                    " inputs");
    const auto outputs = task.output<float>("outputs", {rows, model.outputs()});
    const auto classes = task.output<int32_t>("classes", {rows});
    constexpr double sparse_below = 0.1;
    const bool sparse =
        method == "sparse" ||
        (method == "auto" &&
         static_cast<double>(model.kept()) < sparse_below * static_cast<double>(model.weights()));
    const SparsePerceptron connections(sparse ? model : Perceptron{});
    const PerceptronNetwork network(sparse ? Perceptron{} : model);
    const Samples samples{{given.data(), rows, model.inputs()}, {}, {}};
    constexpr Index grain = 256; // rows
    task.parallel_for(rows, grain, [&](Index begin, Index end) {
        if (sparse) {
            connections.apply(samples.inputs.slice_rows(begin, end),
                              outputs.data() + begin * model.outputs());
        } else {
            std::vector<float> scaled(static_cast<std::size_t>((end - begin) * model.inputs()));
            const float scale = static_cast<float>(model.input_scale);
            std::transform(samples.inputs.row(begin), samples.inputs.row(begin) + scaled.size(),
                           scaled.begin(), [scale](float x) { return x * scale; });
            Tape<float> tape;
            tape.record(false);
            const auto y = network(tape.constant({scaled.data(), end - begin, model.inputs()}));
            std::copy_n(y.value().data, y.size(), outputs.data() + begin * model.outputs());
        }
        for (Index r = begin; r < end; ++r) {
            const float* const row = outputs.data() + r * model.outputs();
            classes(r) = static_cast<int32_t>(std::max_element(row, row + model.outputs()) - row);
        }
    });
}

} // namespace
} // namespace espalier::learning

ESPALIER_COMPONENT(mlp_predictor, espalier::learning::MlpPredictor)
