// SPDX-License-Identifier: MIT
// The same bits for the serial loop and any number of threads; chunks add up to the whole batch.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>
#include <vector>

using namespace espalier::numerics;

namespace {

// Pieces taken in turn by `threads` threads.
struct ThreadLoop {
    int threads;
    template <class Body> void operator()(Index n, Index grain, Body&& body) const {
        std::atomic<Index> next = 0;
        const auto work = [&] {
            for (Index begin; (begin = next.fetch_add(grain)) < n;)
                body(begin, std::min(n, begin + grain));
        };
        std::vector<std::thread> pool;
        for (int i = 0; i < threads; ++i) pool.emplace_back(work);
        for (std::thread& t : pool) t.join();
    }
};

template <class Real> struct Outcome {
    std::vector<Real> parameters;
    std::vector<double> losses;
    bool operator==(const Outcome& other) const {
        return parameters.size() == other.parameters.size() &&
               std::memcmp(parameters.data(), other.parameters.data(),
                           parameters.size() * sizeof(Real)) == 0 &&
               losses == other.losses;
    }
};

constexpr Index rows = 300, inputs = 40;

template <class Real, class Parallel> Outcome<Real> train(Parallel parallel, Index grain) {
    std::vector<Real> x(rows * inputs);
    fill_normal(std::span<Real>(x), {{1, 5}});
    const MatrixView<const Real> samples(x.data(), rows, inputs);
    std::vector<std::int32_t> labels(rows);
    for (Index r = 0; r < rows; ++r)
        labels[static_cast<std::size_t>(r)] = samples(r, 0) * samples(r, 1) > 0;
    Parameters<Real> parameters;
    const MultilayerPerceptron<Real> model(parameters, "m", {inputs, 50, 30, 2}, {1, 6});
    Adam<Real> adam(parameters, {.learning_rate = 0.01});
    DataParallel<Real> batch({&parameters}, grain);
    Outcome<Real> outcome;
    for (std::uint32_t t = 0; t < 20; ++t) {
        outcome.losses.push_back(batch.step(parallel, rows, [&](auto& tape, Index b, Index e) {
            const auto noisy = dropout(tape.constant(samples.slice_rows(b, e)), Real(0.1),
                                       {{1, 7}, t, static_cast<std::uint32_t>(b)});
            return cross_entropy(model(noisy),
                                 std::span<const std::int32_t>(labels).subspan(
                                     static_cast<std::size_t>(b), static_cast<std::size_t>(e - b)));
        }));
        adam.step(parallel);
    }
    outcome.parameters.assign(parameters.flat().begin(), parameters.flat().end());
    return outcome;
}

template <class Real> void check_bits() {
    const Outcome<Real> serial = train<Real>(serial_loop, 64);
    BOOST_TEST(serial.losses.back() < serial.losses.front());
    for (const int threads : {1, 2, 8})
        for (int repeat = 0; repeat < 3; ++repeat)
            BOOST_TEST((train<Real>(ThreadLoop{threads}, 64) == serial));
}

} // namespace

BOOST_AUTO_TEST_SUITE(data_parallel)

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    check_bits<float>();
    check_bits<double>();
}

BOOST_AUTO_TEST_CASE(chunks_add_up_to_the_batch) {
    std::vector<double> x(rows * inputs);
    fill_normal(std::span<double>(x), {{2, 5}});
    const MatrixView<const double> samples(x.data(), rows, inputs);
    const auto gradient = [&](Index grain) {
        Parameters<double> parameters;
        const MultilayerPerceptron<double> model(parameters, "m", {inputs, 20, 3}, {1, 6});
        DataParallel<double> batch({&parameters}, grain);
        std::vector<double> out = {
            batch.step(serial_loop, rows, [&](auto& tape, Index begin, Index end) {
                return mean(square(model(tape.constant(samples.slice_rows(begin, end)))));
            })};
        for (Index p = 0; p < parameters.count(); ++p) {
            const auto g = parameters.gradient(p);
            out.insert(out.end(), g.data, g.data + g.size());
        }
        return out;
    };
    const auto whole = gradient(rows);
    for (const Index grain : {1, 7, 64, 299}) {
        const auto parts = gradient(grain);
        BOOST_REQUIRE(parts.size() == whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i)
            BOOST_TEST(std::abs(parts[i] - whole[i]) < 1e-12 * (1 + std::abs(whole[i])));
    }
}

BOOST_AUTO_TEST_CASE(predictions_do_not_depend_on_the_chunks) {
    Parameters<float> parameters;
    const MultilayerPerceptron<float> model(parameters, "m", {inputs, 50, 3}, {1, 6});
    std::vector<float> x(rows * inputs);
    fill_normal(std::span<float>(x), {{2, 5}});
    const MatrixView<const float> samples(x.data(), rows, inputs);
    const auto predict = [&](auto parallel, Index grain) {
        DataParallel<float> batch({}, grain);
        std::vector<float> out(rows * 3);
        batch.infer(parallel, rows, [&](auto& tape, Index begin, Index end) {
            const auto y = model(tape.constant(samples.slice_rows(begin, end)));
            std::copy_n(y.value().data, y.size(), out.data() + begin * 3);
        });
        return out;
    };
    const auto whole = predict(serial_loop, rows);
    BOOST_TEST((predict(ThreadLoop{8}, 32) == predict(serial_loop, 32)));
    const auto parts = predict(serial_loop, 17);
    for (std::size_t i = 0; i < whole.size(); ++i)
        BOOST_TEST(std::abs(parts[i] - whole[i]) < 1e-5f);
}

BOOST_AUTO_TEST_SUITE_END()
