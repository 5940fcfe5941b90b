// SPDX-License-Identifier: MIT
// A batch cut into chunks of rows, each differentiated on a tape, their gradients added in the
// order of the chunks: the same bits at any number of threads.
//
// `parallel(n, grain, body)` calls body(begin, end) for the pieces of [0, n) that `grain` alone
// determines, and returns when all are done: serial_loop, or
// [&](Index n, Index grain, auto&& body) { task.parallel_for(n, grain, body); }.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace espalier::numerics {

struct SerialLoop {
    template <class Body> void operator()(Index n, Index grain, Body&& body) const {
        for (Index begin = 0; begin < n; begin += grain) body(begin, std::min(n, begin + grain));
    }
};
inline constexpr SerialLoop serial_loop;

// Tapes lent to whoever computes a chunk. Which one it is changes no result.
template <class Real> class TapePool {
public:
    class Loan {
    public:
        explicit Loan(TapePool& pool) : pool_(pool), tape_(pool.take()) {}
        ~Loan() { pool_.give(std::move(tape_)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        Tape<Real>& operator*() const noexcept { return *tape_; }

    private:
        TapePool& pool_;
        std::unique_ptr<Tape<Real>> tape_;
    };

private:
    std::unique_ptr<Tape<Real>> take() {
        const std::lock_guard lock(guard_);
        if (idle_.empty()) {
            idle_.reserve(++made_);
            return std::make_unique<Tape<Real>>();
        }
        auto tape = std::move(idle_.back());
        idle_.pop_back();
        return tape;
    }
    void give(std::unique_ptr<Tape<Real>> tape) noexcept {
        const std::lock_guard lock(guard_);
        idle_.push_back(std::move(tape)); // has room for all that were made
    }

    std::mutex guard_;
    std::vector<std::unique_ptr<Tape<Real>>> idle_;
    std::size_t made_ = 0;
};

// Gradients of the chunks after the first, and their sum.
template <class Real> class ChunkGradients {
public:
    explicit ChunkGradients(Parameters<Real>& parameters) : parameters_(parameters) {}
    void prepare(Index chunks);
    // Where the tape of this chunk puts gradients: the set itself for the first.
    void attach(Tape<Real>& tape, Index chunk);
    // Adds those of all chunks to the set's, in order.
    template <class Parallel> void reduce(Parallel&& parallel, Index chunks) {
        if (chunks < 2 || parameters_.frozen()) return;
        parallel(parameters_.count(), Index(1), [&](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) add_chunks(i, chunks);
        });
    }

private:
    void add_chunks(Index parameter, Index chunks);

    Parameters<Real>& parameters_;
    std::vector<std::unique_ptr<Gradients<Real>>> rest_;
};

// One training step of a mean over rows:
//
//     DataParallel<float> batch({&parameters}, 256);
//     const double loss = batch.step(parallel, rows, [&](Tape<float>& tape, Index begin, Index end)
//     {
//         return l2_loss(model(tape.constant(x.slice_rows(begin, end))), ...);
//     });
//     adam.step();
//
// body returns the mean loss of its rows (1x1); chunks are weighted by their rows.
template <class Real> class DataParallel {
public:
    // At least one row a chunk. Memory: a copy of the gradients a chunk, a tape a thread.
    DataParallel(std::initializer_list<Parameters<Real>*> sets, Index rows_per_chunk)
        : grain_(std::max<Index>(1, rows_per_chunk)) {
        for (Parameters<Real>* set : sets)
            gradients_.push_back(std::make_unique<ChunkGradients<Real>>(*set));
    }

    // The mean loss over all rows; the gradients are in the sets.
    template <class Parallel, class Body>
    double step(Parallel&& parallel, Index rows, Body&& body) {
        const Index chunks = (rows + grain_ - 1) / grain_;
        losses_.assign(static_cast<std::size_t>(chunks), 0);
        for (auto& g : gradients_) g->prepare(chunks);
        parallel(rows, grain_, [&](Index begin, Index end) {
            const typename TapePool<Real>::Loan loan(pool_);
            Tape<Real>& tape = *loan;
            const Index chunk = begin / grain_;
            const double weight = static_cast<double>(end - begin) / static_cast<double>(rows);
            tape.clear();
            tape.record(true);
            for (auto& g : gradients_) g->attach(tape, chunk);
            const Variable<Real> loss = body(tape, begin, end);
            tape.backward(loss, static_cast<Real>(weight));
            losses_[static_cast<std::size_t>(chunk)] = weight * static_cast<double>(loss.scalar());
        });
        for (auto& g : gradients_) g->reduce(parallel, chunks);
        double total = 0;
        for (const double loss : losses_) total += loss;
        return total;
    }

    // body(tape, begin, end) without gradients, for predictions: writes where it likes.
    template <class Parallel, class Body> void infer(Parallel&& parallel, Index rows, Body&& body) {
        parallel(rows, grain_, [&](Index begin, Index end) {
            const typename TapePool<Real>::Loan loan(pool_);
            Tape<Real>& tape = *loan;
            tape.clear();
            tape.record(false);
            body(tape, begin, end);
        });
    }

private:
    Index grain_;
    TapePool<Real> pool_;
    std::vector<std::unique_ptr<ChunkGradients<Real>>> gradients_;
    std::vector<double> losses_;
};

} // namespace espalier::numerics
