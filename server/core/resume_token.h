#pragma once

// Where a stream of changes stands, as its client may hold it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::core {

// Sealed with a key of this process: the numbers of the log would tell a blind reader how much happened
// between two of their own acts. Two tokens of one place look unlike each other. Any thread.
class ResumeTokens {
 public:
  ResumeTokens();

  std::string seal(int64_t seq) const;
  // INVALID_ARGUMENT / BAD_RESUME_TOKEN for anything that this object has not sealed.
  Result<int64_t> open(std::string_view token) const;

 private:
  std::array<unsigned char, 32> key_;
};

}  // namespace hada::core
