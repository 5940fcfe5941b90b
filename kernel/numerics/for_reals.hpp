// SPDX-License-Identifier: MIT
// Instantiates a template for both precisions.
#pragma once

#define ESPALIER_FOR_REALS(what)                                                                   \
    template what<float>;                                                                          \
    template what<double>;
