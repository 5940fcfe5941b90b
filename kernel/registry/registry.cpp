// SPDX-License-Identifier: MIT
// Registry: folders searched, manifests checked, duplicates refused, components found by name.
#include "registry/registry.hpp"

#include "registry/library.hpp"
#include "registry/scan.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

namespace espalier {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> default_folders() {
    std::vector<fs::path> folders;
    if (const char* path = std::getenv("ESPALIER_PLUGIN_PATH")) {
        std::istringstream parts(path);
        for (std::string part; std::getline(parts, part, ':');)
            if (!part.empty()) folders.emplace_back(part);
    }
    folders.push_back(program_folder().parent_path() / "lib/espalier/plugins");
    return folders;
}

// "networks.v3.so" is the v3 build of "networks".
struct FileName {
    std::string stem;
    Isa isa = Isa::base;

    explicit FileName(const fs::path& file) : stem(file.stem().string()) {
        for (Isa level : {Isa::v3, Isa::v4}) {
            const std::string ending = fmt::format(".{}", name_of(level));
            if (stem.size() > ending.size() && stem.ends_with(ending)) {
                stem.resize(stem.size() - ending.size());
                isa = level;
            }
        }
    }
};

bool is_given(const char* text) { return is_readable(text) && *text; }

} // namespace

std::string manifest_problem(const esp_plugin& p) {
    if (p.abi_major != ESP_ABI_MAJOR)
        return fmt::format(
            "was built for plugin ABI {}.{}, this program speaks {}.{}: rebuild it with this "
            "program's headers",
            p.abi_major, p.abi_minor, ESP_ABI_MAJOR, ESP_ABI_MINOR);
    if (p.abi_minor > ESP_ABI_MINOR)
        return fmt::format(
            "was built for plugin ABI {}.{}, this program speaks only {}.{}: a newer Espalier "
            "is needed",
            p.abi_major, p.abi_minor, ESP_ABI_MAJOR, ESP_ABI_MINOR);
    if (p.size < first_abi::plugin) return "has a manifest smaller than ABI 1.0 allows";
    if (!is_given(p.id) || !is_given(p.version) || !is_given(p.license) ||
        !is_readable(p.authors) || !is_readable(p.build))
        return "lacks an id, a version or a licence, or has a text that is not UTF-8 or holds "
               "control characters";
    if (p.component_count == 0 || !p.components) return "has no components";
    std::set<std::pair<esp_kind, std::string>> names;
    for (uint32_t i = 0; i < p.component_count; ++i) {
        if (!p.components[i]) return fmt::format("has a null component ({})", i + 1);
        const auto problems = problems_of(*p.components[i]);
        const char* name = p.components[i]->name;
        if (!problems.empty())
            return fmt::format("component '{}' {}", name ? name : "?", fmt::join(problems, "; "));
        if (!names.emplace(p.components[i]->kind, name).second)
            return fmt::format("declares component '{}' twice", name);
    }
    return "";
}

namespace {

std::string place_of(const Plugin& p) { return p.file.empty() ? "linked in" : p.file.string(); }

} // namespace

Digest Plugin::digest() const { return file.empty() ? Digest{} : digest_of_file(file); }

std::vector<fs::path> plugin_folders(const RegistryOptions& options) {
    return options.folders.empty() && options.linked.empty() ? default_folders() : options.folders;
}

Registry::Registry(const RegistryOptions& options) {
    for (const esp_plugin* linked : options.linked) add(linked, {}, Isa::base);
    // One process at a time is started to look: none is copied while another opens a library.
    static std::mutex guard;
    const std::lock_guard lock(guard);
    for (const fs::path& folder : plugin_folders(options))
        look_into(folder, options.isa.value_or(best_isa()));
    refuse_duplicates();
    std::sort(components_.begin(), components_.end(),
              [](const auto& a, const auto& b) { return a->name < b->name; });
}

