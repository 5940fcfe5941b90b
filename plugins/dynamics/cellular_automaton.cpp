// SPDX-License-Identifier: MIT
// Elementary cellular automata, 64 cells to a word.
#include "motion.hpp"

#include <espalier/random.hpp>

#include <array>
#include <bit>
#include <vector>

namespace espalier::dynamics {
namespace {

struct CellularAutomaton {
    int64_t rule = 110, width = 120, steps = 100, runs = 1, record_every = 1, ones = 10;
    bool periodic = true;
    std::string start = "random";
    double density = 0.5;

    static void describe(Schema<CellularAutomaton>& s);
    void check() const;
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_stream = 1 };

void CellularAutomaton::describe(Schema<CellularAutomaton>& s) {
    s.simulator("cellular_automaton", "Elementary cellular automaton: three cells decide the next")
        .doc(R"(A row of cells that are 0 or 1, renewed all at once:

    x_i(t+1) = bit 4 x_(i-1)(t) + 2 x_i(t) + x_(i+1)(t) of `rule`

in Wolfram's numbering. Beyond the ends the row goes on from the other end (`periodic`), or holds zeros.

The first row is `initial`, or drawn: every cell 1 with probability `density` (`random`), the one in the
middle alone (`single`), or `ones` cells at random places (`ones`).)")
        .reference("doi:10.1103/RevModPhys.55.601")
        .example(R"(local carpet = esp.simulate.cellular_automaton {
  rule = 90, width = 255, start = "single", steps = 127 }
print(carpet.states))")
        .random();
    s.input_tensor<uint8_t>("initial", "run,x|x", "First rows of 0 and 1, for each run or for all.")
        .optional();
    s.param("rule", &CellularAutomaton::rule).range(0, 255).doc("Number of the rule.");
    s.param("width", &CellularAutomaton::width)
        .range(1, 1 << 24)
        .doc("Cells; `initial` decides where it is given.");
    describe_schedule(s, "Times that the row is renewed.");
    s.param("periodic", &CellularAutomaton::periodic).doc("Whether the row is closed to a ring.");
    s.param("start", &CellularAutomaton::start)
        .choices({"random", "single", "ones"})
        .doc("The first row, where `initial` is not given.");
    s.param("density", &CellularAutomaton::density)
        .range(0, 1)
        .doc("Probability of a 1 with start = 'random'.");
    s.param("ones", &CellularAutomaton::ones)
        .range(0, 1 << 24)
        .doc("Number of ones with start = 'ones'.");
    s.output_tensor<uint8_t>("states", "run,time,x",
                             "Rows at 0, record_every, 2 record_every, ... steps.");
}

void CellularAutomaton::check() const {
    check_schedule(schedule_of(*this));
    if (start == "ones" && ones > width)
        throw Invalid("ones", "must be <= width = " + std::to_string(width) + ", is " +
                                  std::to_string(ones));
}

// One row; bit k of word w is cell 64 w + k. Bits beyond the last cell are kept zero.
class Row {
public:
    Row(int64_t rule, int64_t width, bool periodic)
        : width_(width), periodic_(periodic), words_(static_cast<std::size_t>((width + 63) / 64)),
          next_(words_.size()) {
        for (std::size_t k = 0; k < 8; ++k) picked_[k] = (rule >> k & 1) ? ~uint64_t{0} : 0;
        if (width % 64) last_ >>= 64 - width % 64;
    }

