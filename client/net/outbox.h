#pragma once

// Changes on their way to the server, on disk until the server has answered for good. A crash or an outage
// loses none, and the request_id inside each request keeps a resend from changing anything twice. What the
// server refused for good stays too, until its author has settled it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "contract/result.h"

struct sqlite3;

namespace hada::net {

struct OutboxEntry {
  int64_t id = 0;
  std::string user;     // "users/x": only this user may send it
  std::string method;   // "/hada.v1.ReadService/SubmitRead"
  std::string subject;  // what it changes; a newer draft of one case replaces the older
  std::string request;  // serialised request
};

struct RefusedEntry {
  OutboxEntry entry;
  int64_t code = 0;  // ErrorCode's numbers
  std::string reason;
};

// What an author is writing that the server keeps no draft of: an amendment.
struct KeptWork {
  std::string user;     // "users/x"
  std::string subject;  // "cases/c1"
  std::string work;     // serialised
};

// Used by one thread at a time.
class Outbox {
 public:
  // An empty path keeps it in memory (tests). UNAVAILABLE / OUTBOX_FAILED when the file cannot be used.
  static Result<std::unique_ptr<Outbox>> open(const std::string& path);
  ~Outbox();

  // On disk when it returns.
  Result<int64_t> add(const OutboxEntry& entry);
  Status remove(int64_t id);
  // Oldest first.
  Result<std::vector<OutboxEntry>> entries(const std::string& user);

  // Out of what waits, into what was refused; keeps its id.
  Status refuse(int64_t id, int64_t code, const std::string& reason);
  // Oldest first.
  Result<std::vector<RefusedEntry>> refused(const std::string& user);
  Status settle(int64_t id);

  // On disk when it returns; replaces what was kept for the same subject. Empty work: nothing is kept.
  Status keep(const KeptWork& kept);
  Result<std::vector<KeptWork>> kept(const std::string& user);

 private:
  explicit Outbox(sqlite3* db) : db_(db) {}
  Status remove_from(const char* sql, int64_t id);
  sqlite3* db_;
};

}  // namespace hada::net
