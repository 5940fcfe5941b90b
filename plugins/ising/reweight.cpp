// SPDX-License-Identifier: MIT
// One simulation seen at other temperatures.
#include "estimates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::ising {
namespace {

struct Reweight {
    double temperature = 2.269185314213022;
    std::vector<double> temperatures{2.26, 2.28};
    int64_t sites = 0;

    static void describe(Schema<Reweight>& s);
    void run(const Task& task) const;
};

void Reweight::describe(Schema<Reweight>& s) {
    s.analyzer(
         "reweight",
         "Thermodynamics at other temperatures from one series of energies and magnetisations")
        .doc(R"(Every record of a simulation at $T_0$ counts at $T$ with the weight
$w \propto e^{-(1/T - 1/T_0) E}$ (the histogram method of Ferrenberg and Swendsen without the histogram). Quantities
are ratios of weighted means; errors come from the jackknife over blocks longer than the autocorrelation time, as those
of `sample.ising_lattice`. `share` is $(\sum w)^2 / (n \sum w^2)$: where it is small the records of $T_0$ say little
about $T$.)")
        .reference("doi:10.1103/PhysRevLett.61.2635")
        .example(
            R"(local ising = esp.sample.ising_lattice { size = 32, temperature = 2.27, algorithm = "wolff", sweeps = 5000 }
local near = esp.analyze.reweight { energies = ising.energies, magnetisations = ising.magnetisations,
    sites = 32 * 32, temperature = 2.27, temperatures = { 2.26, 2.265, 2.275 } }
print(near.binder, near.share))");
    s.input_tensor<double>("energies", "replica,time", "Energy per site.");
    s.input_tensor<double>("magnetisations", "replica,time", "Magnetisation per site.");
    s.param("sites", &Reweight::sites).range(1, 1e15).required().doc("Sites of the system.");
    s.param("temperature", &Reweight::temperature)
        .above(0)
        .unit("J/k_B")
        .doc("At which the records were made.");
    s.param("temperatures", &Reweight::temperatures)
        .above(0)
        .unit("J/k_B")
        .doc("At which the quantities are wanted.");
    each_estimate([&s](const char* name, const char* doc, auto) {
        s.template output_tensor<double>(name, "temperature", doc);
        s.template output_tensor<double>(error_of(name), "temperature", "Its standard error.");
    });
    s.output_tensor<double>("share", "temperature", "Effective share of the records.");
}

void Reweight::run(const Task& task) const {
    const auto energies = task.tensor<double>("energies"),
               magnetisations = task.tensor<double>("magnetisations");
    const int64_t replicas = energies.axis(0), times = energies.axis(1);
    const auto records = static_cast<std::size_t>(energies.size());
    if (records < 2) throw Invalid("energies", "must hold two or more records");
    const auto n = static_cast<double>(sites);
    std::vector<std::vector<double>> columns(
        7, std::vector<double>(records)); // w; w times e, e^2, |m|, m^2, m^4
    std::vector<Series> series;
    for (int k = 0; k < 6; ++k)
        series.push_back({columns[static_cast<std::size_t>(k)], replicas, times});
    std::vector<double>& square = columns[6];
    for (std::size_t i = 0; i < records; ++i)
        square[i] = magnetisations.data()[i] * magnetisations.data()[i];
    const int64_t length = std::max(blocking({energies.flat(), replicas, times}).length,
                                    blocking({square, replicas, times}).length);
    const double mean =
        std::accumulate(energies.begin(), energies.end(), 0.0) / static_cast<double>(records);
    const auto count = static_cast<int64_t>(temperatures.size());
    const auto share = task.output<double>("share", {count});
    std::vector<Thermodynamics> found(temperatures.size());
    for (std::size_t t = 0; t < found.size(); ++t) {
        task.check_cancelled();
        const double at = temperatures[t], slope = -n * (1 / at - 1 / temperature);
        double greatest = -INFINITY, sum = 0, squares = 0;
        for (const double e : energies) greatest = std::max(greatest, slope * (e - mean));
        for (std::size_t i = 0; i < records; ++i) {
            const double e = energies.data()[i], m = std::abs(magnetisations.data()[i]);
            const double w = std::exp(slope * (e - mean) - greatest);
            const double values[] = {1, e, e * e, m, m * m, m * m * m * m};
            for (std::size_t k = 0; k < 6; ++k) columns[k][i] = w * values[k];
            sum += w, squares += w * w;
        }
        share(static_cast<int64_t>(t)) = sum * sum / (static_cast<double>(records) * squares);
        const auto of = [&](auto f) { return jackknife(series, length, f); };
        Thermodynamics& x = found[t];
        x.energy = of([](auto s) { return s[1] / s[0]; });
        x.specific_heat =
            of([&](auto s) { return n * (s[2] / s[0] - std::pow(s[1] / s[0], 2)) / (at * at); });
        x.magnetisation = of([](auto s) { return s[3] / s[0]; });
        x.squared_magnetisation = of([](auto s) { return s[4] / s[0]; });
        x.susceptibility =
            of([&](auto s) { return n * (s[4] / s[0] - std::pow(s[3] / s[0], 2)) / at; });
        x.binder = of([](auto s) { return s[4] > 0 ? 1 - s[5] * s[0] / (3 * s[4] * s[4]) : 0; });
    }
    write_quantities_by_temperature(task, found);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(reweight, espalier::ising::Reweight)
