#include "server/core/page_token.h"

#include <algorithm>

#include "contract/sha256.h"
#include "server/core/base64url.h"
#include "server/core/errors.h"

namespace hada::core {
namespace {

constexpr size_t kMarkLength = 12;  // hexadecimal digits of the fingerprint's hash
constexpr size_t kMaxTokenLength = 1024;

std::string mark_of(std::string_view filter_fingerprint) {
  return contract::sha256_hex(filter_fingerprint).substr(0, kMarkLength);
}

}  // namespace

std::string encode_page_token(std::string_view cursor, std::string_view filter_fingerprint) {
  if (cursor.empty()) return {};
  return base64url(mark_of(filter_fingerprint).append(cursor));
}

Result<std::string> decode_page_token(std::string_view token, std::string_view filter_fingerprint) {
  if (token.empty()) return std::string();
  if (token.size() > kMaxTokenLength) return bad_page_token();
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() <= kMarkLength || !bytes->starts_with(mark_of(filter_fingerprint)))
    return bad_page_token();
  return bytes->substr(kMarkLength);
}

Result<int32_t> page_size(int32_t asked, int32_t fallback, int32_t maximum) {
  if (asked < 0) return bad_field("page_size", "0 to " + std::to_string(maximum));
  return asked == 0 ? fallback : std::min(asked, maximum);
}

}  // namespace hada::core
