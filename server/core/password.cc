#include "server/core/password.h"

#include <sodium.h>

#include <semaphore>

#include "server/core/errors.h"

namespace hada::core {
namespace {

constexpr int kAtOnce = 2;

// Holds one of the places for as long as a hash takes.
class Place {
 public:
  Place() { places().acquire(); }
  ~Place() { places().release(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  static std::counting_semaphore<kAtOnce>& places() {
    static std::counting_semaphore<kAtOnce> semaphore(kAtOnce);
    return semaphore;
  }
};

Result<std::string> hash_with_place(const std::string& password) {
  const Place place;
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return internal("not enough memory to hash a password");
  return std::string(hash);
}

// The hash of a password nobody has.
const std::string& decoy_hash() {
  static const std::string hash = [] {
    std::string random(32, '\0');
    randombytes_buf(random.data(), random.size());
    return hash_with_place(random).value_or(std::string());
  }();
  return hash;
}

}  // namespace

Status check_password_rules(const std::string& password) {
  if (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes)
    return bad_field("password", "8 to 1024 bytes");
  return {};
}

Result<std::string> hash_password(const std::string& password) { return hash_with_place(password); }

bool verify_password(const std::string& hash, const std::string& password) {
  const std::string& against = hash.empty() ? decoy_hash() : hash;
  const Place place;
  const bool equal = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return equal && !hash.empty();
}

}  // namespace hada::core
