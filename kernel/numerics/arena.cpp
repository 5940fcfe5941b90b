// SPDX-License-Identifier: MIT
// The slow paths of the arena: a chain of blocks, each at least as large as all before it.
#include "espalier/numerics/arena.hpp"

#include <algorithm>

namespace espalier::numerics {

namespace {
constexpr std::size_t first_block = 64 * 1024;
}

void Arena::enter(std::size_t block) noexcept {
    block_ = block;
    at_ = blocks_[block].memory.get();
    end_ = at_ + blocks_[block].size;
}

void Arena::rewind(Mark m) noexcept {
    if (blocks_.empty()) return;
    enter(m.block);
    if (m.at) at_ = m.at;
}

void Arena::next_block(std::size_t room) {
    for (std::size_t block = at_ ? block_ + 1 : 0; block < blocks_.size(); ++block)
        if (blocks_[block].size >= room) return enter(block);
    const std::size_t size = std::max({room, capacity_, first_block});
    Block block{{}, size};
    block.memory.reset(static_cast<std::byte*>(::operator new (size, std::align_val_t{alignment})));
    blocks_.push_back(std::move(block));
    capacity_ += size;
    enter(blocks_.size() - 1);
}

} // namespace espalier::numerics
