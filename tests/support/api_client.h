#pragma once

// A synchronous client for tests: any method by its short name, with the session's token.

#include <google/protobuf/message.h>

#include <chrono>
#include <memory>
#include <string>

#include "client/net/channel.h"
#include "contract/result.h"

namespace hada::support {

class ApiClient {
 public:
  explicit ApiClient(const std::string& address);

  // Returns the error's reason, or "" when logged in.
  std::string login(const std::string& user_id, const std::string& password);
  // The same with kPassword; throws when refused.
  ApiClient& as(const std::string& user_id);

  // call<v1::Case>("CaseService/GetCase", request)
  template <typename Response>
  Result<Response> call(const std::string& method, const google::protobuf::Message& request,
                        std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
    Response response;
    if (Status status = call_into(method, request, response, deadline); !status)
      return Unexpected(status.error());
    return response;
  }

  const std::string& token() const { return token_; }
  void set_token(std::string token) { token_ = std::move(token); }
  // A fresh request_id.
  static std::string request_id();

 private:
  Status call_into(const std::string& method, const google::protobuf::Message& request,
                   google::protobuf::Message& response, std::chrono::milliseconds deadline);

  std::unique_ptr<net::Channel> channel_;
  std::string token_;
};

// What the call's error reason is, or "" when it succeeded: CHECK(reason(client.call<...>(...)) ==
// "NO_SESSION").
template <typename T>
std::string reason(const Result<T>& result) {
  return result ? std::string() : result.error().reason;
}

}  // namespace hada::support
