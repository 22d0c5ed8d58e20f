#pragma once

// SQL over `batches`. Functions run inside the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>

#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct BatchRow {
  std::string batch_id;
  std::string site_id;
  std::string created_by;
  std::string tool_version;
  int64_t received = 0;  // images waiting for their check
  int64_t ready = 0;
  int64_t refused = 0;
  int64_t created_us = 0;
};

Status insert_batch(Tx& tx, const BatchRow& row);
Result<std::optional<BatchRow>> find_batch(Tx& tx, const std::string& batch_id);
// An image came in.
Status batch_image_received(Tx& tx, const std::string& batch_id);
// An image that was counted as received is final.
Status batch_image_finished(Tx& tx, const std::string& batch_id, bool ready);

}  // namespace hada::store
