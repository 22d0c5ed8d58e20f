#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

constexpr int kThreads = 16;

void on_threads(const std::function<void(int)>& fn) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(fn, t);
  for (std::thread& thread : threads) thread.join();
}

// What must be true of the slots and votes of every case, at any time.
void check_books(World& world) {
  CHECK(world.number("SELECT COUNT(*) FROM cases c WHERE votes > read_limit") == 0);
  CHECK(world.number("SELECT COUNT(*) FROM cases c WHERE votes <> "
                     "(SELECT COUNT(*) FROM reads r WHERE r.case_id = c.case_id AND r.late = 0)") == 0);
  CHECK(world.number("SELECT COUNT(*) FROM cases c WHERE votes <> "
                     "(SELECT COUNT(*) FROM read_slots s WHERE s.case_id = c.case_id AND s.read_id <> '')") ==
        0);
  CHECK(world.number("SELECT COUNT(*) FROM (SELECT 1 FROM read_slots WHERE holder <> '' "
                     "GROUP BY case_id, holder HAVING COUNT(*) > 1) AS twice") == 0);
  CHECK(
      world.number("SELECT COUNT(*) FROM (SELECT 1 FROM reads GROUP BY case_id, user_id HAVING COUNT(*) > 1) "
                   "AS twice") == 0);
  CHECK(world.number("SELECT COUNT(*) FROM cases c WHERE EXISTS (SELECT 1 FROM case_kinds k WHERE "
                     "k.case_id = c.case_id AND (k.state <> c.state OR k.readable <> c.readable))") == 0);
  // A case leaves the reading states exactly when its votes are in.
  CHECK(world.number("SELECT COUNT(*) FROM cases WHERE (votes = read_limit) <> (state > 3)") == 0);
}

}  // namespace

TEST_CASE("sixteen readers at the same cases: no slot is given twice, no vote is too many") {
  World world;
  world.without_third_read();
  std::vector<std::string> cases;
  for (int i = 0; i < 12; ++i) cases.push_back(world.add_case());

  std::mutex mutex;
  std::map<std::string, std::string> holders;  // slot -> reader, while the lease cannot have ended
  std::atomic<int> given_twice = 0, submitted = 0, unexpected = 0;

  on_threads([&](int t) {
    const Person reader = derm("reader" + std::to_string(t));
    for (int round = 0; round < 3; ++round)
      for (size_t i = 0; i < cases.size(); ++i) {
        const std::string& name = cases[(i * 5 + static_cast<size_t>(t)) % cases.size()];
        const auto lease = world.claim(reader, name);
        if (!lease) {
          const std::string why = reason(lease);
          if (why != "NO_FREE_SLOT" && why != "ALREADY_READ" && why != "WRONG_STATE") ++unexpected;
          continue;
        }
        {
          const std::lock_guard lock(mutex);
          if (!holders.emplace(lease->name(), reader.id).second) ++given_twice;
        }
        const bool gives_back = (t + round + static_cast<int>(i)) % 3 == 0;
        if (gives_back) {
          {
            const std::lock_guard lock(mutex);
            holders.erase(lease->name());
          }
          if (!world.release(reader, lease->name())) ++unexpected;
        } else {
          const auto read = world.submit(reader, name, says(t % 2 == 0 ? "psoriasis" : "eczema"));
          if (!read || read->late()) ++unexpected;
          ++submitted;
        }
      }
  });

  CHECK(given_twice == 0);
  CHECK(unexpected == 0);
  CHECK(submitted == 24);  // two votes a case, and all were asked for often enough
  CHECK(world.number("SELECT SUM(votes) FROM cases") == 24);
  check_books(world);
}

TEST_CASE("leases that run out under sixteen readers lose no read and admit no vote too many") {
  World world;
  std::vector<std::string> cases;
  for (int i = 0; i < 8; ++i) cases.push_back(world.add_case());
  std::atomic<int> kept = 0, unexpected = 0;

  on_threads([&](int t) {
    const Person reader = derm("reader" + std::to_string(t));
    for (const std::string& name : cases) {
      if (!world.claim(reader, name)) continue;
      if (t % 2 == 0) world.clock.advance_seconds(1300);  // everybody's lease is over
      std::this_thread::yield();
      const auto read = world.submit(reader, name, says("psoriasis"));
      if (read) {
        ++kept;
      } else {
        ++unexpected;
      }
    }
  });

  CHECK(unexpected == 0);
  CHECK(world.number("SELECT COUNT(*) FROM reads") == kept);
  CHECK(kept >= 16);
  check_books(world);
}

TEST_CASE("one reader in sixteen windows votes once") {
  World world;
  const std::string name = world.add_case();
  const Person ann = derm("ann");
  std::atomic<int> leases = 0, votes = 0, refused = 0;
  on_threads([&](int) {
    if (world.claim(ann, name)) ++leases;
    const auto read = world.submit(ann, name, says("psoriasis"));
    if (read) ++votes;
    if (reason(read) == "ALREADY_READ") ++refused;
  });
  CHECK(votes == 1);
  CHECK(refused == kThreads - 1);
  CHECK(leases >= 1);
  CHECK(world.number("SELECT COUNT(*) FROM read_slots WHERE holder = 'ann'") == 1);
  check_books(world);
}

TEST_CASE("sixteen reviewers decide a case once") {
  World world;
  const std::string name = world.add_case();
  world.reads(derm("ann"), name, says("psoriasis"));
  world.reads(derm("bob"), name, says("psoriasis"));
  auto request = world.about<v1::ApproveCaseRequest>(name);
  std::atomic<int> approved = 0, conflicts = 0;
  on_threads([&](int t) {
    v1::ApproveCaseRequest mine = request;
    mine.set_request_id(fresh());
    const auto answer = world.call(approve_case, qa("qa" + std::to_string(t)), mine);
    if (answer) ++approved;
    if (reason(answer) == "ETAG_MISMATCH") ++conflicts;
  });
  CHECK(approved == 1);
  CHECK(conflicts == kThreads - 1);
  CHECK(world.number("SELECT COUNT(*) FROM decisions") == 1);
}
