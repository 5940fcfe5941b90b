// SPDX-License-Identifier: MIT
// Flocks of self-propelled particles that align with their neighbours.
#include "circle.hpp"
#include "motion.hpp"

#include <espalier/random.hpp>

#include <cmath>
#include <numbers>
#include <vector>

namespace espalier::dynamics {
namespace {

struct Vicsek {
    int64_t size = 32, steps = 500, warm_up = 0, runs = 1, record_every = 1;
    double density = 0.3, noise = 1, speed = 1;

    static void describe(Schema<Vicsek>& s);
    void check() const;
    void run(const Task& task) const;
    int64_t particles() const {
        return static_cast<int64_t>(std::llround(density * static_cast<double>(size * size)));
    }
};

enum Stream : uint64_t { initial_stream = 1, noise_stream };

void Vicsek::describe(Schema<Vicsek>& s) {
    s.simulator("vicsek", "Self-propelled particles that align with their neighbours")
        .doc(
            R"(Particles in a square of side `size` with periodic sides. In one step each first goes on with its
velocity, of constant length `speed`,

    x_i += v_i,    theta_i = arg( sum of v_j over all j with |x_j - x_i| <= 1 ) + noise * u,    u in -1/2 .. 1/2

and then takes the direction of the mean velocity of the particles within the distance 1, itself among them,
turned by a random angle. Places and directions start uniform.

The order parameter is phi = |sum of v| / (N speed): 1 when all fly alike, about 1/sqrt(N) without order. Means
go over the records after the first, all runs together; the susceptibility is N (<phi^2> - <phi>^2), and
`deviation` its square root without N. `fields` are, on unit squares, the number of particles and the sums of
both components of their velocities.)")
        .reference("doi:10.1103/PhysRevLett.75.1226")
        .example(
            R"(local flock = esp.simulate.vicsek { size = 32, density = 0.3, noise = 1.5, warm_up = 500, seed = 1 }
print(flock.order, flock.susceptibility))")
        .random();
    s.param("size", &Vicsek::size).range(3, 4096).doc("Side of the square, in radii.");
    s.param("density", &Vicsek::density).above(0).max(1000).doc("Particles a unit of area.");
    s.param("noise", &Vicsek::noise)
        .range(0, 2 * std::numbers::pi)
        .unit("rad")
        .doc("Width eta of the random angle.");
    s.param("speed", &Vicsek::speed).range(0, 1).doc("Radii a step.");
    s.param("warm_up", &Vicsek::warm_up).range(0, 1e9).doc("Steps before the first record.");
    describe_schedule(s, "Steps after the first record.");
    s.output_tensor<float>("fields", "run,time,channel,y,x",
                           "Count and both components of velocity, on unit squares.");
    s.output_tensor<double>("order_parameter", "run,time", "phi at each record.");
    s.output_real("order", "Mean of phi.");
    s.output_real("deviation", "Standard deviation of phi.");
    s.output_real("susceptibility", "N times the variance of phi.");
}

void Vicsek::check() const {
    check_schedule(schedule_of(*this));
    if (particles() < 1)
        throw Invalid("density", "makes no particle on " + std::to_string(size) + " x " +
                                     std::to_string(size));
}

struct Point {
    double x = 0, y = 0;
};

class Flock {
public:
    Flock(const Vicsek& settings, const Key& initial, const Key& noise, int64_t run)
        : settings_(settings), noise_key_(noise), run_(static_cast<uint32_t>(run)),
          side_(static_cast<double>(settings.size)),
          places_(static_cast<std::size_t>(settings.particles())), directions_(places_.size()),
          turned_(places_.size()), sorted_(places_.size()),
          first_(static_cast<std::size_t>(settings.size * settings.size) + 1) {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            Random random(initial, run_, static_cast<uint32_t>(i));
            places_[i].x = side_ * random.uniform(), places_[i].y = side_ * random.uniform();
            directions_[i] = direction(2 * std::numbers::pi * (random.uniform() - 0.5));
        }
    }

    void step(int64_t step) {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            places_[i].x = inside(places_[i].x + settings_.speed * directions_[i].x);
            places_[i].y = inside(places_[i].y + settings_.speed * directions_[i].y);
        }
        sort();
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const Point mean = mean_direction(i);
            Random random(noise_key_, run_, static_cast<uint32_t>(step), static_cast<uint32_t>(i));
            const Point turn = direction(settings_.noise * (random.uniform() - 0.5));
            turned_[i] = {turn.x * mean.x - turn.y * mean.y, turn.y * mean.x + turn.x * mean.y};
        }
        directions_.swap(turned_);
    }
    double order() const {
        Point sum;
        for (const Point& u : directions_) sum.x += u.x, sum.y += u.y;
        return std::sqrt(sum.x * sum.x + sum.y * sum.y) / static_cast<double>(places_.size());
    }
    void write(float* fields) const {
        const int64_t squares = settings_.size * settings_.size;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            float* square = fields + square_of(places_[i]);
            square[0] += 1;
            square[squares] += static_cast<float>(settings_.speed * directions_[i].x);
            square[2 * squares] += static_cast<float>(settings_.speed * directions_[i].y);
        }
    }

