/* SPDX-License-Identifier: MIT
 * A simulator in plain C: a law of motion in, trajectories out. */
#include <espalier/plugin.h>
#include <espalier/random.h>

#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t nodes, steps;
    double growth;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_INTEGER_PARAMETER("nodes", 10, 1, 1e7, "Number of nodes."),
    ESP_INTEGER_PARAMETER("steps", 100, 1, 1e7, "Steps of time."),
    ESP_REAL_PARAMETER("growth", 0, 3.8, 0, 4, "Growth rate r."),
};
static const esp_port outputs[] = {
    {"trajectories", ESP_TENSOR, 0, ESP_FLOAT64, "time,node", "", "From the start on; in [0, 1]."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->nodes = values[0].as.integer;
    made->steps = values[1].as.integer;
    made->growth = values[2].as.real;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

/* What one chunk of nodes needs. */
typedef struct {
    const my_plugin* self;
    const esp_host* host;
    esp_call* call;
    uint32_t key[2];
    double* x; /* time x node */
} chunk_context;

static esp_status chunk(void* context, int64_t begin, int64_t end) {
    const chunk_context* c = context;
    const int64_t n = c->self->nodes;
    for (int64_t v = begin; v < end; ++v) { /* random numbers belong to a node, not to a thread */
        esp_random random = esp_random_at(c->key, (uint32_t)v, 0, 0);
        c->x[v] = esp_random_uniform(&random);
    }
    for (int64_t t = 0; t < c->self->steps; ++t) {
        if (t % 1024 == 0 && c->host->cancelled(c->call)) return ESP_CANCELLED;
        const double* now = c->x + t * n;
        double* next = c->x + (t + 1) * n;
        for (int64_t v = begin; v < end; ++v) next[v] = c->self->growth * now[v] * (1 - now[v]);
    }
    return ESP_OK;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const my_plugin* p = self;
    const int64_t shape[] = {p->steps + 1, p->nodes};
    esp_tensor* x = host->tensor_out(call, "trajectories", "", (esp_dtype)ESP_FLOAT64, 2, shape);
    if (!x) return ESP_NO_MEMORY; /* the kernel has kept the reason */
    chunk_context context = {p, host, call, {0, 0}, x->data};
    host->rng_key(call, 1, context.key);
    return host->parallel_for(call, p->nodes, 64, chunk, &context);
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_SIMULATOR,
    .flags = ESP_RANDOM,
    .name = "my_plugin",
    .summary = "Logistic maps side by side",
    .doc =
        "Every node follows $x(t + 1) = r\\,x(t)\\,(1 - x(t))$ with $r$ = `growth`, from a uniform "
        "start in (0, 1).",
    .reference = "doi:10.1038/261459a0",
    .example = "local x = esp.simulate.my_plugin { growth = 3.5, seed = 1 }.trajectories",
    ESP_PARAMETERS(parameters),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
