// SPDX-License-Identifier: MIT
// Values as arrays with paths, and the library that knows HDF5.
#include "files/hdf5.hpp"

#include "files/hdf5/arrays.hpp"
#include "files/npy.hpp"
#include "files/own_library.hpp"
#include "files/reading.hpp"
#include "files/text.hpp"

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <cstring>

namespace espalier::files {

namespace {

const Hdf5Library& library(const std::string& file) {
    static const boost::dll::shared_library* opened = nullptr;
    if (!opened) try {
            opened = new boost::dll::shared_library( // never closed: it has work at the end
                own_library(hdf5_library).string(), boost::dll::load_mode::rtld_now);
        } catch (const std::exception&) {
            throw Failure(Exit::plugin,
                          fmt::format("{}: this program was built without libhdf5", file),
                          "install libhdf5-dev, then configure and build again (./bootstrap does "
                          "both)");
        }
    return opened->get<const Hdf5Library>(hdf5_symbol);
}

void check(const std::string& file, const std::string& trouble) {
    if (!trouble.empty()) throw Failure(Exit::bad_data, fmt::format("{}: {}", file, trouble));
}

Value value_of(const Hdf5Array& array, const std::string& file, bool allow_nan) {
    Tensor tensor(static_cast<DType>(array.dtype), array.shape);
    if (!array.bytes.empty())
        std::memcpy(tensor.writable(), array.bytes.data(), array.bytes.size());
    if (!allow_nan) require_finite(tensor, fmt::format("{}: {}", file, array.path));
    if (!array.shape.empty()) return tensor;
    if (tensor.dtype() == DType::boolean) return tensor.number(0) != 0;
    if (is_real(tensor.dtype())) return tensor.number(0);
    if (tensor.dtype() == DType::int64) return tensor.values<int64_t>()[0];
    return static_cast<int64_t>(tensor.number(0));
}

void put(Map& map, std::string_view path, Value value) {
    const std::size_t slash = path.find('/');
    const std::string name(path.substr(0, slash));
    if (slash == path.npos) {
        map.insert_or_assign(name, std::move(value));
        return;
    }
    const auto found = map.find(name);
    Map inner = found == map.end() ? Map() : found->second.as<Map>();
    put(inner, path.substr(slash + 1), std::move(value));
    map.insert_or_assign(name, std::move(inner));
}

void collect(const Value& value, const std::string& path, const std::string& file,
             std::vector<Hdf5Array>& arrays) {
    const auto refuse = [&](const std::string& message) {
        throw Failure(Exit::bad_data, fmt::format("{}: {}", file, message),
                      "save it as .npz, which holds every value");
    };
    Tensor tensor;
    if (const auto* map = value.get<Map>()) {
        for (const auto& [name, inner] : *map) {
            if (name.empty() || name == "." || name == ".." ||
                name.find_first_of(std::string_view("/\0", 2)) != name.npos)
                refuse(fmt::format("HDF5 cannot hold the name {}", in_quotes(name)));
            collect(inner, path.empty() ? name : path + '/' + name, file, arrays);
        }
        return;
    }
    if (const auto* given = value.get<Tensor>())
        tensor = *given;
    else if (const auto* truth = value.get<bool>())
        tensor = Tensor(DType::boolean, {}), tensor.writable_values<bool>()[0] = *truth;
    else if (const auto* whole = value.get<int64_t>())
        tensor = Tensor(DType::int64, {}), tensor.writable_values<int64_t>()[0] = *whole;
    else if (const auto* real = value.get<double>())
        tensor = Tensor(DType::float64, {}), tensor.writable_values<double>()[0] = *real;
    else
        refuse(fmt::format("HDF5 files hold tensors, numbers and maps here, {} is of type {}",
                           path.empty() ? "this" : in_quotes(path), value.type()));
    const char* const data = reinterpret_cast<const char*>(tensor.data());
    arrays.push_back({path.empty() ? "value" : path,
                      static_cast<uint8_t>(tensor.dtype()),
                      {tensor.shape().begin(), tensor.shape().end()},
                      {data, data + tensor.bytes()}});
}

} // namespace

Value read_hdf5(const std::filesystem::path& path, const LoadOptions& options, LoadReport& report) {
    require_file(path);
    const std::string file = path.string();
    std::vector<Hdf5Array> arrays;
    Texts left_out;
    check(file,
          library(file).read(file.c_str(),
                             unpacked_limit(std::filesystem::file_size(path), options.size_limit),
                             arrays, left_out));
    for (const auto& name : left_out)
        report.notes.push_back(fmt::format("{} is neither numbers nor a group, or elsewhere, and "
                                           "was left out",
                                           in_quotes(name)));
    const bool allow_nan = options.allow_nan.value_or(false);
    if (arrays.size() == 1 && arrays[0].path == "value" && !arrays[0].shape.empty())
        return value_of(arrays[0], file, allow_nan);
    Map map;
    for (const Hdf5Array& array : arrays) put(map, array.path, value_of(array, file, allow_nan));
    return map;
}

std::string hdf5_of(const Value& value, const std::string& file) {
    std::vector<Hdf5Array> arrays;
    collect(value, "", file, arrays);
    std::string image;
    check(file, library(file).write(arrays, image));
    return image;
}

} // namespace espalier::files
