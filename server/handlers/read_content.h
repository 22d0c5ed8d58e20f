#pragma once

// What a reader says: checked on the way in, kept, and reduced to a vote for the rules.

#include <string>

#include "contract/result.h"
#include "contract/review_rules.h"
#include "hada/v1/read.pb.h"
#include "server/core/context.h"
#include "server/store/reads.h"
#include "server/store/store.h"

namespace hada::handlers {

enum class Completeness {
  Draft,   // what is there must be right, but anything may be missing
  Submit,  // the rules of read.proto hold
};

// INVALID_ARGUMENT / BAD_FIELD naming the field, for example "content.differential.rank".
Status check_content(const core::Context& context, store::Tx& tx, const std::string& case_id,
                     const v1::ReadContent& content, Completeness completeness);
Status check_telemetry(store::Tx& tx, const std::string& case_id, const v1::ReadTelemetry& telemetry);

// Free text a person typed: at most `max_characters` code points; BAD_FIELD naming `field`.
Status check_text(const std::string& field, const std::string& text, size_t max_characters);

size_t code_points(const std::string& utf8);

v1::ReadTelemetry telemetry_from_json(const std::string& json);
std::string message_to_json(const google::protobuf::Message& message);

// Keeps nothing that the protocol does not know.
store::StoredContent to_stored(v1::ReadContent content);
// INTERNAL / INTERNAL for what to_stored did not write.
Result<v1::ReadContent> from_stored(const store::StoredContent& stored);

// The vote in StoredContent::json. INTERNAL / INTERNAL likewise.
Result<contract::Vote> vote_from_json(const std::string& json);

}  // namespace hada::handlers
