// SPDX-License-Identifier: MIT
// The checks in their order, each in a process of its own, and what stands in the way of each.
#include "check/check.hpp"

#include "check/subject.hpp"
#include "registry/child.hpp"
#include "registry/elf_bounds.hpp"
#include "schema/suggest.hpp"
#include "work/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace espalier {

namespace {

std::vector<const Check*> all_checks() {
    std::vector<const Check*> all;
    for (const auto* some :
         {&file_checks(), &declaration_checks(), &call_checks(), &process_checks()})
        for (const Check& c : *some) all.push_back(&c);
    return all;
}

void must_be_known(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const Check* c : all_checks()) known.emplace_back(c->name);
    for (const std::string& name : names)
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw Failure(Exit::command_line, fmt::format("command line: there is no check '{}'{}",
                                                          name, suggestion(name, known)));
}

std::string component_text(const esp_component& c, uint32_t index) {
    const auto verb = verb_of(c.kind);
    return is_readable(c.name) && !verb.empty() ? fmt::format("{}.{}", verb, c.name)
                                                : fmt::format("component {}", index + 1);
}

bool is_sound(const esp_plugin& p, uint32_t index) {
    return p.id && p.version && problems_of(*p.components[index]).empty();
}

// What lies behind each gate is asked for once, in a process of its own.
class Inspection {
public:
    Inspection(const std::filesystem::path& file, const CheckSettings& settings)
        : settings_(settings), limits_{settings.seconds, settings.bytes, false} {
        whole_.file = std::filesystem::absolute(file);
        whole_.settings = &settings;
        open_gates();
    }

    CheckResult result(const Check& check) {
        CheckResult out{check.name, check.rule, {}};
        if (check.needs < Needs::component || components_.empty()) {
            const std::string closed = closed_for(check.needs, nullptr);
            out.verdict = closed.empty() ? verdict_of(check, whole_) : not_applicable(closed);
            return out;
        }
        std::vector<std::string> wrong, all;
        Verdict first = not_applicable("");
        std::size_t judged = 0;
        for (Subject& s : components_) {
            const std::string closed = closed_for(check.needs, &s);
            const Verdict v = closed.empty() ? verdict_of(check, s) : not_applicable(closed);
            all.push_back(s.name + ": " + v.reason);
            if (v.finding == Finding::failed) wrong.push_back(all.back());
            if (v.finding != Finding::not_applicable) ++judged;
            if (first.reason.empty() || (judged == 1 && v.finding != Finding::not_applicable))
                first.reason = v.reason;
        }
        out.verdict.finding = !wrong.empty() ? Finding::failed
                              : judged > 0   ? Finding::passed
                                             : Finding::not_applicable;
        if (!wrong.empty())
            out.verdict.reason = fmt::format("{}", fmt::join(wrong, "\n"));
        else if (judged == 0 || all.size() == 1)
            out.verdict.reason = first.reason;
        else if (check.listed)
            out.verdict.reason = fmt::format("{}", fmt::join(all, "\n"));
        else
            out.verdict.reason = fmt::format("{} of {} components", judged, all.size());
        return out;
    }

private:
    // Empty when the process came to an end of another kind.
    std::string said(const std::function<std::string()>& work) const {
        const ChildEnd end = in_child(limits_, work);
        return end.answered ? end.said : "";
    }

    void open_gates() {
        const auto holds = [&](auto&& asked) {
            return said([&] { return asked() ? "yes" : "no"; }) == "yes";
        };
        const auto opened = [&](auto&& says) {
            return holds([&] { return says(open_plugin(whole_.file)); });
        };
        whole_file_ = holds([&] { return elf_problem(whole_.file).empty(); });
        if (!whole_file_) return;
        whole_.facts = elf_facts(whole_.file);
        loads_ = opened([](const Opened& o) { return !o.refused.starts_with(cannot_load); });
        has_entry_ = loads_ && opened([](const Opened& o) { return o.manifest != nullptr; });
        speaks_ = has_entry_ && verdict_of(*check_named("abi"), whole_).finding == Finding::passed;
        if (!speaks_) return;
        const std::string names = said([&] {
            const esp_plugin& p = *open_plugin(whole_.file).manifest;
            List all;
            for (uint32_t i = 0; i < p.component_count; ++i)
                all.push_back(
                    Map{{"name", component_text(*p.components[i], i)}, {"sound", is_sound(p, i)}});
            return wire_bytes(all);
        });
        if (names.empty()) return;
        const Value listed = wire_value(names);
        for (const Value& one : listed.as<List>()) {
            Subject& s = components_.emplace_back(whole_);
            s.index = static_cast<uint32_t>(components_.size() - 1);
            s.name = one.as<Map>().at("name").as<std::string>();
            sound_.push_back(one.as<Map>().at("sound").as<bool>());
        }
    }

