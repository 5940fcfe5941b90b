// SPDX-License-Identifier: MIT
// Calls: the same bits at any number of threads, memory, cancellation, side channels.
#include "call/session.hpp"
#include "values/failure.hpp"

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

namespace {

using espalier::Schema;
using espalier::Task;

// Draws and a sum that would show any change of cutting or order.
struct Draws {
    int64_t count = 10000;
    double scale = 1;

    static void describe(Schema<Draws>& s) {
        s.sampler("draws", "Normal draws and their sum").random();
        s.param("count", &Draws::count).range(0, 1e7).doc("How many.");
        s.param("scale", &Draws::scale).doc("Standard deviation.");
        s.output_tensor("draws", "index", "The draws.");
        s.output_real("sum", "Their sum.");
        s.output_table("summary", "Chunks and their first draws.");
        s.output_model("model", "Everything again.");
    }
    void run(const Task& task) const {
        auto out = task.output<double>("draws", {count});
        const auto key = task.key(1);
        const double sum = task.parallel_reduce(
            count, 777, 0.0,
            [&](int64_t begin, int64_t end) {
                double part = 0;
                for (int64_t i = begin; i < end; ++i) {
                    out(i) = scale * espalier::Random(key, static_cast<uint32_t>(i)).normal();
                    part += out(i);
                }
                return part;
            },
            [](double a, double b) { return a + b; });
        task.output_value("sum", sum);
        auto table = task.output_table("summary");
        table.output<int64_t>("chunk", {2})(1) = 1;
        table.set("name", std::vector<std::string>{"first", "second"});
        auto model = task.output_model("model");
        model.output<double>("weights", {2, 1})(0, 0) = sum;
        model.set("scale", scale);
        task.metric("sum", 1, sum);
        task.progress(1, "done");
        task.note("drew " + std::to_string(count));
    }
};

// Turns for ever; ends only when it is cancelled.
struct Endless {
    bool parallel = false;
    static void describe(Schema<Endless>& s) {
        s.simulator("endless", "Never ends");
        s.param("parallel", &Endless::parallel).doc("In a parallel loop.");
        s.output_real("number", "Never made.");
    }
    void run(const Task& task) const {
        for (;;) {
            if (parallel)
                task.parallel_for(1000, 1, [](int64_t, int64_t) { std::this_thread::yield(); });
            else
                task.check_cancelled();
        }
    }
};

// Every chunk waits until all are running: at once only when each has a thread of its own.
struct Crowd {
    int64_t size = 2;
    static void describe(Schema<Crowd>& s) {
        s.analyzer("crowd", "Counts the threads that meet");
        s.param("size", &Crowd::size).range(1, 64).doc("How many chunks.");
        s.output_integer("met", "Chunks that were running at once.");
    }
    void run(const Task& task) const {
        std::atomic<int64_t> here{0}, met{0};
        task.parallel_for(size, 1, [&](int64_t, int64_t) {
            if (const int64_t now = ++here; now > met) met = now;
            for (int patience = 0; met < size && patience < 2000; ++patience)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            --here;
        });
        task.output_value("met", met.load());
    }
};

// Reads every kind of input back.
struct Mirror {
    static void describe(Schema<Mirror>& s) {
        s.analyzer("mirror", "Reads what it is given");
        s.input_graph("graph", "A graph.").optional();
        s.input_table("table", "A table.").optional();
        s.input_model("model", "A model.").optional();
        s.output_text("text", "What was read.");
    }
    void run(const Task& task) const {
        std::string text;
        if (task.has("graph")) {
            const auto g = task.graph("graph");
            text += std::to_string(g.nodes) + (g.directed ? " directed" : " undirected");
            for (int32_t target : g.neighbours(0)) text += " " + std::to_string(target);
        }
        if (task.has("table"))
            text += task.table("table").texts("name").at(1) +
                    std::to_string(task.table("table").tensor<int64_t>("x")(1)) +
                    task.table("table").parts().at(1);
        if (task.has("model")) {
            const auto m = task.model("model");
            text += m.text("component") + std::to_string(m.tensor<double>("w").axis(0)) +
                    std::to_string(m.real("r"));
        }
        task.output_value("text", text);
    }
};

} // namespace

#undef ESPALIER_ENTRY
#define ESPALIER_ENTRY test_plugin_entry
ESPALIER_PLUGIN("org.test.calls", "1.0.0", "MIT", "", Draws, Endless, Crowd, Mirror)

using namespace espalier;

