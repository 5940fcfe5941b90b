/* SPDX-License-Identifier: MIT
 * A simulator in plain C: a law of motion in, trajectories out. */
#include <espalier/abi.h>
#include <espalier/note.h>

#include <Random123/philox.h>
#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t nodes, steps;
    double growth;
} my_plugin;

static const esp_parameter parameters[] = {
    {"nodes",
     ESP_INTEGER,
     0,
     {ESP_INTEGER, 0, 1, {.integer = 10}},
     1,
     1e7,
     "",
     NULL,
     "Number of nodes."},
    {"steps",
     ESP_INTEGER,
     0,
     {ESP_INTEGER, 0, 1, {.integer = 100}},
     1,
     1e7,
     "",
     NULL,
     "Steps of time."},
    {"growth", ESP_REAL, 0, {ESP_REAL, 0, 1, {.real = 3.8}}, 0, 4, "", NULL, "Growth rate r."},
};

static const esp_port outputs[] = {
    {"trajectories", ESP_TENSOR, 0, {2, 64, 1}, "time,node", "", "From the start on; in [0, 1]."},
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

/* [0, 1), 53 bits, of this node alone: the same on any number of threads. */
static double start_of(const chunk_context* c, int64_t node) {
    philox4x32_key_t key = {{c->key[0], c->key[1]}};
    philox4x32_ctr_t counter = {{0, (uint32_t)node, 0, 0}};
    philox4x32_ctr_t bits = philox4x32(counter, key);
    return (double)(((uint64_t)bits.v[3] << 32 | bits.v[2]) >> 11) * 0x1p-53;
}

static esp_status chunk(void* context, int64_t begin, int64_t end) {
    const chunk_context* c = context;
    const int64_t n = c->self->nodes;
    for (int64_t v = begin; v < end; ++v) c->x[v] = start_of(c, v);
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
    const esp_dtype float64 = {2, 64, 1};
    esp_tensor* x = host->tensor_out(call, "trajectories", "", float64, 2, shape);
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
    .parameter_size = sizeof(esp_parameter),
    .parameter_count = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .port_size = sizeof(esp_port),
    .output_count = sizeof outputs / sizeof *outputs,
    .outputs = outputs,
    .create = create,
    .run = run,
    .destroy = destroy,
};

/* The same in the file itself: the kernel reads it before any code runs. */
ESP_NOTE("org.example.my_plugin", "0.1.0", "MIT");

static const esp_component* const components[] = {&component};
static const esp_plugin plugin = {
    .size = sizeof(esp_plugin),
    .abi_major = ESP_ABI_MAJOR,
    .abi_minor = ESP_ABI_MINOR,
    .id = "org.example.my_plugin",
    .version = "0.1.0",
    .license = "MIT",
    .authors = "A. Author",
    .build = "C",
    .component_count = 1,
    .components = components,
};

ESP_EXPORT const esp_plugin* espalier_plugin_entry(void) { return &plugin; }
