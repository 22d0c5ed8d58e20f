#include "tests/bench/channel_load.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace hada::bench {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

struct ChannelLoad::State {
  Clock::time_point end;
  std::atomic<size_t> position{0};
  std::mutex mutex;
  std::condition_variable done;
  std::vector<double> latencies_us;
  size_t bytes = 0;
  int live = 0;
  std::string failed;
};

ChannelLoad::ChannelLoad(const std::string& address, std::string method, std::string token,
                         std::vector<std::string> requests)
    : method_(std::move(method)), token_(std::move(token)), requests_(std::move(requests)) {
  auto channel = net::Channel::open({address, "", "bench"});
  if (!channel) throw std::runtime_error(channel.error().message);
  channel_ = std::move(*channel);
}

void ChannelLoad::next(const std::shared_ptr<State>& state) {
  const auto begun = Clock::now();
  const std::string& request = requests_[state->position.fetch_add(1) % requests_.size()];
  channel_->start(
      method_, request, token_, std::chrono::seconds(10), [this, state, begun](net::Outcome outcome) {
        const auto now = Clock::now();
        bool more = false;
        {
          std::lock_guard lock(state->mutex);
          state->latencies_us.push_back(std::chrono::duration<double, std::micro>(now - begun).count());
          state->bytes += outcome.bytes.size();
          if (outcome.error) state->failed = outcome.error->message;
          more = now < state->end && state->failed.empty();
          if (!more && --state->live == 0) state->done.notify_all();
        }
        if (more) next(state);
      });
}

Round ChannelLoad::run(const std::vector<pid_t>& servers, std::chrono::milliseconds time, int in_flight) {
  auto state = std::make_shared<State>();
  const double cpu_before = cpu_seconds(servers);
  const auto begun = Clock::now();
  state->end = begun + time;
  state->live = in_flight;
  for (int i = 0; i < in_flight; ++i) next(state);
  std::unique_lock lock(state->mutex);
  state->done.wait(lock, [&] { return state->live == 0; });
  if (!state->failed.empty()) throw std::runtime_error(method_ + ": " + state->failed);
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return summarise(std::move(state->latencies_us), seconds, cpu_seconds(servers) - cpu_before, state->bytes);
}

}  // namespace hada::bench
