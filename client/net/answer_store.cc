#include "client/net/answer_store.h"

#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "client/net/sqlite_statement.h"

namespace hada::net {
namespace {

constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

Unexpected failed(sqlite3* db) {
  return Unexpected(ErrorCode::Unavailable, "CACHE_FAILED",
                    std::string("cannot keep images on this computer: ") + sqlite3_errmsg(db));
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

size_t AnswerStore::KeyHash::operator()(const Key& key) const {
  size_t hash;
  std::memcpy(&hash, key.data(), sizeof hash);
  return hash;
}

Result<std::unique_ptr<AnswerStore>> AnswerStore::open(const std::string& folder, int64_t most_bytes) {
  if (sodium_init() < 0) return Unexpected(ErrorCode::Unavailable, "CACHE_FAILED", "no randomness for a key");
  // Several windows may share the folder.
  const std::string path =
      folder.empty()
          ? ":memory:"
          : (std::filesystem::path(folder) / ("ahead-" + std::to_string(getpid()) + ".db")).string();
  sqlite3* db = nullptr;
  const int rc = sqlite3_open(path.c_str(), &db);
  std::unique_ptr<AnswerStore> store(new AnswerStore(db, most_bytes));
  if (rc != SQLITE_OK) return failed(db);
  // Nothing here must outlive the process, so nothing needs to reach the disk's platter, nor a journal.
  constexpr const char* kSchema =
      "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
      "PRAGMA secure_delete=OFF;"  // what is deleted is sealed

      "CREATE TABLE answers (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);";
  if (sqlite3_exec(db, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) return failed(db);
  if (!folder.empty() && unlink(path.c_str()) != 0)
    return Unexpected(ErrorCode::Unavailable, "CACHE_FAILED", "cannot hide the images kept on this computer");
  return store;
}

AnswerStore::AnswerStore(sqlite3* db, int64_t most_bytes) : db_(db), most_bytes_(most_bytes) {
  crypto_aead_xchacha20poly1305_ietf_keygen(secret_.data());
}

AnswerStore::~AnswerStore() {
  sqlite3_close(db_);
  sodium_memzero(secret_.data(), secret_.size());
}

AnswerStore::Key AnswerStore::key_of(const std::string& method, const std::string& request) const {
  std::string text = method;
  text += '\0';
  text += request;
  Key key;
  crypto_generichash(key.data(), key.size(), bytes_of(text), text.size(), secret_.data(), secret_.size());
  return key;
}

Status AnswerStore::put(const std::string& for_case, const std::string& method, const std::string& request,
                        const std::string& answer) {
  const Key key = key_of(method, request);
  std::string sealed(kNonce + answer.size() + kTag, '\0');
  randombytes_buf(sealed.data(), kNonce);
  unsigned long long length = 0;
  // Bound to its request: an answer that was moved to another row does not open.
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + kNonce, &length, bytes_of(answer),
                                             answer.size(), key.data(), key.size(), nullptr, bytes_of(sealed),
                                             secret_.data());
  const auto size = static_cast<int64_t>(sealed.size());
  {
    std::lock_guard lock(entries_mutex_);
    const auto old = entries_.find(key);
    const int64_t freed = old == entries_.end() ? 0 : old->second.size;
    if (bytes_ - freed + size > most_bytes_)
      return Unexpected(ErrorCode::ResourceExhausted, "CACHE_FULL",
                        "no more images are kept on this computer");
  }
  int64_t row = 0;
  {
    std::lock_guard lock(db_mutex_);
    Statement insert(db_, "INSERT INTO answers (sealed) VALUES (?)");
    if (!insert.ok()) return failed(db_);
    insert.bind(1, sealed);
    if (insert.step() != SQLITE_DONE) return failed(db_);
    row = sqlite3_last_insert_rowid(db_);
  }
  std::vector<int64_t> replaced;
  {
    std::lock_guard lock(entries_mutex_);
    if (const auto old = entries_.find(key); old != entries_.end()) replaced.push_back(unhook(old));
    entries_.emplace(key, Entry{row, size, for_case});
    ++entries_of_[for_case];
    bytes_ += size;
  }
  delete_rows(replaced);
  return {};
}

bool AnswerStore::has(const std::string& method, const std::string& request) const {
  const Key key = key_of(method, request);
  std::lock_guard lock(entries_mutex_);
  return entries_.contains(key);
}

bool AnswerStore::keeps(const std::string& for_case) const {
  std::lock_guard lock(entries_mutex_);
  return entries_of_.contains(for_case);
}

std::optional<std::string> AnswerStore::find(const std::string& method, const std::string& request) {
  const Key key = key_of(method, request);
  int64_t row = 0;
  {
    std::lock_guard lock(entries_mutex_);
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return std::nullopt;
    row = entry->second.row;
  }
  std::string sealed;
  {
    std::lock_guard lock(db_mutex_);
    Statement select(db_, "SELECT sealed FROM answers WHERE id = ?");
    if (!select.ok()) return std::nullopt;
    select.bind(1, row);
    if (select.step() != SQLITE_ROW) return std::nullopt;
    sealed = select.bytes(0);
  }
  if (sealed.size() < kNonce + kTag) return std::nullopt;
  std::string answer(sealed.size() - kNonce - kTag, '\0');
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          bytes_of(answer), &length, nullptr, bytes_of(sealed) + kNonce, sealed.size() - kNonce, key.data(),
          key.size(), bytes_of(sealed), secret_.data()) != 0)
    return std::nullopt;
  return answer;
}

int64_t AnswerStore::unhook(std::unordered_map<Key, Entry, KeyHash>::iterator entry) {
  const int64_t row = entry->second.row;
  bytes_ -= entry->second.size;
  if (const auto of = entries_of_.find(entry->second.for_case); --of->second == 0) entries_of_.erase(of);
  entries_.erase(entry);
  return row;
}

void AnswerStore::delete_rows(const std::vector<int64_t>& rows) {
  if (rows.empty()) return;
  std::lock_guard lock(db_mutex_);
  sqlite3_exec(db_, "BEGIN", nullptr, nullptr, nullptr);
  for (const int64_t row : rows) {
    Statement remove(db_, "DELETE FROM answers WHERE id = ?");
    if (!remove.ok()) break;
    remove.bind(1, row);
    remove.step();
  }
  sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
}

void AnswerStore::drop(const std::string& for_case) {
  std::vector<int64_t> rows;
  {
    std::lock_guard lock(entries_mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      const auto next = std::next(entry);
      if (entry->second.for_case == for_case) rows.push_back(unhook(entry));
      entry = next;
    }
  }
  delete_rows(rows);
}

void AnswerStore::clear() {
  std::vector<int64_t> rows;
  {
    std::lock_guard lock(entries_mutex_);
    while (!entries_.empty()) rows.push_back(unhook(entries_.begin()));
  }
  delete_rows(rows);
}

int64_t AnswerStore::bytes() const {
  std::lock_guard lock(entries_mutex_);
  return bytes_;
}

}  // namespace hada::net
