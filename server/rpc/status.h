#pragma once

#include <grpcpp/support/status.h>

#include "contract/result.h"

namespace hada::rpc {

// The gRPC status of an Error, with a google.rpc.Status that holds ErrorInfo{reason, domain "hada", metadata}
// as its details (trailer `grpc-status-details-bin`).
grpc::Status to_grpc_status(const Error& error);

}  // namespace hada::rpc
