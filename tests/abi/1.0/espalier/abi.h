/* SPDX-License-Identifier: MIT
 * The whole contract between the kernel and a plugin: C11, no function to link against. */
#ifndef ESPALIER_ABI_H
#define ESPALIER_ABI_H

/* Everything that crosses the border is a fixed-width number, a pointer, or a struct of those.
 *
 * Rules for every function pointer in this file
 *   - it never throws, never longjmps, never exits and never writes to standard output;
 *   - strings are UTF-8, NUL-terminated, and owned by whoever declared them;
 *   - what the kernel allocates the kernel frees; a plugin frees only what its `create` made;
 *   - [any] may be called from every thread of the call, [call] only from the thread that entered
 *     `create` or `run`, [load] only while the plugin is being loaded.
 *
 * Growth within a major version: structs gain fields only at the end and say their own size;
 * arrays of structs are walked by the element size that the plugin states. Anything larger is an
 * extension, found by an id such as "esp.iterative/1".
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ABI_MAJOR 1u /* layout and meaning: must be equal */
#define ESP_ABI_MINOR 0u /* fields added since: a plugin's must not exceed the kernel's */

typedef int32_t esp_status;
enum {
    ESP_OK = 0,
    ESP_CANCELLED = 1,   /* stopped because cancelled() said so; not a failure */
    ESP_INVALID = 2,     /* a parameter or an input is wrong: the user can mend it */
    ESP_UNSUPPORTED = 3, /* right, but not here: a missing extension or device */
    ESP_NO_MEMORY = 4,
    ESP_DIVERGED = 5, /* a number left the finite range: `fail` says which, where, when */
    ESP_FAILED = 6    /* everything else, a bug included */
};

/* ---- types -------------------------------------------------------------------------------- */

typedef uint32_t esp_type;
enum {
    ESP_BOOLEAN = 1,
    ESP_INTEGER = 2,
    ESP_REAL = 3,
    ESP_TEXT = 4,
    ESP_CHOICE = 5, /* one of a parameter's `choices` */
    ESP_TENSOR = 16,
    ESP_GRAPH = 17,
    ESP_TABLE = 18,
    ESP_MODEL = 19,
    ESP_LIST = 0x100 /* added to the first five: any number of them */
};

/* A setting: a boolean, integer, real, text or choice, or a list of those. */
typedef struct esp_value {
    esp_type type;
    uint32_t flags; /* 0 */
    int64_t count;  /* elements of a list; 1 otherwise */
    union {
        int64_t integer; /* ESP_BOOLEAN (0 or 1), ESP_INTEGER, ESP_CHOICE (index of the choice) */
        double real;
        const char* text;
        const int64_t* integers; /* lists of the above */
        const double* reals;
        const char* const* texts;
    } as;
} esp_value;

/* Layout and codes are those of DLPack's DLTensor. Tensors that cross the border are always on
 * the CPU, compact and row-major: strides is NULL and byte_offset is 0. */
typedef struct esp_dtype {
    uint8_t code;   /* 0 signed integer, 1 unsigned integer, 2 floating point, 6 boolean */
    uint8_t bits;   /* float 32, 64; signed 8, 16, 32, 64; unsigned 8; boolean 8 */
    uint16_t lanes; /* 1 */
} esp_dtype;

typedef struct esp_tensor {
    void* data;
    int32_t device_type; /* 1, the CPU */
    int32_t device_id;   /* 0 */
    int32_t ndim;
    esp_dtype dtype;
    int64_t* shape;
    int64_t* strides;
    uint64_t byte_offset;
} esp_tensor;

/* ---- bundles: what a port carries ------------------------------------------------------------
 *
 * A port carries named parts, and each part is a tensor or a value:
 *
 *   ESP_TENSOR      tensor ""
 *   ESP_GRAPH       tensors "offsets" int64[nodes + 1], "targets" int32[entries] (compressed rows:
 *                   the edges from v are targets[offsets[v] .. offsets[v + 1]), ascending, once
 *                   each; an undirected edge {u, v} stands in row u and in row v);
 *                   where present "weights" float64[entries], "positions" float64[nodes, axes],
 *                   "node:NAME" and "edge:NAME" (attributes, a tensor or a list of texts, one row
 *                   a node or an entry); value "directed" (boolean, absent means undirected)
 *   ESP_TABLE       one part a column: tensor[rows], or a value that is a list of texts
 *   ESP_MODEL       any tensors and values; values "component" and "version" say who made it and
 *                   are added by the kernel
 *   any other type  value ""
 */

/* ---- declarations -------------------------------------------------------------------------- */

