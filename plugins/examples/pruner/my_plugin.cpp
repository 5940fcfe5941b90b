// SPDX-License-Identifier: MIT
// A pruner: a model in, a smaller one of the same kind out.
#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

struct MyPlugin {
    double threshold = 0.1;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.pruner("my_plugin", "Weights below a threshold become zero")
            .doc("Every number of every tensor of the model whose magnitude is below `threshold` "
                 "is set to 0. A model that holds anything but float64 tensors is refused.")
            .reference("doi:10.48550/arXiv.1506.02626")
            .example("local small = esp.prune.my_plugin { model = m, threshold = 0.5 }.model");
        s.input_model("model", "Any model of float64 tensors.");
        s.param("threshold", &MyPlugin::threshold).min(0).doc("Least magnitude that is kept.");
        s.output_model("model", "The same tensors, with zeros.");
        s.output_real("density", "Share of the numbers that were kept; 1 where there are none.");
    }

    void run(const espalier::Task& task) const {
        const auto before = task.model("model"), after = task.output_model("model");
        std::int64_t all = 0, kept = 0;
        for (const std::string& part : before.parts()) {
            if (part == "component" || part == "version") continue; // the kernel's own
            const auto from = before.tensor<double>(part.c_str());
            const auto to = after.output<double>(part.c_str(), from.shape());
            std::transform(from.begin(), from.end(), to.begin(),
                           [&](double w) { return std::abs(w) < threshold ? 0 : w; });
            all += from.size();
            kept += from.size() - std::count(to.begin(), to.end(), 0.0);
        }
        task.output_value("density",
                          all ? static_cast<double>(kept) / static_cast<double>(all) : 1.0);
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
