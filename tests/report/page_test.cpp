// SPDX-License-Identifier: MIT
// Whatever a document holds, the page stays one document with one script of ours.
#include "report/page.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace espalier;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

const report::PageParts parts{"const x = 1;", "body { margin: 0 }"};

} // namespace

BOOST_AUTO_TEST_CASE(a_payload_adds_no_element) {
    const std::string plain = report::page_of("run", R"({"name": "run"})", parts);
    for (const std::string payload :
         {"</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--<script>",
          "\xe2\x80\xa8<svg/onload=alert(1)>", "]]><iframe src=//x>", "&lt;script&gt;",
          "</title><script>alert(1)</script>", "</style><style>*{}"}) {
        const std::string page = report::page_of(payload, "{\"name\": \"" + payload + "\"}", parts);
        for (const char* element :
             {"<script", "</script", "<img", "<svg", "<iframe", "<style", "<!--"})
            BOOST_TEST(count(page, element) == count(plain, element), payload << ": " << element);
    }
}

BOOST_AUTO_TEST_CASE(the_policy_allows_our_script_and_nothing_else) {
    const std::string page = report::page_of("run", "{}", parts);
    BOOST_TEST(page.find("default-src 'none'") != std::string::npos);
    BOOST_TEST(page.find("'unsafe-") == std::string::npos);
    // SHA-256 of the script, as openssl dgst -sha256 -binary | base64 gives it.
    BOOST_TEST(page.find("script-src 'sha256-P0HLswMBLzMhLJIyayf2zGBP1BTiAxXLEPK+fx9ruDw='") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_part_that_would_end_its_element_is_refused) {
    BOOST_CHECK_THROW(report::page_of("run", "{}", {"'</script>'", ""}), Failure);
    BOOST_CHECK_THROW(report::page_of("run", "{}", {"", "</style>"}), Failure);
}

BOOST_AUTO_TEST_CASE(a_missing_page_says_how_to_get_it) {
    try {
        report::page_parts("/nowhere");
        BOOST_TEST(false);
    } catch (const Failure& failure) {
        BOOST_TEST((failure.exit() == Exit::plugin));
        BOOST_TEST(std::string(failure.hint()).find("nodejs and npm") != std::string::npos);
    }
}
