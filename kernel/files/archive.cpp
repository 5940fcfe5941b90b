// SPDX-License-Identifier: MIT
// Zip files through libzip. Entries are read into memory, never extracted; names are labels.
#include "files/archive.hpp"

#include "files/json.hpp"
#include "files/npy.hpp"
#include "files/value_tree.hpp"
#include "files/writing.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <list>
#include <map>
#include <memory>

namespace espalier::files {

namespace {

constexpr std::string_view settings_name = "espalier.json";
constexpr zip_uint16_t first_date =
    1 << 5 | 1; // 1 January 1980, so that equal values give equal bytes

using Zip = std::unique_ptr<zip_t, decltype(&zip_discard)>;

std::string reason(zip_error_t& error) {
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

class EntrySource : public Source {
public:
    EntrySource(const std::string& archive, zip_t* zip, zip_uint64_t index, const zip_stat_t& stat)
        : Source(fmt::format("{}: entry {}", archive, in_quotes(stat.name)), stat.size, true),
          file_(zip_fopen_index(zip, index, 0)) {
        if (!file_) throw Failure(Exit::bad_data, fmt::format("{}: {}", name(), zip_strerror(zip)));
    }
    ~EntrySource() override { zip_fclose(file_); }
    EntrySource(const EntrySource&) = delete;
    EntrySource& operator=(const EntrySource&) = delete;

    std::size_t read(void* to, std::size_t bytes) override {
        std::size_t got = 0;
        while (got < bytes) {
            const zip_int64_t part = zip_fread(file_, static_cast<char*>(to) + got, bytes - got);
            if (part < 0)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: {}", name(), zip_file_strerror(file_)));
            if (part == 0) break;
            got += static_cast<std::size_t>(part);
        }
        return got;
    }

private:
    zip_file_t* file_;
};

Zip open_zip(const std::filesystem::path& path) {
    require_file(path);
    int code = 0;
    zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (!zip) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        throw Failure(Exit::bad_data,
                      fmt::format("{}: not a readable zip file: {}", path.string(), reason(error)));
    }
    return {zip, &zip_discard};
}

struct Entries {
    std::vector<zip_stat_t> stats;
    std::optional<zip_uint64_t> settings;
};

// Also refuses a bomb, be it one entry or many that share their packed bytes.
Entries list_entries(zip_t* zip, const std::filesystem::path& path,
                     const std::optional<int64_t>& size_limit) {
    const uint64_t limit = unpacked_limit(std::filesystem::file_size(path), size_limit);
    Entries entries;
    uint64_t total = 0;
    const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(zip, 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        constexpr zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE;
        if (zip_stat_index(zip, i, 0, &stat) != 0 || (stat.valid & wanted) != wanted)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: entry {} has no name or size", path.string(), i + 1));
        if (__builtin_add_overflow(total, stat.size, &total) || total > limit)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: its {} bytes unpack to more than {}", path.string(),
                                      std::filesystem::file_size(path), limit),
                          "size_limit = N, in bytes, loads it if it can be trusted");
        if (stat.name == settings_name) entries.settings = i;
        entries.stats.push_back(stat);
    }
    return entries;
}

std::map<std::string, Tensor, std::less<>>
read_arrays(zip_t* zip, const Entries& entries, const std::string& path, LoadReport& report) {
    std::map<std::string, Tensor, std::less<>> arrays;
    for (zip_uint64_t i = 0; i < entries.stats.size(); ++i) {
        std::string_view name = entries.stats[i].name;
        if (i == entries.settings) continue;
        if (!name.ends_with(".npy")) {
            report.notes.push_back(
                fmt::format("entry {} is no array and was left out", in_quotes(name)));
            continue;
        }
        EntrySource source(path, zip, i, entries.stats[i]);
        name.remove_suffix(4);
        if (!is_utf8(name) || !arrays.emplace(name, read_npy(source)).second)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: the name stands twice or is not UTF-8", source.name()));
    }
    return arrays;
}

// The two parts of an NPY file, which zip_close reads as it writes the archive.
struct Part {
    std::string header;
    Tensor tensor;
    std::array<zip_buffer_fragment_t, 2> fragments{};

    Part(Tensor t) : header(npy_header(t.dtype(), t.shape())), tensor(std::move(t)) {}
    zip_source_t* source(zip_t* zip) {
        fragments[0] = {reinterpret_cast<zip_uint8_t*>(header.data()), header.size()};
        fragments[1] = {reinterpret_cast<zip_uint8_t*>(tensor.writable()), tensor.bytes()};
        return zip_source_buffer_fragment(zip, fragments.data(), tensor.bytes() ? 2 : 1, 0);
    }
};

void add_entry(zip_t* zip, const std::string& entry, zip_source_t* source, bool compress,
               const std::string& path) {
    const zip_int64_t index =
        source ? zip_file_add(zip, entry.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    const auto at = static_cast<zip_uint64_t>(index);
    if (index < 0 ||
        zip_set_file_compression(zip, at, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(zip, at, 0, first_date, 0) != 0) {
        if (index < 0) zip_source_free(source);
        throw Failure(Exit::input_output,
                      fmt::format("{}: entry {}: {}", path, in_quotes(entry), zip_strerror(zip)));
    }
}

} // namespace

Value load_archive(const std::filesystem::path& path, const LoadOptions& options,
                   LoadReport& report) {
    const Zip zip = open_zip(path);
    const Entries entries = list_entries(zip.get(), path, options.size_limit);
    auto arrays = read_arrays(zip.get(), entries, path.string(), report);
    const bool whole_value = entries.settings.has_value();
    if (!options.allow_nan.value_or(whole_value))
        for (const auto& [name, tensor] : arrays)
            require_finite(tensor, fmt::format("{}: entry {}", path.string(), in_quotes(name)));
    if (!whole_value) {
        Map map;
        for (auto& [name, tensor] : arrays) map.emplace(name, std::move(tensor));
        return map;
    }
    EntrySource source(path.string(), zip.get(), *entries.settings,
                       entries.stats[*entries.settings]);
    const Bytes text = read_all(source);
    return from_tree(parse_json(as_text(source.name(), text.view())), arrays, source.name());
}

void save_archive(const std::filesystem::path& path, const Value& value,
                  const SaveOptions& options) {
    const Tree tree = to_tree(value, path.string());
    const std::string settings = json_text(tree.settings, path.string());
    Replacement replacement(path);
    const int descriptor = replacement.create(); // so that a missing folder is told as such
    if (::close(descriptor) != 0) replacement.fail(errno);
    int code = 0;
    Zip zip(zip_open(replacement.temporary().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code),
            &zip_discard);
    if (!zip) replacement.fail(errno);
    std::list<Part> parts;
    add_entry(zip.get(), std::string(settings_name),
              zip_source_buffer(zip.get(), settings.data(), settings.size(), 0), true,
              path.string());
    for (const auto& [name, tensor] : tree.arrays)
        add_entry(zip.get(), name + ".npy", parts.emplace_back(tensor).source(zip.get()),
                  options.compress, path.string());
    if (zip_close(zip.get()) != 0) {
        const zip_error_t* error = zip_get_error(zip.get());
        if (zip_error_system_type(error) == ZIP_ET_SYS)
            replacement.fail(zip_error_code_system(error));
        throw Failure(Exit::input_output, fmt::format("{}: cannot be written: {}", path.string(),
                                                      zip_strerror(zip.get())));
    }
    zip.release(); // closed
    replacement.commit();
}

} // namespace espalier::files
