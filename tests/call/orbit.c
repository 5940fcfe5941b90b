/* SPDX-License-Identifier: MIT
 * Stepwise work in plain C: orbits of linear congruential generators. With TORN one function is missing. */
#include <espalier/abi.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { orbits = 16 };

struct work {
    int64_t steps, step;
    uint64_t place[orbits];
};

static const esp_parameter parameters[] = {{.name = "steps",
                                            .type = ESP_INTEGER,
                                            .initial = {.type = ESP_INTEGER, .count = 1, .as.integer = 100},
                                            .min = 0,
                                            .max = 1e9,
                                            .unit = "",
                                            .doc = "How many."}};
static const esp_port outputs[] = {
    {.name = "places", .type = ESP_TENSOR, .dtype = {0, 64, 1}, .axes = "orbit", .unit = "", .doc = "The last."}};

static const int64_t shape[] = {orbits};
static const esp_dtype int64 = {0, 64, 1};

static esp_status create(const esp_host *host, esp_call *call, const esp_value *values, void **self) {
    struct work *w = calloc(1, sizeof *w);
    if (!w) return host->fail(call, ESP_NO_MEMORY, NULL, "out of memory");
    w->steps = values[0].as.integer;
    *self = w;
    return ESP_OK;
}

static esp_status begin(void *self, const esp_host *host, esp_call *call, void **work) {
    struct work *w = malloc(sizeof *w);
    if (!w) return host->fail(call, ESP_NO_MEMORY, NULL, "out of memory");
    *w = *(const struct work *)self;
    for (int k = 0; k < orbits; ++k) w->place[k] = (uint64_t)k;
    *work = w;
    return ESP_OK;
}

static esp_status advance(void *work, const esp_host *host, esp_call *call, int64_t steps, int32_t *done) {
    struct work *w = work;
    const char *fatal = getenv("DIE_AT");
    for (int64_t k = 0; k < steps && w->step < w->steps; ++k, ++w->step) {
        if (host->cancelled(call)) return ESP_CANCELLED;
        if (fatal && atoll(fatal) == w->step) raise(SIGKILL);
        for (int i = 0; i < orbits; ++i)
            w->place[i] = w->place[i] * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
    }
    *done = w->step == w->steps;
    return ESP_OK;
}

static esp_status save(void *work, const esp_host *host, esp_call *call) {
    const struct work *w = work;
    const esp_value step = {.type = ESP_INTEGER, .count = 1, .as.integer = w->step};
    esp_tensor *place = host->tensor_out(call, ESP_STATE, "place", int64, 1, shape);
    if (!place) return ESP_NO_MEMORY;
    memcpy(place->data, w->place, sizeof w->place);
    return host->value_out(call, ESP_STATE, "step", &step);
}

static esp_status load(void *work, const esp_host *host, esp_call *call) {
    struct work *w = work;
    if (getenv("REFUSE")) return host->fail(call, ESP_INVALID, NULL, "today no state is good enough");
    const esp_tensor *place = host->tensor_in(call, ESP_STATE, "place");
    const esp_value *step = host->value_in(call, ESP_STATE, "step");
    if (!place || !step) return host->fail(call, ESP_INVALID, NULL, "the state lacks a part");
    memcpy(w->place, place->data, sizeof w->place);
    w->step = step->as.integer;
    return ESP_OK;
}

static esp_status finish(void *work, const esp_host *host, esp_call *call) {
    esp_tensor *places = host->tensor_out(call, "places", "", int64, 1, shape);
    if (!places) return ESP_NO_MEMORY;
    memcpy(places->data, ((const struct work *)work)->place, sizeof(int64_t) * orbits);
    return ESP_OK;
}

static esp_status run(void *self, const esp_host *host, esp_call *call) {
    void *work = NULL;
    int32_t done = 0;
    esp_status status = begin(self, host, call, &work);
    if (status != ESP_OK) return status;
    status = advance(work, host, call, INT64_MAX, &done);
    if (status == ESP_OK) status = finish(work, host, call);
    free(work);
    return status;
}

static const esp_iterative iterative = {.size = sizeof(esp_iterative),
                                        .begin = begin,
                                        .advance = advance,
                                        .save = save,
#ifndef TORN
                                        .load = load,
#endif
                                        .finish = finish,
                                        .end = free};

static const void *extension(const char *id) { return strcmp(id, ESP_ITERATIVE) ? NULL : &iterative; }

static const esp_component orbit = {.size = sizeof(esp_component),
                                    .kind = ESP_SIMULATOR,
                                    .name = "orbit",
                                    .summary = "Orbits of linear congruential generators",
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
                                    .destroy = free,
                                    .extension = extension};
static const esp_component *const components[] = {&orbit};
static const esp_plugin plugin = {sizeof plugin, ESP_ABI_MAJOR, ESP_ABI_MINOR, "org.example.orbit", "1.0.0",
                                  "MIT", "", "a C compiler", 1, components};

ESP_EXPORT const esp_plugin *espalier_plugin_entry(void);
const esp_plugin *espalier_plugin_entry(void) {
#ifdef TORN
    (void)load;
#endif
    return &plugin;
}