void Registry::look_into(const fs::path& folder, Isa most) {
    std::map<std::string, std::pair<Isa, fs::path>>
        best; // by stem, so in the same order everywhere
    must_be_safe(folder);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".so") continue;
        const FileName name(entry.path());
        if (name.isa > most) continue;
        const auto [at, fresh] = best.try_emplace(name.stem, name.isa, entry.path());
        if (!fresh && at->second.first < name.isa) at->second = {name.isa, entry.path()};
    }
    Scan scan;
    for (const auto& [stem, choice] : best) {
        if (std::string refused = scan.refusal(choice.second); !refused.empty()) {
            refusals_.push_back({choice.second, std::move(refused)});
            continue;
        }
        const Opened opened = open_plugin(choice.second);
        if (opened.manifest)
            add(opened.manifest, choice.second, choice.first);
        else
            refusals_.push_back({choice.second, opened.refused});
    }
}

void Registry::add(const esp_plugin* manifest, fs::path file, Isa isa) {
    if (std::string problem = manifest_problem(*manifest); !problem.empty()) {
        refusals_.push_back({std::move(file), std::move(problem)});
        return;
    }
    auto plugin = std::make_unique<Plugin>(Plugin{manifest, std::move(file), isa});
    for (const auto& other : plugins_) // the same file met again, by another folder or a link
        if (std::string_view(other->manifest->id) == manifest->id &&
            other->digest() == plugin->digest() && !plugin->file.empty())
            return;
    plugins_.push_back(std::move(plugin));
}

// Neither of two plugins with one id, or with a component of one name, is taken: which one a script
// meant cannot be known.
void Registry::refuse_duplicates() {
    std::map<std::string, std::vector<const Plugin*>> by_id, by_component;
    std::map<const Plugin*, std::string> reasons;
    const auto clash = [&](const auto& owners, const char* what) {
        for (const auto& [name, plugins] : owners)
            for (const Plugin* p : plugins)
                for (const Plugin* other : plugins)
                    if (p != other && reasons[p].empty())
                        reasons[p] = fmt::format("{} '{}' is also in {}: both are refused", what,
                                                 name, place_of(*other));
    };
    for (const auto& p : plugins_) {
        by_id[p->manifest->id].push_back(p.get());
        for (uint32_t i = 0; i < p->manifest->component_count; ++i) {
            const esp_component& c = *p->manifest->components[i];
            by_component[fmt::format("{}.{}", verb_of(c.kind), c.name)].push_back(p.get());
        }
    }
    clash(by_id, "plugin id");
    clash(by_component, "component");
    std::vector<std::unique_ptr<Plugin>> kept;
    for (auto& p : plugins_) {
        if (!reasons[p.get()].empty()) {
            refusals_.push_back({p->file, reasons[p.get()]});
            continue;
        }
        for (uint32_t i = 0; i < p->manifest->component_count; ++i)
            components_.push_back(std::make_unique<Component>(
                component_of(*p->manifest->components[i], *p->manifest)));
        kept.push_back(std::move(p));
    }
    plugins_ = std::move(kept);
}

const Component* Registry::find(std::string_view name) const noexcept {
    const auto at = std::lower_bound(components_.begin(), components_.end(), name,
                                     [](const auto& c, std::string_view n) { return c->name < n; });
    return at != components_.end() && (*at)->name == name ? at->get() : nullptr;
}

const Component& Registry::at(std::string_view name) const {
    if (const Component* found = find(name)) return *found;
    std::vector<std::string> names;
    for (const auto& c : components_) names.push_back(c->name);
    std::string hint;
    for (const Refusal& r : refusals_)
        hint += fmt::format("{}refused plugin: {}: {}", hint.empty() ? "" : "\n", r.file.string(),
                            r.reason);
    throw Failure(Exit::plugin,
                  fmt::format("there is no component '{}'{}", name, suggestion(name, names)), hint);
}

} // namespace espalier
