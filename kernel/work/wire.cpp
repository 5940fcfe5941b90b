// SPDX-License-Identifier: MIT
// The encoding of values between processes: a tag, then fixed-width numbers and counted bytes.
#include "work/wire.hpp"

#include "values/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <type_traits>

#include <poll.h>
#include <sys/socket.h>

namespace espalier {

namespace {

enum class Tag : uint8_t {
    nil,
    no,
    yes,
    integer,
    real,
    text,
    list,
    map,
    tensor,
    graph,
    table,
    model
};

class Writer {
public:
    std::string bytes;

    template <class N> void number(N n) {
        static_assert(std::is_trivially_copyable_v<N>);
        bytes.append(reinterpret_cast<const char*>(&n), sizeof n);
    }
    void text(std::string_view t) {
        number(t.size());
        bytes.append(t);
    }
    void tensor(const Tensor& t) {
        number(t.dtype());
        number(t.shape().size());
        for (const int64_t n : t.shape()) number(n);
        bytes.append(reinterpret_cast<const char*>(t.data()), t.bytes());
    }
    void maybe(const std::optional<Tensor>& t) {
        number(t.has_value());
        if (t) tensor(*t);
    }
    void table(const Table& t) {
        number(t.rows);
        number(t.columns.size());
        for (const auto& [name, column] : t.columns) {
            text(name);
            const auto* numbers = std::get_if<Tensor>(&column);
            number(numbers != nullptr);
            if (numbers)
                tensor(*numbers);
            else
                for (const std::string& cell : **std::get_if<1>(&column)) text(cell);
        }
    }
    void map(const Map& m) {
        number(m.size());
        for (const auto& [name, v] : m) {
            text(name);
            value(v);
        }
    }
    void value(const Value& v) {
        if (const auto* b = v.get<bool>()) return number(*b ? Tag::yes : Tag::no);
        if (const auto* i = v.get<int64_t>()) return number(Tag::integer), number(*i);
        if (const auto* x = v.get<double>()) return number(Tag::real), number(*x);
        if (const auto* t = v.get<std::string>()) return number(Tag::text), text(*t);
        if (const auto* list = v.get<List>()) {
            number(Tag::list), number(list->size());
            for (const Value& item : *list) value(item);
            return;
        }
        if (const auto* m = v.get<Map>()) return number(Tag::map), map(*m);
        if (const auto* t = v.get<Tensor>()) return number(Tag::tensor), tensor(*t);
        if (const auto* t = v.get<Table>()) return number(Tag::table), table(*t);
        if (const auto* g = v.get<Graph>()) {
            number(Tag::graph), number(g->directed);
            tensor(g->offsets), tensor(g->targets), maybe(g->weights), maybe(g->positions);
            return table(g->node_attributes), table(g->edge_attributes);
        }
        if (const auto* m = v.get<Model>()) {
            number(Tag::model), text(m->component), text(m->version);
            number(m->tensors.size());
            for (const auto& [name, t] : m->tensors) text(name), tensor(t);
            return map(m->settings);
        }
        number(Tag::nil);
    }
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    Value whole() {
        Value v = value();
        if (!rest_.empty()) refuse();
        return v;
    }

private:
    [[noreturn]] static void refuse() {
        throw Failure(Exit::bug, "a message between processes is damaged");
    }
    std::string_view take(std::size_t n) {
        if (n > rest_.size()) refuse();
        const std::string_view taken = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return taken;
    }
    template <class N> N number() {
        N n;
        std::memcpy(&n, take(sizeof n).data(), sizeof n);
        return n;
    }
    bool flag() {
        const auto byte = number<uint8_t>();
        if (byte > 1) refuse();
        return byte == 1;
    }
    // Of things that take a byte each at least.
    std::size_t count() {
        const auto n = number<std::size_t>();
        if (n > rest_.size()) refuse();
        return n;
    }
    std::string text() { return std::string(take(count())); }
    Tensor tensor() {
        const auto dtype = number<DType>();
        if (dtype > DType::float64) refuse();
        Shape shape(number<std::size_t>() & 63);
        for (int64_t& n : shape) n = number<int64_t>();
        const std::string_view content =
            take(static_cast<std::size_t>(element_count(shape)) * byte_width(dtype));
        if (dtype == DType::boolean &&
            std::any_of(content.begin(), content.end(), [](char byte) { return (byte & ~1) != 0; }))
            refuse();
        Tensor t(dtype, std::move(shape));
        std::memcpy(t.writable(), content.data(), content.size());
        return t;
    }
    std::optional<Tensor> maybe() {
        if (!flag()) return {};
        return tensor();
    }
    Table table() {
        Table t;
        t.rows = number<int64_t>();
        for (std::size_t n = count(); n > 0; --n) {
            std::string name = text();
            if (flag()) {
                t.columns.emplace_back(std::move(name), tensor());
                continue;
            }
            Texts cells;
            for (int64_t row = 0; row < t.rows; ++row) cells.push_back(text());
            t.columns.emplace_back(std::move(name),
                                   std::make_shared<const Texts>(std::move(cells)));
        }
        return t;
    }
    Map map() {
        Map m;
        for (std::size_t n = count(); n > 0; --n) {
            std::string name = text();
            m.emplace_hint(m.end(), std::move(name), value());
        }
        return m;
    }
    Value value() {
        switch (number<Tag>()) {
        case Tag::nil: return {};
        case Tag::no: return false;
        case Tag::yes: return true;
        case Tag::integer: return number<int64_t>();
        case Tag::real: return number<double>();
        case Tag::text: return text();
        case Tag::list: {
            List list(count());
            for (Value& item : list) item = value();
            return list;
        }
        case Tag::map: return map();
        case Tag::tensor: return tensor();
        case Tag::table: return table();
        case Tag::graph: {
            Graph g;
            g.directed = flag();
            g.offsets = tensor(), g.targets = tensor(), g.weights = maybe(), g.positions = maybe();
            g.node_attributes = table(), g.edge_attributes = table();
            return g;
        }
        case Tag::model: {
            Model m;
            m.component = text(), m.version = text();
            for (std::size_t n = count(); n > 0; --n) {
                std::string name = text();
                m.tensors.emplace_hint(m.tensors.end(), std::move(name), tensor());
            }
            m.settings = map();
            return m;
        }
        }
        refuse();
    }

