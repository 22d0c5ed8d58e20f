#include "client/model/model.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "contract/review_rules.h"

namespace hada::model {
namespace {

constexpr const char* kSystem = "users/system";

// splitmix64 (Steele, Lea, Flood 2014): a bijection, so no two counts of one seed give the same word.
uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

contract::Verb verb_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::Adjudicate:
      return contract::Verb::Adjudicate;
    case DecisionKind::NoConsensus:
      return contract::Verb::DeclareNoConsensus;
    case DecisionKind::MoreReads:
      return contract::Verb::RequestRead;
    case DecisionKind::Approve:
      return contract::Verb::Approve;
    case DecisionKind::Reject:
      return contract::Verb::Reject;
    case DecisionKind::Return:
      return contract::Verb::ReturnToReader;
    case DecisionKind::Reopen:
      return contract::Verb::Reopen;
    case DecisionKind::Unspecified:
      break;
  }
  return contract::Verb::Settle;  // nobody's verb
}

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

std::string RequestIds::next() {
  const uint64_t high = mix(seed_high + count), low = mix(seed_low ^ mix(count));
  ++count;
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16) & 0xFFFFu, static_cast<unsigned>(high) & 0xFFFu,
                (static_cast<unsigned>(low >> 48) & 0x3FFFu) | 0x8000u,
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFull));
  return text.data();
}

const Image* OpenCase::find_image(const std::string& image) const {
  if (!value) return nullptr;
  for (const Image& each : value->images)
    if (each.name == image) return &each;
  return nullptr;
}

const Read* OpenCase::own_read(const SessionState& session) const {
  if (!session.user) return nullptr;
  for (const Read& read : reads)
    if (read.reader == session.user->name) return &read;
  return nullptr;
}

std::vector<WorklistView> views_for(const User& user) {
  std::vector<WorklistView> views;
  if (user.has(Role::Dermatologist)) {
    views.push_back(WorklistView::ToRead);
    views.push_back(WorklistView::MyReads);
  }
  if (user.has(Role::QaReviewer)) {
    views.push_back(WorklistView::ToAdjudicate);
    views.push_back(WorklistView::ToApprove);
    views.push_back(WorklistView::Panels);
  }
  if (user.has(Role::Dermatologist) || user.has(Role::QaReviewer) || user.has(Role::SiteCoordinator))
    views.push_back(WorklistView::Returned);
  views.push_back(WorklistView::All);
  return views;
}

bool may_read(const SessionState& session, const Case& value) {
  return session.has(Role::Dermatologist) && !value.read_by_caller && contract::collects_votes(value.state);
}

DecisionBarrier decision_barrier(const SessionState& session, const OpenCase& open) {
  if (!session.has(Role::QaReviewer)) return DecisionBarrier::NotQa;
  if (open.value && open.value->read_by_caller) return DecisionBarrier::OwnRead;
  if (open.value && !session.user->home_site.empty() && open.value->site == session.user->home_site)
    return DecisionBarrier::OwnSite;
  return DecisionBarrier::None;
}

bool may_decide(const SessionState& session, const OpenCase& open, DecisionKind kind) {
  return open.value && decision_barrier(session, open) == DecisionBarrier::None &&
         contract::allows(open.value->state, verb_of(kind), Role::QaReviewer);
}

bool may_review_images(const SessionState& session, const OpenCase& open) {
  return open.value && decision_barrier(session, open) == DecisionBarrier::None &&
         contract::allows(open.value->state, contract::Verb::ReviewImage, Role::QaReviewer);
}

bool on_panel(const SessionState& session, const OpenCase& open) {
  return session.user && open.panel.state.panel && open.panel.state.panel->find_member(session.user->name);
}

bool may_answer_panel(const SessionState& session, const OpenCase& open) {
  if (!on_panel(session, open) || !may_decide(session, open, DecisionKind::Adjudicate)) return false;
  const Panel& panel = *open.panel.state.panel;
  return panel.mode == PanelMode::Consensus || !panel.complete;
}

std::optional<DecisionProblem> problem_of(const intent::Decide& decision) {
  switch (decision.kind) {
    case DecisionKind::Adjudicate:
      if (decision.term.empty()) return DecisionProblem::NoTerm;
      if (blank(decision.rationale)) return DecisionProblem::NoRationale;
      return std::nullopt;
    case DecisionKind::NoConsensus:
    case DecisionKind::MoreReads:
      if (blank(decision.rationale)) return DecisionProblem::NoRationale;
      return std::nullopt;
    case DecisionKind::Reject:
    case DecisionKind::Return:
      if (decision.code == RejectCode::Unspecified) return DecisionProblem::NoCode;
      if (decision.code == RejectCode::Other && blank(decision.rationale)) return DecisionProblem::NoComment;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

bool decision_ready(const OpenCase& open) { return open.decision.images.empty() && !open.conflict; }

std::vector<const Decision*> decided_by_others(const SessionState& session, const OpenCase& open) {
  std::vector<const Decision*> theirs;
  if (!open.conflict || !session.user) return theirs;
  for (size_t i = open.conflict->first_theirs; i < open.decisions.size(); ++i) {
    const std::string& decider = open.decisions[i].decider;
    // What the server takes back follows from something that somebody else, or this reviewer, did.
    if (decider != session.user->name && decider != kSystem) theirs.push_back(&open.decisions[i]);
  }
  return theirs;
}

const ReadRevision* amended_elsewhere(const SessionState& session, const OpenCase& open) {
  const Read* own = open.own_read(session);
  if (open.reading.phase != ReadPhase::Amending || !own || own->revisions.empty()) return nullptr;
  const ReadRevision& last = own->revisions.back();
  const int from = open.reading.amend_from;
  return from < 0 || last.revision == from ? nullptr : &last;
}

const ImageAdjustments& adjustments_of(const OpenCase& open, const std::string& image) {
  static const ImageAdjustments kNeutral;
  const ReadPhase phase = open.reading.phase;
  const bool written =
      open.reading.can_edit() || phase == ReadPhase::Submitting || phase == ReadPhase::SendingAmend;
  if (const auto it = open.panes.adjustments.find(image); !written && it != open.panes.adjustments.end())
    return it->second;
  if (!written && phase != ReadPhase::Submitted) return kNeutral;
  const auto it = open.reading.content.adjustments.find(image);
  return it == open.reading.content.adjustments.end() ? kNeutral : it->second;
}

std::optional<ReadProblem> submit_problem(const Model& model) {
  if (!model.open_case) return ReadProblem::NothingChanged;
  const ReadTask& reading = model.open_case->reading;
  if (const auto problem = problem_of(reading.content)) return problem;
  if (reading.phase == ReadPhase::Amending) {
    if (amended_elsewhere(model.session, *model.open_case)) return ReadProblem::AmendedElsewhere;
    const Read* own = model.open_case->own_read(model.session);
    // Who is asked to look again may stand by the read.
    if (own && !own->returned && !own->revisions.empty() &&
        own->revisions.back().content == to_submit(reading.content))
      return ReadProblem::NothingChanged;
    if (blank(reading.amend_reason)) return ReadProblem::NoAmendReason;
  }
  return std::nullopt;
}

std::string case_of(const std::string& name) { return name.substr(0, name.find('/', name.find('/') + 1)); }

std::string id_of(const std::string& name) { return name.substr(name.rfind('/') + 1); }

const contract::Term* find_term(const Model& model, const std::string& name) {
  return model.vocabulary ? model.vocabulary->find(id_of(name)) : nullptr;
}

}  // namespace hada::model