private:
    static Point direction(double angle) {
        Point u;
        sine_cosine(angle, u.y, u.x);
        return u;
    }
    double inside(double x) const {
        if (x < 0) x += side_; // may round to the side itself
        return x >= side_ ? x - side_ : x;
    }
    double shortest(double d) const {
        return d > side_ / 2 ? d - side_ : d < -side_ / 2 ? d + side_ : d;
    }
    std::size_t square_of(const Point& p) const {
        return static_cast<std::size_t>(static_cast<int64_t>(p.y) * settings_.size +
                                        static_cast<int64_t>(p.x));
    }
    // Particles by unit square, in the order of their numbers.
    void sort() {
        std::fill(first_.begin(), first_.end(), 0);
        for (const Point& p : places_) ++first_[square_of(p) + 1];
        for (std::size_t c = 1; c < first_.size(); ++c) first_[c] += first_[c - 1];
        for (std::size_t i = places_.size(); i-- > 0;)
            sorted_[--first_[square_of(places_[i]) + 1]] = i;
        // Each entry now says where its square begins, one place late.
        for (std::size_t c = 0; c + 1 < first_.size(); ++c) first_[c] = first_[c + 1];
        first_.back() = places_.size();
    }
    // Of the particles within the distance 1; its own where they cancel.
    Point mean_direction(std::size_t i) const {
        const Point own = places_[i];
        const int64_t n = settings_.size, column = static_cast<int64_t>(own.x),
                      row = static_cast<int64_t>(own.y);
        Point sum;
        for (int64_t dy = n - 1; dy <= n + 1; ++dy)
            for (int64_t dx = n - 1; dx <= n + 1; ++dx) {
                const auto square =
                    static_cast<std::size_t>((row + dy) % n * n + (column + dx) % n);
                for (std::size_t k = first_[square]; k < first_[square + 1]; ++k) {
                    const Point& other = places_[sorted_[k]];
                    const double x = shortest(other.x - own.x), y = shortest(other.y - own.y);
                    if (x * x + y * y > 1) continue;
                    sum.x += directions_[sorted_[k]].x, sum.y += directions_[sorted_[k]].y;
                }
            }
        const double length = std::sqrt(sum.x * sum.x + sum.y * sum.y);
        return length > 0 ? Point{sum.x / length, sum.y / length} : directions_[i];
    }

    const Vicsek& settings_;
    Key noise_key_;
    uint32_t run_;
    double side_;
    std::vector<Point> places_, directions_, turned_;
    std::vector<std::size_t> sorted_, first_; // first_: where each square's particles begin
};

void Vicsek::run(const Task& task) const {
    const Schedule schedule = schedule_of(*this);
    const int64_t times = schedule.times();
    const auto fields = task.output<float>("fields", {runs, times, 3, size, size});
    const auto order = task.output<double>("order_parameter", {runs, times});
    const Key initial = task.key(initial_stream), noise_key = task.key(noise_stream);
    Pace pace(task, static_cast<double>(runs) * static_cast<double>(warm_up + steps));
    task.parallel_for(runs, 1, [&](int64_t run, int64_t) {
        Flock flock(*this, initial, noise_key, run);
        int64_t step = 0;
        const auto go = [&](int64_t count) {
            for (const int64_t end = step + count; step < end; ++step) {
                flock.step(step);
                if (step % 64 == 0) task.check_cancelled();
            }
            pace.add(count);
        };
        go(warm_up);
        for (int64_t time = 0; time < times; ++time) {
            if (time > 0) go(record_every);
            order(run, time) = flock.order();
            flock.write(&fields(run, time, int64_t{0}, int64_t{0}, int64_t{0}));
        }
    });
    double sum = 0, squares = 0;
    const int64_t first = times > 1 ? 1 : 0;
    for (int64_t run = 0; run < runs; ++run)
        for (int64_t time = first; time < times; ++time)
            sum += order(run, time), squares += order(run, time) * order(run, time);
    const double count = static_cast<double>(runs * (times - first));
    const double mean = sum / count, variance = std::max(0.0, squares / count - mean * mean);
    task.output_value("order", mean);
    task.output_value("deviation", std::sqrt(variance));
    task.output_value("susceptibility", static_cast<double>(particles()) * variance);
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(vicsek, espalier::dynamics::Vicsek)
