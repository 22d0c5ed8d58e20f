#include "client/net/unsent.h"

#include <charconv>
#include <utility>

#include "client/model/model.h"
#include "client/net/convert.h"

namespace hada::net {
namespace {
constexpr const char* kSubmitRead = "/hada.v1.ReadService/SubmitRead";
constexpr const char* kAmendRead = "/hada.v1.ReadService/AmendRead";
}  // namespace

bool is_opinion(const std::string& method) { return method == kSubmitRead || method == kAmendRead; }

std::string case_of_draft(const std::string& get_request) {
  v1::GetDraftRequest request;
  return request.ParseFromString(get_request) ? request.case_() : std::string();
}

std::string draft_answer(const std::string& save_request) {
  v1::SaveDraftRequest saved;
  v1::GetDraftResponse answer;
  if (saved.ParseFromString(save_request)) answer.mutable_content()->Swap(saved.mutable_content());
  return answer.SerializeAsString();
}

std::string amendment_bytes(const model::KeptAmendment& work) {
  v1::AmendReadRequest bytes;
  *bytes.mutable_content() = to_proto(work.content);
  bytes.set_reason(work.reason);
  bytes.set_etag(std::to_string(work.from));
  return bytes.SerializeAsString();
}

std::optional<model::KeptAmendment> amendment_from_bytes(const std::string& bytes) {
  v1::AmendReadRequest request;
  if (!request.ParseFromString(bytes)) return std::nullopt;
  model::KeptAmendment work{to_model(request.content()), request.reason(), -1};
  const std::string& from = request.etag();
  (void)std::from_chars(from.data(), from.data() + from.size(), work.from);
  return work;
}

model::Unsettled unsettled_of(const RefusedEntry& refused) {
  model::Unsettled unsettled;
  unsettled.id = refused.entry.id;
  unsettled.case_name = model::case_of(refused.entry.subject);
  unsettled.amendment = refused.entry.method == kAmendRead;
  unsettled.error = {static_cast<int>(refused.code), refused.reason, {}, {}};
  if (unsettled.amendment) {
    if (auto work = amendment_from_bytes(refused.entry.request)) unsettled.work = std::move(*work);
  } else if (v1::SubmitReadRequest read; read.ParseFromString(refused.entry.request)) {
    unsettled.work.content = to_model(read.content());
  }
  // Sent elsewhere meanwhile, as its author did not know: taken up, it meets what is there.
  if (refused.code == static_cast<int64_t>(ErrorCode::Aborted) || refused.reason == "ALREADY_READ")
    unsettled.work.from = 0;
  return unsettled;
}

}  // namespace hada::net
