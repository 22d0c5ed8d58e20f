#pragma once

#include <string>

namespace hada::core {

// A new resource id: 26 characters [0-9a-z]. The first ten are the time in ms, so that ids made later sort
// later; the other sixteen are 80 random bits, so that none can be guessed from another. Any thread.
std::string new_id();

}  // namespace hada::core
