#pragma once

// Which effect is which call: method, request bytes, deadline, and how the answer becomes a reply. Pure
// tables.

#include <chrono>
#include <optional>
#include <string>

#include "client/model/effect.h"
#include "client/model/reply.h"
#include "client/net/channel.h"

namespace hada::net {

struct Call {
  model::Ticket ticket = 0;
  std::string method;
  std::string request;
  std::chrono::milliseconds deadline{15000};
  // A change of the server's state: goes through the outbox and waits while the server is away.
  bool mutation = false;
  // For mutations: the case or read it changes.
  std::string subject;
};

// For every effect that is one call. ListTerms (many pages), Cancel, SaveSettings and CopyText are not.
Call make_call(const model::Effect& effect, const std::string& client_version);

// For lists that become one reply: the call for what follows after the page `bytes`; nothing after the last.
// Pages laid end to end are one message with all elements, and that is what make_reply takes.
std::optional<Call> next_page(const Call& call, const std::string& bytes);

// The reply to `method`; `outcome` is an answer or an error.
model::Reply make_reply(const std::string& method, model::Ticket ticket, const std::string& request,
                        Outcome outcome);

}  // namespace hada::net
