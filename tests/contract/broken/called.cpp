// SPDX-License-Identifier: MIT
// A plugin that does one thing wrong when it is called (the name of its file says which), and
// otherwise adds noise to numbers.
#include "broken.hpp"

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <array>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <clocale>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

std::atomic<int> calls{0}, running{0};
void* volatile kept; // so that no allocation is left out

void pause_for(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

// Bytes of code of a loaded library; a copy of it has as many.
uint64_t code_of(const dl_phdr_info& library) {
    uint64_t bytes = 0;
    for (int i = 0; i < library.dlpi_phnum; ++i)
        if (library.dlpi_phdr[i].p_flags & PF_X) bytes = library.dlpi_phdr[i].p_filesz;
    return bytes;
}

bool has_copy() {
    std::multiset<uint64_t> sizes;
    dl_iterate_phdr(
        [](dl_phdr_info* library, std::size_t, void* to) {
            if (std::string_view(library->dlpi_name).ends_with(".so"))
                static_cast<std::multiset<uint64_t>*>(to)->insert(code_of(*library));
            return 0;
        },
        &sizes);
    return std::set<uint64_t>(sizes.begin(), sizes.end()).size() < sizes.size();
}

struct Noisy {
    int64_t count = broken("default call") ? 32 : 8;
    double width = 1;
    bool loud = false;
    std::string shape = "normal";

    static void describe(espalier::Schema<Noisy>& s) {
        s.simulator("noisy", "Numbers and noise");
        if (!broken("randomness")) s.random();
        s.param("count", &Noisy::count).range(1, 1000).doc("A number that is checked.");
        s.param("width", &Noisy::width).range(0, 10).doc("Of the noise.");
        s.param("loud", &Noisy::loud).doc("Doubles it.");
        s.param("shape", &Noisy::shape).choices({"normal", "uniform"}).doc("Of the noise.");
        s.input_tensor("numbers", "place", "To what it is added.").allow_missing();
        s.output_tensor("noisy", "place", "The sums.");
        s.output_integer("finite", "How many of them are finite.");
    }

    void check() const {
        if (count == 1000 && broken("range ends")) throw std::runtime_error("a thousand");
        if (count == 1000 && broken("refusals")) throw espalier::Invalid("", "not like that");
        if (count == 1000) throw espalier::Invalid("count", "= 1000: must be below, with noise");
    }

    void misbehave(const espalier::Task& task, espalier::View<const double> in) const {
        if (broken("run")) throw std::runtime_error("not today");
        if (broken("crash")) std::abort();
        if (broken("default call") && count == 32) throw std::runtime_error("thirty-two");
        if (broken("arithmetic")) std::fesetround(FE_DOWNWARD);
        if (broken("inputs")) const_cast<double*>(in.data())[0] = 42;
        if (broken("choice calls") && shape == "uniform") std::raise(SIGSEGV);
        if (broken("missing values"))
            for (const double x : in.flat())
                if (std::isnan(x)) std::abort();
        if (broken("empty inputs") && in.size() == 0) std::abort();
        if (broken("single inputs") && in.size() == 1) std::abort();
        if (broken("silence")) std::puts("here I am");
        if (broken("signals")) std::signal(SIGUSR1, [](int) {});
        if (broken("descriptors"))
            kept = reinterpret_cast<void*>(intptr_t{open("/dev/null", O_RDONLY)});
        if (broken("environment")) setenv("NOISY", "1", 1);
        if (broken("folder")) kept = reinterpret_cast<void*>(intptr_t{chdir("/")});
        if (broken("locale")) std::setlocale(LC_ALL, "C.UTF-8");
        if (broken("limits")) umask(0);
        if (broken("left threads") && ++calls == 1)
            std::thread([] { pause_for(100'000); }).detach();
        if (broken("processes") && fork() == 0) {
            pause_for(100'000);
            _exit(0);
        }
        if (broken("memory")) kept = std::malloc(1000);
        if (broken("exit") && ++calls == 1) std::atexit([] { std::abort(); });
        if (broken("twice") && has_copy()) throw std::runtime_error("there can be only one");
        if (broken("cancel")) {
            const std::clock_t begin = std::clock();
            while (std::clock() - begin < CLOCKS_PER_SEC / 4) {
            }
        }
        task.progress(0.5);
        task.progress(broken("progress") ? 0.25 : 0.75);
        task.metric("width", 1, width);
        task.metric("width", broken("metrics") ? 0 : 2, width);
    }

    // What the noise is multiplied with: 1, unless something else has a part in the result.
    double factor(const espalier::Task& task) const {
        if (broken("process")) return getpid();
        if (broken("repeat")) return ++calls;
        if (broken("fresh memory")) {
            std::unique_ptr<unsigned char, decltype(&std::free)> block(
                static_cast<unsigned char*>(std::malloc(100'000'000)), std::free);
            kept = block.get();
            return 1 + static_cast<volatile unsigned char*>(kept)[50'000'000];
        }
        if (broken("at once")) {
            const int now = ++running;
            pause_for(50);
            const int most = std::max(now, running.load());
            --running;
            return most;
        }
        if (broken("threads")) {
            std::mutex guard;
            std::set<std::thread::id> seen;
            task.parallel_for(40, 1, [&](int64_t, int64_t) {
                pause_for(2);
                const std::lock_guard lock(guard);
                seen.insert(std::this_thread::get_id());
            });
            return static_cast<double>(seen.size());
        }
        return 1;
    }

    void run(const espalier::Task& task) const {
        const auto in = task.tensor<double>("numbers");
        misbehave(task, in);
        const double times = factor(task) * (loud ? 2 : 1) * width;
        const auto key = task.key(1);
        if (broken("outputs")) {
            task.output<float>("noisy", {1});
            return;
        }
        auto out = task.output<double>("noisy", {static_cast<int64_t>(in.size())});
        int64_t finite = 0;
        for (std::size_t i = 0; i < in.flat().size(); ++i) {
            espalier::Random random(broken("seed") ? espalier::Key{1, 2} : key,
                                    static_cast<uint32_t>(i));
            const double noise = shape == "normal" ? random.normal() : random.uniform();
            out.flat()[i] = in.flat()[i] + times * noise;
            finite += std::isfinite(out.flat()[i]);
        }
        // Whoever is not watched gets away with both: memory is taken in blocks of 64 bytes or
        // more.
        if (broken("bounds") && in.size() == 4) out.data()[4] = 42;
        if (broken("bounds read") && in.size() == 4) {
            [[maybe_unused]] const double beyond =
                static_cast<const volatile double*>(in.data())[8];
        }
        task.output_value("finite", finite);
    }
};

// Ten numbers added one by one.
struct Adder {
    struct State {
        int64_t step = 0, sum = 0;
        template <class Keep> void keep(Keep& keep) {
            keep("step", step);
            if (!broken("resume")) keep("sum", sum);
        }
    };
    int64_t steps = 10;

    static void describe(espalier::Schema<Adder>& s) {
        s.simulator("adder", "Adds numbers");
        s.param("steps", &Adder::steps).range(1, 1e6).doc("How many.");
        s.output_integer("sum", "Of all.");
    }
    State begin(const espalier::Task&) const { return {}; }
    bool advance(const espalier::Task&, State& s) const {
        s.sum += ++s.step;
        return s.step < steps;
    }
    void finish(const espalier::Task& task, State& s) const { task.output_value("sum", s.sum); }
};

// No layer stands between this one and the kernel.
const esp_component* thrower() {
    static esp_component c = *espalier::component<Adder>();
    c.name = "thrower";
    c.extension = nullptr;
    if (broken("exceptions"))
        c.run = [](void*, const esp_host*, esp_call*) -> esp_status { throw 1; };
    return &c;
}

// What is done when the library is loaded.
[[maybe_unused]] const int started = [] {
    if (broken("load crash")) std::abort();
    if (broken("load hang")) pause_for(1'000'000);
    return 1;
}();

const esp_component* the_one() {
    if (broken("resume")) return espalier::component<Adder>();
    return broken("exceptions") ? thrower() : espalier::component<Noisy>();
}

} // namespace

ESPALIER_MANIFEST("org.example.noisy", "1.0.0", "MIT", "A. Author", the_one())
