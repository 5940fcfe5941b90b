// SPDX-License-Identifier: MIT
// Panels of firms that grow by known laws with known fluctuations.
#include "growth.hpp"

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::firms {
namespace {

struct Firms {
    int64_t firms = 1000, years = 30, first_year = 1, entry_years = 1;
    double income_exponent = 0.85355, income_log_constant = -0.21337;
    double liabilities_exponent = 0.99903, liabilities_log_constant = -0.72036;
    double loss_exponent = 0.54752, loss_log_constant = 6.22169, loss_probability = 0.25;
    std::vector<std::string> variables{"revenue", "cost", "employees"};
    std::vector<double> exponents{0.91057, 0.85470, 0.73726};
    std::vector<double> log_constants{1.22195, 1.84153, -7.95527};
    double start_mean = 18.2, start_deviation = 2.3, start_min = 10, start_max = 25;
    double volatility = 0.25, volatility_exponent = 0.15, reference_size = 1e8;
    double volatility_min = 0.05, volatility_max = 0.8;
    double deviation_width = 0.15, persistence = 0.8, offset_deviation = 0.4;
    double feedback = 0;
    std::string integrator = "runge_kutta";
    double exit_rate = 0, exit_exponent = 0, absent = 0;
    int64_t sectors = 1;
    double sector_deviation = 0;

    static void describe(Schema<Firms>& s);
    static void describe_laws(Schema<Firms>& s);
    static void describe_fluctuations(Schema<Firms>& s);
    void check() const;
    void run(const Task& task) const;
};

enum Stream : uint64_t {
    start_stream = 1,
    size_stream,
    deviation_stream,
    sign_stream,
    absent_stream,
    exit_stream,
    sector_stream
};

constexpr int64_t liabilities_at = 1, income_at = 2; // among the variables, assets being 0

double laplace(Random& random) {
    const double magnitude = random.exponential();
    return (random.bits() & 1) != 0 ? magnitude : -magnitude;
}

struct PowerLaw {
    double exponent, log_constant;
    double log_value(double size) const { return log_constant + exponent * size; }
};

// The laws of one sector.
struct Sector {
    std::vector<PowerLaw> laws; // by variable; that of assets is the identity
    PowerLaw loss;
    GrowthLaw growth;
};

// One firm's path; the same numbers whenever it is played.
class Path {
public:
    Path(const Firms& settings, const Task& task, std::span<const Sector> sectors)
        : s_(settings), sectors_(sectors), keys_{task.key(start_stream),     task.key(size_stream),
                                                 task.key(deviation_stream), task.key(sign_stream),
                                                 task.key(absent_stream),    task.key(exit_stream),
                                                 task.key(sector_stream)},
          euler_(settings.integrator == "euler"), deviations_(sectors.front().laws.size()) {}

    int64_t sector_of(int64_t firm) const {
        if (s_.sectors == 1) return 0;
        Random random(keys_[sector_stream - 1], 1, word(firm));
        return static_cast<int64_t>(random.below(static_cast<uint64_t>(s_.sectors)));
    }

    // visit(age, year, size) once for each year that the firm lives; value() may be asked there.
    template <class Visit> void play(int64_t firm, Visit&& visit) {
        Random random(keys_[start_stream - 1], word(firm));
        const Sector& sector = sectors_[static_cast<std::size_t>(sector_of(firm))];
        sector_ = &sector;
        firm_ = firm;
        const auto entry =
            static_cast<int64_t>(random.below(static_cast<uint64_t>(s_.entry_years)));
        double size = std::clamp(s_.start_mean + s_.start_deviation * random.normal(), s_.start_min,
                                 s_.start_max);
        offset_ = s_.offset_deviation * random.normal();
        start_deviations(random);
        for (int64_t year = entry; year < s_.years; ++year) {
            year_ = year;
            size_ = size;
            visit(year - entry, year, size);
            if (leaves(size)) break;
            size = next(sector, size);
            if (year + 1 == s_.years) break;
            const auto refuse = [&](const char* what) {
                throw Diverged("panel", "firm " + std::to_string(firm + 1) + what +
                                            " after the year " +
                                            std::to_string(s_.first_year + year));
            };
            constexpr double largest = 700; // of |ln A|, in float64
            if (!std::isfinite(size)) refuse(" outgrows the law of growth");
            if (std::abs(size) > largest) refuse(" leaves the range of numbers");
        }
    }

    // Of the year that is visited.
    double value(int64_t variable) const {
        if (variable == 0) return std::exp(size_);
        if (s_.absent > 0 &&
            Random(keys_[absent_stream - 1], word(firm_), word(year_), word(variable))
                .chance(s_.absent))
            return std::numeric_limits<double>::quiet_NaN();
        const double shift = deviations_[static_cast<std::size_t>(variable)] + offset_;
        if (variable == income_at &&
            Random(keys_[sign_stream - 1], word(firm_), word(year_)).chance(s_.loss_probability))
            return -std::exp(sector_->loss.log_value(size_) + shift);
        return std::exp(sector_->laws[static_cast<std::size_t>(variable)].log_value(size_) + shift);
    }

private:
    static uint32_t word(int64_t i) { return static_cast<uint32_t>(i); }

    // From the stationary variance, then long enough for the shape of the law to follow.
    void start_deviations(Random& random) {
        const double phi = s_.persistence;
        constexpr int64_t settling = 24;
        for (double& d : deviations_) {
            d = 0;
            if (phi >= 1) continue;
            d = s_.deviation_width * std::sqrt(2 / (1 - phi * phi)) * random.normal();
            for (int64_t k = 0; k < settling; ++k)
                d = phi * d + s_.deviation_width * laplace(random);
        }
    }
    bool leaves(double size) const {
        if (s_.exit_rate == 0) return false;
        const double rate =
            s_.exit_rate * std::exp(-s_.exit_exponent * (size - std::log(s_.reference_size)));
        return Random(keys_[exit_stream - 1], word(firm_), word(year_)).chance(rate);
    }
    double next(const Sector& sector, double size) {
        const double width =
            std::clamp(s_.volatility *
                           std::exp(-s_.volatility_exponent * (size - std::log(s_.reference_size))),
                       s_.volatility_min, s_.volatility_max);
        Random sizes(keys_[size_stream - 1], word(firm_), word(year_));
        const double lead =
            deviations_.size() > 3 ? s_.feedback * (deviations_[3] - deviations_[income_at]) : 0;
        const double grown =
            euler_ ? sector.growth.after_one_step(size) : sector.growth.after_a_year(size);
        const double after = grown + lead + width * laplace(sizes);
        Random random(keys_[deviation_stream - 1], word(firm_), word(year_));
        for (std::size_t v = 1; v < deviations_.size(); ++v)
            deviations_[v] = s_.persistence * deviations_[v] + s_.deviation_width * laplace(random);
        return after;
    }

    const Firms& s_;
    std::span<const Sector> sectors_;
    Key keys_[7];
    bool euler_;
    const Sector* sector_ = nullptr;
    int64_t firm_ = 0, year_ = 0;
    double size_ = 0, offset_ = 0;
    std::vector<double> deviations_; // by variable; that of assets is not used
};

void Firms::describe(Schema<Firms>& s) {
    s.simulator("firms", "Panel of firms that grow by known laws with known fluctuations")
        .doc(
            R"(Assets A grow by net income and by the change of liabilities, dA/dt = I + dL/dt. With I = c_I A^b_I and
L = c_L A^b_L this is the law of growth

    dA/dt = c_I A^b_I / (1 - c_L b_L A^(b_L - 1)).

Each year ln A follows the law (`integrator`) and is shifted by a draw of Laplace's tent-shaped law
of width b(A) = volatility (A / reference_size)^-volatility_exponent, kept within volatility_min and volatility_max.
Each other variable scales with assets,

    ln x = ln c_x + b_x ln A + d_x + o,   d_x' = persistence d_x + Laplace(deviation_width),

where d_x starts in its stationary law (at 0 when persistence is 1) and o is a normal number for each firm. Net income
is a loss with probability loss_probability, then -c A^b with the constants of losses.

With `feedback` k the growth of the year to come leans on the deviations of this one: the tent's centre is
k (d of the first of `variables` - d of net income). With 0 and persistence = 1 nothing is left to be learned beyond
the laws.

Constants: the fits to Compustat's United States, in dollars and heads, of the authors of arXiv:2410.17587.
Tents and their width: doi:10.1038/379804a0.)")
        .reference("arXiv:2410.17587")
        .example(R"(local world = esp.simulate.firms { firms = 500, years = 20, seed = 1 }
print(esp.analyze.scaling { panel = world.panel }.laws.exponent))");
    s.random();
    s.param("firms", &Firms::firms).range(1, 1e7).doc("Number of firms.");
    s.param("years", &Firms::years).range(1, 1000).unit("year").doc("Length of the panel.");
    s.param("first_year", &Firms::first_year)
        .range(-1e6, 1e6)
        .doc("What the first year is called.");
    s.param("entry_years", &Firms::entry_years)
        .range(1, 1000)
        .doc("Firms enter in one of the first so many years, each equally likely.");
    s.param("integrator", &Firms::integrator)
        .choices({"runge_kutta", "euler"})
        .doc("A year of the law: four Runge-Kutta steps, or one of Euler, which grows less.");
    describe_laws(s);
    describe_fluctuations(s);
    s.param("exit_rate", &Firms::exit_rate)
        .range(0, 1)
        .doc("Probability that a firm of the reference size leaves after a year.");
    s.param("exit_exponent", &Firms::exit_exponent)
        .range(0, 10)
        .doc("The same falls with size to this power (smaller firms die more often, "
             "doi:10.2307/1885690).");
    s.param("absent", &Firms::absent)
        .range(0, 1)
        .doc("Probability that a value other than assets is missing.");
    s.param("sectors", &Firms::sectors)
        .range(1, 1e6)
        .doc("Number of sectors; with more than one the panel has a column `sector`.");
    s.param("sector_deviation", &Firms::sector_deviation)
        .range(0, 10)
        .doc("Standard deviation over sectors of every ln c but those of liabilities and losses.");
    s.output_table("panel", "firm, year, sector when there are several, assets, liabilities, "
                            "net_income, and the `variables`; NaN: missing.");
    s.output_table("laws", "sector, variable, exponent, log_constant: what the panel follows.");
}

void Firms::describe_laws(Schema<Firms>& s) {
    s.param("income_exponent", &Firms::income_exponent)
        .range(0, 2)
        .doc("b_I, how net income scales with assets.");
    s.param("income_log_constant", &Firms::income_log_constant).range(-1000, 100).doc("ln c_I.");
    s.param("liabilities_exponent", &Firms::liabilities_exponent)
        .range(0, 2)
        .doc("b_L, how liabilities scale with assets.");
    s.param("liabilities_log_constant", &Firms::liabilities_log_constant)
        .range(-1000, 100)
        .doc("ln c_L; very low: assets grow as a power law in time.");
    s.param("loss_exponent", &Firms::loss_exponent).range(0, 2).doc("b of net losses.");
    s.param("loss_log_constant", &Firms::loss_log_constant)
        .range(-1000, 100)
        .doc("ln c of net losses.");
    s.param("loss_probability", &Firms::loss_probability)
        .range(0, 1)
        .doc("Probability that net income is a loss.");
    s.param("variables", &Firms::variables).doc("Names of the variables beside these.");
    s.param("exponents", &Firms::exponents).doc("b of each.");
    s.param("log_constants", &Firms::log_constants).doc("ln c of each.");
    s.param("start_mean", &Firms::start_mean)
        .range(0, 60)
        .doc("Mean of ln A at entry (the sources' sample has a median of 8.3e7).");
    s.param("start_deviation", &Firms::start_deviation)
        .range(0, 20)
        .doc("Standard deviation of the same.");
    s.param("start_min", &Firms::start_min).range(0, 60).doc("Least ln A at entry.");
    s.param("start_max", &Firms::start_max).range(0, 60).doc("Greatest ln A at entry.");
}

void Firms::describe_fluctuations(Schema<Firms>& s) {
    s.param("volatility", &Firms::volatility)
        .range(0, 10)
        .doc("Width of the tent at the reference size.");
    s.param("volatility_exponent", &Firms::volatility_exponent)
        .range(-2, 2)
        .doc("The width falls with size to this power (0.15 to 0.2, doi:10.1038/379804a0).");
    s.param("reference_size", &Firms::reference_size).above(0).max(1e30).doc("Assets.");
    s.param("volatility_min", &Firms::volatility_min).range(0, 10).doc("Least width of the tent.");
    s.param("volatility_max", &Firms::volatility_max)
        .range(0, 100)
        .doc("Greatest width of the tent.");
    s.param("deviation_width", &Firms::deviation_width)
        .range(0, 10)
        .doc("Laplace width of the yearly change of a variable's deviation from its law.");
    s.param("persistence", &Firms::persistence)
        .range(0, 1)
        .doc("Share of a deviation that is left after a year.");
    s.param("offset_deviation", &Firms::offset_deviation)
        .range(0, 10)
        .doc("Standard deviation over firms of the offset that a firm's variables share.");
    s.param("feedback", &Firms::feedback)
        .range(-2, 2)
        .doc("How growth leans on the deviations of the year before; 0: not at all.");
}

void Firms::check() const {
    if (exponents.size() != variables.size())
        throw Invalid("exponents", "has " + std::to_string(exponents.size()) + " numbers for " +
                                       std::to_string(variables.size()) + " variables");
    if (log_constants.size() != variables.size())
        throw Invalid("log_constants", "has " + std::to_string(log_constants.size()) +
                                           " numbers for " + std::to_string(variables.size()) +
                                           " variables");
    std::vector<std::string> names{"firm", "year", "sector", "assets", "liabilities", "net_income"};
    for (const auto& name : variables) {
        if (std::find(names.begin(), names.end(), name) != names.end())
            throw Invalid("variables", "'" + name + "' is the name of another column");
        names.push_back(name);
    }
    if (entry_years > years)
        throw Invalid("entry_years", "must be at most years = " + std::to_string(years) + ", is " +
                                         std::to_string(entry_years));
    if (start_min > start_max)
        throw Invalid("start_min", "must be at most start_max = " + std::to_string(start_max));
    if (volatility_min > volatility_max)
        throw Invalid("volatility_min",
                      "must be at most volatility_max = " + std::to_string(volatility_max));
    if (sectors > firms)
        throw Invalid("sectors", "must be at most firms = " + std::to_string(firms));
    if (feedback != 0 && variables.empty())
        throw Invalid("feedback", "leans on the first of variables, of which there is none");
}

std::vector<Sector> draw_sectors(const Firms& f, const Task& task) {
    std::vector<Sector> sectors;
    for (int64_t k = 0; k < f.sectors; ++k) {
        Random random(task.key(sector_stream), 0, static_cast<uint32_t>(k));
        const auto shifted = [&](double log_constant) {
            const double shift = f.sector_deviation * random.normal();
            return f.sectors > 1 ? log_constant + shift : log_constant;
        };
        Sector s;
        s.laws = {{1, 0},
                  {f.liabilities_exponent, f.liabilities_log_constant},
                  {f.income_exponent, shifted(f.income_log_constant)}};
        for (std::size_t v = 0; v < f.variables.size(); ++v)
            s.laws.push_back({f.exponents[v], shifted(f.log_constants[v])});
        s.loss = {f.loss_exponent, f.loss_log_constant};
        s.growth = {std::exp(s.laws[income_at].log_constant), f.income_exponent,
                    std::exp(f.liabilities_log_constant), f.liabilities_exponent};
        sectors.push_back(std::move(s));
    }
    return sectors;
}

void write_laws(const Bundle& table, std::span<const Sector> sectors,
                const std::vector<std::string>& names) {
    const auto rows = static_cast<int64_t>(sectors.size() * (names.size() + 1));
    const auto sector = table.output<int64_t>("sector", {rows});
    std::vector<std::string> variable;
    std::vector<double> exponents, constants;
    for (std::size_t k = 0; k < sectors.size(); ++k) {
        for (std::size_t v = 0; v <= names.size(); ++v) {
            const bool loss = v == names.size();
            sector(static_cast<int64_t>(variable.size())) = static_cast<int64_t>(k) + 1;
            variable.push_back(loss ? "net_loss" : names[v]);
            const PowerLaw& law = loss ? sectors[k].loss : sectors[k].laws[v];
            exponents.push_back(law.exponent);
            constants.push_back(law.log_constant);
        }
    }
    table.set("variable", variable);
    std::copy(exponents.begin(), exponents.end(), table.output<double>("exponent", {rows}).data());
    std::copy(constants.begin(), constants.end(),
              table.output<double>("log_constant", {rows}).data());
}

void Firms::run(const Task& task) const {
    constexpr int64_t grain = 64;
    const std::vector<Sector> sector_laws = draw_sectors(*this, task);
    std::vector<std::string> names{"assets", "liabilities", "net_income"};
    names.insert(names.end(), variables.begin(), variables.end());

    // Firms that leave make the panel ragged: their lives are played first, then written.
    std::vector<int64_t> first(static_cast<std::size_t>(firms) + 1, 0);
    task.parallel_for(firms, grain, [&](int64_t begin, int64_t end) {
        Path path(*this, task, sector_laws);
        for (int64_t f = begin; f < end; ++f)
            path.play(f,
                      [&](int64_t, int64_t, double) { ++first[static_cast<std::size_t>(f) + 1]; });
        task.check_cancelled();
    });
    std::partial_sum(first.begin(), first.end(), first.begin());

    const Bundle panel = task.output_table("panel");
    const int64_t rows = first.back();
    const auto firm_column = panel.output<int64_t>("firm", {rows});
    const auto year_column = panel.output<int64_t>("year", {rows});
    View<int64_t> sector_column;
    if (sectors > 1) sector_column = panel.output<int64_t>("sector", {rows});
    std::vector<View<double>> columns;
    for (const auto& name : names) columns.push_back(panel.output<double>(name.c_str(), {rows}));
    task.parallel_for(firms, grain, [&](int64_t begin, int64_t end) {
        Path path(*this, task, sector_laws);
        for (int64_t f = begin; f < end; ++f) {
            const int64_t sector = path.sector_of(f);
            path.play(f, [&](int64_t age, int64_t year, double) {
                const int64_t row = first[static_cast<std::size_t>(f)] + age;
                firm_column(row) = f + 1;
                year_column(row) = first_year + year;
                if (sectors > 1) sector_column(row) = sector + 1;
                for (std::size_t v = 0; v < columns.size(); ++v)
                    columns[v](row) = path.value(static_cast<int64_t>(v));
            });
        }
        task.check_cancelled();
    });
    write_laws(task.output_table("laws"), sector_laws, names);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(firms, espalier::firms::Firms)
