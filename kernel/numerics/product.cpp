// SPDX-License-Identifier: MIT
// Chooses the kernel of a product by its shape, and calls Eigen's with memory from the arena.
#include "espalier/numerics/product.hpp"

#include "espalier/numerics/loops.hpp"
#include "small_product.hpp"

#include <cstddef>

namespace espalier::numerics {

namespace {

const bool caches_pinned = [] {
    Eigen::setCpuCacheSizes(level1_cache, level2_cache, level3_cache);
    return true;
}();

// Below this many multiplications a product is not worth packing.
constexpr Index small_volume = 24 * 24 * 24;
// Nor with at most this many rows (terms, for A^T B).
constexpr Index thin = 8;

// Eigen asks a blocking object for packing memory and allocates only when it has none.
template <class Real> class Blocking : public Eigen::internal::level3_blocking<Real, Real> {
public:
    Blocking(Scratch& scratch, Index rows, Index cols, Index depth) {
        this->m_mc = rows, this->m_nc = cols, this->m_kc = depth;
        Eigen::internal::computeProductBlockingSizes<Real, Real>(this->m_kc, this->m_mc, this->m_nc,
                                                                 Index(1));
        this->m_blockA = scratch.take<Real>(this->m_mc * this->m_kc);
        this->m_blockB = scratch.take<Real>(this->m_kc * this->m_nc);
    }
};

// C += A B. In Eigen's column-major eyes our C is C^T = B^T A^T.
template <class Real, bool TransposeA, bool TransposeB>
void multiply_large(Arena& arena, MatrixView<Real> c, MatrixView<const Real> a,
                    MatrixView<const Real> b, Index depth) {
    constexpr int left_order = TransposeB ? Eigen::RowMajor : Eigen::ColMajor;
    constexpr int right_order = TransposeA ? Eigen::RowMajor : Eigen::ColMajor;
    Scratch scratch(arena);
    Blocking<Real> blocking(scratch, c.cols, c.rows, depth);
    Eigen::internal::general_matrix_matrix_product<Index, Real, left_order, false, Real,
                                                   right_order, false, Eigen::ColMajor,
                                                   1>::run(c.cols, c.rows, depth, b.data, b.cols,
                                                           a.data, a.cols, c.data, 1, c.cols,
                                                           Real(1), blocking, nullptr);
}

template <class Real> using Row = Eigen::Matrix<Real, 1, Eigen::Dynamic>;
template <class Real>
using Rows = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// C += A B^T row by row: packing B would cost more than the products.
template <class Real>
void multiply_rows(MatrixView<Real> c, MatrixView<const Real> a, MatrixView<const Real> b) {
    const Eigen::Map<const Rows<Real>> matrix(b.data, b.rows, b.cols);
    for (Index r = 0; r < c.rows; ++r) {
        const Eigen::Map<const Row<Real>> row(a.row(r), a.cols);
        Eigen::Map<Row<Real>>(c.row(r), c.cols).transpose().noalias() += matrix * row.transpose();
    }
}

template <class Real> void clear(MatrixView<Real> c) { std::fill_n(c.data, c.size(), Real(0)); }

} // namespace

template <class Real>
void product(Arena& arena, MatrixView<Real> c, std::type_identity_t<MatrixView<const Real>> a,
             std::type_identity_t<MatrixView<const Real>> b, Write write) {
    if (c.rows <= thin || c.size() * a.cols <= small_volume)
        return multiply(SmallProduct<Real>{a.data, a.cols, 1, b.data, c.data, c.rows, c.cols,
                                           a.cols, write == Write::add});
    if (write == Write::set) clear(c);
    multiply_large<Real, false, false>(arena, c, a, b, a.cols);
}

template <class Real>
void product_of_transposed(Arena& arena, MatrixView<Real> c,
                           std::type_identity_t<MatrixView<const Real>> a,
                           std::type_identity_t<MatrixView<const Real>> b, Write write) {
    if (a.rows <= thin || c.size() * a.rows <= small_volume)
        return multiply(SmallProduct<Real>{a.data, 1, a.cols, b.data, c.data, c.rows, c.cols,
                                           a.rows, write == Write::add});
    if (write == Write::set) clear(c);
    multiply_large<Real, true, false>(arena, c, a, b, a.rows);
}

template <class Real>
void product_by_transposed(Arena& arena, MatrixView<Real> c,
                           std::type_identity_t<MatrixView<const Real>> a,
                           std::type_identity_t<MatrixView<const Real>> b, Write write) {
    if (c.size() * a.cols <= small_volume) {
        Scratch scratch(arena);
        Real* transposed = scratch.take<Real>(b.size());
        for (Index i = 0; i < b.rows; ++i)
            for (Index j = 0; j < b.cols; ++j) transposed[j * b.rows + i] = b(i, j);
        return multiply(SmallProduct<Real>{a.data, a.cols, 1, transposed, c.data, c.rows, c.cols,
                                           a.cols, write == Write::add});
    }
    if (write == Write::set) clear(c);
    if (c.rows <= 3) return multiply_rows(c, a, b);
    multiply_large<Real, false, true>(arena, c, a, b, a.cols);
}

#define ESPALIER_PRODUCTS(Real)                                                                    \
    template void product(Arena&, MatrixView<Real>, MatrixView<const Real>,                        \
                          MatrixView<const Real>, Write);                                          \
    template void product_of_transposed(Arena&, MatrixView<Real>, MatrixView<const Real>,          \
                                        MatrixView<const Real>, Write);                            \
    template void product_by_transposed(Arena&, MatrixView<Real>, MatrixView<const Real>,          \
                                        MatrixView<const Real>, Write);
ESPALIER_PRODUCTS(float)
ESPALIER_PRODUCTS(double)

} // namespace espalier::numerics