enum {
    ESP_REQUIRED = 1u << 0,
    ESP_ADVANCED = 1u << 1,  /* listed last, left out of the short help */
    ESP_LOG_SCALE = 1u << 2, /* natural steps are factors */
    ESP_OPEN_MIN = 1u << 3,  /* min itself is not allowed */
    ESP_OPEN_MAX = 1u << 4,
    ESP_ALLOW_MISSING = 1u << 5 /* an input may hold NaN; otherwise the kernel refuses them */
};

typedef struct esp_parameter {
    const char* name; /* lower_snake_case, unique among parameters and inputs; never "seed" */
    esp_type type;
    uint32_t flags;
    esp_value initial;          /* the default; not read when ESP_REQUIRED */
    double min, max;            /* range of a number or of each in a list; infinite when free */
    const char* unit;           /* "ms", "J/k_B"; "" when it has none */
    const char* const* choices; /* NULL-terminated; of ESP_CHOICE only */
    const char* doc;            /* one sentence */
} esp_parameter;

typedef struct esp_port {
    const char* name;
    esp_type type;
    uint32_t flags;  /* inputs: ESP_REQUIRED, ESP_ALLOW_MISSING */
    esp_dtype dtype; /* of a tensor: inputs are converted to it; {0, 0, 0} takes any as it is */
    /* Axes of a tensor, "run,time,node"; alternatives are parted by '|'. Axes of the same name
     * agree in length over all inputs of a call. "" takes any shape. */
    const char* axes;
    const char* unit;
    const char* doc;
} esp_port;

/* ---- what the kernel offers a call ---------------------------------------------------------- */

typedef struct esp_call esp_call; /* one run of one component */
typedef esp_status (*esp_body)(void* context, int64_t begin, int64_t end);

typedef struct esp_host {
    uint32_t size;
    uint32_t abi_major, abi_minor;
    const char* version; /* of the kernel */

    /* [any] NULL when the kernel has no such extension. */
    const void* (*extension)(const char* id);

    /* [any] level: 0 debug, 1 note, 2 warning. */
    void (*log)(esp_call*, int32_t level, const char* message);
    /* [call] Says why; returns `status`, so that `return host->fail(...)` reads well. `where` names
     * a parameter or a port, or is NULL. */
    esp_status (*fail)(esp_call*, esp_status status, const char* where, const char* message);

    /* [any] Ask at least every 50 ms; when not 0, return ESP_CANCELLED soon. */
    int32_t (*cancelled)(esp_call*);
    /* [any] 0..1. */
    void (*progress)(esp_call*, double fraction, const char* doing);
    /* [call] One point of a curve that can be watched while the call runs. */
    void (*metric)(esp_call*, const char* name, int64_t step, double value);

    /* [call] Calls body once for each chunk [k * grain, min(n, (k + 1) * grain)), maybe at once and
     * in any order, and waits. The number of threads has no part in how [0, n) is cut. Returns the
     * status of the first chunk in order that did not return ESP_OK; chunks not begun by then are
     * left out. */
    esp_status (*parallel_for)(esp_call*, int64_t n, int64_t grain, esp_body, void* context);

    /* [any] The key of a counter-based generator: a pure function of the call's seed, the
     * component's name and `stream`. */
    void (*rng_key)(esp_call*, uint64_t stream, uint32_t key[2]);

    /* [call] Read-only parts of an input, shared with other calls. NULL when there is none. */
    const esp_tensor* (*tensor_in)(esp_call*, const char* port, const char* part);
    const esp_value* (*value_in)(esp_call*, const char* port, const char* part);
    /* [call] Name of the index-th part of an input; NULL past the last. */
    const char* (*part_in)(esp_call*, const char* port, int64_t index);

    /* [call] Allocates a part of an output, zeroed; NULL (and the reason is kept) when the port is
     * not declared so or memory is short. Outputs are checked and published when run returns
     * ESP_OK. */
    esp_tensor* (*tensor_out)(esp_call*, const char* port, const char* part, esp_dtype,
                              int32_t ndim, const int64_t* shape);
    /* [call] Copies the value. */
    esp_status (*value_out)(esp_call*, const char* port, const char* part, const esp_value*);
} esp_host;

/* ---- what a plugin declares ------------------------------------------------------------------ */

/* A kind is a promise about ports, and the table in which a script finds the component. */
typedef uint32_t esp_kind;
enum {
    ESP_GENERATOR = 1, /* parameters -> graph or data;     esp.generate.NAME */
    ESP_SIMULATOR = 2, /* model of motion -> trajectories; esp.simulate.NAME */
    ESP_SAMPLER = 3,   /* distribution -> draws;           esp.sample.NAME */
    ESP_LEARNER = 4,   /* data -> model, estimates;        esp.learn.NAME */
    ESP_PREDICTOR = 5, /* model, data -> predictions;      esp.predict.NAME */
    ESP_PRUNER = 6,    /* model or graph -> smaller one;   esp.prune.NAME */
    ESP_ANALYZER = 7   /* data -> numbers;                 esp.analyze.NAME */
};

