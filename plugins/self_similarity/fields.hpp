// SPDX-License-Identifier: MIT
// Fields in space and time as networks read them: one row a site, one column a channel.
#pragma once

#include <espalier/numerics/convolution.hpp>
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <span>
#include <vector>

namespace espalier::self_similarity {

using numerics::Index;
using numerics::MatrixView;
using numerics::Window;

// What the numbers of a field are: probabilities of a 1, shares of a mass, or any numbers.
enum class Kind { binary, density, vector };
Kind kind_from(std::string_view name);
std::string_view name_of(Kind kind) noexcept;
inline constexpr std::initializer_list<const char*> kind_names{"binary", "density", "vector"};

// A frame is [site, channel]; sites in row-major order.
class Fields {
public:
    // Reads the port "fields": [run, time, x], [run, time, y, x] or [run, time, channel, y, x].
    // Throws Invalid: values that do not fit the kind, a density in two dimensions.
    Fields(const Task& task, Kind kind);
    Fields(Index runs, Index times, const Window::Axes& size, Index channels);

    Index runs() const noexcept { return runs_; }
    Index times() const noexcept { return times_; }
    Index channels() const noexcept { return channels_; }
    Index sites() const noexcept { return size_[0] * size_[1] * size_[2]; }
    const Window::Axes& size() const noexcept { return size_; }
    float* frame(Index run, Index time) noexcept {
        return values_.data() + (run * times_ + time) * sites() * channels_;
    }
    const float* frame(Index run, Index time) const noexcept {
        return const_cast<Fields*>(this)->frame(run, time);
    }
    // Writes them to an output, with axes as the port "fields" has them.
    void write(const Task& task, const char* port) const;

private:
    Index runs_, times_, channels_ = 1;
    Window::Axes size_{1, 1, 1};
    bool has_channels_ = false;
    std::vector<float> values_;
};

// Where a piece of a run begins.
struct Pick {
    Index run, time;
};

// Frames time + offset .. time + offset + rows - 1 of each pick, side by side as columns: to is
// (picks sites) x (rows channels).
void gather(const Fields& fields, std::span<const Pick> picks, Index offset, Index rows, float* to);

// Runs to learn from and runs to judge by: the last ones, a share of all, at least one of each.
struct Split {
    Index training, runs;

    Split(const Fields& fields, double held_out);
    // Picks with room for `span` frames, among the training runs.
    void draw(std::span<Pick> picks, Index latest, Random random) const;
    // At most `most` such picks, equally spaced, among the others.
    std::vector<Pick> held_out(Index latest, Index most) const;
};

// The last time from which `span` frames follow. Throws Invalid when there are not as many.
Index latest_start(const Fields& fields, Index span);

template <class T> void describe_fields(Schema<T>& s) {
    s.template input_tensor<float>(
        "fields", "run,time,x|run,time,y,x|run,time,channel,y,x",
        "States: 0 or 1 (binary), shares of a mass (density, on a line), or numbers (vector).");
}

} // namespace espalier::self_similarity
