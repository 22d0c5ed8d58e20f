#include "client/net/ctl_client.h"

namespace hada::net {
namespace {

const char* reason_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::Unavailable:
      return "UNAVAILABLE";
    case ErrorCode::DeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case ErrorCode::Unauthenticated:
      return "UNAUTHENTICATED";
    case ErrorCode::Unimplemented:
      return "UNIMPLEMENTED";
    default:
      return "UNKNOWN";
  }
}

Error to_error(model::ApiError from) {
  Error error;
  error.code = static_cast<ErrorCode>(from.code);
  error.reason = from.reason.empty() ? reason_of(error.code) : std::move(from.reason);
  error.message = std::move(from.message);
  error.metadata = std::move(from.metadata);
  return error;
}

}  // namespace

Result<std::unique_ptr<CtlClient>> CtlClient::open(const ChannelOptions& options) {
  ASSIGN_OR_RETURN(auto channel, Channel::open(options));
  return std::unique_ptr<CtlClient>(new CtlClient(std::move(channel)));
}

Status CtlClient::call_into(const std::string& method, const google::protobuf::MessageLite& request,
                            google::protobuf::MessageLite& response, std::chrono::milliseconds deadline) {
  const Outcome outcome = channel_->call("/hada.v1." + method, request.SerializeAsString(), token_, deadline);
  if (outcome.error) return Unexpected(to_error(*outcome.error));
  if (!response.ParseFromString(outcome.bytes))
    return Unexpected(ErrorCode::Internal, "BAD_RESPONSE", "the server's answer cannot be read");
  return {};
}

}  // namespace hada::net
