#pragma once

// StatisticsService (proto/hada/v1/statistics.proto). Both take up to seconds: they run on a lane of their
// own (rpc/lanes).

#include "contract/result.h"
#include "hada/v1/statistics.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::ReaderStatistics> get_reader_statistics(core::Context& context,
                                                   const v1::GetReaderStatisticsRequest& request);
Result<v1::Agreement> get_agreement(core::Context& context, const v1::GetAgreementRequest& request);

}  // namespace hada::handlers
