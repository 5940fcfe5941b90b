// SPDX-License-Identifier: MIT
// The supervisor with workers that do as the test says: what becomes of each task, how often it is
// tried, and what is left when it ends.
#include "values/failure.hpp"
#include "work/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>

#include <unistd.h>

using namespace espalier;

namespace {

// Answers at once; a task with n in `fatal` ends it, one in `hanging` is never answered.
struct Scene {
    std::map<int64_t, int> fatal; // how often it still kills
    std::vector<int64_t> begun;
    int made = 0, alive = 0, most = 0;
};

class Actor final : public Worker {
public:
    explicit Actor(Scene& scene) : scene_(scene) {
        ++scene_.made;
        scene_.most = std::max(scene_.most, ++scene_.alive);
        BOOST_REQUIRE(pipe(bell_) == 0);
    }
    ~Actor() override {
        --scene_.alive;
        close(bell_[0]), close(bell_[1]);
    }
    bool send(const Value& message) override {
        const Map& asked = message.as<Map>();
        if (asked.at("do").as<std::string>() == "load") {
            said_.push_back(Map{{"is", "loaded"}});
        } else {
            const auto n = asked.at("point").as<Map>().at("n").as<int64_t>();
            scene_.begun.push_back(n);
            if (auto& times = scene_.fatal[n]; times > 0)
                --times, dead_ = true;
            else
                said_.push_back(Map{{"is", "done"}, {"result", Map{{"twice", 2 * n}}}});
        }
        BOOST_REQUIRE(write(bell_[1], "x", 1) == 1);
        return true;
    }
    std::vector<int> descriptors() const override { return {bell_[0]}; }
    bool listen() override {
        char x = 0;
        BOOST_REQUIRE(read(bell_[0], &x, 1) == 1);
        return !dead_;
    }
    std::optional<Value> receive() override {
        if (said_.empty()) return {};
        Value v = said_.front();
        said_.pop_front();
        return v;
    }
    std::string output() override { return {}; }
    void interrupt() override {}
    bool expendable() const override { return true; }
    WorkerEnd end() override { return {9, 0, false, "simulate.fatal"}; }

private:
    Scene& scene_;
    std::deque<Value> said_;
    int bell_[2];
    bool dead_ = false;
};

std::vector<RunTask> tasks(int64_t count) {
    std::vector<RunTask> all;
    for (int64_t n = 0; n < count; ++n) all.push_back(task_of(Map{{"n", n}}, 0));
    return all;
}

SupervisorSettings settings(Scene& scene, int jobs) {
    SupervisorSettings s;
    s.jobs = jobs;
    s.make = [&] { return std::make_unique<Actor>(scene); };
    s.load = Map{{"do", "load"}};
    return s;
}

std::map<int64_t, Outcome> run(Supervisor& supervisor) {
    std::map<int64_t, Outcome> outcomes;
    while (!supervisor.idle())
        for (auto& ended : supervisor.wait(10))
            outcomes[ended.task.point.at("n").as<int64_t>()] = ended.outcome;
    return outcomes;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_task_ends_once_whatever_the_number_of_jobs) {
    for (const int jobs : {1, 3, 8, 100}) {
        Scene scene;
        {
            Supervisor supervisor(settings(scene, jobs));
            supervisor.add(tasks(50));
            const auto outcomes = run(supervisor);
            BOOST_TEST(outcomes.size() == 50u);
            for (const auto& [n, o] : outcomes) {
                BOOST_TEST((o.state == TaskState::done));
                BOOST_TEST(o.result.as<Map>().at("twice").as<int64_t>() == 2 * n);
                BOOST_TEST(o.attempts == 1);
            }
            BOOST_TEST(scene.begun.size() == 50u);
            BOOST_TEST(scene.most <= std::min(jobs, 50));
        }
        BOOST_TEST(scene.alive == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_task_that_kills_its_worker_is_tried_once_more_and_then_put_aside) {
    Scene scene;
    scene.fatal = {{3, 1}, {7, 100}};
    Supervisor supervisor(settings(scene, 2));
    supervisor.add(tasks(10));
    auto outcomes = run(supervisor);
    BOOST_TEST(outcomes.size() == 10u);
    BOOST_TEST((outcomes[3].state == TaskState::done));
    BOOST_TEST(outcomes[3].attempts == 2);
    BOOST_TEST((outcomes[7].state == TaskState::crashed));
    BOOST_TEST(outcomes[7].attempts == 2);
    BOOST_TEST(outcomes[7].message == "crashed (SIGKILL) in simulate.fatal");
    BOOST_TEST(std::count(scene.begun.begin(), scene.begun.end(), 7) == 2);
    BOOST_TEST(scene.made <= 2 + 3); // as many more as died
}

BOOST_AUTO_TEST_CASE(what_is_drained_was_not_begun) {
    Scene scene;
    Supervisor supervisor(settings(scene, 1));
    supervisor.add(tasks(20));
    std::size_t ended = 0;
    while (ended < 5) ended += supervisor.wait(10).size();
    const auto left = supervisor.drain();
    while (!supervisor.idle()) ended += supervisor.wait(10).size();
    BOOST_TEST(ended + left.size() == 20u);
    for (const RunTask& task : left)
        BOOST_TEST(std::count(scene.begun.begin(), scene.begun.end(),
                              task.point.at("n").as<int64_t>()) == 0);
}
