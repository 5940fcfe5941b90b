// SPDX-License-Identifier: MIT
// Memory of finished calls: results by the digest of what they follow from, the least recently used
// forgotten.
#pragma once

#include "values/digest.hpp"

#include <list>
#include <map>
#include <mutex>
#include <optional>

namespace espalier {

std::size_t bytes_of(const Value&); // roughly what it keeps alive

class Memory {
public:
    explicit Memory(std::size_t limit) : limit_(limit) {}
    std::optional<Map> find(const Digest&);
    void keep(const Digest&, const Map&); // larger than the whole limit: not kept

private:
    struct Entry {
        Digest digest;
        Map outputs;
        std::size_t bytes;
    };
    std::mutex guard_;
    std::size_t limit_, bytes_ = 0;
    std::list<Entry> entries_; // most recently used first
    std::map<Digest, std::list<Entry>::iterator> places_;
};

} // namespace espalier
