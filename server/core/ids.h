#pragma once

#include <cstdint>
#include <string>

namespace hada::core {

// A new resource id: 26 characters [0-9a-z]. The first ten are the time in ms, so that ids made later sort
// later; the other sixteen are 80 random bits, so that none can be guessed from another. Any thread.
std::string new_id();
// The same as if it were `ms` after the epoch.
std::string new_id(int64_t ms);

// 0 up to but not 1, evenly, and not to be guessed. Any thread.
double random_fraction();

}  // namespace hada::core
