/* SPDX-License-Identifier: MIT
 * A pruner in plain C: a model in, a smaller one of the same kind out. */
#include <espalier/plugin.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parameters in the order of the table below. */
typedef struct {
    double threshold;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_REAL_PARAMETER("threshold", 0, 0.1, 0, INFINITY, "Least magnitude that is kept."),
};
static const esp_port inputs[] = {
    {"model", ESP_MODEL, ESP_REQUIRED, {0, 0, 0}, "", "", "Any model of float64 tensors."},
};
static const esp_port outputs[] = {
    {"model", ESP_MODEL, 0, {0, 0, 0}, "", "", "The same tensors, with zeros."},
    {"density",
     ESP_REAL,
     0,
     {0, 0, 0},
     "",
     "",
     "Share of the numbers that were kept; 1 where there are none."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->threshold = values[0].as.real;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const double threshold = ((const my_plugin*)self)->threshold;
    int64_t all = 0, kept = 0;
    const char* part;
    for (int64_t index = 0; (part = host->part_in(call, "model", index)); ++index) {
        if (!strcmp(part, "component") || !strcmp(part, "version")) continue; /* the kernel's own */
        const esp_tensor* from = host->tensor_in(call, "model", part);
        if (!from || from->dtype.code != 2 || from->dtype.bits != 64)
            return host->fail(call, ESP_INVALID, "model", "has a part that is no float64 tensor");
        esp_tensor* to =
            host->tensor_out(call, "model", part, from->dtype, from->ndim, from->shape);
        if (!to) return ESP_NO_MEMORY; /* the kernel has kept the reason */
        int64_t size = 1;
        for (int32_t axis = 0; axis < from->ndim; ++axis) size *= from->shape[axis];
        const double* before = from->data;
        double* after = to->data;
        for (int64_t i = 0; i < size; ++i) {
            after[i] = fabs(before[i]) < threshold ? 0 : before[i];
            kept += after[i] != 0;
        }
        all += size;
    }
    const esp_value density = {ESP_REAL, 0, 1, {.real = all ? (double)kept / (double)all : 1}};
    return host->value_out(call, "density", "", &density);
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_PRUNER,
    .name = "my_plugin",
    .summary = "Weights below a threshold become zero",
    .doc = "Every number of every tensor of the model whose magnitude is below `threshold` is set "
           "to 0. A model that holds anything but float64 tensors is refused.",
    .reference = "doi:10.48550/arXiv.1506.02626",
    .example = "local small = esp.prune.my_plugin { model = m, threshold = 0.5 }.model",
    ESP_PARAMETERS(parameters),
    ESP_INPUTS(inputs),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
