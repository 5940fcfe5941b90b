/* SPDX-License-Identifier: MIT
 * A learner in plain C: data in, a model out. It has no parameters. */
#include <espalier/plugin.h>

#include <math.h>

static const esp_port inputs[] = {
    {"trajectories", ESP_TENSOR, ESP_REQUIRED, ESP_FLOAT64, "time,node", "",
     "At least three times."},
};
static const esp_port outputs[] = {
    {"model", ESP_MODEL, 0, {0, 0, 0}, "", "", "Tensors `intercept` and `slope`."},
    {"residual", ESP_TENSOR, 0, ESP_FLOAT64, "node", "",
     "Root mean square of what is not explained."},
};

static esp_status create(const esp_host* host, esp_call* call, const esp_value* values,
                         void** self) {
    (void)host, (void)call, (void)values;
    *self = NULL;
    return ESP_OK;
}

static void destroy(void* self) { (void)self; }

/* What one chunk of nodes needs. */
typedef struct {
    const double* x; /* time x node */
    int64_t steps, nodes;
    double *intercept, *slope, *residual; /* a number a node */
} chunk_context;

static void fit(const chunk_context* c, int64_t i) {
    const double *x = c->x + i, n = (double)c->steps;
    double before = 0, after = 0;
    for (int64_t t = 0; t < c->steps; ++t) {
        before += x[t * c->nodes] / n;
        after += x[(t + 1) * c->nodes] / n;
    }
    double spread = 0, shared = 0, rest = 0;
    for (int64_t t = 0; t < c->steps; ++t) {
        const double off = x[t * c->nodes] - before;
        spread += off * off;
        shared += off * (x[(t + 1) * c->nodes] - after);
    }
    const double b = spread > 0 ? shared / spread : 0, a = after - b * before;
    for (int64_t t = 0; t < c->steps; ++t) {
        const double error = x[(t + 1) * c->nodes] - a - b * x[t * c->nodes];
        rest += error * error;
    }
    c->intercept[i] = a;
    c->slope[i] = b;
    c->residual[i] = sqrt(rest / n);
}

static esp_status chunk(void* context, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) fit(context, i);
    return ESP_OK;
}

static esp_status run(void* self, const esp_host* host, esp_call* call) {
    (void)self;
    const esp_tensor* x = host->tensor_in(call, "trajectories", "");
    const int64_t steps = x->shape[0] - 1, nodes = x->shape[1];
    const esp_dtype float64 = ESP_FLOAT64;
    if (steps < 2)
        return host->fail(call, ESP_INVALID, "trajectories", "has fewer than three times");
    esp_tensor* intercept = host->tensor_out(call, "model", "intercept", float64, 1, &nodes);
    esp_tensor* slope = host->tensor_out(call, "model", "slope", float64, 1, &nodes);
    esp_tensor* residual = host->tensor_out(call, "residual", "", float64, 1, &nodes);
    if (!intercept || !slope || !residual) return ESP_NO_MEMORY; /* the kernel keeps the reason */
    chunk_context context = {x->data, steps, nodes, intercept->data, slope->data, residual->data};
    return host->parallel_for(call, nodes, 64, chunk, &context);
}

static const esp_component component = {
    .size = sizeof(esp_component),
    .kind = ESP_LEARNER,
    .name = "my_plugin",
    .summary = "Autoregression of order one, a node at a time",
    .doc = "Least squares for $x_i(t + 1) = a_i + b_i x_i(t)$; a node that never varies has "
           "$b_i = 0$. The model holds `intercept` and `slope`, a number a node each.",
    .reference = "doi:10.1098/rsta.1927.0007",
    .example = "local model = esp.learn.my_plugin { trajectories = x }.model",
    ESP_INPUTS(inputs),
    ESP_OUTPUTS(outputs),
    .create = create,
    .run = run,
    .destroy = destroy,
};

ESP_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", component)
