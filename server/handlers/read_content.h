#pragma once

// What a reader says: checked on the way in, kept as JSON, and reduced to a vote for the rules.

#include <string>

#include "contract/result.h"
#include "contract/review_rules.h"
#include "hada/v1/read.pb.h"
#include "server/core/context.h"
#include "server/store/store.h"

namespace hada::handlers {

enum class Completeness {
  Draft,   // what is there must be right, but anything may be missing
  Submit,  // the rules of read.proto hold
};

// INVALID_ARGUMENT / BAD_FIELD naming the field, for example "content.differential.rank".
Status check_content(const core::Context& context, store::Tx& tx, const std::string& case_id,
                     const v1::ReadContent& content, Completeness completeness);
Status check_telemetry(const v1::ReadTelemetry& telemetry);

// Free text a person typed: at most `max_characters` code points; BAD_FIELD naming `field`.
Status check_text(const std::string& field, const std::string& text, size_t max_characters);

std::string message_to_json(const google::protobuf::Message& message);
// INTERNAL / INTERNAL for what message_to_json did not write.
Result<v1::ReadContent> content_from_json(const std::string& json);

contract::Vote to_vote(const v1::ReadContent& content);

}  // namespace hada::handlers
