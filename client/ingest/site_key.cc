#include "client/ingest/site_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "contract/sha256.h"

namespace hada::ingest {
namespace {

constexpr size_t kKeyBytes = 32;

// Closes at the end of the scope.
struct Fd {
  explicit Fd(int value) : fd(value) {}
  ~Fd() {
    if (fd >= 0) ::close(fd);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int fd;
};

Unexpected unreadable() {
  return Unexpected(ErrorCode::PermissionDenied, "KEY_UNREADABLE", "the site key cannot be read or written");
}

Result<SiteKey> read_key(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return unreadable();
  if ((info.st_mode & 077) != 0)
    return Unexpected(
        ErrorCode::FailedPrecondition, "KEY_UNSAFE",
        "others can read the site key; run chmod 600 on it, and consider whether it was copied");
  std::string bytes(kKeyBytes + 1, '\0');
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
  if (got != static_cast<ssize_t>(kKeyBytes))
    return Unexpected(ErrorCode::DataLoss, "KEY_DAMAGED",
                      "the site key is not 32 bytes; restore it from its copy");
  bytes.resize(kKeyBytes);
  return SiteKey{std::move(bytes), false};
}

Result<SiteKey> create_key(const std::filesystem::path& path) {
  std::error_code failed;
  const std::filesystem::path folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, failed)) {
    std::filesystem::create_directories(folder, failed);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  if (::sodium_init() < 0) return unreadable();
  SiteKey key{std::string(kKeyBytes, '\0'), true};
  randombytes_buf(key.bytes.data(), key.bytes.size());
  // Written beside and linked into place: two first runs at once agree on one key, and a crash leaves no half
  // of one.
  std::string draft = path.string() + ".XXXXXX";
  const Fd out(::mkostemp(draft.data(), O_CLOEXEC));
  if (out.fd < 0) return unreadable();
  const bool written = ::write(out.fd, key.bytes.data(), kKeyBytes) == static_cast<ssize_t>(kKeyBytes) &&
                       ::fchmod(out.fd, 0600) == 0 && ::fsync(out.fd) == 0;
  const bool linked = written && ::link(draft.c_str(), path.c_str()) == 0;
  const bool lost_race = written && !linked && errno == EEXIST;
  ::unlink(draft.c_str());
  if (lost_race) return load_or_create_site_key(path);
  if (!linked) return unreadable();
  const Fd directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd < 0 || ::fsync(directory.fd) != 0) return unreadable();
  return key;
}

std::string_view use_word(KeyUse use) {
  switch (use) {
    case KeyUse::Patient:
      return "patient";
    case KeyUse::Case:
      return "case";
    case KeyUse::Lesion:
      return "lesion";
  }
  return {};
}

}  // namespace

std::string SiteKey::fingerprint() const {
  return contract::hmac_sha256_hex(bytes, "hada/v1/fingerprint").substr(0, 8);
}

Result<SiteKey> load_or_create_site_key(const std::filesystem::path& path) {
  const Fd in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.fd >= 0) return read_key(in.fd);
  if (errno != ENOENT) return unreadable();
  return create_key(path);
}

std::string pseudonym(const SiteKey& key, KeyUse use, std::string_view id) {
  // No use word is the beginning of another plus '/', so no two (use, id) pairs give the same text.
  return contract::hmac_sha256_hex(key.bytes,
                                   "hada/v1/" + std::string(use_word(use)) + "/" + std::string(id));
}

}  // namespace hada::ingest
