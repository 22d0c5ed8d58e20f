#include "server/core/ids.h"

#include <sodium.h>

#include <chrono>
#include <cstdint>

namespace hada::core {
namespace {

// Crockford's base 32: no i, l, o, u, so that an id read aloud is not mistaken. ASCII order equals value
// order.
constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string new_id() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return new_id(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
}

std::string new_id(int64_t ms) {
  std::string id(26, '0');
  auto left = static_cast<uint64_t>(ms);
  for (int i = 9; i >= 0; --i, left >>= 5) id[static_cast<size_t>(i)] = kDigits[left & 31];
  unsigned char random[16];  // five bits of each are used
  randombytes_buf(random, sizeof random);
  for (size_t i = 0; i < sizeof random; ++i) id[10 + i] = kDigits[random[i] & 31];
  return id;
}

double random_fraction() { return randombytes_random() / 4294967296.0; }

}  // namespace hada::core
