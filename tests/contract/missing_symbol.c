/* SPDX-License-Identifier: MIT
 * A plugin that needs a function nobody has. */
#include <espalier/abi.h>

const esp_plugin *a_function_that_nobody_has(void);

ESP_EXPORT const esp_plugin *espalier_plugin_entry(void);
const esp_plugin *espalier_plugin_entry(void) { return a_function_that_nobody_has(); }
