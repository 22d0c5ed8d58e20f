#include "contract/names.h"

#include <charconv>
#include <initializer_list>

namespace hada::contract {
namespace {

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

Unexpected bad_name(std::string_view expected) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_NAME",
                    "not a resource name of the form " + std::string(expected));
}

// The id after "collection/"; empty where the name is not of that form.
std::string_view id_after(std::string_view name, std::string_view collection) {
  if (!name.starts_with(collection) || name.size() <= collection.size() || name[collection.size()] != '/')
    return {};
  const std::string_view id = name.substr(collection.size() + 1);
  return is_resource_id(id) ? id : std::string_view{};
}

Result<std::string> parse_one(std::string_view name, std::string_view collection, std::string_view expected) {
  const std::string_view id = id_after(name, collection);
  if (id.empty()) return bad_name(expected);
  return std::string(id);
}

struct CaseChild {
  std::string_view case_id, child_id;  // both empty where the name is not of that form
};

// cases/{case}/{collection}/{child}
CaseChild parse_child(std::string_view name, std::string_view collection) {
  const size_t first = name.find('/');
  const size_t second = first == std::string_view::npos ? first : name.find('/', first + 1);
  if (second == std::string_view::npos) return {};
  const CaseChild child{id_after(name.substr(0, second), "cases"),
                        id_after(name.substr(second + 1), collection)};
  return child.case_id.empty() || child.child_id.empty() ? CaseChild{} : child;
}

}  // namespace

bool is_resource_id(std::string_view id) {
  if (id.empty() || id.size() > 64 || id.front() == '.') return false;
  for (const char c : id) {
    const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                    c == '_' || c == '-';
    if (!ok) return false;
  }
  return true;
}

std::string site_name(std::string_view site_id) { return join({"sites", site_id}); }
std::string user_name(std::string_view user_id) { return join({"users", user_id}); }
std::string case_name(std::string_view case_id) { return join({"cases", case_id}); }
std::string image_name(std::string_view image_id) { return join({"images", image_id}); }
std::string batch_name(std::string_view batch_id) { return join({"batches", batch_id}); }
std::string term_name(std::string_view term_id) { return join({"terms", term_id}); }
std::string policy_name(std::string_view version) { return join({"policies", version}); }
std::string sample_name(std::string_view sample_id) { return join({"samples", sample_id}); }

Result<std::string> parse_site_name(std::string_view name) {
  return parse_one(name, "sites", "sites/{site}");
}
Result<std::string> parse_user_name(std::string_view name) {
  return parse_one(name, "users", "users/{user}");
}
Result<std::string> parse_case_name(std::string_view name) {
  return parse_one(name, "cases", "cases/{case}");
}
Result<std::string> parse_image_name(std::string_view name) {
  return parse_one(name, "images", "images/{image}");
}
Result<std::string> parse_batch_name(std::string_view name) {
  return parse_one(name, "batches", "batches/{batch}");
}
Result<std::string> parse_term_name(std::string_view name) {
  return parse_one(name, "terms", "terms/{term}");
}
Result<std::string> parse_policy_name(std::string_view name) {
  return parse_one(name, "policies", "policies/{policy}");
}
Result<std::string> parse_sample_name(std::string_view name) {
  return parse_one(name, "samples", "samples/{sample}");
}

std::string read_name(std::string_view case_id, std::string_view read_id) {
  return join({"cases", case_id, "reads", read_id});
}

Result<ReadName> parse_read_name(std::string_view name) {
  const CaseChild child = parse_child(name, "reads");
  if (child.case_id.empty()) return bad_name("cases/{case}/reads/{read}");
  return ReadName{std::string(child.case_id), std::string(child.child_id)};
}

std::string read_revision_name(std::string_view case_id, std::string_view read_id, int64_t revision) {
  return read_name(case_id, read_id) + "@" + std::to_string(revision);
}

Result<ReadRevisionName> parse_read_revision_name(std::string_view name) {
  constexpr std::string_view kForm = "cases/{case}/reads/{read}@{revision}";
  const size_t at = name.rfind('@');
  if (at == std::string_view::npos) return bad_name(kForm);
  const CaseChild child = parse_child(name.substr(0, at), "reads");
  const std::string_view digits = name.substr(at + 1);
  int64_t revision = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), revision);
  if (child.case_id.empty() || failed != std::errc() || end != digits.data() + digits.size() || revision < 1)
    return bad_name(kForm);
  return ReadRevisionName{std::string(child.case_id), std::string(child.child_id), revision};
}

std::string slot_name(std::string_view case_id, std::string_view slot_id) {
  return join({"cases", case_id, "slots", slot_id});
}

Result<SlotName> parse_slot_name(std::string_view name) {
  const CaseChild child = parse_child(name, "slots");
  if (child.case_id.empty()) return bad_name("cases/{case}/slots/{slot}");
  return SlotName{std::string(child.case_id), std::string(child.child_id)};
}

std::string decision_name(std::string_view case_id, std::string_view decision_id) {
  return join({"cases", case_id, "decisions", decision_id});
}

Result<DecisionName> parse_decision_name(std::string_view name) {
  const CaseChild child = parse_child(name, "decisions");
  if (child.case_id.empty()) return bad_name("cases/{case}/decisions/{decision}");
  return DecisionName{std::string(child.case_id), std::string(child.child_id)};
}

std::string panel_name(std::string_view case_id, std::string_view panel_id) {
  return join({"cases", case_id, "panels", panel_id});
}

Result<PanelName> parse_panel_name(std::string_view name) {
  const CaseChild child = parse_child(name, "panels");
  if (child.case_id.empty()) return bad_name("cases/{case}/panels/{panel}");
  return PanelName{std::string(child.case_id), std::string(child.child_id)};
}

std::string comment_name(std::string_view case_id, std::string_view comment_id) {
  return join({"cases", case_id, "comments", comment_id});
}

Result<CommentName> parse_comment_name(std::string_view name) {
  const CaseChild child = parse_child(name, "comments");
  if (child.case_id.empty()) return bad_name("cases/{case}/comments/{comment}");
  return CommentName{std::string(child.case_id), std::string(child.child_id)};
}

}  // namespace hada::contract
