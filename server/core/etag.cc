#include "server/core/etag.h"

#include "server/core/errors.h"

namespace hada::core {

std::string make_etag(int64_t revision) { return "r" + std::to_string(revision); }

Status check_etag(std::string_view given, int64_t revision) {
  if (given.empty()) return etag_missing();
  const std::string current = make_etag(revision);
  if (given != current) return etag_mismatch(current);
  return {};
}

}  // namespace hada::core
