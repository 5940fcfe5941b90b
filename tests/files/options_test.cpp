// SPDX-License-Identifier: MIT
// Options as a script gives them.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace files_test;

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(every_option_is_set_by_its_name) {
    const LoadOptions o = load_options({{"format", "csv"},
                                        {"as", "tensor"},
                                        {"header", false},
                                        {"separator", ";"},
                                        {"decimal", ","},
                                        {"comment", "#"},
                                        {"directed", true},
                                        {"nodes", 7},
                                        {"self_loops", "drop"},
                                        {"duplicates", "merge"},
                                        {"ids", "compact"},
                                        {"allow_nan", true},
                                        {"size_limit", 1000}});
    BOOST_TEST(o.format == "csv");
    BOOST_TEST((o.as == TextAs::tensor));
    BOOST_TEST((o.header == false && o.separator == ';' && o.decimal == ',' && o.comment == '#'));
    BOOST_TEST((o.directed == true && o.nodes == 7 && o.allow_nan == true));
    BOOST_TEST((o.self_loops == EdgePolicy::drop && o.duplicates == EdgePolicy::merge));
    BOOST_TEST((o.ids == IdPolicy::compact && o.size_limit == 1000));
    const SaveOptions s = save_options({{"raw", true}, {"compress", true}, {"separator", "\t"}});
    BOOST_TEST((s.raw && s.compress && s.separator == '\t'));
    BOOST_TEST((load_options({{"nodes", Value()}}).nodes == std::nullopt));
}

BOOST_AUTO_TEST_CASE(wrong_options_name_the_right_ones) {
    const auto says = [](const Map& named, const std::string& message) {
        BOOST_TEST(failure([&] { load_options(named); }) == message);
    };
    says({{"heder", true}}, "78: unknown option 'heder', did you mean 'header'?");
    says({{"header", 1}}, "78: option 'header' = 1: must be true or false");
    says({{"as", "tensr"}},
         "78: option 'as' = tensr: must be one of table, tensor, did you mean 'tensor'?");
    says({{"nodes", -1}}, "78: option 'nodes' = -1: must be a whole number from 0 to 2147483647");
    says({{"separator", ";;"}}, "78: option 'separator' = ;;: must be one character, and no quote");
    says({{"duplicates", "keep"}},
         "78: option 'duplicates' = keep: must be one of error, drop, merge");
    BOOST_TEST(failure([] {
                   save_options({{"raww", true}});
               }) == "78: unknown option 'raww', did you mean 'raw'?");
}

BOOST_AUTO_TEST_SUITE_END()
