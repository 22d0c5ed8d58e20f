#pragma once

// What the statistics have in common on their way into the protocol.

#include "hada/v1/statistics.pb.h"
#include "server/agreement/reader_summary.h"

namespace hada::handlers {

inline void fill(v1::Proportion* out, const agreement::Proportion& share) {
  out->set_hits(static_cast<int32_t>(share.hits));
  out->set_total(static_cast<int32_t>(share.total));
  out->set_low(share.low);
  out->set_high(share.high);
}

}  // namespace hada::handlers
