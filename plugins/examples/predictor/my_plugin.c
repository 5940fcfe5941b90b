/* SPDX-License-Identifier: MIT
 * A predictor in plain C: a model and data in, predictions out. */
#include <espalier/plugin.h>

#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t steps;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_INTEGER_PARAMETER("steps", 10, 1, 1e7, "How far to look ahead."),
};
static const esp_port inputs[] = {
    {"model", ESP_MODEL, ESP_REQUIRED, {0, 0, 0}, "", "", "Tensors `intercept` and `slope`."},
    {"state", ESP_TENSOR, ESP_REQUIRED, ESP_FLOAT64, "node", "", "Where the forecast begins."},
};
static const esp_port outputs[] = {
    {"forecast", ESP_TENSOR, 0, ESP_FLOAT64, "time,node", "", "The steps after the state."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->steps = values[0].as.integer;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

/* A tensor of the model with a number a node; NULL, and the reason told, when there is none. */
static const double* numbers_of(const esp_host* host, esp_call* call, const char* part,
                                int64_t nodes) {
    const esp_tensor* t = host->tensor_in(call, "model", part);
    int64_t size = 1;
    for (int32_t axis = 0; t && axis < t->ndim; ++axis) size *= t->shape[axis];
    if (!t || t->dtype.code != 2 || t->dtype.bits != 64)
        host->fail(call, ESP_INVALID, "model", "lacks a float64 tensor 'intercept' or 'slope'");
    else if (size != nodes)
        host->fail(call, ESP_INVALID, "model", "is of another number of nodes than 'state'");
    else
        return t->data;
    return NULL;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const esp_tensor* state = host->tensor_in(call, "state", "");
    const int64_t steps = ((const my_plugin*)self)->steps, nodes = state->shape[0];
    const double* start = state->data;
    const double* intercept = numbers_of(host, call, "intercept", nodes);
    const double* slope = numbers_of(host, call, "slope", nodes);
    if (!intercept || !slope) return ESP_INVALID;
    const int64_t shape[] = {steps, nodes};
    esp_tensor* out = host->tensor_out(call, "forecast", "", (esp_dtype)ESP_FLOAT64, 2, shape);
    if (!out) return ESP_NO_MEMORY; /* the kernel has kept the reason */
    double* forecast = out->data;
    for (int64_t i = 0; i < nodes; ++i) {
        double x = start[i];
        for (int64_t t = 0; t < steps; ++t)
            forecast[t * nodes + i] = x = intercept[i] + slope[i] * x;
    }
    return ESP_OK;
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_PREDICTOR,
    .name = "my_plugin",
    .summary = "Forecast of an autoregression of order one",
    .doc = "$x_i(t + 1) = a_i + b_i x_i(t)$ from the last state given, with tensors `intercept` "
           "($a$) and `slope` ($b$) of the model, a number a node each.",
    .reference = "doi:10.1098/rsta.1927.0007",
    .example = "local ahead = esp.predict.my_plugin { model = m, state = x }.forecast",
    ESP_PARAMETERS(parameters),
    ESP_INPUTS(inputs),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
