#pragma once

// Responses kept under their request_id (AIP-155).

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/store.h"

namespace hada::store {

struct RequestRecord {
  std::string user_id;
  std::string request_id;
  std::string method;
  std::string request_hash;
  std::string response;  // a serialized message
  int64_t at_us = 0;
};

Result<std::optional<RequestRecord>> find_request(Tx& tx, const std::string& user_id,
                                                  const std::string& request_id);
Status insert_request(Tx& tx, const RequestRecord& request);
// Oldest first, at most `limit`; returns how many.
Result<int64_t> delete_requests_before(Tx& tx, int64_t before_us, int64_t limit);

}  // namespace hada::store
