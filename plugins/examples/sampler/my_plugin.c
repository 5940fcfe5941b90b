/* SPDX-License-Identifier: MIT
 * A sampler in plain C: a distribution in, draws out. */
#include <espalier/plugin.h>
#include <espalier/random.h>

#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t draws;
    double exponent, least;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_INTEGER_PARAMETER("draws", 1000, 1, 1e9, "How many."),
    ESP_REAL_PARAMETER("exponent", ESP_OPEN_MIN, 2.5, 1, 100, "Exponent alpha."),
    ESP_REAL_PARAMETER("least", ESP_OPEN_MIN, 1, 0, INFINITY, "Smallest value."),
};
static const esp_port outputs[] = {
    {"sample", ESP_TENSOR, 0, ESP_FLOAT64, "draw", "", "The draws."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->draws = values[0].as.integer;
    made->exponent = values[1].as.real;
    made->least = values[2].as.real;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

enum { grain = 4096 }; /* draws a chunk, with one sequence of random numbers each */

/* What one chunk of draws needs. */
typedef struct {
    const my_plugin* self;
    uint32_t key[2];
    double* x;
} chunk_context;

static esp_status chunk(void* context, int64_t begin, int64_t end) {
    const chunk_context* c = context;
    esp_random random = esp_random_at(c->key, (uint32_t)(begin / grain), 0, 0);
    for (int64_t i = begin; i < end; ++i)
        c->x[i] = c->self->least *
                  pow(esp_random_uniform_positive(&random), -1 / (c->self->exponent - 1));
    return ESP_OK;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const my_plugin* p = self;
    const esp_dtype float64 = ESP_FLOAT64;
    esp_tensor* sample = host->tensor_out(call, "sample", "", float64, 1, &p->draws);
    if (!sample) return ESP_NO_MEMORY; /* the kernel has kept the reason */
    chunk_context context = {p, {0, 0}, sample->data};
    host->rng_key(call, 1, context.key);
    return host->parallel_for(call, p->draws, grain, chunk, &context);
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_SAMPLER,
    .flags = ESP_RANDOM,
    .name = "my_plugin",
    .summary = "Power law",
    .doc = "Independent draws of density $p(x) \\propto x^{-\\alpha}$ for $x \\ge$ `least`, by "
           "inversion: $x = x_{\\min} u^{-1/(\\alpha - 1)}$, $u$ uniform in (0, 1].",
    .reference = "doi:10.1137/070710111",
    .example = "local x = esp.sample.my_plugin { draws = 10000, seed = 1 }.sample",
    ESP_PARAMETERS(parameters),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
