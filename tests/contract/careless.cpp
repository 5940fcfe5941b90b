// SPDX-License-Identifier: MIT
// Outputs that are not as declared.
#include <espalier/plugin.hpp>

#include <cfenv>

namespace {

struct Careless {
    std::string how = "nothing";

    static void describe(espalier::Schema<Careless>& s) {
        s.generator("careless", "Breaks its promises");
        s.param("how", &Careless::how)
            .choices({"nothing", "other_type", "other_axes", "unsorted", "one_row", "undeclared",
                      "rounding"})
            .doc("Which promise is broken.");
        s.output_tensor("numbers", "index", "Numbers.");
        s.output_graph("graph", "A graph.");
    }
    void run(const espalier::Task& task) const {
        if (how == "nothing") return;
        if (how == "undeclared") task.output<double>("something", {1});
        if (how == "rounding") std::fesetround(FE_DOWNWARD);
        if (how == "other_type")
            task.output<float>("numbers", {1});
        else if (how == "other_axes")
            task.output<double>("numbers", {1, 1});
        else
            task.output<double>("numbers", {1});
        auto g = task.output_graph("graph", 3, 2, false);
        const bool unsorted = how == "unsorted", one_row = how == "one_row";
        const int64_t offsets[] = {0, unsorted || one_row ? 2 : 1, 2, 2};
        std::copy(offsets, offsets + 4, g.offsets.begin());
        g.targets.data()[0] = unsorted ? 2 : 1;
        g.targets.data()[1] = unsorted ? 1 : one_row ? 2 : 0;
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.careless", "1.0.0", "MIT", "", Careless)
