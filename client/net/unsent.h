#pragma once

// What the outbox holds, as the model understands it. Pure.

#include <optional>
#include <string>

#include "client/model/types.h"
#include "client/net/outbox.h"

namespace hada::net {

// A read or an amendment: work that must not be lost when the server refuses it.
bool is_opinion(const std::string& method);
// The case that a GetDraft request asks about.
std::string case_of_draft(const std::string& get_request);
// GetDraft's answer where the draft is still here, as a SaveDraft request.
std::string draft_answer(const std::string& save_request);

// An amendment as the outbox keeps it: a request that is never sent as it is; its etag is the number of the
// revision that it was begun from.
std::string amendment_bytes(const model::KeptAmendment& work);
std::optional<model::KeptAmendment> amendment_from_bytes(const std::string& bytes);

model::Unsettled unsettled_of(const RefusedEntry& refused);

}  // namespace hada::net
