/* SPDX-License-Identifier: MIT
 * abi.h as C11, and the layout that released plugins rely on. */
#include <espalier/abi.h>

_Static_assert(sizeof(esp_dtype) == 4, "DLPack's DLDataType");
_Static_assert(sizeof(esp_value) == 24, "a setting");
_Static_assert(offsetof(esp_tensor, shape) == 24, "DLPack's DLTensor");
_Static_assert(sizeof(esp_tensor) == 48, "DLPack's DLTensor");
_Static_assert(offsetof(esp_component, create) == 104, "a component of 1.0");
_Static_assert(offsetof(esp_iterative, begin) == 8, "esp.iterative/1");
_Static_assert(offsetof(esp_iterative, end) == 48, "esp.iterative/1");
_Static_assert(sizeof(esp_iterative) == 56, "esp.iterative/1");
