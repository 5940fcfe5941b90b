// SPDX-License-Identifier: MIT
// What a task costs beside its own work, by the whole program: worker processes, and threads of one
// process as the peer; and how well two jobs share tasks of ten milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace {

namespace fs = std::filesystem;

struct Cost {
    double wall = 0, processor = 0; // seconds
};

double processor_of_children() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// One run of the script in a fresh store.
Cost run(const fs::path& folder, const std::string& arguments) {
    fs::remove_all(folder / "runs");
    const std::string line = "cd '" + folder.string() +
                             "' && '" ESPALIER_PROGRAM "' run tasks.lua -q " + arguments +
                             " > /dev/null";
    const double before = processor_of_children();
    const auto begin = std::chrono::steady_clock::now();
    if (std::system(line.c_str()) != 0) std::exit(1);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    return {wall.count(), processor_of_children() - before};
}

Cost median(const fs::path& folder, const std::string& arguments, int repeats) {
    std::vector<double> wall, processor;
    for (int i = 0; i < repeats; ++i) {
        const Cost cost = run(folder, arguments);
        wall.push_back(cost.wall), processor.push_back(cost.processor);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(processor.begin(), processor.end());
    return {wall[wall.size() / 2], processor[processor.size() / 2]};
}

constexpr const char* script = R"(local esp = require "espalier"
return esp.experiment {
    name = "tasks",
    params = { n = 1, steps = 0 },
    sweep = esp.grid { n = esp.range(1, 100000) },
    run = function(p)
        local x = p.n
        for i = 1, p.steps do x = (x * 1103515245 + 12345) % 2147483648 end
        return { x = x }
    end,
}
)";

} // namespace

int main(int count, char** words) {
    const int repeats = count > 1 ? std::atoi(words[1]) : 3;
    const fs::path folder = fs::temp_directory_path() / "espalier-tasks-bench";
    fs::create_directories(folder);
    std::ofstream(folder / "tasks.lua") << script;
    std::printf("case,tasks,wall_s,processor_s,processor_us_a_task\n");
    const auto report = [&](const char* name, int tasks, const Cost& cost) {
        std::printf("%s,%d,%.3f,%.3f,%.1f\n", name, tasks, cost.wall, cost.processor,
                    1e6 * cost.processor / tasks);
        std::fflush(stdout);
    };
    report("start", 1, median(folder, "n=1", repeats));
    report("trivial in worker processes", 20'000, median(folder, "n=1:20000 -j 2", repeats));
    report("trivial in threads", 20'000, median(folder, "n=1:20000 -j 2 --isolate none", repeats));
    report("trivial in worker processes", 100'000, median(folder, "-j 2", 1));
    const Cost one = median(folder, "n=1:300 steps=1400000 -j 1", repeats);
    const Cost two = median(folder, "n=1:300 steps=1400000 -j 2", repeats);
    report("ten milliseconds one job", 300, one);
    report("ten milliseconds two jobs", 300, two);
    std::printf("efficiency of two jobs by the clock,%.3f,\n", one.wall / (2 * two.wall));
    std::printf("efficiency of two jobs by processor time,%.3f,\n", one.processor / two.processor);
    fs::remove_all(folder);
    return 0;
}
