// SPDX-License-Identifier: MIT
// Faults put in on purpose, one a run: a sanitizer that misses one of them watches nothing.
#include "call/parallel.hpp"
#include "values/tensor.hpp"
#include "work/worker.hpp"

#include <cstdio>
#include <cstring>
#include <memory>

using namespace espalier;

namespace {

// The body of a parallel loop adds to what all threads share.
int64_t race_in_loop() {
    int64_t sum = 0;
    Threads(2).run(1000, [&](int64_t k) { sum += k; });
    return sum;
}

// What a worker thread writes is read before it has said that it is done.
int64_t race_with_worker() {
    int64_t answer = 0;
    const auto worker = thread_worker([&](Say) {
        return ThreadDesk{[&](const Value& asked) { answer = asked.as<int64_t>(); }, {}};
    });
    worker->send(Value(int64_t{7}));
    while (static_cast<volatile int64_t&>(answer) == 0) {
    }
    return answer;
}

// One element behind the last of a tensor.
int64_t read_past_tensor() {
    const Tensor tensor = Tensor::vector(std::vector<int64_t>{1, 2, 3});
    const int64_t* elements = tensor.values<int64_t>().data();
    return elements[tensor.values<int64_t>().size()];
}

int64_t read_after_end() {
    auto tensor = std::make_unique<Tensor>(Tensor::vector(std::vector<int64_t>{1, 2, 3}));
    const int64_t* elements = tensor->values<int64_t>().data();
    tensor.reset();
    return elements[0];
}

int64_t overflow() {
    volatile int64_t largest = INT64_MAX;
    return largest + 1;
}

} // namespace

int main(int count, char** words) {
    const struct {
        const char* name;
        int64_t (*fault)();
    } all[] = {{"race_in_loop", race_in_loop},
               {"race_with_worker", race_with_worker},
               {"read_past_tensor", read_past_tensor},
               {"read_after_end", read_after_end},
               {"overflow", overflow}};
    for (const auto& one : all)
        if (count == 2 && std::strcmp(words[1], one.name) == 0)
            std::printf("not seen: %lld\n", static_cast<long long>(one.fault()));
}
