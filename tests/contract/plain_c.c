/* SPDX-License-Identifier: MIT
 * A plugin in plain C: the first n square numbers. It keeps the contract. */
#include <espalier/abi.h>

#include <stdlib.h>

static const esp_parameter parameters[] = {{.name = "count",
                                            .type = ESP_INTEGER,
                                            .initial = {.type = ESP_INTEGER, .count = 1, .as.integer = 4},
                                            .min = 0,
                                            .max = 1000000,
                                            .unit = "",
                                            .doc = "How many."}};
static const esp_port outputs[] = {
    {.name = "squares", .type = ESP_TENSOR, .dtype = {0, 64, 1}, .axes = "index", .unit = "", .doc = "0, 1, 4, ..."}};

struct context {
    int64_t *to;
};

static esp_status square(void *opaque, int64_t begin, int64_t end) {
    struct context *c = opaque;
    for (int64_t i = begin; i < end; ++i) c->to[i] = i * i;
    return ESP_OK;
}

static esp_status create(const esp_host *host, esp_call *call, const esp_value *values, void **self) {
    int64_t *count = malloc(sizeof *count);
    if (!count) return host->fail(call, ESP_NO_MEMORY, NULL, "out of memory");
    *count = values[0].as.integer;
    *self = count;
    return ESP_OK;
}

static esp_status run(void *self, const esp_host *host, esp_call *call) {
    const int64_t count = *(const int64_t *)self;
    esp_tensor *out = host->tensor_out(call, "squares", "", (esp_dtype){0, 64, 1}, 1, &count);
    if (!out) return ESP_NO_MEMORY;
    struct context c = {out->data};
    return host->parallel_for(call, count, 1000, square, &c);
}

static const esp_component squares = {.size = sizeof(esp_component),
                                      .kind = ESP_GENERATOR,
                                      .name = "squares",
                                      .summary = "Square numbers",
                                      .doc = "",
                                      .reference = "",
                                      .example = "",
                                      .parameter_size = sizeof(esp_parameter),
                                      .parameter_count = 1,
                                      .parameters = parameters,
                                      .port_size = sizeof(esp_port),
                                      .output_count = 1,
                                      .outputs = outputs,
                                      .create = create,
                                      .run = run,
                                      .destroy = free};
static const esp_component *const components[] = {&squares};
static const esp_plugin plugin = {sizeof plugin, ESP_ABI_MAJOR, ESP_ABI_MINOR, "org.example.squares", "1.0.0",
                                  "MIT", "", "a C compiler", 1, components};

ESP_EXPORT const esp_plugin *espalier_plugin_entry(void);
const esp_plugin *espalier_plugin_entry(void) { return &plugin; }
