// SPDX-License-Identifier: MIT
// CSV: types of columns, missing values, RFC 4180, what real files get wrong, and spreadsheets.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

namespace {

const Column& column(const Value& table, std::string_view name) {
    const Column* found = table.as<Table>().find(name);
    BOOST_REQUIRE(found);
    return *found;
}

Texts texts(const Value& table, std::string_view name) { return *std::get<1>(column(table, name)); }

template <class T> std::vector<T> numbers(const Value& table, std::string_view name) {
    const auto values = std::get<Tensor>(column(table, name)).values<T>();
    return {values.begin(), values.end()};
}

LoadOptions as_tensor() {
    LoadOptions o;
    o.as = TextAs::tensor;
    return o;
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(columns_get_the_narrowest_type_that_loses_nothing) {
    LoadReport report;
    const Value t = loaded("t.csv",
                           "id,x,name,mixed,gap,long,longgap,huge,sign\n"
                           "1,0.5,ann,1,1,9007199254740993,9007199254740993,1e5,+3\n"
                           "-2,1e3,bob,x,,1,NA,18446744073709551616,-4\n",
                           {}, &report);
    using Whole = std::vector<int64_t>;
    BOOST_TEST((numbers<int64_t>(t, "id") == Whole{1, -2}));
    BOOST_TEST((numbers<double>(t, "x") == std::vector<double>{0.5, 1000}));
    BOOST_TEST((texts(t, "name") == Texts{"ann", "bob"}));
    BOOST_TEST((texts(t, "mixed") == Texts{"1", "x"}));
    BOOST_TEST(numbers<double>(t, "gap")[0] == 1);
    BOOST_TEST(std::isnan(numbers<double>(t, "gap")[1]));
    BOOST_TEST((numbers<int64_t>(t, "long") == Whole{9007199254740993, 1}));
    // As a real the last digit would be lost, so a long id with gaps stays a text.
    BOOST_TEST((texts(t, "longgap") == Texts{"9007199254740993", "NA"}));
    BOOST_TEST((texts(t, "huge") == Texts{"1e5", "18446744073709551616"}));
    BOOST_TEST((numbers<int64_t>(t, "sign") == Whole{3, -4}));
    BOOST_TEST(report.missing == 1);
    BOOST_REQUIRE(report.notes.size() == 1U);
    BOOST_TEST(report.notes[0] == "column 'gap': 1 missing value read as NaN");
}

BOOST_AUTO_TEST_CASE(quotes_separators_and_line_ends_as_rfc_4180_has_them) {
    const Value t = loaded("t.csv", "\xEF\xBB\xBF\"a\",\"b \"\"b\"\"\",c\r\n"
                                    "\"1,5\",\"two\r\nlines\",\"\"\r\n"
                                    "5\" pipe, spaced ,\"x\"");
    BOOST_TEST((texts(t, "a") == Texts{"1,5", "5\" pipe"}));
    BOOST_TEST((texts(t, "b \"b\"") == Texts{"two\r\nlines", " spaced "}));
    BOOST_TEST((texts(t, "c") == Texts{"", "x"}));
    const Value blank = loaded("t.csv", "a,b\n\n1,2\n\r\n3,4\n\n");
    BOOST_TEST((numbers<int64_t>(blank, "a") == std::vector<int64_t>{1, 3}));
    const Value names = loaded("t.csv", "a,,a b\n1,2,3\n");
    BOOST_TEST(names.as<Table>().columns[1].first == "column_2");
    BOOST_TEST(names.as<Table>().columns[2].first == "a b");
    BOOST_TEST(loaded("t.csv", "a,b\n").as<Table>().rows == 0);
}

BOOST_AUTO_TEST_CASE(the_first_line_is_a_header_unless_it_is_all_numbers) {
    BOOST_TEST(loaded("t.csv", "1,2\n3,4\n").as<Table>().columns[1].first == "column_2");
    BOOST_TEST(loaded("t.csv", "1,2\n3,4\n").as<Table>().rows == 2);
    LoadOptions header;
    header.header = true;
    BOOST_TEST(loaded("t.csv", "1,2\n3,4\n", header).as<Table>().columns[1].first == "2");
    header.header = false;
    BOOST_TEST(loaded("t.csv", "a,b\n3,4\n", header).as<Table>().rows == 2);
}

BOOST_AUTO_TEST_CASE(separators_are_found_in_the_first_line_or_given) {
    BOOST_TEST(loaded("t.csv", "a;b\n1;2\n").as<Table>().columns.size() == 2U);
    BOOST_TEST(loaded("t.csv", "a\tb\n1\t2\n").as<Table>().columns.size() == 2U);
    BOOST_TEST(loaded("t.tsv", "a,b\tc\n1\t2\n").as<Table>().columns[0].first == "a,b");
    LoadOptions german;
    german.decimal = ',';
    const Value t = loaded("t.csv", "x;y\n1,5;2\n-0,25;1.5\n", german);
    BOOST_TEST((numbers<double>(t, "x") == std::vector<double>{1.5, -0.25}));
    BOOST_TEST((texts(t, "y") == Texts{"2", "1.5"}));
    LoadOptions comments;
    comments.comment = '#';
    comments.separator = ' ';
    comments.as = TextAs::tensor;
    const Value m = loaded("t.csv", "# made by numpy.savetxt\n1.0 2.0\n3.0 4.0\n", comments);
    BOOST_TEST(m.as<Tensor>().same_as(Tensor::of<double>({2, 2}, std::vector<double>{1, 2, 3, 4})));
}

BOOST_AUTO_TEST_CASE(a_matrix_of_numbers_loads_as_a_tensor) {
    const Value m = loaded("m.csv", "a, b\n1, 2.5\n-3,inf\n1e-3, 0\n", [] {
        LoadOptions o = as_tensor();
        o.allow_nan = true;
        return o;
    }());
    BOOST_TEST(m.as<Tensor>().same_as(
        Tensor::of<double>({3, 2}, std::vector<double>{1, 2.5, -3, HUGE_VAL, 1e-3, 0})));
    BOOST_TEST(loaded("m.csv", "1,2\n", as_tensor()).as<Tensor>().shape() == Shape({1, 2}));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_line_and_column) {
    const auto says = [](std::string_view text, const std::string& message,
                         const LoadOptions& options = {}) {
        BOOST_TEST(refusal("d.csv", text, options) == message);
    };
    says("a,b\n1,2\n3\n", "65: d.csv:3:1: 1 cell where line 1 has 2");
    says("a,b\n1,5,2\n", "65: d.csv:2:1: 3 cells where line 1 has 2 | a decimal comma? then "
                         "separator = ';', decimal = ','");
    says("a,b\n1,\"x\n", "65: d.csv:2:3: the quote that opens here is never closed");
    says("a,b\n1,\"x\"y\n",
         "65: d.csv:2:6: text follows the closing quote | write a quote inside quotes twice");
    says("a,b\n1,1e400\n", "65: d.csv:2:3: column 'b': '1e400' is outside the range of float64");
    says("a,b\n1,\0\n"s, "65: d.csv:2:3: a NUL byte: not a text file");
    says("a,b\n1,\xE9t\xE9\n", "65: d.csv:2:3: byte 0xe9 is not UTF-8 | save it as UTF-8");
    says("\xFF\xFE"s + "a\0"s, "65: d.csv: byte 0: UTF-16 text | save it as UTF-8");
    says("a,b\r1,2\r", "65: d.csv:1:4: a carriage return without a line feed | save it with line "
                       "ends LF or CR LF");
    says("a,a\n1,2\n", "65: d.csv:1:3: two columns are named 'a'");
    says("", "65: d.csv: no rows");
    says("\n\n", "65: d.csv: no rows");
    says("a;b\n1,5;x\n",
         "65: d.csv:2:1: column 1: '1,5' is not a number | decimal = ',' reads "
         "decimal commas",
         as_tensor());
    says("1,2\n3,\n",
         "65: d.csv:2:3: column 2: the number is missing | allow_nan = true loads it "
         "as it is",
         as_tensor());
    says("1,2\n3,inf\n",
         "65: d.csv:2:3: column 2: the number is not finite | allow_nan = true "
         "loads it as it is",
         as_tensor());
    says("x\n1e-400\n", "65: d.csv:2:1: column 1: '1e-400' is outside the range of float64",
         as_tensor());
    for (const char* word : {"0x10", "1_000", "1.2.3", "--1", "1e", "e5", ".", "+", "1 2", "1,e5"})
        says(std::string("x\n1\n\"") + word + "\"\n",
             "65: d.csv:3:2: column 1: '"s + word + "' is not a number" +
                 (std::string_view(word) == "1,e5" ? " | decimal = ',' reads decimal commas" : ""),
             as_tensor());
}

BOOST_AUTO_TEST_CASE(line_numbers_count_lines_not_rows) {
    BOOST_TEST(refusal("d.csv", "a,b\n\n\"x\ny\",1\n1\n") ==
               "65: d.csv:5:1: 1 cell where line 1 has 2");
}

BOOST_AUTO_TEST_CASE(a_row_of_a_million_cells_costs_nothing) {
    BOOST_TEST(refusal("wide.csv", std::string(1 << 20, ',')) ==
               "65: wide.csv:1:1: a row of more than 262144 cells");
}

BOOST_AUTO_TEST_CASE(tables_round_trip) {
    Table table;
    table.add("a \"b\", c", Tensor::vector<double>({0.1, std::nan(""), -0.0, 1e300, 5e-324, 3}));
    table.add("n", Tensor::vector<int64_t>({INT64_MIN, INT64_MAX, 0, 1, 2, 3}));
    table.add("words", std::make_shared<const Texts>(Texts{
                           "plain", "comma, \"quote\"", "two\nlines", "", " space", "\xC3\xA4"}));
    BOOST_TEST(equal(round_trip("r.csv", table), table));
    BOOST_TEST(equal(round_trip("r.tsv", table), table));
    BOOST_TEST(equal(round_trip("r.csv.gz", table), table));
    Table marks; // words that mean a missing value when they stand without quotes
    marks.add("\xEF\xBB\xBF", std::make_shared<const Texts>(Texts{"NA", "nan", "", "N/A"}));
    BOOST_TEST(equal(round_trip("na.csv", marks), marks));
    Table lonely;
    lonely.add("only", std::make_shared<const Texts>(Texts{"x", "", "y"}));
    BOOST_TEST(equal(round_trip("l.csv", lonely), lonely));
    const Tensor matrix =
        Tensor::of<double>({2, 3}, std::vector<double>{0.1, 2, 3, 1e-7, -5, 1e22});
    BOOST_TEST(equal(round_trip("m.csv", matrix, as_tensor()), matrix));
    BOOST_TEST(bytes_of("m.csv") == "0.1,2.0,3.0\n1e-07,-5.0,1e+22\n");
    save("f.csv", Tensor::vector<float>({0.1F, 16777216.F}));
    BOOST_TEST(bytes_of("f.csv") == "0.1\n16777216.0\n");
}

BOOST_AUTO_TEST_CASE(a_spreadsheet_runs_nothing) {
    Table table;
    table.add("=cmd", std::make_shared<const Texts>(
                          Texts{"=1+1", "+1", "-x", "@sum", "\tx", "plain", "a=b", "-"}));
    table.add("n", Tensor::vector<int64_t>({-1, -2, -3, -4, -5, -6, -7, -8}));
    save("s.csv", table);
    BOOST_TEST(bytes_of("s.csv") == "'=cmd,n\n'=1+1,-1\n'+1,-2\n'-x,-3\n'@sum,-4\n\"'\tx\",-5\n"
                                    "plain,-6\na=b,-7\n'-,-8\n");
    SaveOptions raw;
    raw.raw = true;
    save("s.csv", table, raw);
    BOOST_TEST(bytes_of("s.csv").starts_with("=cmd,n\n=1+1,-1\n"));
    BOOST_TEST(equal(load("s.csv"), table));
}

BOOST_AUTO_TEST_CASE(what_a_cell_cannot_hold_is_refused) {
    BOOST_TEST(failure([] {
                   save("x.csv", Tensor(DType::float64, {2, 2, 2}));
               }) ==
               "65: x.csv: a CSV file holds one or two axes, the shape is [2, 2, 2] | save it as "
               ".npy");
    BOOST_TEST(
        failure([] { save("x.csv", 5); }) ==
        "65: x.csv: CSV holds a table or a tensor, this is of type integer | save it as .npz");
    Table table;
    table.add("m", Tensor(DType::float64, {2, 2}));
    BOOST_TEST(failure([&] { save("x.csv", table); }) ==
               "65: x.csv: column 'm' has shape [2, 2]; a CSV cell holds one number | save it as "
               ".npz");
    BOOST_TEST(!std::filesystem::exists("x.csv"));
}

BOOST_AUTO_TEST_SUITE_END()