enum {
    ESP_RANDOM = 1u << 0,  /* uses rng_key: takes a parameter `seed` */
    ESP_ISA_BITS = 1u << 1 /* bits may differ between instruction sets */
};

typedef struct esp_component {
    uint32_t size;
    esp_kind kind;
    uint32_t flags;
    const char* name;      /* lower_snake_case, unique among its kind */
    const char* summary;   /* one line */
    const char* doc;       /* Markdown: the equations and what they assume */
    const char* reference; /* "doi:...", "arXiv:..."; "" when there is none */
    const char* example;   /* a call in Lua, or "" */

    uint32_t parameter_size, parameter_count; /* sizeof(esp_parameter), how many */
    const esp_parameter* parameters;
    uint32_t port_size, input_count, output_count;
    const esp_port *inputs, *outputs;

    /* [call] `values` holds one checked entry a parameter, in the order declared. What needs two
     * parameters at once is checked here. */
    esp_status (*create)(const esp_host*, esp_call*, const esp_value* values, void** self);
    esp_status (*run)(void* self, const esp_host*, esp_call*);
    void (*destroy)(void* self);
    const void* (*extension)(const char* id); /* may be NULL */
} esp_component;

/* ---- extension "esp.iterative/1": work in steps ----------------------------------------------
 *
 * A component whose work goes in steps, and whose state between two steps can be put down and
 * taken up again, returns an esp_iterative from `extension(ESP_ITERATIVE)`. In place of `run` the
 * kernel then calls
 *
 *     begin, load or not, advance and save as often as it likes, finish, end
 *
 * so that checkpoints are the kernel's work, done once for all. What a call computes depends neither
 * on how its steps are grouped nor on whether its state was saved and loaded between two of them.
 * `run` stays, and does the same in one go.
 *
 * A state is a bundle, as a port is: `save` makes its parts with tensor_out and value_out, `load`
 * finds them with tensor_in, value_in and part_in, under the port name ESP_STATE, which exists in
 * these two calls only. The kernel owns the parts, and adds its own record of who saved them: a
 * state comes back only to the same call of the same build. A value that is a list holds texts;
 * numbers go into a tensor. Outputs are made in `finish` alone; inputs may be read in every call. */
#define ESP_ITERATIVE "esp.iterative/1"
#define ESP_STATE "esp.state"

typedef struct esp_iterative {
    uint32_t size;
    /* [call] Makes the work before its first step, from parameters and inputs. */
    esp_status (*begin)(void* self, const esp_host*, esp_call*, void** work);
    /* [call] Takes `steps` (1 or more) further steps, fewer only where the work ends; then *done,
     * which is 0 before, becomes 1. After any other status than ESP_OK only `end` is called.
     * cancelled() may stay 0 for up to a second after the user asked to stop, so that the steps can
     * be completed and their state saved. `progress` is told here, as in `run`. */
    esp_status (*advance)(void* work, const esp_host*, esp_call*, int64_t steps, int32_t* done);
    /* [call] Makes the parts of ESP_STATE; leaves the work as it is. */
    esp_status (*save)(void* work, const esp_host*, esp_call*);
    /* [call] Brings work that has just begun to a saved state. After any other status than ESP_OK
     * the kernel ends this work, says why, and begins another. */
    esp_status (*load)(void* work, const esp_host*, esp_call*);
    /* [call] Makes the outputs, once, after the last step. */
    esp_status (*finish)(void* work, const esp_host*, esp_call*);
    /* [call] Frees what begin made; also when something failed on the way. */
    void (*end)(void* work);
} esp_iterative;

typedef struct esp_plugin {
    uint32_t size;
    uint32_t abi_major, abi_minor; /* as compiled */
    const char* id;                /* "org.example.ising" */
    const char* version;           /* semantic; changes when results do */
    const char* license;           /* SPDX */
    const char* authors;
    const char* build; /* compiler and instruction set */
    uint32_t component_count;
    const esp_component* const* components;
} esp_plugin;

/* [load] The one symbol that a plugin exports: cheap, and constant. */
typedef const esp_plugin* (*esp_entry)(void);
#define ESP_ENTRY_NAME "espalier_plugin_entry"

#if defined(_WIN32)
#define ESP_EXPORT __declspec(dllexport)
#else
#define ESP_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
}
#endif
#endif