    static const Check* check_named(std::string_view name) {
        for (const Check* c : all_checks())
            if (name == c->name) return c;
        return nullptr;
    }

    // Why a check of this need cannot be made; empty when it can.
    std::string closed_for(Needs needs, Subject* s) {
        if (needs > Needs::file && !whole_file_) return "it is no whole shared library";
        if (needs >= Needs::entry && !loads_) return "it cannot be loaded";
        if (needs >= Needs::abi && !has_entry_) return "there is no manifest";
        if (needs > Needs::abi && !speaks_) return "the manifest is of another ABI";
        if (needs >= Needs::component && !s) return "its components cannot be listed";
        if (needs >= Needs::declared && !sound_[s->index]) return "its declaration is refused";
        if (needs >= Needs::declared && !s->sample && s->refused.message.empty()) find_sample(*s);
        if (needs == Needs::sample && !s->sample)
            return s->refused.clean ? "refuses made-up arguments: " + s->refused.message
                                    : "no call of it works";
        return "";
    }

    Verdict verdict_of(const Check& check, Subject& s) const {
        ChildLimits limits = limits_;
        limits.by_exit = check.by_exit;
        const ChildEnd end = in_child(limits, [&] {
            if (check.needs >= Needs::plugin) s.open();
            const Verdict v = check.look(s);
            return fmt::format("{}{}", static_cast<int>(v.finding), v.reason);
        });
        // The last line of those that begin so is what was tried.
        const auto at = end.output.rfind('\x01');
        const std::string tried =
            at == std::string::npos ? ""
                                    : end.output.substr(at + 1, end.output.find('\n', at) - at - 1);
        if (!end.answered)
            return failed(end.text(limits) + (tried.empty() ? "" : ", trying " + tried));
        const Verdict v{static_cast<Finding>(end.said.at(0) - '0'), end.said.substr(1)};
        if (check.name == std::string_view("silence") && !end.output.empty())
            return failed(fmt::format("writes '{}'", end.output.substr(0, end.output.find('\n'))));
        return v;
    }

    const CheckSettings& settings_;
    ChildLimits limits_;
    Subject whole_;
    std::deque<Subject> components_;
    std::vector<bool> sound_;
    bool whole_file_ = false, loads_ = false, has_entry_ = false, speaks_ = false;
};

} // namespace

std::string_view name_of(Finding f) noexcept {
    return f == Finding::passed ? "passed" : f == Finding::failed ? "failed" : "not applicable";
}

void Subject::open() {
    const Opened opened = open_plugin(file);
    if (!opened.manifest) throw Failure(Exit::plugin, opened.refused);
    plugin = opened.manifest;
    if (name.empty()) return;
    component.declaration = plugin->components[index];
    if (is_sound(*plugin, index)) component = component_of(*component.declaration, *plugin);
}

std::vector<CheckResult> check_plugin(const std::filesystem::path& file,
                                      const CheckSettings& settings) {
    must_be_known(settings.only);
    Inspection inspection(file, settings);
    std::vector<CheckResult> results;
    for (const Check* c : all_checks()) {
        if (!settings.only.empty() &&
            std::find(settings.only.begin(), settings.only.end(), c->name) == settings.only.end())
            continue;
        results.push_back(inspection.result(*c));
        if (settings.told) settings.told(results.back());
    }
    return results;
}

} // namespace espalier