    void set(int64_t cell, bool one) {
        const uint64_t bit = uint64_t{1} << (cell % 64);
        uint64_t& word = words_[static_cast<std::size_t>(cell / 64)];
        word = one ? word | bit : word & ~bit;
    }
    bool at(int64_t cell) const {
        return words_[static_cast<std::size_t>(cell / 64)] >> (cell % 64) & 1;
    }
    void step() {
        const std::size_t n = words_.size();
        const int top = static_cast<int>((width_ - 1) % 64);
        uint64_t before = periodic_ ? words_[n - 1] >> top & 1 : 0; // the cell left of the word
        for (std::size_t w = 0; w < n; ++w) {
            const uint64_t cells = words_[w];
            const uint64_t left = cells << 1 | before;
            uint64_t right = cells >> 1;
            if (w + 1 < n)
                right |= words_[w + 1] << 63;
            else if (periodic_)
                right |= (words_[0] & 1) << top;
            before = cells >> 63;
            next_[w] = next(left, cells, right);
        }
        next_[n - 1] &= last_;
        words_.swap(next_);
    }
    void write(uint8_t* to) const {
        for (int64_t x = 0; x < width_; ++x) to[x] = at(x);
    }

private:
    static uint64_t choose(uint64_t which, uint64_t one, uint64_t zero) {
        return zero ^ (which & (zero ^ one));
    }
    uint64_t next(uint64_t left, uint64_t cells, uint64_t right) const {
        const auto pair = [&](std::size_t k) { return choose(right, picked_[k + 1], picked_[k]); };
        return choose(left, choose(cells, pair(6), pair(4)), choose(cells, pair(2), pair(0)));
    }

    int64_t width_;
    bool periodic_;
    uint64_t last_ = ~uint64_t{0}; // the cells of the last word
    std::array<uint64_t, 8> picked_{};
    std::vector<uint64_t> words_, next_;
};

void draw(Row& row, const CellularAutomaton& settings, int64_t width, const Key& key, int64_t run) {
    Random random(key, static_cast<uint32_t>(run));
    if (settings.start == "single") return row.set(width / 2, true);
    if (settings.start == "random") {
        for (int64_t x = 0; x < width; ++x) row.set(x, random.chance(settings.density));
        return;
    }
    for (int64_t x = width - settings.ones; x < width; ++x) { // Floyd: each set alike
        const auto cell = static_cast<int64_t>(random.below(static_cast<uint64_t>(x + 1)));
        row.set(row.at(cell) ? x : cell, true);
    }
}

void CellularAutomaton::run(const Task& task) const {
    const Schedule schedule = schedule_of(*this);
    std::optional<View<const uint8_t>> given;
    int64_t cells = width;
    bool each = false;
    if (task.has("initial")) {
        given = task.tensor<uint8_t>("initial");
        each = given->axes() == 2;
        cells = given->axis(given->axes() - 1);
        if (cells < 1) throw Invalid("initial", "holds no cell");
        if (each && given->axis(0) != runs)
            throw Invalid("initial", "axis run has length " + std::to_string(given->axis(0)) +
                                         ", but runs = " + std::to_string(runs));
        for (const uint8_t state : given->flat())
            if (state > 1)
                throw Invalid("initial", "holds " + std::to_string(state) + ": cells are 0 or 1");
    }
    const auto states = task.output<uint8_t>("states", {runs, schedule.times(), cells});
    Pace pace(task, static_cast<double>(runs) * static_cast<double>(steps));
    const Key key = task.key(initial_stream);
    task.parallel_for(runs, std::max<int64_t>(1, 65536 / cells), [&](int64_t begin, int64_t end) {
        for (int64_t run = begin; run < end; ++run) {
            Row row(rule, cells, periodic);
            if (given)
                for (int64_t x = 0; x < cells; ++x)
                    row.set(x, given->data()[(each ? run * cells : 0) + x] != 0);
            else
                draw(row, *this, cells, key, run);
            row.write(&states(run, int64_t{0}, int64_t{0}));
            for (int64_t time = 1; time < schedule.times(); ++time) {
                for (int64_t k = 0; k < record_every; ++k) row.step();
                row.write(&states(run, time, int64_t{0}));
            }
        }
        pace.add((end - begin) * steps);
    });
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(cellular_automaton, espalier::dynamics::CellularAutomaton)
