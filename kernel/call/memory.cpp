// SPDX-License-Identifier: MIT
// Memory of finished calls.
#include "call/memory.hpp"

namespace espalier {

namespace {

std::size_t bytes_of(const Table& t) {
    std::size_t bytes = 0;
    for (const auto& [name, column] : t.columns) {
        if (const auto* tensor = std::get_if<Tensor>(&column))
            bytes += tensor->bytes();
        else
            for (const std::string& text : *std::get<1>(column)) bytes += sizeof text + text.size();
    }
    return bytes;
}

} // namespace

std::size_t bytes_of(const Value& v) {
    std::size_t bytes = sizeof v;
    if (const auto* text = v.get<std::string>()) bytes += text->size();
    if (const auto* tensor = v.get<Tensor>()) bytes += tensor->bytes();
    if (const auto* table = v.get<Table>()) bytes += bytes_of(*table);
    if (const auto* list = v.get<List>())
        for (const Value& item : *list) bytes += bytes_of(item);
    if (const auto* map = v.get<Map>())
        for (const auto& item : *map) bytes += item.first.size() + bytes_of(item.second);
    if (const auto* model = v.get<Model>())
        for (const auto& item : model->tensors) bytes += item.first.size() + item.second.bytes();
    if (const auto* graph = v.get<Graph>()) {
        bytes += graph->offsets.bytes() + graph->targets.bytes();
        for (const auto* part : {&graph->weights, &graph->positions})
            if (*part) bytes += (*part)->bytes();
        bytes += bytes_of(graph->node_attributes) + bytes_of(graph->edge_attributes);
    }
    return bytes;
}

std::optional<Map> Memory::find(const Digest& digest) {
    const std::lock_guard lock(guard_);
    const auto at = places_.find(digest);
    if (at == places_.end()) return {};
    entries_.splice(entries_.begin(), entries_, at->second);
    return at->second->outputs;
}

void Memory::keep(const Digest& digest, const Map& outputs) {
    std::size_t bytes = 0;
    for (const auto& item : outputs) bytes += item.first.size() + bytes_of(item.second);
    const std::lock_guard lock(guard_);
    if (bytes > limit_ || places_.contains(digest)) return;
    while (bytes_ + bytes > limit_) {
        bytes_ -= entries_.back().bytes;
        places_.erase(entries_.back().digest);
        entries_.pop_back();
    }
    entries_.push_front({digest, outputs, bytes});
    places_[digest] = entries_.begin();
    bytes_ += bytes;
}

} // namespace espalier
