// SPDX-License-Identifier: MIT
// A plugin that misbehaves in the ways that plugins do, one at a time.
#include <espalier/plugin.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <unistd.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace {

volatile int sink = 0;

int overflow(int depth) {
    volatile char frame[4096];
    frame[0] = static_cast<char>(depth);
    return depth < 0 ? sink : frame[0] + overflow(depth + 1) + sink; // never is
}

void leak() {
    static std::vector<char*> lost;
    for (;;) {
        lost.push_back(new char[1 << 26]); // not touched: it is the address space that ends
        sink = sink + lost.back()[0];
    }
}

struct Sabotage {
    std::string kind = "none";
    double value = 1;

    static void describe(espalier::Schema<Sabotage>& s) {
        s.simulator("sabotage", "Misbehaves as it is told");
        s.param("kind", &Sabotage::kind)
            .choices({"none", "segfault", "abort", "exit", "loop", "leak", "throw", "overflow",
                      "kill", "descriptors", "arithmetic", "nan", "output"})
            .doc("What it does.");
        s.param("value", &Sabotage::value).doc("What it gives when it behaves.");
        s.output_real("value", "The parameter again.");
    }

    void run(const espalier::Task& task) const {
        if (kind == "segfault") std::raise(SIGSEGV);
        if (kind == "abort") std::abort();
        if (kind == "exit") _exit(0);
        if (kind == "loop")
            for (;;) sink = sink + 1;
        if (kind == "leak") leak();
        if (kind == "throw") throw std::runtime_error("thrown on purpose");
        if (kind == "overflow") sink = overflow(0);
        if (kind == "kill") std::raise(SIGKILL);
        if (kind == "descriptors") {
            for (int descriptor = 0; descriptor < 64; ++descriptor) close(descriptor);
            for (;;) pause();
        }
#if defined(__SSE__)
        if (kind == "arithmetic")
            _mm_setcsr(_mm_getcsr() | 0x8040); // subnormal numbers become zero
#endif
        if (kind == "output")
            for (;;) std::puts("endless output");
        task.output_value("value",
                          kind == "nan" ? std::numeric_limits<double>::quiet_NaN() : value);
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.sabotage", "1.0.0", "MIT", "", Sabotage)
