// SPDX-License-Identifier: MIT
// The components that scripts of the tests call.
#include "fixture.hpp"

#include <espalier/plugin.hpp>

namespace {

using espalier::Schema;
using espalier::Task;

// Gives back what it was given.
struct Mirror {
    double amount = 0.5;
    int64_t steps = 3;
    std::string mode = "linear";
    std::vector<double> weights;

    static void describe(Schema<Mirror>& s) {
        s.analyzer("mirror", "Reads what it is given");
        s.param("amount", &Mirror::amount).range(0, 1).unit("J").doc("How much.");
        s.param("steps", &Mirror::steps).range(1, 100).doc("How often.");
        s.param("mode", &Mirror::mode).choices({"linear", "cubic"}).doc("Which way.");
        s.param("weights", &Mirror::weights).doc("Of the parts.");
        s.input_tensor<double>("values", "time,node", "Numbers.").optional();
        s.input_graph("graph", "A graph.").optional();
        s.output_real("amount", "As given.");
        s.output_text("mode", "As given.");
        s.output_tensor("doubled", "time,node", "Twice the values.");
        s.output_integer("nodes", "Of the graph.");
    }
    void run(const Task& task) const {
        task.output_value("amount", amount);
        task.output_value("mode", mode);
        task.output_value("nodes", task.has("graph") ? task.graph("graph").nodes : int64_t{0});
        if (!task.has("values")) {
            task.output<double>("doubled", {0, 0});
            return;
        }
        const auto in = task.tensor<double>("values");
        auto out = task.output<double>("doubled", in.shape());
        for (std::size_t i = 0; i < out.flat().size(); ++i) out.flat()[i] = 2 * in.flat()[i];
    }
};

struct Failing {
    bool odd = false;
    static void describe(Schema<Failing>& s) {
        s.analyzer("failing", "Never works");
        s.param("odd", &Failing::odd).doc("Throws something that is no exception.");
        s.output_real("number", "Never made.");
    }
    void run(const Task&) const {
        if (odd) throw 3;
        throw espalier::Invalid("number", "does not work");
    }
};

struct Endless {
    static void describe(Schema<Endless>& s) {
        s.simulator("endless", "Never ends");
        s.output_real("number", "Never made.");
    }
    void run(const Task& task) const {
        for (;;) task.check_cancelled();
    }
};

struct Triangle {
    static void describe(Schema<Triangle>& s) {
        s.generator("triangle", "Three nodes");
        s.output_graph("graph", "Undirected.");
    }
    void run(const Task& task) const {
        const auto g = task.output_graph("graph", 3, 6, false);
        const int32_t targets[] = {1, 2, 0, 2, 0, 1};
        for (int i = 0; i < 4; ++i) g.offsets(i) = 2 * i;
        for (int i = 0; i < 6; ++i) g.targets(i) = targets[i];
    }
};

struct Slope {
    double rate = 0.5;
    static void describe(Schema<Slope>& s) {
        s.learner("slope", "Makes a model");
        s.param("rate", &Slope::rate).doc("Kept in the model.");
        s.output_model("model", "One tensor, one setting.");
    }
    void run(const Task& task) const {
        auto model = task.output_model("model");
        model.output<double>("weights", {2})(1) = 3;
        model.set("rate", rate);
    }
};

} // namespace

ESPALIER_PLUGIN("org.test.scripts", "1.0.0", "MIT", "", Mirror, Failing, Endless, Triangle, Slope)

namespace espalier::test {

SessionOptions session_options() {
    SessionOptions options;
    options.threads = 2;
    options.registry.linked = {script_fixture_plugin()};
    options.registry.folders = {"/nonexistent"};
    return options;
}

Fixture::Fixture() {
    options.print = [this](std::string_view line) { printed.emplace_back(line); };
    options.log = [](int, std::string_view) {};
}

Value Fixture::run(std::string_view text, std::string_view name) {
    Interpreter interpreter(session, options);
    return interpreter.run_text(text, name);
}

std::string Fixture::failure(std::string_view text) {
    try {
        run(text);
    } catch (const Failure& failure) {
        const std::string hint = failure.hint();
        return failure.what() + (hint.empty() ? hint : " | " + hint);
    }
    return "nothing failed";
}

Exit Fixture::exit(std::string_view text) {
    try {
        run(text);
    } catch (const Failure& failure) {
        return failure.exit();
    }
    return Exit::done;
}

} // namespace espalier::test
