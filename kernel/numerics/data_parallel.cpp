// SPDX-License-Identifier: MIT
// Adding the gradients of chunks in order.
#include "espalier/numerics/data_parallel.hpp"

#include "espalier/numerics/loops.hpp"
#include "for_reals.hpp"

#include <algorithm>

namespace espalier::numerics {

template <class Real> void ChunkGradients<Real>::prepare(Index chunks) {
    while (static_cast<Index>(rest_.size()) + 1 < chunks)
        rest_.push_back(std::make_unique<Gradients<Real>>());
    for (auto& gradients : rest_) {
        gradients->fit(parameters_);
        gradients->clear();
    }
}

template <class Real> void ChunkGradients<Real>::attach(Tape<Real>& tape, Index chunk) {
    tape.redirect(parameters_,
                  chunk == 0 ? nullptr : rest_[static_cast<std::size_t>(chunk) - 1].get());
}

template <class Real> void ChunkGradients<Real>::add_chunks(Index parameter, Index chunks) {
    Gradients<Real>& sum = parameters_.gradients();
    const Index offset = parameters_.offset(parameter), n = parameters_.value(parameter).size();
    for (Index c = 1; c < chunks; ++c) {
        Gradients<Real>& part = *rest_[static_cast<std::size_t>(c) - 1];
        if (!part.written(parameter)) continue;
        const typename Tape<Real>::Target target{sum.data(offset), sum.written(parameter)};
        add_or_set(target, n, [g = part.data(offset)](Index i) { return g[i]; });
        *sum.flag(parameter) = 1;
    }
}

ESPALIER_FOR_REALS(class ChunkGradients)

} // namespace espalier::numerics
