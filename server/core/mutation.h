#pragma once

// AIP-155: a mutation and the response to its request_id are one transaction, so that a repeat changes
// nothing twice.

#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "server/core/context.h"
#include "server/store/store.h"

namespace hada::core {

// What `mutate` does, over serialized responses.
Result<std::string> mutate_bytes(Context& context, const google::protobuf::Message& request,
                                 const std::string& request_id,
                                 const std::function<Result<std::string>(store::Tx&)>& fn);

// Runs `fn` in one write transaction and keeps its response under (caller, request_id). When that request_id
// was answered before, returns the stored response without running `fn`; with another method or content it is
// INVALID_ARGUMENT / REQUEST_ID_REUSED. A failed `fn` stores nothing, so the same request may be tried again.
// request_id: 1-64 characters [A-Za-z0-9_-], else INVALID_ARGUMENT / BAD_FIELD.
// Only a hash of `request` is stored. A request that holds a secret is passed in with the secret cleared.
//
//   return core::mutate<v1::Case>(ctx, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Case>
//   { ... });
template <class Response>
Result<Response> mutate(Context& context, const google::protobuf::Message& request,
                        const std::string& request_id,
                        const std::function<Result<Response>(store::Tx&)>& fn) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   mutate_bytes(context, request, request_id, [&](store::Tx& tx) -> Result<std::string> {
                     ASSIGN_OR_RETURN(const Response response, fn(tx));
                     return response.SerializeAsString();
                   }));
  Response response;
  if (!response.ParseFromString(bytes))
    return Unexpected(ErrorCode::Internal, "INTERNAL", "the stored response cannot be read");
  return response;
}

}  // namespace hada::core
