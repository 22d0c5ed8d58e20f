#pragma once

// Resource names (AIP-122): built and parsed only here. An id is 1-64 of [A-Za-z0-9._-], not starting with a
// dot, so that no name can hold a slash, a space or anything a URL or a path would read otherwise.
//
// Every parse_ function returns the id(s), or INVALID_ARGUMENT / BAD_NAME; the message says what was expected
// and does not repeat the text, which a caller may have filled with anything.

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::contract {

bool is_resource_id(std::string_view id);

std::string site_name(std::string_view site_id);      // sites/{site}
std::string user_name(std::string_view user_id);      // users/{user}
std::string case_name(std::string_view case_id);      // cases/{case}
std::string image_name(std::string_view image_id);    // images/{image}
std::string batch_name(std::string_view batch_id);    // batches/{batch}
std::string term_name(std::string_view term_id);      // terms/{term}
std::string sample_name(std::string_view sample_id);  // samples/{sample}
std::string policy_name(std::string_view version);    // policies/{policy}

Result<std::string> parse_site_name(std::string_view name);
Result<std::string> parse_user_name(std::string_view name);
Result<std::string> parse_case_name(std::string_view name);
Result<std::string> parse_image_name(std::string_view name);
Result<std::string> parse_batch_name(std::string_view name);
Result<std::string> parse_term_name(std::string_view name);
Result<std::string> parse_policy_name(std::string_view name);
Result<std::string> parse_sample_name(std::string_view name);

struct ReadName {
  std::string case_id, read_id;
  bool operator==(const ReadName&) const = default;
};
std::string read_name(std::string_view case_id, std::string_view read_id);  // cases/{case}/reads/{read}
Result<ReadName> parse_read_name(std::string_view name);

struct ReadRevisionName {
  std::string case_id, read_id;
  int64_t revision = 0;  // >= 1
  bool operator==(const ReadRevisionName&) const = default;
};
// cases/{case}/reads/{read}@{revision}
std::string read_revision_name(std::string_view case_id, std::string_view read_id, int64_t revision);
Result<ReadRevisionName> parse_read_revision_name(std::string_view name);

struct SlotName {
  std::string case_id, slot_id;
  bool operator==(const SlotName&) const = default;
};
std::string slot_name(std::string_view case_id, std::string_view slot_id);  // cases/{case}/slots/{slot}
Result<SlotName> parse_slot_name(std::string_view name);

struct DecisionName {
  std::string case_id, decision_id;
  bool operator==(const DecisionName&) const = default;
};
std::string decision_name(std::string_view case_id,
                          std::string_view decision_id);  // cases/{case}/decisions/{decision}
Result<DecisionName> parse_decision_name(std::string_view name);

struct PanelName {
  std::string case_id, panel_id;
  bool operator==(const PanelName&) const = default;
};
std::string panel_name(std::string_view case_id, std::string_view panel_id);  // cases/{case}/panels/{panel}
Result<PanelName> parse_panel_name(std::string_view name);

struct CommentName {
  std::string case_id, comment_id;
  bool operator==(const CommentName&) const = default;
};
std::string comment_name(std::string_view case_id,
                         std::string_view comment_id);  // cases/{case}/comments/{comment}
Result<CommentName> parse_comment_name(std::string_view name);

}  // namespace hada::contract
