// SPDX-License-Identifier: MIT
// SHA-256 through libcrypto, over a tagged, length-prefixed form of each value.
#include "values/digest.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <vector>

namespace espalier {

struct Hasher::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() {
        if (!context || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1)
            throw Failure(Exit::bug, "SHA-256 is not available");
    }
    ~State() { EVP_MD_CTX_free(context); }
};

namespace {

struct AddContent {
    Hasher& hasher;

    void operator()(std::monostate) const {}
    void operator()(bool v) const { hasher.add(int64_t{v}); }
    void operator()(int64_t v) const { hasher.add(v); }
    void operator()(double v) const { hasher.add(&v, sizeof v); }
    void operator()(const std::string& v) const { hasher.add(std::string_view(v)); }
    void operator()(const Tensor& v) const {
        hasher.add(name_of(v.dtype())).add(static_cast<int64_t>(v.axes()));
        for (int64_t length : v.shape()) hasher.add(length);
        hasher.add(v.data(), v.bytes());
    }
    void operator()(const std::shared_ptr<const List>& v) const {
        hasher.add(static_cast<int64_t>(v->size()));
        for (const Value& item : *v) hasher.add(item);
    }
    void operator()(const Map& v) const {
        hasher.add(static_cast<int64_t>(v.size()));
        for (const auto& [name, item] : v) hasher.add(std::string_view(name)).add(item);
    }
    void operator()(const std::shared_ptr<const Map>& v) const { (*this)(*v); }
    void operator()(const Table& v) const {
        hasher.add(v.rows).add(static_cast<int64_t>(v.columns.size()));
        for (const auto& [name, column] : v.columns) {
            hasher.add(std::string_view(name)).add(static_cast<int64_t>(column.index()));
            if (const auto* tensor = std::get_if<Tensor>(&column))
                (*this)(*tensor);
            else
                for (const std::string& text : *std::get<1>(column))
                    hasher.add(std::string_view(text));
        }
    }
    void operator()(const std::shared_ptr<const Table>& v) const { (*this)(*v); }
    void operator()(const std::shared_ptr<const Graph>& v) const {
        hasher.add(int64_t{v->directed});
        (*this)(v->offsets);
        (*this)(v->targets);
        for (const auto* part : {&v->weights, &v->positions}) {
            hasher.add(int64_t{part->has_value()});
            if (*part) (*this)(**part);
        }
        (*this)(v->node_attributes);
        (*this)(v->edge_attributes);
    }
    void operator()(const std::shared_ptr<const Model>& v) const {
        hasher.add(std::string_view(v->component)).add(std::string_view(v->version));
        hasher.add(static_cast<int64_t>(v->tensors.size()));
        for (const auto& [name, tensor] : v->tensors) {
            hasher.add(std::string_view(name));
            (*this)(tensor);
        }
        (*this)(v->settings);
    }
};

} // namespace

std::string Digest::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const uint8_t byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

Digest digest_named(std::string_view hex) {
    Digest digest;
    const auto refuse = [&] {
        return Failure(Exit::bad_data,
                       fmt::format("'{}' is no SHA-256 in hexadecimal digits", hex));
    };
    if (hex.size() != 2 * digest.bytes.size()) throw refuse();
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        const char* at = hex.data() + 2 * i;
        const auto read = std::from_chars(at, at + 2, digest.bytes[i], 16);
        if (read.ec != std::errc{} || read.ptr != at + 2) throw refuse();
    }
    return digest;
}

uint64_t Digest::word() const noexcept {
    uint64_t w = 0;
    for (std::size_t i = 0; i < 8; ++i) w = w << 8 | bytes[i];
    return w;
}

Hasher::Hasher() : state_(std::make_shared<State>()) {}

Hasher& Hasher::add(const void* data, std::size_t bytes) {
    if (bytes) EVP_DigestUpdate(state_->context, data, bytes);
    return *this;
}

Hasher& Hasher::add(std::string_view text) {
    add(static_cast<int64_t>(text.size()));
    return add(text.data(), text.size());
}

Hasher& Hasher::add(int64_t number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<unsigned char>(static_cast<uint64_t>(number) >> (8 * i));
    return add(bytes, sizeof bytes);
}

Hasher& Hasher::add(const Value& value) {
    add(value.type());
    std::visit(AddContent{*this}, value.data());
    return *this;
}

Digest Hasher::digest() {
    Digest d;
    EVP_DigestFinal_ex(state_->context, d.bytes.data(), nullptr);
    return d;
}

Digest digest_of(const Value& value) { return Hasher().add(value).digest(); }

Digest digest_of_file(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file)
        throw Failure(Exit::missing_input,
                      fmt::format("{}: {}", path.string(), std::strerror(errno)));
    Hasher hasher;
    std::vector<char> block(std::size_t{1} << 16);
    while (const std::size_t got = std::fread(block.data(), 1, block.size(), file.get()))
        hasher.add(block.data(), got);
    if (std::ferror(file.get()))
        throw Failure(Exit::input_output, fmt::format("{}: cannot be read", path.string()));
    return hasher.digest();
}

} // namespace espalier
