// SPDX-License-Identifier: MIT
// A host of a few lines: one thread, keys from the stream alone, no ports. For steps of training by
// themselves.
#pragma once

#include "espalier/task.hpp"

#include <algorithm>

namespace espalier {

inline const esp_host& serial_host() {
    static const esp_host host = [] {
        esp_host h{};
        h.size = sizeof h, h.abi_major = ESP_ABI_MAJOR, h.abi_minor = ESP_ABI_MINOR;
        h.version = "test";
        h.cancelled = [](esp_call*) -> int32_t { return 0; };
        h.progress = [](esp_call*, double, const char*) {};
        h.metric = [](esp_call*, const char*, int64_t, double) {};
        h.log = [](esp_call*, int32_t, const char*) {};
        h.parallel_for = [](esp_call*, int64_t n, int64_t grain, esp_body body, void* context) {
            for (int64_t begin = 0; begin < n; begin += grain)
                if (const auto status = body(context, begin, std::min(n, begin + grain)))
                    return status;
            return static_cast<esp_status>(ESP_OK);
        };
        h.rng_key = [](esp_call*, uint64_t stream, uint32_t key[2]) {
            key[0] = static_cast<uint32_t>(stream), key[1] = 1;
        };
        return h;
    }();
    return host;
}

} // namespace espalier
