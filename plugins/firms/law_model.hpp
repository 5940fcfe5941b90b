// SPDX-License-Identifier: MIT
// Laws as parts of a model, written by learners and read by what uses them.
#pragma once

#include "laws.hpp"

namespace espalier::firms {

// Of a model: `size`, `variables`, `sectors` (texts), `scaling` [sector, variable, 4]: exponent and
// ln c of gains, then of losses (NaN: none), `growth` [sector, 4] as GrowthLaw, `tent` [sector, 3]:
// log width, exponent, median.
struct LawModel {
    std::vector<std::string> variables, sectors;
    std::vector<SectorLaws> laws;

    // The laws of a panel's sectors, in its order. Throws Invalid, naming `port`, when the panel
    // has another size variable or a sector that the model does not know.
    std::vector<SectorLaws> of(const Panel& panel, const char* port) const;
};

void write_laws(const Bundle& model, const LawModel& laws);
LawModel read_laws(const Bundle& model);

// Fills a column of a table from anything that can be counted.
template <class Element, class Values>
void write_column(const Bundle& table, const char* name, const Values& values) {
    Element* to = table.output<Element>(name, {static_cast<int64_t>(values.size())}).data();
    for (const auto& v : values) *to++ = static_cast<Element>(v);
}

} // namespace espalier::firms
