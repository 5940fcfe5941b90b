// SPDX-License-Identifier: MIT
// Fuzz target: CSV as a table and as a tensor, with every separator and decimal.
#include "files/csv.hpp"
#include "oracle.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    LoadOptions options;
    options.as = input.choose(4) == 0 ? TextAs::tensor : TextAs::table;
    const int header = input.choose(3);
    if (header) options.header = header == 1;
    const char separators[] = {',', ';', '\t', ' ', ','};
    const int separator = input.choose(5);
    if (separator < 4) options.separator = separators[separator];
    options.decimal = input.choose(4) == 0 ? ',' : '.';
    if (input.choose(4) == 0) options.comment = '#';
    options.allow_nan = true;
    const auto value = fuzz::parsed([&] {
        LoadReport report;
        return files::read_csv(files::as_text("in", input.rest()), options.separator.value_or(','),
                               options, report);
    });
    if (!value || options.decimal != '.') return 0; // its texts may be numbers elsewhere
    LoadOptions again;
    again.allow_nan = true;
    again.as = options.as;
    again.separator = ',';
    again.header = options.as == TextAs::table;
    if (options.as == TextAs::table || value->as<Tensor>().size() > 0)
        fuzz::survives(*value, "t.csv", again);
    return 0;
}
