// SPDX-License-Identifier: MIT
// Speed of numerics on the shapes of performance.md ("Learning"), as CSV: case,unit,rate. With
// arguments only the cases whose names contain one of them.
#include "espalier/numerics/numerics.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

using namespace espalier::numerics;

namespace {

std::vector<std::string> wanted;

// Calls a second: the median of nine rounds of at least 0.1 s, after one to warm up.
template <class Step> double rate(Step step) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> rates;
    for (int round = 0; round < 10; ++round) {
        const auto start = Clock::now();
        double seconds = 0;
        int calls = 0;
        do {
            step();
            ++calls;
            seconds = std::chrono::duration<double>(Clock::now() - start).count();
        } while (seconds < 0.1);
        if (round > 0) rates.push_back(calls / seconds);
    }
    std::nth_element(rates.begin(), rates.begin() + 4, rates.end());
    return rates[4];
}

template <class Step>
void report(const std::string& name, const char* unit, double per_call, Step step) {
    const auto matches = [&](const std::string& part) { return name.find(part) != name.npos; };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), matches)) return;
    std::printf("%s,%s,%.6g\n", name.c_str(), unit, per_call * rate(step));
    std::fflush(stdout);
}

std::vector<float> numbers(Index n, float low, float high) {
    std::vector<float> x(static_cast<std::size_t>(n));
    fill_uniform(MatrixView<float>(x.data(), n, 1), low, high, {{1, 1}});
    return x;
}

void classifier(Index batch) {
    Parameters<float> parameters;
    const MultilayerPerceptron<float> model(parameters, "mlp", {784, 300, 100, 10}, {1, 2});
    Adam<float> adam(parameters);
    Tape<float> tape;
    const std::vector<float> x = numbers(batch * 784, 0, 1);
    std::vector<std::int32_t> labels(static_cast<std::size_t>(batch));
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = static_cast<std::int32_t>(i * 7 % 10);
    report("classifier_train_" + std::to_string(batch), "steps/s", 1, [&] {
        tape.clear();
        tape.backward(cross_entropy(model(tape.constant({x.data(), batch, 784})), labels));
        adam.step();
    });
}

void inference(Index batch) {
    Parameters<float> parameters;
    const MultilayerPerceptron<float> model(parameters, "mlp", {784, 300, 100, 10}, {1, 2});
    Tape<float> tape;
    tape.record(false);
    const std::vector<float> x = numbers(batch * 784, 0, 1);
    report("classifier_infer_" + std::to_string(batch), "samples/s", static_cast<double>(batch),
           [&] {
               tape.clear();
               model(tape.constant({x.data(), batch, 784}));
           });
}

void node_network(Index rows) {
    Parameters<float> parameters;
    const MultilayerPerceptron<float> model(parameters, "node", {128, 128, 128, 128}, {1, 2});
    Adam<float> adam(parameters);
    Tape<float> tape;
    const std::vector<float> x = numbers(rows * 128, -1, 1), y = numbers(rows * 128, 0, 1);
    report("node_network_" + std::to_string(rows), "steps/s", 1, [&] {
        tape.clear();
        tape.backward(l2_loss(model(tape.constant({x.data(), rows, 128})),
                              tape.constant({y.data(), rows, 128})));
        adam.step();
    });
}

// A chain of 100 equal operations on 10 x 10 and back; `other` is drawn from low .. high.
template <class Operation>
void small_operation(const char* name, float low, float high, Operation operation) {
    constexpr int length = 100;
    Tape<float> tape;
    const std::vector<float> x = numbers(100, -0.3f, 0.3f), w = numbers(100, low, high);
    report(name, "operations/s", length, [&] {
        tape.clear();
        Variable<float> y = tape.variable({x.data(), 10, 10});
        const Variable<float> other = tape.variable({w.data(), 10, 10});
        for (int i = 0; i < length; ++i) y = operation(y, other);
        tape.backward(sum(y));
    });
}

// A layer and back, with gradients of input, weights and biases.
void convolutions(const char* name, const Window& window, Index fields, Index inputs, Index outputs,
                  bool transposed = false) {
    const Index rows = fields * (transposed ? window.output_sites() : window.sites());
    const Index taps = window.taps();
    const Index weight_rows = transposed ? inputs : taps * inputs;
    const Index weight_cols = transposed ? taps * outputs : outputs;
    const std::vector<float> x = numbers(rows * inputs, -1, 1), bias = numbers(outputs, -1, 1),
                             weight = numbers(weight_rows * weight_cols, -0.1f, 0.1f);
    Tape<float> tape;
    report(name, "layers/s", 1, [&] {
        tape.clear();
        const auto in = tape.variable({x.data(), rows, inputs});
        const auto w = tape.variable({weight.data(), weight_rows, weight_cols});
        const auto b = tape.variable({bias.data(), 1, outputs});
        tape.backward(sum(transposed ? transposed_convolution(in, w, b, window)
                                     : convolution(in, w, b, window)));
    });
}

} // namespace

int main(int count, char** arguments) {
    wanted.assign(arguments + 1, arguments + count);
    std::puts("case,unit,rate");
    for (const Index batch : {64, 256, 1024}) classifier(batch);
    for (const Index batch : {1, 1000}) inference(batch);
    for (const Index rows : {1, 32, 1024}) node_network(rows);
    convolutions("convolution_narrow", same_size({1, 1, 120}, {1, 1, 3}, Border::circular), 64, 1,
                 8);
    convolutions("convolution_line", same_size({1, 1, 256}, {1, 1, 5}, Border::circular), 64, 8,
                 16);
    convolutions("convolution_plane", same_size({1, 64, 64}, {1, 3, 3}, Border::zero), 16, 16, 32);
    convolutions("convolution_box", same_size({16, 16, 16}, {3, 3, 3}, Border::zero), 4, 8, 16);
    convolutions("convolution_blocks", blocks({1, 64, 64}, {1, 4, 4}), 16, 3, 16);
    convolutions("convolution_transposed", blocks({1, 64, 64}, {1, 4, 4}), 16, 16, 3, true);
    using Var = Variable<float>;
    small_operation("small_matmul", -0.5f, 0.5f, [](Var a, Var b) { return matmul(a, b); });
    small_operation("small_add", -0.5f, 0.5f, [](Var a, Var b) { return a + b; });
    small_operation("small_multiply", 0.9f, 1.1f, [](Var a, Var b) { return a * b; });
    small_operation("small_tanh", -0.5f, 0.5f, [](Var a, Var) { return tanh(a); });
}
