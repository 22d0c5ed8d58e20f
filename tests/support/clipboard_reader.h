#pragma once

// Another program that pastes: reads the X11 clipboard as any client would, in pieces too.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hada::support {

struct Pasted {
  std::vector<std::string> targets;
  std::optional<std::string> content;  // in the wanted target
  bool in_pieces = false;              // INCR
};

// From the clipboard of this display; no content when nobody owns it or the owner cannot give this target.
Pasted paste(const std::string& display, const std::string& target,
             std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace hada::support