    std::string_view rest_;
};

constexpr std::size_t block = 1 << 16;

} // namespace

std::string wire_bytes(const Value& v) {
    Writer writer;
    writer.value(v);
    return std::move(writer.bytes);
}

Value wire_value(std::string_view bytes) { return Reader(bytes).whole(); }

bool MessageStream::send(const Value& v) const {
    Writer writer;
    writer.number(std::size_t{0});
    writer.value(v);
    const std::size_t size = writer.bytes.size() - sizeof size;
    std::memcpy(writer.bytes.data(), &size, sizeof size);
    std::string_view rest = writer.bytes;
    while (!rest.empty()) {
        const ssize_t n = ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n > 0)
            rest.remove_prefix(static_cast<std::size_t>(n));
        else if (errno == EAGAIN) {
            pollfd waited{descriptor_, POLLOUT, 0};
            poll(&waited, 1, -1);
        } else if (errno != EINTR)
            return false;
    }
    return true;
}

bool MessageStream::read_some() {
    if (used_ > 0) held_.erase(0, used_), used_ = 0;
    for (;;) {
        const std::size_t before = held_.size();
        held_.resize(before + block);
        const ssize_t n = recv(descriptor_, held_.data() + before, block, MSG_DONTWAIT);
        held_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        if (n == static_cast<ssize_t>(block)) continue;
        if (n > 0) return true;
        if (n < 0 && errno == EINTR) continue;
        return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
}

std::optional<Value> MessageStream::next() {
    std::size_t size = 0;
    const std::string_view rest = std::string_view(held_).substr(used_);
    if (rest.size() < sizeof size) return {};
    std::memcpy(&size, rest.data(), sizeof size);
    if (rest.size() - sizeof size < size) return {};
    used_ += sizeof size + size;
    return wire_value(rest.substr(sizeof size, size));
}

std::optional<Value> MessageStream::wait() {
    for (;;) {
        if (auto message = next()) return message;
        pollfd waited{descriptor_, POLLIN, 0};
        if (poll(&waited, 1, -1) < 0 && errno != EINTR) return {};
        if (waited.revents && !read_some()) return next();
    }
}

} // namespace espalier
