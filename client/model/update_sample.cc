// Many agreed cases: draw a sample, look at it, approve the rest.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model {

bool may_approve_rest(const SampleDesk& desk, const std::string& rationale) {
  if (!desk.value || desk.approving_rest || !desk.approving.empty()) return false;
  const Sample& sample = *desk.value;
  const bool said = rationale.find_first_not_of(" \t\r\n") != std::string::npos;
  return sample.waiting == 0 && sample.rest_waiting > 0 && (sample.not_approved == 0 || said);
}

namespace detail {
namespace {

void approve_part(Turn& turn) {
  SampleDesk& desk = *turn.model.sample;
  const Sample& sample = *desk.value;
  desk.approving_rest = true;
  turn.ask(effect::ApproveRest{0, sample.name, sample.approved, sample.not_approved, desk.rationale,
                               turn.model.request_ids.next()},
           {PendingKind::ApproveRest, sample.name});
}

}  // namespace

void refresh_sample(Turn& turn) {
  if (!turn.model.sample || !turn.model.sample->value) return;
  turn.model.live.sample_due = false;
  const std::string name = turn.model.sample->value->name;
  turn.ask(effect::GetSample{0, name}, {PendingKind::Sample, name});
  turn.ask(effect::ListSampledCases{0, name}, {PendingKind::SampledCases, name});
}

void apply(Turn& turn, const intent::OpenSample&) {
  Model& model = turn.model;
  if (model.session.phase != SessionPhase::LoggedIn || !model.session.has(Role::QaReviewer)) return;
  model.sample.emplace();
  turn.ask(effect::DrawSample{0, model.request_ids.next()}, {PendingKind::DrawSample, {}});
}

void apply(Turn& turn, const intent::LeaveSample&) {
  if (!turn.model.sample) return;
  turn.model.sample.reset();
  refresh_visible(turn);
}

void apply(Turn& turn, const intent::CloseSample&) {
  if (!turn.model.sample || !turn.model.sample->value) return;
  const std::string name = turn.model.sample->value->name;
  turn.ask(effect::CloseSample{0, name, turn.model.request_ids.next()}, {PendingKind::CloseSample, name});
  apply(turn, intent::LeaveSample{});
}

void apply(Turn& turn, const intent::ApproveSampled& wish) {
  Model& model = turn.model;
  if (!model.sample || model.sample->approving.contains(wish.case_name)) return;
  for (const SampledCase& sampled : model.sample->cases) {
    if (sampled.value.name != wish.case_name || !waits(sampled)) continue;
    model.sample->approving.insert(wish.case_name);
    Pending pending{PendingKind::Decide, wish.case_name};
    pending.decision = DecisionKind::Approve;
    effect::Decide approval{0, DecisionKind::Approve, wish.case_name, {}, {}, {}, {}, {}};
    approval.etag = sampled.value.etag;
    approval.request_id = model.request_ids.next();
    turn.ask(std::move(approval), std::move(pending));
    return;
  }
}

void apply(Turn& turn, const intent::ApproveRest& wish) {
  if (!turn.model.sample || !may_approve_rest(*turn.model.sample, wish.rationale)) return;
  turn.model.sample->rationale = wish.rationale;
  approve_part(turn);
}

void apply(Turn& turn, const reply::SampleReply& reply, const Pending& asked) {
  Model& model = turn.model;
  if (!model.sample) {
    if (reply.error && asked.kind == PendingKind::CloseSample) turn.toast_error(*reply.error);
    return;
  }
  SampleDesk& desk = *model.sample;
  if (asked.kind == PendingKind::DrawSample) desk.loading = false;
  if (asked.kind == PendingKind::ApproveRest) desk.approving_rest = false;
  if (reply.error) {
    if (!desk.value) desk.error = reply.error;
    if (desk.value && !reply.error->unavailable()) turn.toast_error(*reply.error);
    // Another result than was seen, or the cases have moved on.
    if (asked.kind == PendingKind::ApproveRest) refresh_sample(turn);
    return;
  }
  if (desk.value && desk.value->name != reply.value.name) return;
  desk.value = reply.value;
  desk.error.reset();
  if (asked.kind == PendingKind::DrawSample) return refresh_sample(turn);
  if (asked.kind != PendingKind::ApproveRest) return;
  if (reply.value.rest_waiting > 0) return approve_part(turn);
  turn.toast({.kind = ToastKind::RestApproved,
              .level = ToastLevel::Success,
              .text = std::to_string(reply.value.rest_approved)});
}

void apply(Turn& turn, const reply::SampledCases& reply, const Pending& asked) {
  Model& model = turn.model;
  if (!model.sample || !model.sample->value || model.sample->value->name != asked.subject) return;
  if (reply.error) {
    if (!reply.error->unavailable()) turn.toast_error(*reply.error);
    return;
  }
  model.sample->cases = reply.cases;
}

}  // namespace detail
}  // namespace hada::model
