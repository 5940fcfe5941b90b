// SPDX-License-Identifier: MIT
// Card: what a component declares, laid out for a terminal, as Markdown and as data.
#pragma once

#include "schema/component.hpp"
#include "values/value.hpp"

#include <string>

namespace espalier {

struct CardStyle {
    bool bold = false; // escape sequences of a terminal
    int width = 96;    // columns at which sentences are broken
};

// Summary, equations, parameters (advanced ones last), ports, reference and example.
std::string card_text(const Component&, CardStyle = {});

// The same as a section of a reference page; level is the number of '#' of its heading.
std::string card_markdown(const Component&, int level = 2);

// The same as a map: name, summary, doc, reference, example, plugin, version, random, and lists
// parameters, inputs, outputs of maps. An infinite bound is left out.
Map card_data(const Component&);

// "tensor float64 [run, time, node]", "graph", ...: what a port carries.
std::string port_text(const esp_port&);

} // namespace espalier
