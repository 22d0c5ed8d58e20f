#include "tests/support/api_client.h"

#include <random>
#include <stdexcept>

#include "hada/v1/session.pb.h"
#include "tests/support/server_process.h"

namespace hada::support {

ApiClient::ApiClient(const std::string& address) {
  auto channel = net::Channel::open({address, {}, "test"});
  if (!channel) throw std::runtime_error(channel.error().message);
  channel_ = std::move(channel).value();
}

std::string ApiClient::login(const std::string& user_id, const std::string& password) {
  v1::LoginRequest request;
  request.set_user_id(user_id);
  request.set_password(password);
  token_.clear();
  auto response = call<v1::LoginResponse>("SessionService/Login", request);
  if (!response) return response.error().reason.empty() ? response.error().message : response.error().reason;
  token_ = response->session_token();
  return {};
}

ApiClient& ApiClient::as(const std::string& user_id) {
  const std::string refused = login(user_id, kPassword);
  if (!refused.empty()) throw std::runtime_error("cannot log in as " + user_id + ": " + refused);
  return *this;
}

std::string ApiClient::request_id() {
  static std::mt19937_64 random(std::random_device{}());
  char text[37];
  const uint64_t a = random(), b = random();
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(a >> 32),
                static_cast<unsigned>(a >> 16 & 0xffff), static_cast<unsigned>(a & 0xfff),
                static_cast<unsigned>(b >> 52), static_cast<unsigned long long>(b & 0xffffffffffffull));
  return text;
}

Status ApiClient::call_into(const std::string& method, const google::protobuf::Message& request,
                            google::protobuf::Message& response, std::chrono::milliseconds deadline) {
  net::Outcome outcome = channel_->call("/hada.v1." + method, request.SerializeAsString(), token_, deadline);
  if (outcome.error)
    return Unexpected(Error{static_cast<ErrorCode>(outcome.error->code), outcome.error->reason,
                            outcome.error->message, outcome.error->metadata});
  if (!response.ParseFromString(outcome.bytes))
    return Unexpected(ErrorCode::Internal, "BAD_RESPONSE", "the answer is not a " + response.GetTypeName());
  return {};
}

}  // namespace hada::support
