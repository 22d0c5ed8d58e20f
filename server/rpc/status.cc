#include "server/rpc/status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace hada::rpc {

grpc::Status to_grpc_status(const Error& error) {
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain("hada");
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  google::rpc::Status details;
  details.set_code(static_cast<int>(error.code));
  details.set_message(error.message);
  details.add_details()->PackFrom(info);
  return {static_cast<grpc::StatusCode>(error.code), error.message, details.SerializeAsString()};
}

}  // namespace hada::rpc
