#pragma once

// SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104), over OpenSSL. Digests are 64 lower-case hexadecimal
// digits.

#include <memory>
#include <string>
#include <string_view>

namespace hada::contract {

// Hashes bytes as they come. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  // The digest of everything so far. May be called again, and update() may go on.
  std::string hex() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(std::string_view bytes);

// `key` is raw bytes, of any length.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

// 64 digits, lower case.
bool is_sha256_hex(std::string_view text);

}  // namespace hada::contract
