/* SPDX-License-Identifier: MIT
 * Prints where every field of ABI 1.0 lies and what every code is. */
#include <espalier/abi.h>

#include <stdio.h>

#define FIELD(type, field) printf(#type "." #field " %zu\n", offsetof(type, field));
#define CODE(name) printf(#name " %lld\n", (long long)(name));

int main(void) {
    FIELD(esp_value, type) FIELD(esp_value, flags) FIELD(esp_value, count) FIELD(esp_value, as)
    FIELD(esp_dtype, code) FIELD(esp_dtype, bits) FIELD(esp_dtype, lanes)
    FIELD(esp_tensor, data) FIELD(esp_tensor, device_type) FIELD(esp_tensor, device_id)
    FIELD(esp_tensor, ndim) FIELD(esp_tensor, dtype) FIELD(esp_tensor, shape)
    FIELD(esp_tensor, strides) FIELD(esp_tensor, byte_offset)
    FIELD(esp_parameter, name) FIELD(esp_parameter, type) FIELD(esp_parameter, flags)
    FIELD(esp_parameter, initial) FIELD(esp_parameter, min) FIELD(esp_parameter, max)
    FIELD(esp_parameter, unit) FIELD(esp_parameter, choices) FIELD(esp_parameter, doc)
    FIELD(esp_port, name) FIELD(esp_port, type) FIELD(esp_port, flags) FIELD(esp_port, dtype)
    FIELD(esp_port, axes) FIELD(esp_port, unit) FIELD(esp_port, doc)
    FIELD(esp_host, size) FIELD(esp_host, abi_major) FIELD(esp_host, abi_minor)
    FIELD(esp_host, version) FIELD(esp_host, extension) FIELD(esp_host, log) FIELD(esp_host, fail)
    FIELD(esp_host, cancelled) FIELD(esp_host, progress) FIELD(esp_host, metric)
    FIELD(esp_host, parallel_for) FIELD(esp_host, rng_key) FIELD(esp_host, tensor_in)
    FIELD(esp_host, value_in) FIELD(esp_host, part_in) FIELD(esp_host, tensor_out)
    FIELD(esp_host, value_out)
    FIELD(esp_component, size) FIELD(esp_component, kind) FIELD(esp_component, flags)
    FIELD(esp_component, name) FIELD(esp_component, summary) FIELD(esp_component, doc)
    FIELD(esp_component, reference) FIELD(esp_component, example)
    FIELD(esp_component, parameter_size) FIELD(esp_component, parameter_count)
    FIELD(esp_component, parameters) FIELD(esp_component, port_size)
    FIELD(esp_component, input_count) FIELD(esp_component, output_count)
    FIELD(esp_component, inputs) FIELD(esp_component, outputs) FIELD(esp_component, create)
    FIELD(esp_component, run) FIELD(esp_component, destroy) FIELD(esp_component, extension)
    FIELD(esp_iterative, size) FIELD(esp_iterative, begin) FIELD(esp_iterative, advance)
    FIELD(esp_iterative, save) FIELD(esp_iterative, load) FIELD(esp_iterative, finish)
    FIELD(esp_iterative, end)
    FIELD(esp_plugin, size) FIELD(esp_plugin, abi_major) FIELD(esp_plugin, abi_minor)
    FIELD(esp_plugin, id) FIELD(esp_plugin, version) FIELD(esp_plugin, license)
    FIELD(esp_plugin, authors) FIELD(esp_plugin, build) FIELD(esp_plugin, component_count)
    FIELD(esp_plugin, components)
    CODE(ESP_ABI_MAJOR)
    CODE(ESP_OK) CODE(ESP_CANCELLED) CODE(ESP_INVALID) CODE(ESP_UNSUPPORTED) CODE(ESP_NO_MEMORY)
    CODE(ESP_DIVERGED) CODE(ESP_FAILED)
    CODE(ESP_BOOLEAN) CODE(ESP_INTEGER) CODE(ESP_REAL) CODE(ESP_TEXT) CODE(ESP_CHOICE)
    CODE(ESP_TENSOR) CODE(ESP_GRAPH) CODE(ESP_TABLE) CODE(ESP_MODEL) CODE(ESP_LIST)
    CODE(ESP_REQUIRED) CODE(ESP_ADVANCED) CODE(ESP_LOG_SCALE) CODE(ESP_OPEN_MIN)
    CODE(ESP_OPEN_MAX) CODE(ESP_ALLOW_MISSING) CODE(ESP_RANDOM) CODE(ESP_ISA_BITS)
    CODE(ESP_GENERATOR) CODE(ESP_SIMULATOR) CODE(ESP_SAMPLER) CODE(ESP_LEARNER)
    CODE(ESP_PREDICTOR) CODE(ESP_PRUNER) CODE(ESP_ANALYZER)
    printf("%s %s %s\n", ESP_ENTRY_NAME, ESP_ITERATIVE, ESP_STATE);
    return 0;
}
