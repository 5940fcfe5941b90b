// SPDX-License-Identifier: MIT
// espalier doctor: what a bug report needs, and what is wrong with the installation.
#include "app/command.hpp"
#include "app/facts.hpp"
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>

namespace espalier::app {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

List plugin_facts(const Registry& registry) {
    List all;
    for (const auto& p : registry.plugins()) {
        List names;
        for (const auto& c : registry.components())
            if (c->plugin == p->manifest->id) names.emplace_back(c->name);
        all.emplace_back(Map{{"id", p->manifest->id},
                             {"version", p->manifest->version},
                             {"license", p->manifest->license},
                             {"build", p->manifest->build},
                             {"isa", std::string(name_of(p->isa))},
                             {"file", p->file.string()},
                             {"sha256", p->digest().hex()},
                             {"components", std::move(names)}});
    }
    return all;
}

Map all_facts(const Session& session, const std::string& arithmetic) {
    List refused;
    for (const Refusal& r : session.registry().refusals())
        refused.emplace_back(Map{{"file", r.file.string()}, {"reason", r.reason}});
    const auto scripts = scripts_folder();
    return Map{{"version", version_facts()},
               {"libraries", library_facts()},
               {"threads", session.threads()},
               {"processors", static_cast<int64_t>(std::thread::hardware_concurrency())},
               {"arithmetic", arithmetic},
               {"program", program_file().string()},
               {"scripts", scripts ? scripts->string() : ""},
               {"ESPALIER_PLUGIN_PATH", environment("ESPALIER_PLUGIN_PATH")},
               {"plugins", plugin_facts(session.registry())},
               {"refused", std::move(refused)}};
}

std::string joined(const Map& facts) {
    std::string out;
    for (const auto& [name, value] : facts)
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, value.text());
    return out;
}

std::string text_of(const Map& facts) {
    const auto fact = [&](const char* name) -> const Value& { return facts.find(name)->second; };
    const auto text = [&](const char* name) {
        const std::string shown = fact(name).text();
        return shown.empty() ? "none" : shown;
    };
    std::string out;
    const auto line = [&](const char* name, const std::string& content) {
        out += fmt::format("{:<12}{}\n", name, content);
    };
    line("version", joined(fact("version").as<Map>()));
    line("libraries", joined(fact("libraries").as<Map>()));
    line("threads", fmt::format("{} of {} processors", text("threads"), text("processors")));
    line("arithmetic", text("arithmetic"));
    line("program", text("program"));
    line("scripts", text("scripts"));
    line("plugin path", text("ESPALIER_PLUGIN_PATH"));
    for (const Value& p : fact("plugins").as<List>()) {
        const Map& m = p.as<Map>();
        const auto of = [&](const char* name) { return m.find(name)->second.text(); };
        line("plugin", fmt::format("{} {}, {} components, {}, {}, {}", of("id"), of("version"),
                                   m.find("components")->second.as<List>().size(), of("license"),
                                   of("build"), of("file")));
    }
    for (const Value& r : fact("refused").as<List>()) {
        const Map& m = r.as<Map>();
        line("refused",
             fmt::format("{}: {}", m.find("file")->second.text(), m.find("reason")->second.text()));
    }
    return out;
}

int doctor(const Invocation& given) {
    const Session session(session_options(given));
    // Read after the plugins were opened: a bad one could have changed it.
    const std::string arithmetic = arithmetic_fact();
    const Map facts = all_facts(session, arithmetic);
    print(given.has("json") ? json_text(facts) : text_of(facts));
    const Registry& registry = session.registry();
    if (registry.plugins().empty()) {
        tell("no plugins were found");
        tell("  hint: build them, or name their folder in ESPALIER_PLUGIN_PATH");
    }
    return registry.plugins().empty() || !registry.refusals().empty()
               ? static_cast<int>(Exit::plugin)
               : 0;
}

} // namespace

const Command doctor_command{"doctor",
                             "",
                             "Show versions, folders and plugins, and why a plugin was refused.",
                             0,
                             0,
                             "Ends with 69 when a plugin was refused or none was found.",
                             {json_option(), isa_option(), threads_option()},
                             {"espalier doctor", "espalier doctor --json > report.json"},
                             doctor};

} // namespace espalier::app
