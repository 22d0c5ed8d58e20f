#include "tests/load/reader_load.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "contract/sha256.h"
#include "hada/v1/read.pb.h"
#include "tests/support/api_client.h"

namespace hada::support {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kGoldCases = 50;
constexpr size_t kMostTold = 20;

// The server's database file, opened by its own hand.
class Database {
 public:
  explicit Database(const std::filesystem::path& file) {
    if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
      throw std::runtime_error("cannot open " + file.string());
    sqlite3_busy_timeout(db_, 10'000);
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void exec(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(std::string(sqlite3_errmsg(db_)) + ": " + sql);
  }
  // The first column of every row.
  std::vector<std::string> column(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::runtime_error(std::string(sqlite3_errmsg(db_)) + ": " + sql);
    std::vector<std::string> values;
    while (sqlite3_step(statement) == SQLITE_ROW)
      values.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    return values;
  }

 private:
  sqlite3* db_ = nullptr;
};

std::string reader_id(int number) { return "reader-" + std::to_string(number); }
std::string token_of(int number) {
  std::string token = "load" + std::to_string(number) + "x";
  token.resize(43, 'A');
  return token;
}

void fill(Database& db, const ReaderLoad& load) {
  const std::string end = "9000000000000000";
  db.exec("BEGIN");
  db.exec("INSERT INTO sites (site_id, display_name, created_us) VALUES ('load', 'Load', 1)");
  db.exec(
      "INSERT INTO batches (batch_id, site_id, created_by, tool_version, created_us) VALUES "
      "('load', 'load', 'admin', 'load', 1)");
  for (int i = 0; i < load.readers; ++i) {
    const std::string id = reader_id(i);
    db.exec("INSERT INTO users (user_id, display_name, password_hash, created_us) VALUES ('" + id + "', '" +
            id + "', '', 1)");
    db.exec("INSERT INTO role_grants (user_id, role, site_id) VALUES ('" + id + "', 1, '')");
    db.exec("INSERT INTO sessions (token_hash, user_id, created_us, expires_us) VALUES ('" +
            contract::sha256_hex(token_of(i)) + "', '" + id + "', 1, " + end + ")");
  }
  const std::string numbers =
      "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
      "WHERE n < " +
      std::to_string(load.cases) + ") ";
  // The first cases are decided gold: copies of them are mixed in.
  const std::string is_gold = "n <= " + std::to_string(kGoldCases);
  db.exec(
      "INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, state, tier, first_votes, "
      "read_limit, readable, ready_images, decided_term, created_us, updated_us) " +
      numbers + "SELECT 'case' || n, n * 4, 'load', 'k' || n, 'p' || n, CASE WHEN " + is_gold +
      " THEN 7 ELSE 1 END, CASE WHEN " + is_gold + " THEN 3 ELSE 1 END, 2, 2, CASE WHEN " + is_gold +
      " THEN 0 ELSE 1 END, 1, CASE WHEN " + is_gold + " THEN 'psoriasis' ELSE '' END, n, n FROM numbers");
  db.exec("INSERT INTO images (image_id, case_id, batch_id, ordinal, kind, state, bundle_hash, created_us) " +
          numbers + "SELECT 'image' || n, 'case' || n, 'load', 1, 2, 3, 'h', 1 FROM numbers");
  for (const char* slot : {"1", "2"})
    db.exec("INSERT INTO read_slots (case_id, slot) " + numbers + "SELECT 'case' || n, " + slot +
            " FROM numbers");
  db.exec("UPDATE clock SET seq = " + std::to_string(load.cases * 4));
  db.exec("COMMIT");
}

// What the answers said so far, by all readers.
class Book {
 public:
  void claimed(const std::string& slot, int reader) {
    const std::lock_guard lock(mutex_);
    Slot& s = slots_[slot];
    if (s.submitted) tell("a submitted slot was given again: " + slot);
    if (s.holder >= 0 && s.holder != reader && !s.leaving) tell("a slot was given to two readers: " + slot);
    s = {reader, false, false};
  }
  // From here on another reader may be given it.
  void leaving(const std::string& slot) {
    const std::lock_guard lock(mutex_);
    slots_[slot].leaving = true;
  }
  void submitted(const std::string& slot, const std::string& read, const std::string& case_name, int reader,
                 bool late) {
    const std::lock_guard lock(mutex_);
    reads_.insert(read);
    if (late) return tell("a read within its lease came late: " + read);
    slots_[slot].submitted = true;
    if (!readers_of_[case_name].insert(reader).second) tell("a reader voted twice on " + case_name);
  }
  void tell(const std::string& violation) {
    if (violations_.size() < kMostTold) violations_.push_back(violation);
  }
  void tell_locked(const std::string& violation) {
    const std::lock_guard lock(mutex_);
    tell(violation);
  }

  const std::set<std::string>& reads() const { return reads_; }
  std::vector<std::string> violations() { return std::move(violations_); }

 private:
  struct Slot {
    int holder = -1;
    bool leaving = false, submitted = false;
  };
  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
  std::map<std::string, std::set<int>> readers_of_;  // by case
  std::set<std::string> reads_;
  std::vector<std::string> violations_;
};

// One reader's day, in a thread of its own.
class Reader {
 public:
  Reader(const ServerProcess& server, Book& book, int number, uint64_t seed)
      : client_(server.address()),
        book_(book),
        number_(number),
        random_(seed * 1000 + static_cast<uint64_t>(number)) {
    client_.set_token(token_of(number));
  }

  void work_until(Clock::time_point end) {
    while (Clock::now() < end) {
      v1::ClaimNextRequest claim;
      claim.set_request_id(ApiClient::request_id());
      for (const std::string& name : left_) claim.add_holding(name);
      const auto start = Clock::now();
      const auto lease = client_.call<v1::ReadLease>("ReadService/ClaimNext", claim);
      if (!lease) {
        if (lease.error().reason != "QUEUE_EMPTY") return refuse("ClaimNext", lease.error());
        ++report.empty;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        continue;
      }
      claim_ms.push_back(ms_since(start));
      ++report.claims;
      book_.claimed(lease->name(), number_);
      // A few leases are left lying: the policy lets a reader hold ten.
      if (left_.size() < 5 && pick(100) == 0) {
        left_.push_back(lease->case_());
      } else if (pick(20) == 0) {
        give_back(*lease);
      } else {
        submit(*lease);
      }
    }
  }

  ReaderLoadReport report;
  std::vector<double> claim_ms, submit_ms;

 private:
  static double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  void refuse(const std::string& verb, const Error& error) {
    book_.tell_locked(verb + " was refused: " + error.reason + " " + error.message);
  }

  void give_back(const v1::ReadLease& lease) {
    v1::ReleaseLeaseRequest request;
    request.set_name(lease.name());
    request.set_request_id(ApiClient::request_id());
    book_.leaving(lease.name());
    const auto answer = client_.call<v1::ReleaseLeaseResponse>("ReadService/ReleaseLease", request);
    if (!answer) return refuse("ReleaseLease", answer.error());
    ++report.releases;
  }

  void submit(const v1::ReadLease& lease) {
    static constexpr const char* kTerms[] = {"psoriasis", "psoriasis", "lichen_planus", "tinea_corporis"};
    v1::SubmitReadRequest request;
    request.set_case_(lease.case_());
    request.set_request_id(ApiClient::request_id());
    request.mutable_content()->set_gradable(true);
    v1::Diagnosis* diagnosis = request.mutable_content()->add_differential();
    diagnosis->set_term(std::string("terms/") + kTerms[pick(4)]);
    diagnosis->set_rank(1);
    diagnosis->set_confidence(4);
    const auto start = Clock::now();
    const auto read = client_.call<v1::Read>("ReadService/SubmitRead", request);
    if (!read) return refuse("SubmitRead", read.error());
    submit_ms.push_back(ms_since(start));
    book_.submitted(lease.name(), read->name(), lease.case_(), number_, read->late());
    ++(read->late() ? report.late : report.submits);
    if (pick(10) != 0) return;
    // As a client does whose answer was lost.
    const auto again = client_.call<v1::Read>("ReadService/SubmitRead", request);
    if (!again || again->name() != read->name()) book_.tell_locked("a submit that was sent again is another");
    ++report.resent;
  }

  ApiClient client_;
  Book& book_;
  const int number_;
  std::mt19937_64 random_;
  std::vector<std::string> left_;
};

// The same, as the database has it.
void check_database(Database& db, Book& book) {
  const std::pair<const char*, const char*> none[] = {
      {"a case with more votes than its limit", "SELECT case_id FROM cases WHERE votes > read_limit"},
      {"a case whose votes are not its reads",
       "SELECT case_id FROM cases c WHERE planted_for = '' AND tier = 1 AND votes <> (SELECT COUNT(*) FROM "
       "reads r "
       "WHERE r.case_id = c.case_id AND r.purpose = 1 AND r.late = 0)"},
      {"a case with more or fewer slots than its limit",
       "SELECT case_id FROM cases c WHERE read_limit <> (SELECT COUNT(*) FROM read_slots s WHERE "
       "s.case_id = c.case_id)"},
      {"a read without its slot",
       "SELECT read_id FROM reads r WHERE late = 0 AND NOT EXISTS (SELECT 1 FROM read_slots s WHERE "
       "s.case_id = r.case_id AND s.read_id = r.read_id AND s.holder = r.user_id)"},
      {"a slot without its read",
       "SELECT case_id FROM read_slots s WHERE read_id <> '' AND NOT EXISTS (SELECT 1 FROM reads r WHERE "
       "r.read_id = s.read_id)"},
      {"a reader with two reads of one case",
       "SELECT case_id FROM reads GROUP BY case_id, user_id HAVING COUNT(*) > 1"},
      {"a reader with two slots of one case",
       "SELECT case_id FROM read_slots WHERE holder <> '' GROUP BY case_id, holder HAVING COUNT(*) > 1"},
      {"a full case that was not settled",
       "SELECT case_id FROM cases WHERE votes = read_limit AND state <= 2 AND planted_for = ''"},
      {"a copy that another reader has",
       "SELECT c.case_id FROM cases c JOIN read_slots s ON s.case_id = c.case_id WHERE c.planted_for <> '' "
       "AND s.holder NOT IN ('', c.planted_for)"},
  };
  for (const auto& [what, sql] : none)
    for (const std::string& found : db.column(sql)) book.tell(std::string(what) + ": " + found);

  const auto stored = db.column("SELECT 'cases/' || case_id || '/reads/' || read_id FROM reads");
  const std::set<std::string> stored_reads(stored.begin(), stored.end());
  for (const std::string& read : book.reads())
    if (!stored_reads.contains(read)) book.tell("an acknowledged read is lost: " + read);
  for (const std::string& read : stored_reads)
    if (!book.reads().contains(read)) book.tell("a read that nobody sent: " + read);
}

double percentile(std::vector<double>& values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(static_cast<double>(values.size() - 1) * p)];
}

}  // namespace

ReaderLoadReport run_readers(ServerProcess& server, const ReaderLoad& load) {
  const std::filesystem::path file = server.data_dir() / "hada.db";
  server.stop();
  {
    Database db(file);
    fill(db, load);
  }
  server.start();

  Book book;
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < load.readers; ++i)
    readers.push_back(std::make_unique<Reader>(server, book, i, load.seed));
  const auto end = Clock::now() + std::chrono::seconds(load.seconds);
  std::vector<std::thread> threads;
  for (const auto& reader : readers) threads.emplace_back([&reader, end] { reader->work_until(end); });
  for (std::thread& thread : threads) thread.join();

