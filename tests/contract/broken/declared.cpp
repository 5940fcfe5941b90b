// SPDX-License-Identifier: MIT
// A plugin that declares one thing wrong (the name of its file says which), and otherwise numbers
// the places of a list.
#include "broken.hpp"

#include <espalier/abi.h>

#include <limits>

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
const int64_t initial = broken("defaults") ? 500 : 5;
const char* const colours[] = {"red",
                               broken("choices")       ? "red"
                               : broken("choice text") ? "gr\xfcn"
                                                       : "green",
                               nullptr};

const esp_parameter parameters[] = {{broken("names") ? "Count" : "count",
                                     broken("types") ? esp_type{77} : esp_type{ESP_INTEGER},
                                     0,
                                     {ESP_INTEGER, 0, 1, {.integer = initial}},
                                     broken("ranges") ? 200.0 : 1.0,
                                     100.0,
                                     broken("units") ? "m " : "m",
                                     nullptr,
                                     broken("sentences") ? "" : "How many."},
                                    {"colour",
                                     ESP_CHOICE,
                                     0,
                                     {ESP_CHOICE, 0, 1, {.integer = 0}},
                                     -endless,
                                     endless,
                                     "",
                                     colours,
                                     "A colour."}};

const esp_port inputs[] = {{"weights",
                            ESP_TENSOR,
                            broken("promise") ? uint32_t{ESP_REQUIRED} : 0u,
                            {2, 64, 1},
                            broken("axes") ? "place,,other" : "place",
                            "",
                            "What the places weigh."}};
const esp_port outputs[] = {{"places", ESP_TENSOR, 0, {0, 64, 1}, "place", "", "0, 1, 2, ..."}};

esp_status create(const esp_host*, esp_call*, const esp_value* values, void** self) {
    *self = new int64_t(values[0].as.integer);
    return ESP_OK;
}
esp_status run(void* self, const esp_host* host, esp_call* call) {
    const int64_t count = *static_cast<int64_t*>(self);
    esp_tensor* places = host->tensor_out(call, "places", "", {0, 64, 1}, 1, &count);
    if (!places) return ESP_NO_MEMORY;
    for (int64_t i = 0; i < count; ++i) static_cast<int64_t*>(places->data)[i] = i;
    return ESP_OK;
}
void destroy(void* self) { delete static_cast<int64_t*>(self); }

const esp_component component{static_cast<uint32_t>(broken("sizes") ? 16 : sizeof(esp_component)),
                              broken("kind") ? esp_kind{99} : esp_kind{ESP_GENERATOR},
                              0,
                              "places",
                              broken("summary") ? "Two\nlines" : "Numbers places",
                              broken("texts")     ? nullptr
                              : broken("latin 1") ? "Der Ort ist die Zahl des Ortes, gez\xe4hlt."
                              : broken("bell")    ? "The number of a place is its place.\a"
                                                  : "The number of a place is its place.",
                              broken("reference") ? "a book that I once read" : "doi:10.1000/182",
                              broken("example") ? "print(1)"
                                                : "print(esp.generate.places { count = 3 }.places)",
                              sizeof(esp_parameter),
                              2,
                              parameters,
                              sizeof(esp_port),
                              1,
                              1,
                              inputs,
                              outputs,
                              create,
                              run,
                              broken("functions") ? nullptr : destroy,
                              nullptr};

const esp_component* const components[] = {&component, &component};
const esp_plugin plugin{sizeof(esp_plugin),
                        broken("abi") ? 99u : ESP_ABI_MAJOR,
                        ESP_ABI_MINOR,
                        broken("id") ? "places" : "org.example.places",
                        broken("version") ? "one" : "1.0.0",
                        broken("licence") ? "Do what you like!" : "MIT",
                        broken("authors") ? "A. \x1b[1mAuthor" : "A. Author",
                        "a compiler",
                        broken("unique names") ? 2u : 1u,
                        components};
const esp_plugin other = plugin;
int asked = 0;

} // namespace

extern "C" ESP_EXPORT const esp_plugin* espalier_plugin_entry(void) {
    if (broken("entry")) return nullptr;
    return broken("constant") && ++asked % 2 == 0 ? &other : &plugin;
}

#if defined(EXPORTED)
extern "C" ESP_EXPORT int another_name;
int another_name = 1;
#endif
#if defined(WRITABLE_CODE)
__asm__(".section .patched,\"awx\"\n.byte 0xc3\n.previous\n");
#endif
#if defined(MISSING)
extern "C" int a_function_that_nobody_has(void);
int used = a_function_that_nobody_has();
#endif
