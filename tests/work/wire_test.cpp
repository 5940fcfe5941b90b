// SPDX-License-Identifier: MIT
// Values between processes: every type comes back bit for bit, and damage is a failure, not a
// crash.
#include "values/digest.hpp"
#include "values/failure.hpp"
#include "work/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <limits>
#include <random>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

using namespace espalier;

namespace {

Value everything() {
    const double payload = std::bit_cast<double>(uint64_t{0x7ff8'0000'dead'beef});
    Graph graph = graph_from_edges(4, {{0, 1, 0.5}, {1, 3, -2}}, false, true);
    graph.positions = Tensor::of<double>({4, 2}, std::vector<double>(8, -0.0));
    graph.node_attributes.rows = 4;
    graph.node_attributes.add(
        "name", std::make_shared<const Texts>(Texts{"a", "", "c\n", std::string(1, '\0')}));
    Table table;
    table.add("x", Tensor::vector<double>({1, payload}));
    table.add("label", std::make_shared<const Texts>(Texts{"one", "\xff\xfe"}));
    Model model{"learn.ggn",
                "0.1.0",
                {{"w", Tensor::of<float>({2, 1}, std::vector<float>{1, 2})}},
                {{"depth", 3}}};
    return Map{{"nil", Value()},
               {"truth", true},
               {"falsehood", false},
               {"integer", std::numeric_limits<int64_t>::min()},
               {"zero", -0.0},
               {"payload", payload},
               {"denormal", 4.9e-324},
               {"text", std::string("with \0 inside", 13)},
               {"list", List{1, List{}, "x"}},
               {"empty", Tensor(DType::int8, {0, 3})},
               {"scalar", Tensor(DType::boolean, {})},
               {"graph", graph},
               {"table", table},
               {"model", model}};
}

} // namespace

BOOST_AUTO_TEST_CASE(every_type_comes_back_bit_for_bit) {
    const Value before = everything(), after = wire_value(wire_bytes(before));
    BOOST_TEST((digest_of(after) == digest_of(before)));
    BOOST_TEST(std::bit_cast<uint64_t>(after.as<Map>().at("payload").as<double>()) ==
               0x7ff80000deadbeefu);
    BOOST_TEST(std::signbit(after.as<Map>().at("zero").as<double>()));
}

BOOST_AUTO_TEST_CASE(a_message_cut_anywhere_is_refused) {
    const std::string bytes = wire_bytes(everything());
    for (std::size_t n = 0; n < bytes.size(); ++n)
        BOOST_CHECK_THROW(wire_value(std::string_view(bytes).substr(0, n)), Failure);
    BOOST_CHECK_THROW(wire_value(bytes + "x"), Failure);
}

BOOST_AUTO_TEST_CASE(damage_asks_for_no_more_memory_than_the_message) {
    const std::string bytes = wire_bytes(everything());
    std::mt19937 random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string damaged = bytes;
        for (int k = 0; k < 3; ++k)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        try {
            wire_value(damaged);
        } catch (const Failure&) {
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_true_or_false_is_one_or_zero) {
    std::string bytes = wire_bytes(Tensor(DType::boolean, {3}));
    bytes.back() = 1;
    BOOST_TEST(wire_value(bytes).as<Tensor>().values<bool>()[2]);
    bytes.back() = 2;
    BOOST_CHECK_THROW(wire_value(bytes), Failure);
}

BOOST_AUTO_TEST_CASE(messages_arrive_whole_and_in_order_however_the_stream_cuts_them) {
    int pair[2];
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    std::thread writer([&] {
        const MessageStream out(pair[0]);
        for (int i = 0; i < 200; ++i)
            out.send(Map{{"i", i}, {"block", Tensor(DType::uint8, {int64_t{i} * 997})}});
        close(pair[0]);
    });
    MessageStream in(pair[1]);
    int next = 0;
    while (const auto message = in.wait()) {
        BOOST_TEST(message->as<Map>().at("i").as<int64_t>() == next);
        BOOST_TEST(message->as<Map>().at("block").as<Tensor>().size() == next * 997);
        ++next;
    }
    BOOST_TEST(next == 200);
    writer.join();
    close(pair[1]);
}
