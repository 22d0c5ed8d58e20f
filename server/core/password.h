#pragma once

// Passwords: argon2id at libsodium's INTERACTIVE cost (about 93 ms and 64 MiB each), never more than two at
// once in the process, so that a burst of logins cannot take the machine's memory.

#include <string>

#include "contract/result.h"

namespace hada::core {

inline constexpr size_t kMinPasswordBytes = 8;
inline constexpr size_t kMaxPasswordBytes = 1024;

// INVALID_ARGUMENT / BAD_FIELD (field "password") when its length is not in the range above.
Status check_password_rules(const std::string& password);

// A self-describing hash with its own salt. Blocks.
Result<std::string> hash_password(const std::string& password);

// Blocks. Against an empty hash it works as long as against a real one and says false, so that the time taken
// does not tell whether a user exists.
bool verify_password(const std::string& hash, const std::string& password);

}  // namespace hada::core
