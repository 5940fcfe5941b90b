// SPDX-License-Identifier: MIT
// Words of messages: cells of a table, amounts, articles.
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier {

std::string cell_text(const Column& column, int64_t row) {
    if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column))
        return (**texts)[static_cast<std::size_t>(row)];
    const Tensor& numbers = std::get<Tensor>(column);
    if (numbers.dtype() == DType::boolean) return numbers.number(row) != 0 ? "true" : "false";
    if (!is_real(numbers.dtype()))
        return with_type(numbers.dtype(), [&](auto zero) {
            using T = decltype(zero);
            return fmt::format("{}", +numbers.values<T>()[static_cast<std::size_t>(row)]);
        });
    return fmt::format("{:.6g}", numbers.number(row));
}

std::string bytes_text(double bytes) {
    const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
    return fmt::format("{:.{}g} {}", bytes, bytes >= 1000 ? 4 : 3, units[unit]);
}

std::string counted(int64_t n, std::string_view noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string with_article(std::string_view noun) {
    if (noun == "nil" || noun.empty()) return std::string(noun);
    return fmt::format("{} {}", std::string_view("aeio").find(noun[0]) != noun.npos ? "an" : "a",
                       noun);
}

} // namespace espalier
