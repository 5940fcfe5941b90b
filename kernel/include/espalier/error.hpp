// SPDX-License-Identifier: MIT
// The two exceptions of a plugin, a failure with its status and place and a cancellation, and how
// they become a status.
#pragma once

#include "espalier/abi.h"

#include <exception>
#include <new>
#include <string>
#include <utility>

namespace espalier {

class Error : public std::exception {
public:
    // where: the parameter or port, or "" when it is neither.
    Error(esp_status status, std::string where, std::string message)
        : status_(status), where_(std::move(where)), message_(std::move(message)) {}
    esp_status status() const noexcept { return status_; }
    const std::string& where() const noexcept { return where_; }
    const char* what() const noexcept override { return message_.c_str(); }

private:
    esp_status status_;
    std::string where_, message_;
};

// A parameter or an input that the user can mend: Invalid("neighbours", "must be even, is 3").
struct Invalid : Error {
    Invalid(std::string where, std::string message)
        : Error(ESP_INVALID, std::move(where), std::move(message)) {}
};

// A number that left the finite range: Diverged("trajectories", "node 3 is not finite at step
// 120").
struct Diverged : Error {
    Diverged(std::string where, std::string message)
        : Error(ESP_DIVERGED, std::move(where), std::move(message)) {}
};

// The user asked to stop; thrown by Task::progress, Task::check_cancelled and Task::parallel_for.
struct Cancelled {};

namespace detail {

// The one place where C++ failures become a status.
template <class Body>
esp_status guarded(const esp_host* host, esp_call* call, Body&& body) noexcept {
    try {
        body();
        return ESP_OK;
    } catch (const Cancelled&) {
        return ESP_CANCELLED;
    } catch (const Error& error) {
        const char* where = error.where().empty() ? nullptr : error.where().c_str();
        return host->fail(call, error.status(), where, error.what());
    } catch (const std::bad_alloc&) {
        return host->fail(call, ESP_NO_MEMORY, nullptr, "out of memory");
    } catch (const std::exception& error) {
        return host->fail(call, ESP_FAILED, nullptr, error.what());
    } catch (...) {
        return host->fail(call, ESP_FAILED, nullptr, "an exception of a foreign type");
    }
}

} // namespace detail

} // namespace espalier
