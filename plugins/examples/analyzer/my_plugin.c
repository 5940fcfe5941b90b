/* SPDX-License-Identifier: MIT
 * An analyzer in plain C: data in, numbers out. */
#include <espalier/plugin.h>

#include <stdlib.h>

/* Parameters in the order of the table below. */
typedef struct {
    int64_t lags;
} my_plugin;

static const esp_parameter parameters[] = {
    ESP_INTEGER_PARAMETER("lags", 20, 0, 1e6, "Greatest lag."),
};
static const esp_port inputs[] = {
    {"series", ESP_TENSOR, ESP_REQUIRED, ESP_FLOAT64, "time", "", "More values than `lags`."},
};
static const esp_port outputs[] = {
    {"autocorrelation", ESP_TENSOR, 0, ESP_FLOAT64, "lag", "", "rho(0), rho(1), ..."},
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

/* What one lag needs. */
typedef struct {
    const double* x;
    int64_t n;
    double mean, variance;
    double* rho;
} lag_context;

static double products(const lag_context* c, int64_t lag) {
    double sum = 0;
    for (int64_t t = 0; t + lag < c->n; ++t) sum += (c->x[t] - c->mean) * (c->x[t + lag] - c->mean);
    return sum;
}

static esp_status one_lag(void* context, int64_t lag, int64_t end) {
    const lag_context* c = context;
    (void)end;
    c->rho[lag] = products(c, lag) / c->variance;
    return ESP_OK;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    const esp_tensor* series = host->tensor_in(call, "series", "");
    const int64_t n = series->shape[0], lags = ((const my_plugin*)self)->lags, shape[] = {lags + 1};
    if (n <= lags)
        return host->fail(call, ESP_INVALID, "lags",
                          "must be below the number of values in 'series'");
    esp_tensor* out =
        host->tensor_out(call, "autocorrelation", "", (esp_dtype)ESP_FLOAT64, 1, shape);
    if (!out) return ESP_NO_MEMORY; /* the kernel has kept the reason */
    lag_context context = {series->data, n, 0, 0, out->data};
    for (int64_t t = 0; t < n; ++t) context.mean += context.x[t] / (double)n;
    context.variance = products(&context, 0);
    if (context.variance == 0) return ESP_OK; /* zeros, as outputs begin */
    return host->parallel_for(call, lags + 1, 1, one_lag, &context);
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_ANALYZER,
    .name = "my_plugin",
    .summary = "Autocorrelation of a series",
    .doc = "$\\rho(k) = \\sum_t (x_t - \\bar x)(x_{t+k} - \\bar x) / \\sum_t (x_t - \\bar x)^2$ "
           "for $k = 0, \\ldots$, `lags`; 0 where the series never varies.",
    .reference = "doi:10.1111/j.2517-6161.1946.tb00072.x",
    .example = "local rho = esp.analyze.my_plugin { series = x, lags = 50 }.autocorrelation",
    ESP_PARAMETERS(parameters),
    ESP_INPUTS(inputs),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
