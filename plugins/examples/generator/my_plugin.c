/* SPDX-License-Identifier: MIT
 * A generator in plain C: parameters in, a network out. */
#include <espalier/plugin.h>
#include <espalier/random.h>

#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t nodes;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_INTEGER_PARAMETER("nodes", 100, 1, 1e8, "Number of nodes."),
};
static const esp_port outputs[] = {
    {"graph", ESP_GRAPH, 0, {0, 0, 0}, "", "", "Undirected, a tree."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->nodes = values[0].as.integer;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

/* Compressed rows: where each row begins, then its neighbours, smallest first. `next` begins as
 * zeros and is scratch, a number a node. */
static void write_rows(const int32_t* parent, int64_t n, int64_t* next, int64_t* offsets,
                       int32_t* targets) {
    for (int64_t v = 1; v < n; ++v) ++next[v], ++next[parent[v]];
    for (int64_t v = 0; v < n; ++v) {
        offsets[v + 1] = offsets[v] + next[v];
        next[v] = offsets[v];
    }
    for (int64_t v = 1; v < n; ++v) targets[next[v]++] = parent[v];
    for (int64_t v = 1; v < n; ++v) targets[next[parent[v]]++] = (int32_t)v;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const int64_t n = ((const my_plugin*)self)->nodes, rows[] = {n + 1}, entries[] = {2 * (n - 1)};
    const esp_dtype int64 = {0, 64, 1}, int32 = {0, 32, 1};
    const esp_value undirected = {ESP_BOOLEAN, 0, 1, {.integer = 0}};
    esp_tensor* offsets = host->tensor_out(call, "graph", "offsets", int64, 1, rows);
    esp_tensor* targets = host->tensor_out(call, "graph", "targets", int32, 1, entries);
    if (!offsets || !targets || host->value_out(call, "graph", "directed", &undirected) != ESP_OK)
        return ESP_NO_MEMORY; /* the kernel has kept the reason */
    int32_t* parent = calloc((size_t)n, sizeof *parent);
    int64_t* next = calloc((size_t)n, sizeof *next);
    esp_status status = ESP_OK;
    if (parent && next) {
        uint32_t key[2];
        host->rng_key(call, 1, key);
        esp_random random = esp_random_at(key, 0, 0, 0);
        for (int64_t v = 1; v < n; ++v) parent[v] = (int32_t)esp_random_below(&random, (uint64_t)v);
        write_rows(parent, n, next, offsets->data, targets->data);
    } else {
        status = host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the tree");
    }
    free(parent);
    free(next);
    return status;
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_GENERATOR,
    .flags = ESP_RANDOM,
    .name = "my_plugin",
    .summary = "Random recursive tree",
    .doc = "Node $v = 1, 2, \\ldots$ is joined to one of the nodes before it, each equally likely. "
           "The mean distance from node 0 grows like $\\ln n$.",
    .reference = "doi:10.2307/3212868",
    .example = "local tree = esp.generate.my_plugin { nodes = 50, seed = 1 }.graph",
    ESP_PARAMETERS(parameters),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
