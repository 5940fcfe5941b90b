/* SPDX-License-Identifier: MIT
 * The random numbers of espalier/random.hpp in C11, number for number: Philox4x32-10 (Salmon et al.
 * 2011, doi:10.1145/2063384.2063405). Key = seed and stream; counter = logical place. */
#ifndef ESPALIER_RANDOM_H
#define ESPALIER_RANDOM_H

#include <Random123/philox.h>

#include <math.h>
#include <stdint.h>

/* The draws that belong to one logical place (sweep, row, node, ...). Places differ in at least one
 * of a, b, c; each has 2^34 words. The same place gives the same draws everywhere. */
typedef struct esp_random {
    philox4x32_key_t key;
    philox4x32_ctr_t counter, block;
    unsigned left, spare_ready;
    double spare;
} esp_random;

static inline esp_random esp_random_at(const uint32_t key[2], uint32_t a, uint32_t b, uint32_t c) {
    esp_random r = {{{key[0], key[1]}}, {{0, a, b, c}}, {{0, 0, 0, 0}}, 0, 0, 0};
    return r;
}
static inline uint32_t esp_random_bits(esp_random* r) {
    if (r->left == 0) {
        r->block = philox4x32(r->counter, r->key);
        ++r->counter.v[0];
        r->left = 4;
    }
    return r->block.v[--r->left];
}
static inline uint64_t esp_random_bits64(esp_random* r) {
    const uint64_t high = esp_random_bits(r);
    return high << 32 | esp_random_bits(r);
}
/* [0, 1), 53 bits. */
static inline double esp_random_uniform(esp_random* r) {
    return (double)(esp_random_bits64(r) >> 11) * 0x1p-53;
}
/* (0, 1], fit for a logarithm. */
static inline double esp_random_uniform_positive(esp_random* r) {
    return (double)((esp_random_bits64(r) >> 11) + 1) * 0x1p-53;
}
/* Uniform in 0 .. n - 1, n > 0, without bias (Lemire 2019, doi:10.1145/3230636). */
static inline uint64_t esp_random_below(esp_random* r, uint64_t n) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)esp_random_bits64(r) * n;
    if ((uint64_t)product < n) {
        const uint64_t reject = (0 - n) % n;
        while ((uint64_t)product < reject) product = (wide)esp_random_bits64(r) * n;
    }
    return (uint64_t)(product >> 64);
}
/* Standard normal (Box and Muller 1958); every second one is free. */
static inline double esp_random_normal(esp_random* r) {
    if (r->spare_ready) {
        r->spare_ready = 0;
        return r->spare;
    }
    const double radius = sqrt(-2 * log(esp_random_uniform_positive(r)));
    const double angle = 2 * 3.14159265358979323846 * esp_random_uniform(r);
    r->spare = radius * sin(angle);
    r->spare_ready = 1;
    return radius * cos(angle);
}
/* Mean 1. */
static inline double esp_random_exponential(esp_random* r) {
    return -log(esp_random_uniform_positive(r));
}

#endif
