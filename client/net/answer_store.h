#pragma once

// Answers of the server on this computer's disk, so that cases whose slots are held can be read without a
// network. They are images of patients: every answer is encrypted (XChaCha20-Poly1305), names are hashed,
// both under a key that lives in this process's memory only, and the file has no name on the disk once it is
// open. A crash therefore leaves nothing that anybody could read, and nothing to clean up.

#include <sodium.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "contract/result.h"

struct sqlite3;

namespace hada::net {

// Any thread.
class AnswerStore {
 public:
  // In `folder`, or in memory where it is empty (tests). UNAVAILABLE / CACHE_FAILED when the folder cannot be
  // used. Takes at most about `most_bytes` of answers.
  static Result<std::unique_ptr<AnswerStore>> open(const std::string& folder, int64_t most_bytes);
  ~AnswerStore();
  AnswerStore(const AnswerStore&) = delete;
  AnswerStore& operator=(const AnswerStore&) = delete;

  // The answer to a request, kept for a case ("cases/c1") until that is dropped. RESOURCE_EXHAUSTED /
  // CACHE_FULL, UNAVAILABLE / CACHE_FAILED; what was kept before stays.
  Status put(const std::string& for_case, const std::string& method, const std::string& request,
             const std::string& answer);
  // These two look in memory only, and never wait for the disk.
  bool has(const std::string& method, const std::string& request) const;
  bool keeps(const std::string& for_case) const;
  // Reads the disk. Nothing where there is none, or where the disk has changed it.
  std::optional<std::string> find(const std::string& method, const std::string& request);
  void drop(const std::string& for_case);
  void clear();
  int64_t bytes() const;

 private:
  using Key = std::array<unsigned char, 16>;
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  struct Entry {
    int64_t row;
    int64_t size;
    std::string for_case;
  };

  AnswerStore(sqlite3* db, int64_t most_bytes);
  Key key_of(const std::string& method, const std::string& request) const;
  // Under entries_mutex_: out of the memory; the row is still on the disk.
  int64_t unhook(std::unordered_map<Key, Entry, KeyHash>::iterator entry);
  void delete_rows(const std::vector<int64_t>& rows);

  sqlite3* db_;
  const int64_t most_bytes_;
  std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> secret_;
  std::mutex db_mutex_;               // guards the database
  mutable std::mutex entries_mutex_;  // guards all below; never held while the disk works
  std::unordered_map<Key, Entry, KeyHash> entries_;
  std::unordered_map<std::string, int> entries_of_;  // by case
  int64_t bytes_ = 0;
};

}  // namespace hada::net
