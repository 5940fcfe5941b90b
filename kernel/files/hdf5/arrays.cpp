// SPDX-License-Identifier: MIT
// Datasets of numbers, through libhdf5. A file comes from elsewhere: no other file that it names is
// opened, nothing larger than allowed is held, links that lead in circles end.
#include "files/hdf5/arrays.hpp"

#include "values/tensor.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

namespace espalier::files {

namespace {

constexpr std::size_t most_arrays = 100'000;
constexpr int depth_limit = 64;

struct Trouble : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// An open thing of the library and what closes it.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& trouble) : id_(id), close_(close) {
        if (id < 0) throw Trouble(trouble);
    }
    ~Handle() { close_(id_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    operator hid_t() const { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

struct Kind {
    DType dtype;
    hid_t memory; // a predefined type of the library, or our truth
    std::size_t width;
};

// As h5py has truths: an enumeration of FALSE and TRUE.
hid_t truth_type() {
    static const hid_t type = [] {
        const hid_t made = H5Tenum_create(H5T_NATIVE_INT8);
        int8_t value = 0;
        H5Tenum_insert(made, "FALSE", &value);
        value = 1;
        H5Tenum_insert(made, "TRUE", &value);
        return made;
    }();
    return type;
}

Kind kind_of(DType dtype) {
    switch (dtype) {
    case DType::boolean: return {dtype, truth_type(), 1};
    case DType::uint8: return {dtype, H5T_NATIVE_UINT8, 1};
    case DType::int8: return {dtype, H5T_NATIVE_INT8, 1};
    case DType::int16: return {dtype, H5T_NATIVE_INT16, 2};
    case DType::int32: return {dtype, H5T_NATIVE_INT32, 4};
    case DType::int64: return {dtype, H5T_NATIVE_INT64, 8};
    case DType::float32: return {dtype, H5T_NATIVE_FLOAT, 4};
    default: return {DType::float64, H5T_NATIVE_DOUBLE, 8};
    }
}

// The smallest type of ours that holds all of theirs; false for what is no number.
bool find_kind(hid_t type, Kind& kind) {
    const std::size_t width = H5Tget_size(type);
    switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
        const bool with_sign = H5Tget_sign(type) == H5T_SGN_2;
        if (width > 8) return false;
        kind = kind_of(width == 1   ? (with_sign ? DType::int8 : DType::uint8)
                       : width == 2 ? (with_sign ? DType::int16 : DType::int32)
                       : width <= 4 ? (with_sign ? DType::int32 : DType::int64)
                                    : DType::int64);
        if (width > 4 && !with_sign) kind.memory = H5T_NATIVE_UINT64; // judged when it is read
        return true;
    }
    case H5T_FLOAT: kind = kind_of(width <= 4 ? DType::float32 : DType::float64); return true;
    case H5T_ENUM: {
        if (width != 1 || H5Tget_nmembers(type) != 2) return false;
        int8_t value = 1;
        kind = kind_of(DType::boolean);
        return H5Tenum_valueof(type, "FALSE", &value) >= 0 && value == 0 &&
               H5Tenum_valueof(type, "TRUE", &value) >= 0 && value == 1;
    }
    default: return false;
    }
}

class Reader {
public:
    Reader(uint64_t limit, std::vector<Hdf5Array>& arrays, std::vector<std::string>& left_out)
        : limit_(limit), arrays_(arrays), left_out_(left_out) {}

    void group(hid_t group, const std::string& path, int depth) {
        if (depth > depth_limit) throw Trouble("more than 64 levels of groups");
        H5G_info_t info;
        if (H5Gget_info(group, &info) < 0) throw Trouble("a group cannot be read: " + path);
        for (hsize_t i = 0; i < info.nlinks; ++i) {
            const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i,
                                                      nullptr, 0, H5P_DEFAULT);
            if (length < 0 || length > 4096) throw Trouble("a name cannot be read in " + path);
            std::string name(static_cast<std::size_t>(length), '\0');
            H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(),
                               name.size() + 1, H5P_DEFAULT);
            member(group, name, path.empty() ? name : path + '/' + name, depth);
        }
    }

private:
    void member(hid_t group_id, const std::string& name, const std::string& path, int depth) {
        H5L_info_t link;
        if (H5Lget_info(group_id, name.c_str(), &link, H5P_DEFAULT) < 0)
            throw Trouble("a link cannot be read: " + path);
        if (link.type != H5L_TYPE_HARD) { // it may lead to another file
            left_out_.push_back(path);
            return;
        }
        const Handle object(H5Oopen(group_id, name.c_str(), H5P_DEFAULT), H5Oclose,
                            "cannot be opened: " + path);
        const H5I_type_t type = H5Iget_type(object);
        if (type == H5I_DATASET) return dataset(object, path);
        H5O_info_t info;
        if (type != H5I_GROUP || H5Oget_info(object, &info) < 0) {
            left_out_.push_back(path);
            return;
        }
        if (!seen_.insert(info.addr).second) throw Trouble("a group stands twice: " + path);
        group(object, path, depth + 1);
    }

