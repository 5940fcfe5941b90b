// SPDX-License-Identifier: MIT
// A session over the plugins of this build, for tests of components.
#pragma once

#include "call/session.hpp"
#include "values/digest.hpp"
#include "values/failure.hpp"

namespace espalier {

// Nothing is remembered: every call runs.
inline SessionOptions test_options(int threads = 2) {
    SessionOptions options;
    options.threads = threads;
    options.remember = false;
    options.registry.folders = {ESPALIER_TEST_PLUGINS};
    return options;
}

// One session a process is enough for most tests.
inline Session& test_session() {
    static Session session(test_options());
    return session;
}

// The digest of a whole call at a number of threads.
inline Digest digest_at(int threads, std::string_view component, const Map& arguments) {
    Session session(test_options(threads));
    return digest_of(Value(session.call(component, arguments)));
}

// The message of the failure that a call ends with; empty when it does not fail.
inline std::string refusal_of(std::string_view component, const Map& arguments) {
    try {
        test_session().call(component, arguments);
        return {};
    } catch (const Failure& failure) {
        return failure.what();
    }
}

} // namespace espalier
