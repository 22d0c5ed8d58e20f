#include "server/core/mutation.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "contract/sha256.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/store/requests.h"

namespace hada::core {
namespace {

constexpr size_t kMaxRequestId = 64;

Status check_request_id(const std::string& id) {
  const bool fits =
      !id.empty() && id.size() <= kMaxRequestId && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
      });
  if (!fits) return bad_field("request_id", "a UUID");
  return {};
}

// Maps are written in key order, so that equal messages have equal hashes.
std::string hash_of(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  return contract::sha256_hex(bytes);
}

}  // namespace

Result<std::string> mutate_bytes(Context& context, const google::protobuf::Message& request,
                                 const std::string& request_id,
                                 const std::function<Result<std::string>(store::Tx&)>& fn) {
  RETURN_IF_ERROR(check_request_id(request_id));
  const std::string hash = hash_of(request);
  std::string response;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(auto known, store::find_request(tx, context.caller.user_id, request_id));
    if (known) {
      if (known->method != context.method || known->request_hash != hash) return request_id_reused();
      response = std::move(known->response);
      return {};
    }
    ASSIGN_OR_RETURN(response, fn(tx));
    return store::insert_request(tx, {context.caller.user_id, request_id, context.method, hash, response,
                                      context.services.clock.now_us()});
  }));
  return response;
}

}  // namespace hada::core
