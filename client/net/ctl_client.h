#pragma once

// A synchronous client of every service for hadactl: one call after another, or several from several threads.

#include <google/protobuf/message_lite.h>

#include <chrono>
#include <memory>
#include <string>

#include "client/net/channel.h"
#include "contract/result.h"

namespace hada::net {

class CtlClient {
 public:
  // INVALID_ARGUMENT / TLS_REQUIRED as Channel::open. Does not connect yet.
  static Result<std::unique_ptr<CtlClient>> open(const ChannelOptions& options);

  // Sent as the bearer of every call from now on. Not while calls are running.
  void set_token(std::string token) { token_ = std::move(token); }

  // call<v1::Case>("CaseService/GetCase", request). Blocks; any thread. The error carries ErrorInfo's reason
  // and metadata; one without details (the connection, the deadline) has the reason of its code, for example
  // UNAVAILABLE.
  template <class Response>
  Result<Response> call(const std::string& method, const google::protobuf::MessageLite& request,
                        std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
    Response response;
    if (Status status = call_into(method, request, response, deadline); !status)
      return Unexpected(std::move(status).error());
    return response;
  }

 private:
  explicit CtlClient(std::unique_ptr<Channel> channel) : channel_(std::move(channel)) {}
  Status call_into(const std::string& method, const google::protobuf::MessageLite& request,
                   google::protobuf::MessageLite& response, std::chrono::milliseconds deadline);

  std::unique_ptr<Channel> channel_;
  std::string token_;
};

}  // namespace hada::net
