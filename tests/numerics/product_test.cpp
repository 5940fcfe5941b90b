// SPDX-License-Identifier: MIT
// Products of every kernel against the sum written out: tails, single rows, blocked shapes.
#include "espalier/numerics/noise.hpp"
#include "espalier/numerics/product.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace espalier::numerics;

namespace {

struct Shape {
    Index m, n, k;
};

template <class Real> std::vector<Real> numbers(Index n, std::uint32_t place) {
    std::vector<Real> x(static_cast<std::size_t>(n));
    fill_uniform(std::span<Real>(x), {{5, 6}, place});
    for (Real& v : x) v -= Real(0.5);
    return x;
}

// Checks C (+)= A B where at(i, k) and bt(k, j) read the stored matrices.
template <class Real, class Run, class A, class B> void check(Shape s, Run run, A at, B bt) {
    for (const Write write : {Write::set, Write::add}) {
        const std::vector<Real> before = numbers<Real>(s.m * s.n, 3);
        std::vector<Real> c = before;
        run(MatrixView<Real>(c.data(), s.m, s.n), write);
        double worst = 0;
        for (Index i = 0; i < s.m; ++i)
            for (Index j = 0; j < s.n; ++j) {
                const auto at_c = static_cast<std::size_t>(i * s.n + j);
                double sum = write == Write::add ? static_cast<double>(before[at_c]) : 0;
                for (Index k = 0; k < s.k; ++k)
                    sum += static_cast<double>(at(i, k)) * static_cast<double>(bt(k, j));
                worst = std::max(worst, std::abs(sum - static_cast<double>(c[at_c])));
            }
        // Each term is below 1/4, and so is the partial sum's growth a term.
        const double eps = static_cast<double>(std::numeric_limits<Real>::epsilon());
        BOOST_TEST_CONTEXT(s.m << "x" << s.k << " times " << s.k << "x" << s.n)
        BOOST_TEST(worst <= eps * static_cast<double>(s.k + 1) *
                                (1 + 0.25 * std::sqrt(static_cast<double>(s.k))));
    }
}

template <class Real> void check_shape(Shape s) {
    Arena arena;
    const auto a = numbers<Real>(s.m * s.k, 1), b = numbers<Real>(s.k * s.n, 2);
    const auto from = [](const std::vector<Real>& v, Index cols) {
        return [&v, cols](Index r, Index c) { return v[static_cast<std::size_t>(r * cols + c)]; };
    };
    const auto turned = [](const std::vector<Real>& v, Index rows) {
        return [&v, rows](Index r, Index c) { return v[static_cast<std::size_t>(c * rows + r)]; };
    };
    check<Real>(
        s,
        [&](MatrixView<Real> c, Write w) {
            product(arena, c, {a.data(), s.m, s.k}, {b.data(), s.k, s.n}, w);
        },
        from(a, s.k), from(b, s.n));
    check<Real>(
        s,
        [&](MatrixView<Real> c, Write w) {
            product_of_transposed(arena, c, {a.data(), s.k, s.m}, {b.data(), s.k, s.n}, w);
        },
        turned(a, s.m), from(b, s.n));
    check<Real>(
        s,
        [&](MatrixView<Real> c, Write w) {
            product_by_transposed(arena, c, {a.data(), s.m, s.k}, {b.data(), s.n, s.k}, w);
        },
        from(a, s.k), turned(b, s.k));
}

} // namespace

BOOST_AUTO_TEST_SUITE(products)

BOOST_AUTO_TEST_CASE(every_shape_is_the_sum_written_out) {
    std::vector<Shape> shapes = {{1, 300, 200}, {2, 300, 200}, {3, 300, 200},  {300, 1, 200},
                                 {300, 200, 1}, {64, 64, 64},  {130, 70, 300}, {33, 500, 65}};
    for (const Index n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47})
        shapes.push_back({n % 6 + 1, n, 5});
    for (const Shape& s : shapes) {
        check_shape<float>(s);
        check_shape<double>(s);
    }
}

BOOST_AUTO_TEST_CASE(scratch_memory_is_given_back) {
    Arena arena;
    const auto a = numbers<float>(100 * 100, 1);
    std::vector<float> c(100 * 100);
    const auto multiply = [&] {
        product(arena, MatrixView<float>(c.data(), 100, 100), {a.data(), 100, 100},
                {a.data(), 100, 100});
    };
    multiply();
    const std::size_t held = arena.capacity();
    for (int i = 0; i < 100; ++i) multiply();
    BOOST_TEST(arena.capacity() == held);
}

BOOST_AUTO_TEST_SUITE_END()
