/* SPDX-License-Identifier: MIT
 * An analyzer as plugins were written for this version: it never changes. */
#include <espalier/abi.h>
#include <espalier/note.h>

#include <stdlib.h>

typedef struct {
    int64_t lags;
} my_plugin;

static const esp_parameter parameters[] = {
    {"lags",
     ESP_INTEGER,
     0,
     {ESP_INTEGER, 0, 1, {.integer = 20}},
     0,
     1e6,
     "",
     NULL,
     "Greatest lag."},
};

#define FLOAT64                                                                                    \
    { 2, 64, 1 }
static const esp_port inputs[] = {
    {"series", ESP_TENSOR, ESP_REQUIRED, FLOAT64, "time", "", "More values than `lags`."},
};
static const esp_port outputs[] = {
    {"autocorrelation", ESP_TENSOR, 0, FLOAT64, "lag", "", "rho(0), rho(1), ..."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    my_plugin* made = malloc(sizeof *made);
    if (!made) return host->fail(call, ESP_NO_MEMORY, NULL, "no memory for the parameters");
    made->lags = values[0].as.integer;
    *self = made;
    return ESP_OK;
}

static void destroy(void* self) { free(self); }

static double mean_of(const double* x, int64_t n) {
    double sum = 0;
    for (int64_t t = 0; t < n; ++t) sum += x[t];
    return n > 0 ? sum / (double)n : 0;
}

static double products(const double* x, int64_t n, double mean, int64_t lag) {
    double sum = 0;
    for (int64_t t = 0; t + lag < n; ++t) sum += (x[t] - mean) * (x[t + lag] - mean);
    return sum;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const my_plugin* p = self;
    const esp_tensor* series = host->tensor_in(call, "series", "");
    const int64_t n = series->shape[0], shape[] = {p->lags + 1};
    if (n <= p->lags)
        return host->fail(call, ESP_INVALID, "lags",
                          "must be below the number of values in 'series'");
    esp_tensor* out = host->tensor_out(call, "autocorrelation", "", (esp_dtype)FLOAT64, 1, shape);
    if (!out) return ESP_NO_MEMORY; /* the kernel has kept the reason */
    const double mean = mean_of(series->data, n);
    const double variance = products(series->data, n, mean, 0);
    double* rho = out->data; /* zeros */
    for (int64_t lag = 0; variance > 0 && lag <= p->lags; ++lag) {
        if (host->cancelled(call)) return ESP_CANCELLED;
        rho[lag] = products(series->data, n, mean, lag) / variance;
    }
    return ESP_OK;
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_ANALYZER,
    .name = "my_plugin",
    .summary = "Autocorrelation of a series",
    .doc = "$\\rho(k) = \\sum_t (x_t - \\bar x)(x_{t+k} - \\bar x) / \\sum_t (x_t - \\bar x)^2$ "
           "for $k = "
           "0, \\ldots$, `lags`; 0 where the series never varies.",
    .reference = "doi:10.1111/j.2517-6161.1946.tb00072.x",
    .example = "local rho = esp.analyze.my_plugin { series = x, lags = 50 }.autocorrelation",
    .parameter_size = sizeof(esp_parameter),
    .parameter_count = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .port_size = sizeof(esp_port),
    .input_count = sizeof inputs / sizeof *inputs,
    .output_count = sizeof outputs / sizeof *outputs,
    .inputs = inputs,
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