namespace {

SessionOptions options(int threads = 2) {
    SessionOptions o;
    o.threads = threads;
    o.registry.linked = {test_plugin_entry()};
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_bits_at_any_number_of_threads) {
    std::string first;
    for (int threads : {1, 2, 3, 8})
        for (int repeat = 0; repeat < 3; ++repeat) {
            Session session(options(threads));
            const std::string now =
                digest_of(Value(session.call("sample.draws", {{"seed", 5}}))).hex();
            if (first.empty()) first = now;
            BOOST_TEST(now == first);
        }
}

BOOST_AUTO_TEST_CASE(a_session_has_its_threads_while_another_lives) {
    Session small(options(2)), large(options(8));
    BOOST_TEST(small.threads() == 2);
    BOOST_TEST(large.call("analyze.crowd", {{"size", 8}}).at("met").as<int64_t>() == 8);
}

BOOST_AUTO_TEST_CASE(seeds_and_only_seeds_change_draws) {
    Session session(options());
    const auto sum = [&](const Map& m) {
        return session.call("sample.draws", m).at("sum").as<double>();
    };
    BOOST_TEST(sum({{"seed", 1}}) != sum({{"seed", 2}}));
    BOOST_TEST(sum({{"seed", 0}}) == sum({}));
    BOOST_TEST(sum({{"seed", 1}, {"scale", 2}}) == 2 * sum({{"seed", 1}}));
}

BOOST_AUTO_TEST_CASE(a_finished_call_is_remembered) {
    Session session(options());
    const Map first = session.call("sample.draws", {{"count", 10}});
    const Map again = session.call("sample.draws", {{"count", 10}, {"scale", 1.0}, {"seed", 0}});
    BOOST_TEST(session.counts().remembered == 1);
    BOOST_TEST(first.at("draws").as<Tensor>().data() == again.at("draws").as<Tensor>().data());
    session.call("sample.draws", {{"count", 11}});
    BOOST_TEST(session.counts().remembered == 1);
}

BOOST_AUTO_TEST_CASE(the_memory_has_a_limit) {
    SessionOptions o = options();
    o.memory_limit = 20000;
    Session session(std::move(o));
    for (int i = 0; i < 2; ++i)
        for (int seed = 0; seed < 10; ++seed)
            session.call("sample.draws", {{"count", 1000}, {"seed", seed}});
    BOOST_TEST(session.counts().remembered == 0);
    session.call("sample.draws", {{"count", 1000}, {"seed", 9}});
    BOOST_TEST(session.counts().remembered == 1);
}

BOOST_AUTO_TEST_CASE(every_kind_of_output_arrives) {
    Session session(options());
    const Map out = session.call("sample.draws", {{"count", 3}});
    BOOST_TEST(out.at("summary").text() == "table 2 rows (chunk, name)");
    const Model& model = out.at("model").as<Model>();
    BOOST_TEST(model.component == "sample.draws");
    BOOST_TEST(model.version == "1.0.0");
    BOOST_TEST(model.settings.at("scale").as<double>() == 1.0);
    BOOST_TEST(model.tensors.at("weights").number(0) == out.at("sum").as<double>());
}

BOOST_AUTO_TEST_CASE(every_kind_of_input_is_read) {
    Session session(options());
    Table table;
    table.add("x", Tensor::vector(std::vector<int64_t>{4, 5}));
    table.add("name", std::make_shared<const Texts>(Texts{"a", "b"}));
    Model model;
    model.component = "learn.it", model.version = "1";
    model.tensors["w"] = Tensor(DType::float64, {6, 2});
    model.settings["r"] = 0.5;
    const auto text = [&](const Map& m) {
        return session.call("analyze.mirror", m).at("text").as<std::string>();
    };
    BOOST_TEST(text({{"graph", graph_from_edges(4, {{0, 3}, {0, 1}}, true, false)}}) ==
               "4 directed 1 3");
    BOOST_TEST(text({{"table", table}}) == "b5name");
    BOOST_TEST(text({{"model", model}}) == "learn.it60.500000");
}

BOOST_AUTO_TEST_CASE(a_call_ends_when_it_is_cancelled) {
    for (bool parallel : {false, true}) {
        Session session(options());
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            session.cancel();
        });
        BOOST_CHECK_EXCEPTION(session.call("simulate.endless", {{"parallel", parallel}}), Failure,
                              [](const Failure& f) { return f.exit() == Exit::interrupted; });
        other.join();
        session.resume();
        BOOST_TEST(session.call("sample.draws", {{"count", 1}}).size() == 4u);
    }
}

BOOST_AUTO_TEST_CASE(side_channels_are_heard) {
    std::string heard;
    SessionOptions o = options();
    o.events.metric = [&](auto component, auto name, int64_t step, double) {
        heard +=
            std::string(component) + " " + std::string(name) + " " + std::to_string(step) + ";";
    };
    o.events.progress = [&](auto, double fraction, auto doing) {
        heard += std::string(doing) + " " + std::to_string(static_cast<int>(fraction)) + ";";
    };
    o.events.log = [&](auto, int level, auto message) {
        heard += std::to_string(level) + " " + std::string(message) + ";";
    };
    Session(std::move(o)).call("sample.draws", {{"count", 5}});
    BOOST_TEST(heard == "sample.draws sum 1;done 1;1 drew 5;");
}
