/* SPDX-License-Identifier: MIT
 * Linked with -ffast-math, its start-up code makes the processor flush denormals. */
#include <espalier/abi.h>

ESP_EXPORT const esp_plugin *espalier_plugin_entry(void);
const esp_plugin *espalier_plugin_entry(void) { return 0; }
