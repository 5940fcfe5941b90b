/* SPDX-License-Identifier: MIT
 * A manifest whose version, id and default are chosen by the build; its component does nothing. */
#include <espalier/abi.h>

#ifndef DEFAULT
#define DEFAULT 1
#endif
#ifndef TWIN
#define TWIN ""
#endif

static const esp_parameter parameters[] = {{.name = "count",
                                            .type = ESP_INTEGER,
                                            .initial = {.type = ESP_INTEGER, .count = 1, .as.integer = DEFAULT},
                                            .min = 0,
                                            .max = 10,
                                            .unit = "",
                                            .doc = "How many."}};
static const esp_port outputs[] = {{.name = "number", .type = ESP_INTEGER, .axes = "", .unit = "", .doc = "One."}};

static esp_status create(const esp_host *host, esp_call *call, const esp_value *values, void **self) {
    (void)host, (void)call, (void)values, (void)self;
    return ESP_OK;
}
static esp_status run(void *self, const esp_host *host, esp_call *call) {
    (void)self;
    const esp_value one = {.type = ESP_INTEGER, .count = 1, .as.integer = 1};
    return host->value_out(call, "number", "", &one);
}
static void destroy(void *self) { (void)self; }

static const esp_component nothing = {.size = sizeof(esp_component),
                                      .kind = ESP_GENERATOR,
                                      .name = "nothing",
                                      .summary = "Nothing " TWIN,
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
                                      .destroy = destroy};
static const esp_component *const components[] = {&nothing};
static const esp_plugin plugin = {sizeof plugin, MAJOR, MINOR, "org.example.nothing", "1.0.0", "MIT", "", "",
                                  1, components};

ESP_EXPORT const esp_plugin *espalier_plugin_entry(void);
const esp_plugin *espalier_plugin_entry(void) { return &plugin; }
