// SPDX-License-Identifier: MIT
// Laws to the tensors of a model and back.
#include "law_model.hpp"

#include <algorithm>

namespace espalier::firms {

void write_laws(const Bundle& model, const LawModel& m) {
    const auto sectors = static_cast<int64_t>(m.laws.size());
    const auto width = static_cast<int64_t>(m.variables.size());
    model.set("variables", m.variables);
    model.set("sectors", m.sectors);
    const auto scaling = model.output<double>("scaling", {sectors, width, 4});
    const auto growth = model.output<double>("growth", {sectors, 4});
    const auto tent = model.output<double>("tent", {sectors, 3});
    for (int64_t k = 0; k < sectors; ++k) {
        const SectorLaws& laws = m.laws[static_cast<std::size_t>(k)];
        for (int64_t v = 0; v < width; ++v) {
            const ScalingLaw& law = laws.scaling[static_cast<std::size_t>(v)];
            scaling(k, v, 0) = law.gain.slope, scaling(k, v, 1) = law.gain.intercept;
            const bool none = law.loss.rows == 0;
            scaling(k, v, 2) = none ? missing : law.loss.slope;
            scaling(k, v, 3) = none ? missing : law.loss.intercept;
        }
        growth(k, 0) = laws.growth.income, growth(k, 1) = laws.growth.income_exponent;
        growth(k, 2) = laws.growth.liabilities, growth(k, 3) = laws.growth.liabilities_exponent;
        tent(k, 0) = laws.tent.log_width, tent(k, 1) = laws.tent.exponent;
        tent(k, 2) = laws.tent.median;
    }
}

LawModel read_laws(const Bundle& model) {
    LawModel m;
    m.variables = model.texts("variables");
    m.sectors = model.texts("sectors");
    const auto scaling = model.tensor<double>("scaling");
    const auto growth = model.tensor<double>("growth");
    const auto tent = model.tensor<double>("tent");
    const auto sectors = static_cast<int64_t>(m.sectors.size());
    const auto width = static_cast<int64_t>(m.variables.size());
    if (scaling.size() != sectors * width * 4 || growth.size() != sectors * 4 ||
        tent.size() != sectors * 3)
        throw Invalid("model", "its laws are not those of its sectors and variables");
    for (int64_t k = 0; k < sectors; ++k) {
        SectorLaws laws;
        for (int64_t v = 0; v < width; ++v) {
            ScalingLaw law;
            law.gain.slope = scaling(k, v, 0), law.gain.intercept = scaling(k, v, 1);
            law.gain.rows = 1;
            law.loss.rows = std::isnan(scaling(k, v, 2)) ? 0 : 1;
            law.loss.slope = scaling(k, v, 2), law.loss.intercept = scaling(k, v, 3);
            laws.scaling.push_back(law);
        }
        laws.growth = {growth(k, 0), growth(k, 1), growth(k, 2), growth(k, 3)};
        laws.tent.log_width = tent(k, 0), laws.tent.exponent = tent(k, 1);
        laws.tent.median = tent(k, 2);
        m.laws.push_back(std::move(laws));
    }
    return m;
}

std::vector<SectorLaws> LawModel::of(const Panel& panel, const char* port) const {
    if (panel.variables().front() != variables.front())
        throw Invalid("size", "is '" + panel.variables().front() +
                                  "', but the model was learned with '" + variables.front() + "'");
    std::vector<SectorLaws> found;
    for (const auto& name : panel.sector_names()) {
        const auto at = std::find(sectors.begin(), sectors.end(), name);
        if (at == sectors.end())
            throw Invalid(port, "has the sector '" + name + "', which the model does not know");
        found.push_back(laws[static_cast<std::size_t>(at - sectors.begin())]);
    }
    return found;
}

} // namespace espalier::firms
