// SPDX-License-Identifier: MIT
// The arithmetic of a thread: rounding, subnormal numbers, trapped exceptions.
#pragma once

#include <cfenv>
#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace espalier {

// Notes it, and puts it back where foreign code has changed it.
class Arithmetic {
public:
    Arithmetic() noexcept : found_(control()) {}
    ~Arithmetic() { restore(); }
    Arithmetic(const Arithmetic&) = delete;
    Arithmetic& operator=(const Arithmetic&) = delete;

    // Whether it had to.
    bool restore() noexcept {
        if (control() == found_) return false;
        set(found_);
        return true;
    }

private:
#if defined(__SSE__) && defined(__x86_64__)
    // The two control words, without the flags that operations raise.
    static uint64_t control() noexcept {
        uint16_t x87 = 0;
        __asm__ volatile("fnstcw %0" : "=m"(x87));
        return uint64_t{x87} << 32 | (_mm_getcsr() & 0xffc0u);
    }
    static void set(uint64_t control) noexcept {
        const auto x87 = static_cast<uint16_t>(control >> 32);
        __asm__ volatile("fldcw %0" : : "m"(x87));
        _mm_setcsr(static_cast<unsigned>(control));
    }
#else
    static uint64_t control() noexcept { return static_cast<uint64_t>(std::fegetround()); }
    static void set(uint64_t control) noexcept { std::fesetround(static_cast<int>(control)); }
#endif

    uint64_t found_;
};

} // namespace espalier
