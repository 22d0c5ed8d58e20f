// From a commit to every workstation: a reviewer's stream each, over connections of their own, while readers
// claim and give back. The time runs from before the write is sent until the hint is in the client's hands;
// the limit is a second.
//
//   watch_bench [streams] [writes]

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "hada/v1/case.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/bench/bench_table.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using Clock = std::chrono::steady_clock;

// What all streams have received.
struct Receipts {
  std::mutex mutex;
  std::condition_variable changed;
  size_t begun = 0, hints = 0;
  Clock::time_point sent;
  std::vector<double> delays_ms;

  void take(const std::string& bytes) {
    const auto now = Clock::now();
    v1::Hint hint;
    hint.ParseFromString(bytes);
    const std::lock_guard lock(mutex);
    if (hint.kind() == v1::HINT_KIND_POSITION) {
      ++begun;
    } else {
      ++hints;
      delays_ms.push_back(std::chrono::duration<double, std::milli>(now - sent).count());
    }
    changed.notify_all();
  }
  template <typename Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), condition);
  }
};

double share(std::vector<double> sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(part * static_cast<double>(sorted.size())))];
}

void fail(const std::string& what) {
  std::fprintf(stderr, "watch_bench: %s\n", what.c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const size_t streams = argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 200;
  const int writes = argc > 2 ? std::atoi(argv[2]) : 100;
  ServerProcess server;
  make_people(server);
  TempDir dir;
  std::string error;
  if (write_demo_set((dir / "images").string(), 1, &error, 8) <= 0) fail(error);
  if (ingest(server, dir / "images" / "manifest.csv", dir.path()).status != 0) fail("the ingest failed");
  ApiClient reader(server.address()), qa(server.address());
  reader.as("derm-b");
  qa.as("qa-d");

  Receipts receipts;
  std::vector<std::unique_ptr<net::Channel>> channels;
  std::vector<std::shared_ptr<net::CallHandle>> handles;
  size_t ended = 0;
  for (size_t i = 0; i < streams; ++i) {
    channels.push_back(net::Channel::open({server.address(), "", "watch_bench"}).value());
    handles.push_back(channels.back()->watch(
        "/hada.v1.EventService/WatchEvents", v1::WatchEventsRequest().SerializeAsString(), qa.token(),
        [&](const std::string& bytes) { receipts.take(bytes); },
        [&](const net::Outcome&) {
          const std::lock_guard lock(receipts.mutex);
          ++ended;
          receipts.changed.notify_all();
        }));
  }
  if (!receipts.wait([&] { return receipts.begun == streams; })) fail("not every stream began");

  size_t expected = 0;
  std::string lease;
  for (int i = 0; i < writes; ++i) {
    {
      const std::lock_guard lock(receipts.mutex);
      receipts.sent = Clock::now();
    }
    bool written = false;
    if (lease.empty()) {
      v1::ClaimNextRequest request;
      request.set_request_id(ApiClient::request_id());
      const auto claimed = reader.call<v1::ReadLease>("ReadService/ClaimNext", request);
      written = claimed.has_value();
      if (claimed) lease = claimed->name();
    } else {
      v1::ReleaseLeaseRequest request;
      request.set_name(lease);
      request.set_request_id(ApiClient::request_id());
      written = reader.call<v1::ReleaseLeaseResponse>("ReadService/ReleaseLease", request).has_value();
      lease.clear();
    }
    if (!written) fail("a write was refused");
    expected += streams;
    if (!receipts.wait([&] { return receipts.hints >= expected; })) fail("a hint did not arrive");
  }
  for (const auto& handle : handles) handle->cancel();
  receipts.wait([&] { return ended == streams; });

  std::sort(receipts.delays_ms.begin(), receipts.delays_ms.end());
  const std::string beside = ", " + std::to_string(streams) + " streams (limit)";
  bench::print_row({"watch: write to hint, ms p50" + beside, share(receipts.delays_ms, 0.5), 1000.0,
                    bench::at_most(1000)});
  bench::print_row({"watch: write to hint, ms p99" + beside, share(receipts.delays_ms, 0.99), 1000.0,
                    bench::at_most(1000)});
  bench::print_row({"watch: write to hint, ms worst" + beside, receipts.delays_ms.back(), std::nullopt,
                    bench::no_target()});
  return 0;
}
