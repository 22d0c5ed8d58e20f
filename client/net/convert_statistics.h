#pragma once

// From proto/hada/v1/statistics.proto to client/model/statistics.h. Pure.

#include "client/model/statistics.h"
#include "hada/v1/statistics.pb.h"

namespace hada::net {

model::ReaderStanding to_model(const v1::ReaderStanding& standing);
model::ReaderRecord to_model(const v1::ReaderStatistics& statistics);
// A pair that names no reader is left out.
model::ReaderAgreement to_model(const v1::Agreement& agreement);

}  // namespace hada::net