    void dataset(hid_t set, const std::string& path) {
        const Handle type(H5Dget_type(set), H5Tclose, "has no type: " + path);
        const Handle space(H5Dget_space(set), H5Sclose, "has no shape: " + path);
        const Handle creation(H5Dget_create_plist(set), H5Pclose, "has no layout: " + path);
        Kind kind{};
        const H5S_class_t extent = H5Sget_simple_extent_type(space);
        if (!find_kind(type, kind) || extent == H5S_NULL) {
            left_out_.push_back(path);
            return;
        }
        if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) > 0)
            throw Trouble(path + " is kept in other files, which are not read");
        std::array<hsize_t, H5S_MAX_RANK> lengths{};
        const int axes = H5Sget_simple_extent_dims(space, lengths.data(), nullptr);
        if (axes < 0) throw Trouble("has no shape: " + path);
        Hdf5Array array{path, static_cast<uint8_t>(kind.dtype), {}, {}};
        uint64_t bytes = kind.width;
        for (std::size_t a = 0; a < static_cast<std::size_t>(axes); ++a) {
            if (lengths[a] != 0 && bytes > limit_ / lengths[a])
                throw Trouble(path + " is larger than the file warrants");
            bytes *= lengths[a];
            array.shape.push_back(static_cast<int64_t>(lengths[a]));
        }
        if (bytes > limit_ || arrays_.size() == most_arrays)
            throw Trouble(path + " is larger than the file warrants");
        limit_ -= bytes;
        array.bytes.resize(bytes);
        if (bytes > 0 &&
            H5Dread(set, kind.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes.data()) < 0)
            throw Trouble(path + " cannot be read: it is cut short, damaged, or packed in a way "
                                 "that libhdf5 does not know here");
        if (kind.memory == H5T_NATIVE_UINT64) {
            const auto* numbers = reinterpret_cast<const uint64_t*>(array.bytes.data());
            if (std::any_of(numbers, numbers + bytes / 8, [](uint64_t n) {
                    return n > static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
                }))
                throw Trouble(path + " holds a number beyond the signed 64 bits");
        }
        arrays_.push_back(std::move(array));
    }

    uint64_t limit_;
    std::vector<Hdf5Array>& arrays_;
    std::vector<std::string>& left_out_;
    std::set<haddr_t> seen_;
};

std::string guarded(const std::function<void()>& body) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    try {
        body();
        return {};
    } catch (const std::exception& trouble) {
        return trouble.what();
    }
}

std::string read(const char* file, uint64_t limit, std::vector<Hdf5Array>& arrays,
                 std::vector<std::string>& left_out) {
    return guarded([&] {
        const Handle opened(H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                            "no HDF5 file, or one that is damaged");
        const Handle root(H5Gopen2(opened, "/", H5P_DEFAULT), H5Gclose, "has no root");
        Reader(limit, arrays, left_out).group(root, "", 0);
    });
}

std::string write(const std::vector<Hdf5Array>& arrays, std::string& image) {
    return guarded([&] {
        const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "no memory");
        H5Pset_fapl_core(access, std::size_t{1} << 20, false); // in memory alone
        const Handle file(H5Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose,
                          "a file in memory cannot be made");
        const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "no memory");
        H5Pset_create_intermediate_group(links, 1);
        const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "no memory");
        H5Pset_obj_track_times(creation, false);
        for (const Hdf5Array& array : arrays) {
            const std::vector<hsize_t> lengths(array.shape.begin(), array.shape.end());
            const Handle space(lengths.empty() ? H5Screate(H5S_SCALAR)
                                               : H5Screate_simple(static_cast<int>(lengths.size()),
                                                                  lengths.data(), nullptr),
                               H5Sclose, "a shape that HDF5 has not: " + array.path);
            const Kind kind = kind_of(static_cast<DType>(array.dtype));
            const Handle set(H5Dcreate2(file, array.path.c_str(), kind.memory, space, links,
                                        creation, H5P_DEFAULT),
                             H5Dclose, "cannot be made: " + array.path);
            if (!array.bytes.empty() &&
                H5Dwrite(set, kind.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes.data()) < 0)
                throw Trouble("cannot be written: " + array.path);
        }
        H5Fflush(file, H5F_SCOPE_GLOBAL);
        const ssize_t size = H5Fget_file_image(file, nullptr, 0);
        if (size < 0) throw Trouble("the file cannot be taken from memory");
        image.resize(static_cast<std::size_t>(size));
        if (H5Fget_file_image(file, image.data(), image.size()) < 0)
            throw Trouble("the file cannot be taken from memory");
    });
}

} // namespace

extern "C" __attribute__((visibility("default"))) const Hdf5Library espalier_hdf5{read, write};

} // namespace espalier::files
