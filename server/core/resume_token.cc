#include "server/core/resume_token.h"

#include <sodium.h>

#include <cstring>

#include "server/core/base64url.h"

namespace hada::core {
namespace {

constexpr size_t kNonce = crypto_secretbox_NONCEBYTES, kMac = crypto_secretbox_MACBYTES;
constexpr size_t kBytes = kNonce + kMac + sizeof(int64_t);

Unexpected bad_token() {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_RESUME_TOKEN", "not a resume token of this server");
}

}  // namespace

ResumeTokens::ResumeTokens() {
  static_assert(crypto_secretbox_KEYBYTES == sizeof key_);
  crypto_secretbox_keygen(key_.data());
}

std::string ResumeTokens::seal(int64_t seq) const {
  std::array<unsigned char, kBytes> bytes;
  std::array<unsigned char, sizeof seq> plain;
  std::memcpy(plain.data(), &seq, sizeof seq);
  randombytes_buf(bytes.data(), kNonce);
  crypto_secretbox_easy(bytes.data() + kNonce, plain.data(), plain.size(), bytes.data(), key_.data());
  return base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<int64_t> ResumeTokens::open(std::string_view token) const {
  if (token.size() > 2 * kBytes) return bad_token();
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != kBytes) return bad_token();
  const auto* sealed = reinterpret_cast<const unsigned char*>(bytes->data());
  std::array<unsigned char, sizeof(int64_t)> plain;
  if (crypto_secretbox_open_easy(plain.data(), sealed + kNonce, kBytes - kNonce, sealed, key_.data()) != 0)
    return bad_token();
  int64_t seq = 0;
  std::memcpy(&seq, plain.data(), sizeof seq);
  return seq;
}

}  // namespace hada::core
