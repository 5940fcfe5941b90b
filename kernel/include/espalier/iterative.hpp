// SPDX-License-Identifier: MIT
// Work in steps that the kernel can interrupt: a component with begin, advance and finish in place
// of `run`, over the extension "esp.iterative/1".
//
//     struct Walk {
//         int64_t steps = 1000;
//         static void describe(espalier::Schema<Walk>&);
//
//         struct State {
//             int64_t step = 0;
//             std::vector<double> place;
//             template <class Keep> void keep(Keep& keep) { // what changes from step to step
//                 keep("step", step), keep("place", place);
//             }
//         };
//         State begin(const Task& task) const;                // before the first step
//         bool advance(const Task& task, State& state) const; // one step; false when none was left
//         void finish(const Task& task, State& state) const;  // makes the outputs
//     };
//
// The kernel saves the members that `keep` names every so often, and after an interruption hands
// them to a state that `begin` has made anew: what `begin` alone determines need not be kept. The
// result must not depend on where the interruptions are. Draw from streams whose counter is the
// step, and keep the step.
#pragma once

#include "espalier/error.hpp"
#include "espalier/task.hpp"

#include <algorithm>
#include <concepts>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace espalier {

template <class T>
concept Iterative = requires(const T& component, const Task& task) {
    component.begin(task);
    requires requires(decltype(component.begin(task))& state) {
        { component.advance(task, state) } -> std::same_as<bool>;
        component.finish(task, state);
    };
};

namespace detail {

// The element type of the tensor in which a vector of V is kept.
template <class V, bool = std::is_unsigned_v<V> && (sizeof(V) > 1)> struct Stored {
    using type = V;
};
template <class V> struct Stored<V, true> { using type = std::make_signed_t<V>; };

} // namespace detail

// What `keep` is called with. Members may be booleans, integers, floating-point numbers, texts,
// vectors of numbers or texts, arrays of numbers, and structs that have a `keep` themselves, whose
// members are then named "struct.member". Throws Invalid when a state that is loaded has another
// set of members.
template <bool load> class StateMembers {
public:
    static constexpr bool loading = load; // for what must be derived anew

    explicit StateMembers(Bundle parts, std::string prefix = {})
        : parts_(parts), prefix_(std::move(prefix)) {}

    template <class V> void operator()(std::string_view name, V& member) {
        const std::string full = prefix_ + std::string(name);
        const char* part = full.c_str();
        if constexpr (requires { member.keep(*this); }) {
            StateMembers inner(parts_, full + ".");
            member.keep(inner);
        } else if constexpr (std::is_same_v<V, bool>)
            transfer(part, member, &Bundle::boolean);
        else if constexpr (std::is_integral_v<V>)
            transfer<int64_t>(part, member, &Bundle::integer);
        else if constexpr (std::is_floating_point_v<V>)
            transfer<double>(part, member, &Bundle::real);
        else if constexpr (std::is_same_v<V, std::string>)
            transfer(part, member, &Bundle::text);
        else if constexpr (std::is_same_v<V, std::vector<std::string>>)
            transfer(part, member, &Bundle::texts);
        else
            numbers(part, member);
    }

private:
    template <class Kept = void, class V, class Read>
    void transfer(const char* part, V& member, Read read) {
        using Value = std::conditional_t<std::is_void_v<Kept>, V, Kept>;
        if constexpr (load)
            member = static_cast<V>((parts_.*read)(part));
        else
            parts_.set(part, static_cast<Value>(member));
    }
    template <class Range> void numbers(const char* part, Range& range) {
        using Number = std::remove_cvref_t<decltype(*range.data())>;
        static_assert(std::is_arithmetic_v<Number>, "a state is kept in numbers and texts");
        using Element = typename detail::Stored<Number>::type;
        if constexpr (load) {
            const auto kept = parts_.tensor<Element>(part);
            const auto count = static_cast<std::size_t>(kept.size());
            if constexpr (requires { range.resize(count); }) range.resize(count);
            if (range.size() != count)
                throw Invalid(ESP_STATE, std::string("'") + part + "' has another length");
            std::transform(kept.begin(), kept.end(), range.data(),
                           [](Element v) { return static_cast<Number>(v); });
        } else {
            const auto made =
                parts_.output<Element>(part, {static_cast<int64_t>(std::size(range))});
            std::transform(range.data(), range.data() + std::size(range), made.data(),
                           [](Number v) { return static_cast<Element>(v); });
        }
    }

    Bundle parts_;
    std::string prefix_;
};

namespace detail {

template <class T> void run(const T& component, const Task& task) {
    if constexpr (Iterative<T>) {
        auto state = component.begin(task);
        while (component.advance(task, state)) task.check_cancelled();
        component.finish(task, state);
    } else
        component.run(task);
}

// The extensions of a component that is Iterative.
template <class T> const void* extension(const char* id) {
    struct Work {
        const T& component;
        decltype(component.begin(std::declval<const Task&>())) state;
    };
    static constexpr auto of = [](void* opaque) -> Work& { return *static_cast<Work*>(opaque); };
    static const esp_iterative iterative{
        sizeof(esp_iterative),
        [](void* self, const esp_host* host, esp_call* call, void** made) {
            return guarded(host, call, [&] {
                const T& component = *static_cast<const T*>(self);
                *made = new Work{component, component.begin(Task(host, call))};
            });
        },
        [](void* opaque, const esp_host* host, esp_call* call, int64_t steps, int32_t* done) {
            return guarded(host, call, [&] {
                const Task task(host, call);
                Work& w = of(opaque);
                for (int64_t k = 0; k < steps && !*done; ++k) {
                    task.check_cancelled();
                    if (!w.component.advance(task, w.state)) *done = 1;
                }
            });
        },
        [](void* opaque, const esp_host* host, esp_call* call) {
            return guarded(host, call, [&] {
                StateMembers<false> members(Task(host, call).state());
                of(opaque).state.keep(members);
            });
        },
        [](void* opaque, const esp_host* host, esp_call* call) {
            return guarded(host, call, [&] {
                StateMembers<true> members(Task(host, call).state());
                of(opaque).state.keep(members);
            });
        },
        [](void* opaque, const esp_host* host, esp_call* call) {
            return guarded(host, call, [&] {
                Work& w = of(opaque);
                w.component.finish(Task(host, call), w.state);
            });
        },
        [](void* opaque) { delete &of(opaque); }};
    return std::string_view(id) == ESP_ITERATIVE ? &iterative : nullptr;
}

} // namespace detail

} // namespace espalier
