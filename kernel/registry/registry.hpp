// SPDX-License-Identifier: MIT
// Registry: finds plugins, checks what they declare, and knows every component by its name.
#pragma once

#include "schema/component.hpp"
#include "values/digest.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

enum class Isa { base, v3, v4 };
std::string_view name_of(Isa) noexcept;
Isa best_isa() noexcept;         // what this machine can run
Isa isa_named(std::string_view); // throws Failure

struct RegistryOptions {
    // Searched in order; empty: ESPALIER_PLUGIN_PATH (colons), then the folder beside the program.
    std::vector<std::filesystem::path> folders;
    std::optional<Isa> isa;                // empty: the best of the machine
    std::vector<const esp_plugin*> linked; // plugins that are part of the program, for tests
};

// Where these options look.
std::vector<std::filesystem::path> plugin_folders(const RegistryOptions&);

struct Plugin {
    const esp_plugin* manifest = nullptr;
    std::filesystem::path file; // empty when linked in
    Isa isa = Isa::base;
    // Of the file; zeros when linked in. Read on first use.
    Digest digest() const;
};

// A file that was refused and why, in one line that names it.
struct Refusal {
    std::filesystem::path file;
    std::string reason;
};

class Registry {
public:
    explicit Registry(const RegistryOptions& = {});

    const std::vector<std::unique_ptr<Plugin>>& plugins() const noexcept { return plugins_; }
    const std::vector<std::unique_ptr<Component>>& components() const noexcept {
        return components_;
    }
    const std::vector<Refusal>& refusals() const noexcept { return refusals_; }

    const Component* find(std::string_view name) const noexcept;
    // Throws Failure with the nearest name, and with the refusals when there were any.
    const Component& at(std::string_view name) const;

private:
    void look_into(const std::filesystem::path& folder, Isa);
    void add(const esp_plugin*, std::filesystem::path file, Isa);
    void refuse_duplicates();

    std::vector<std::unique_ptr<Plugin>> plugins_;
    std::vector<std::unique_ptr<Component>> components_;
    std::vector<Refusal> refusals_;
};

} // namespace espalier
