// SPDX-License-Identifier: MIT
// Throws in every way: through the C++ layer, and across the border itself.
#include <espalier/plugin.hpp>

#include <stdexcept>

namespace {

struct Throws {
    std::string how = "exception";

    static void describe(espalier::Schema<Throws>& s) {
        s.generator("throws", "Throws");
        s.param("how", &Throws::how)
            .choices(
                {"exception", "number", "invalid", "in_check", "in_parallel", "diverged", "memory"})
            .doc("What is thrown where.");
        s.output_integer("number", "Never made.");
    }
    void check() const {
        if (how == "in_check") throw espalier::Invalid("how", "must not be 'in_check' today");
    }
    void run(const espalier::Task& task) const {
        if (how == "exception") throw std::runtime_error("the disk of time is full");
        if (how == "number") throw 42;
        if (how == "invalid") throw espalier::Invalid("how", "is invalid");
        if (how == "diverged") throw espalier::Diverged("number", "is infinite at step 7");
        if (how == "memory") throw std::bad_alloc();
        task.parallel_for(100, 1, [](int64_t begin, int64_t) {
            if (begin >= 50) throw std::runtime_error("chunk " + std::to_string(begin));
        });
    }
};

// No C++ layer stands between this one and the kernel.
const esp_component* across() {
    static esp_component c = *espalier::component<Throws>();
    c.name = "throws_across";
    c.run = [](void*, const esp_host*, esp_call*) -> esp_status {
        throw std::runtime_error("across");
    };
    return &c;
}

} // namespace

ESPALIER_MANIFEST("org.example.throws", "1.0.0", "MIT", "", espalier::component<Throws>(), across())
