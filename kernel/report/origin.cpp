// SPDX-License-Identifier: MIT
// Where results come from: script, modules, plugins, data, machine; and how to compute one again.
#include "data/dataset.hpp"
#include "report/gathered.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace espalier::report {

namespace {

// Names that the texts hand to esp.data, and texts among the parameters where a script hands it
// something else than a name.
std::set<std::string> data_named_in(const Gathered& g) {
    static const std::regex call(R"(esp\.data\s*\(?\s*(?:"([^"]*)\"|'([^']*)')?)");
    std::set<std::string> names;
    bool by_parameter = false;
    const auto scan = [&](const std::string& text) {
        for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
            const std::string name = (*at)[1].matched ? (*at)[1] : (*at)[2];
            if (name.empty())
                by_parameter = true;
            else
                names.insert(name);
        }
    };
    scan(g.record.script_text);
    for (const auto& module : g.record.modules) scan(module.second);
    if (!by_parameter) return names;
    if (const Map* fixed = g.record.parameters.get<Map>())
        for (const auto& parameter : *fixed)
            if (const auto* text = parameter.second.get<std::string>()) names.insert(*text);
    for (const std::string& swept : g.swept)
        if (const Column* column = g.table.find(swept))
            if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(column))
                names.insert((*texts)->begin(), (*texts)->end());
    return names;
}

Json data_of(const Gathered& g) {
    Json all = Json::array();
    const auto names = data_named_in(g);
    if (names.empty()) return all;
    try {
        for (const auto& set : data::read_manifest(data::manifest_file())) {
            if (!names.contains(set.name)) continue;
            Json files = Json::array();
            for (const auto& file : set.files)
                files.push_back({{"name", file.name()}, {"sha256", file.sha256}});
            all.push_back({{"name", set.name},
                           {"summary", set.summary},
                           {"licence", set.licence},
                           {"citation", set.citation},
                           {"address", set.address},
                           {"files", files}});
        }
    } catch (const Failure& failure) {
        all.push_back({{"name", "datasets"}, {"problem", failure.what()}});
    }
    return all;
}

Json plugins_of(const Gathered& g) {
    std::set<std::string> called;
    g.store.outcomes(g.run, Detail::scalars, [&](std::size_t, const RunTask&, const Outcome& o) {
        called.insert(o.plugins.begin(), o.plugins.end());
        return true;
    });
    Json all = Json::array();
    const auto found = g.record.provenance.find("plugins");
    const List* loaded = found == g.record.provenance.end() ? nullptr : found->second.get<List>();
    if (loaded)
        for (const Value& v : *loaded) {
            Json plugin = json_of(v);
            const std::string name = plugin.is_object() ? plugin.value("plugin", "") : "";
            if (called.erase(name) > 0) all.push_back(std::move(plugin));
        }
    for (const auto& name : called) all.push_back({{"plugin", name}}); // of an earlier session
    return all;
}

} // namespace

Json origin_of(const Gathered& g) {
    Json modules = Json::array();
    for (const auto& [name, text] : g.record.modules)
        modules.push_back({{"name", name}, {"text", text}});
    Json facts = Json::object();
    for (const auto& [name, fact] : g.record.provenance)
        if (name != "plugins" && name != "summary") facts[name] = json_of(fact);
    return {{"script", g.record.script},
            {"text", g.record.script_text},
            {"modules", modules},
            {"basis", g.record.basis.hex()},
            {"plugins", plugins_of(g)},
            {"data", data_of(g)},
            {"facts", facts}};
}

Json redo_of(const Gathered& g) {
    const bool component = g.record.script_text.empty();
    Json fixed = Json::array();
    for (const auto& argument : g.record.arguments) {
        const std::string name = argument.substr(0, argument.find('='));
        if (std::find(g.swept.begin(), g.swept.end(), name) == g.swept.end())
            fixed.push_back(argument);
    }
    return {{"words", {"espalier", component ? "sweep" : "run", g.record.script}},
            {"fixed", fixed},
            {"swept", g.swept},
            {"seed", json_of(g.record.seed)}};
}

} // namespace espalier::report