  server.stop();
  Database db(file);
  check_database(db, book);
  ReaderLoadReport total;
  std::vector<double> claim_ms, submit_ms;
  for (const auto& reader : readers) {
    total.claims += reader->report.claims;
    total.submits += reader->report.submits;
    total.late += reader->report.late;
    total.releases += reader->report.releases;
    total.resent += reader->report.resent;
    total.empty += reader->report.empty;
    claim_ms.insert(claim_ms.end(), reader->claim_ms.begin(), reader->claim_ms.end());
    submit_ms.insert(submit_ms.end(), reader->submit_ms.begin(), reader->submit_ms.end());
  }
  total.hidden = static_cast<int64_t>(db.column("SELECT read_id FROM reads WHERE purpose > 1").size());
  total.claim_p50_ms = percentile(claim_ms, 0.5);
  total.claim_p99_ms = percentile(claim_ms, 0.99);
  total.submit_p50_ms = percentile(submit_ms, 0.5);
  total.submit_p99_ms = percentile(submit_ms, 0.99);
  total.violations = book.violations();
  return total;
}

std::string report_text(const ReaderLoad& load, const ReaderLoadReport& r) {
  char text[400];
  std::snprintf(
      text, sizeof text,
      "%d readers, %d s: %lld claims (p50 %.1f, p99 %.1f ms), %lld reads (p50 %.1f, p99 %.1f ms), %lld of "
      "them hidden, %lld given back, %lld sent twice, %lld times nothing to read; %zu violations",
      load.readers, load.seconds, static_cast<long long>(r.claims), r.claim_p50_ms, r.claim_p99_ms,
      static_cast<long long>(r.submits), r.submit_p50_ms, r.submit_p99_ms, static_cast<long long>(r.hidden),
      static_cast<long long>(r.releases), static_cast<long long>(r.resent), static_cast<long long>(r.empty),
      r.violations.size());
  return text;
}

}  // namespace hada::support
