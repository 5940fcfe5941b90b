// SPDX-License-Identifier: MIT
// Runs the variant of a benchmark that suits this machine beside PyTorch, or alone when there is no
// Python.
#include <filesystem>
#include <string>

#include <unistd.h>

#ifndef ESPALIER_BENCHMARK
#define ESPALIER_BENCHMARK "ggn"
#endif

int main() {
    const std::filesystem::path folder =
        std::filesystem::read_symlink("/proc/self/exe").parent_path();
    std::string isa = "base";
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw"))
        isa = "v4";
    else if (__builtin_cpu_supports("avx2"))
        isa = "v3";
#endif
    const std::string program = (folder / ("bench_" ESPALIER_BENCHMARK "_" + isa)).string();
    const char* script = ESPALIER_SOURCE_FOLDER "/tests/bench/" ESPALIER_BENCHMARK "_torch.py";
    execl("/usr/bin/python3", "python3", script, program.c_str(), static_cast<char*>(nullptr));
    execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
    return 127;
}
