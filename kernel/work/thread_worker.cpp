// SPDX-License-Identifier: MIT
// A worker that is a thread of this process.
#include "values/failure.hpp"
#include "work/worker.hpp"

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <sys/eventfd.h>
#include <unistd.h>

namespace espalier {

namespace {

class ThreadWorker final : public Worker {
public:
    explicit ThreadWorker(std::function<ThreadDesk(Say)> open) {
        if (bell_ < 0)
            throw Failure(Exit::input_output, "a worker thread cannot be started: no descriptor");
        thread_ = std::thread([this, open = std::move(open)] { serve(open); });
    }
    ~ThreadWorker() override {
        interrupt();
        {
            const std::lock_guard lock(guard_);
            over_ = true;
        }
        asked_.notify_all();
        thread_.join();
        close(bell_);
    }

    bool send(const Value& message) override {
        {
            const std::lock_guard lock(guard_);
            inbox_.push_back(message);
        }
        asked_.notify_all();
        return true;
    }
    std::vector<int> descriptors() const override { return {bell_}; }
    bool listen() override {
        uint64_t rings = 0;
        [[maybe_unused]] const ssize_t n = read(bell_, &rings, sizeof rings);
        return true;
    }
    std::optional<Value> receive() override {
        const std::lock_guard lock(guard_);
        if (outbox_.empty()) return {};
        Value message = std::move(outbox_.front());
        outbox_.pop_front();
        return message;
    }
    std::string output() override { return {}; }
    void interrupt() override {
        const std::lock_guard lock(guard_);
        if (desk_.interrupt) desk_.interrupt();
    }
    bool expendable() const override { return false; }
    WorkerEnd end() override { return {}; }

private:
    void say(const Value& message) {
        {
            const std::lock_guard lock(guard_);
            outbox_.push_back(message);
        }
        const uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = write(bell_, &one, sizeof one);
    }

    void serve(const std::function<ThreadDesk(Say)>& open) {
        ThreadDesk desk = open([this](const Value& message) { say(message); });
        std::unique_lock lock(guard_);
        desk_ = std::move(desk);
        for (;;) {
            asked_.wait(lock, [&] { return over_ || !inbox_.empty(); });
            if (over_) break;
            const Value message = std::move(inbox_.front());
            inbox_.pop_front();
            lock.unlock();
            desk_.serve(message);
            lock.lock();
        }
        desk = std::exchange(desk_, {}); // ends on the thread it lived on
        lock.unlock();
    }

    int bell_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::mutex guard_;
    std::condition_variable asked_;
    std::deque<Value> inbox_, outbox_;
    ThreadDesk desk_;
    bool over_ = false;
    std::thread thread_;
};

} // namespace

std::unique_ptr<Worker> thread_worker(std::function<ThreadDesk(Say)> open) {
    return std::make_unique<ThreadWorker>(std::move(open));
}

} // namespace espalier
