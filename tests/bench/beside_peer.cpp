// SPDX-License-Identifier: MIT
// Runs the variant of a benchmark that suits this machine, or ESPALIER_PROGRAM where that is
// defined, beside PyTorch; a variant also alone when there is no Python.
#include <filesystem>
#include <string>

#include <unistd.h>

#ifndef ESPALIER_BENCHMARK
#define ESPALIER_BENCHMARK "ggn"
#endif

namespace {

#ifdef ESPALIER_PROGRAM
std::string measured_program() { return ESPALIER_PROGRAM; }
#else
std::string measured_program() {
    const std::filesystem::path folder =
        std::filesystem::read_symlink("/proc/self/exe").parent_path();
    std::string isa = "base";
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw"))
        isa = "v4";
    else if (__builtin_cpu_supports("avx2"))
        isa = "v3";
#endif
    return (folder / ("bench_" ESPALIER_BENCHMARK "_" + isa)).string();
}
#endif

} // namespace

int main() {
    const std::string program = measured_program();
    const char* script = ESPALIER_SOURCE_FOLDER "/tests/bench/" ESPALIER_BENCHMARK "_torch.py";
    execl("/usr/bin/python3", "/usr/bin/python3", script, program.c_str(),
          static_cast<char*>(nullptr));
#ifndef ESPALIER_PROGRAM
    execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
#endif
    return 127;
}
