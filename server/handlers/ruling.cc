#include "server/handlers/ruling.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "contract/names.h"
#include "contract/reason_codes.h"
#include "contract/vocabulary.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/ids.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/read_content.h"
#include "server/handlers/settle.h"
#include "server/store/decisions.h"
#include "server/store/images.h"
#include "server/store/panels.h"
#include "server/store/policies.h"
#include "server/store/reads.h"

namespace hada::handlers {
namespace {

using contract::Verb;

constexpr size_t kMaxRationale = 4000;

std::optional<contract::CodeUse> code_use_of(Verb verb) {
  switch (verb) {
    case Verb::Reject:
      return contract::CodeUse::Reject;
    case Verb::ReturnToReader:
      return contract::CodeUse::ReturnToReader;
    case Verb::ReturnToSite:
      return contract::CodeUse::ReturnToSite;
    default:
      return std::nullopt;
  }
}

// Asks the readers named to look again, or all who vote; their names.
Result<std::vector<std::string>> ask_readers(store::Tx& tx, const store::CaseRow& row,
                                             std::vector<std::string> names) {
  if (names.empty()) {
    ASSIGN_OR_RETURN(const auto reads, store::reads::of_case(tx, row.case_id, "", "", row.read_limit * 4));
    for (const store::ReadRow& read : reads)
      if (!read.late && read.purpose == store::ReadPurpose::Vote)
        names.push_back(contract::user_name(read.user_id));
  }
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const std::string user, contract::parse_user_name(name));
    ASSIGN_OR_RETURN(const bool votes, store::reads::ask_again(tx, row.case_id, user));
    if (!votes) return core::bad_field("readers", "readers whose reads of this case vote");
  }
  return names;
}

// The images an approval includes, by name.
Result<std::vector<std::string>> included_images(store::Tx& tx, const store::CaseRow& row) {
  ASSIGN_OR_RETURN(const auto images, store::images_of_case(tx, row.case_id));
  std::vector<std::string> names;
  for (const store::ImageRow& image : images)
    if (image.state == ImageState::Ready && image.exclusion == RejectCode::Unspecified)
      names.push_back(contract::image_name(image.image_id));
  if (names.empty()) return core::failed_precondition("NO_IMAGES_INCLUDED", "every image is left out");
  return names;
}

// A case with a panel is decided by its members, as the panel says. What takes the case away ends the panel
// (store::cases::save).
Status heed_panel(const core::Context& context, store::Tx& tx, const Ruling& ruling,
                  const store::CaseRow& row, store::DecisionRow& decision) {
  ASSIGN_OR_RETURN(const auto panel, store::panels::open_of_case(tx, row.case_id));
  if (!panel) return {};
  if (!panel->holds(context.caller.user_id))
    return core::denied("NOT_ON_PANEL", "a panel's members decide; it may be dissolved");
  if (ruling.verb == Verb::Adjudicate) {
    if (!panel->complete())
      return core::failed_precondition("PANEL_OPEN", "members of the panel have not answered");
    if (panel->term() != row.decided_term)
      return core::failed_precondition("PANEL_SPLIT", "the panel did not come to this term");
  }
  decision.panel_id = panel->panel_id;
  return {};
}

// Whether the votes are others than those the case was returned with.
Result<bool> amended_since_return(store::Tx& tx, const std::string& case_id,
                                  const std::vector<std::string>& basis) {
  ASSIGN_OR_RETURN(const auto last, store::decisions::last_return(tx, case_id));
  return last && last->basis != basis;
}

// A reader amended while the case was returned, and the return is taken back: what was settled before no
// longer follows from the votes. The case goes on as after the last reader's answer; a person's decision that
// names other revisions is void.
Status settle_anew(const core::Context& context, store::Tx& tx, store::CaseRow& row) {
  const store::Act act = act_of(context);
  ASSIGN_OR_RETURN(const auto standing, store::decisions::standing(tx, row.case_id));
  if (row.state == CaseState::PanelDecided || row.state == CaseState::NoConsensus) {
    if (standing.empty()) return core::internal("a case decided by a person has no decision");
    RETURN_IF_ERROR(store::cases::void_last_decision(tx, row, "void_decision", act));
  }
  row.decided_term.clear();
  row.state = CaseState::Reading;
  RETURN_IF_ERROR(store::cases::save(tx, row, act));
  return settle(context, tx, row);
}

// Changes the case as the ruling says; what it may not do in this state it refuses.
Status apply(const core::Context& context, store::Tx& tx, const contract::Policy& policy,
             const Ruling& ruling, store::CaseRow& row, store::DecisionRow& decision) {
  ASSIGN_OR_RETURN(const CaseState next, contract::next_state(row.state, ruling.verb, Role::QaReviewer,
                                                              {.before = row.decided_state}));
  switch (ruling.verb) {
    case Verb::Adjudicate: {
      ASSIGN_OR_RETURN(row.decided_term, contract::parse_term_name(ruling.term));
      RETURN_IF_ERROR(heed_panel(context, tx, ruling, row, decision));
      break;
    }
    case Verb::DeclareNoConsensus:
      RETURN_IF_ERROR(heed_panel(context, tx, ruling, row, decision));
      row.decided_term.clear();
      break;
    case Verb::RequestRead:
      if (row.read_limit >= policy.max_votes)
        return core::failed_precondition("READ_LIMIT", "the policy allows no further vote on this case");
      RETURN_IF_ERROR(heed_panel(context, tx, ruling, row, decision));
      ++row.read_limit;
      row.decided_term.clear();
      RETURN_IF_ERROR(store::cases::add_slot(tx, row.case_id));
      break;
    case Verb::Approve: {
      if (row.pending_images > 0)
        return core::failed_precondition("IMAGES_PENDING", "images of this case are still being checked");
      ASSIGN_OR_RETURN(decision.images, included_images(tx, row));
      row.decided_state = row.state;
      break;
    }
    case Verb::ReturnToReader:
    case Verb::ReturnToSite: {
      if (ruling.returned_to == ReturnTo::Reader) {
        ASSIGN_OR_RETURN(decision.readers, ask_readers(tx, row, ruling.readers));
      }
      row.decided_state = row.state;
      row.decision_code = ruling.code;
      row.returned_to = ruling.returned_to;
      break;
    }
    case Verb::Reject:
      row.decided_state = row.state;
      row.decision_code = ruling.code;
      break;
    case Verb::Reopen:
      if (row.state == CaseState::Returned) RETURN_IF_ERROR(store::reads::stop_asking(tx, row.case_id));
      row.returned_to = ReturnTo::Unspecified;
      row.decided_state = CaseState::Unspecified;
      row.decision_code = RejectCode::Unspecified;
      break;
    default:
      return core::internal("not a decision");
  }
  row.state = next;
  return store::cases::save(tx, row, act_of(context));
}

}  // namespace

Status check_ruling(const core::Context& context, const Ruling& ruling) {
  RETURN_IF_ERROR(check_text("rationale", ruling.rationale, kMaxRationale));
  if (ruling.verb == Verb::Adjudicate) {
    const auto term = contract::parse_term_name(ruling.term);
    if (!term || !context.services.vocabulary.find(*term))
      return core::bad_field("term", "a term of the vocabulary");
    if (ruling.rationale.empty()) return core::bad_field("rationale", "why it is decided so");
  }
  if (ruling.kind == DecisionKind::Return) {
    if (ruling.returned_to != ReturnTo::Reader && ruling.returned_to != ReturnTo::Site)
      return core::bad_field("to", "a reader or the site");
    if (ruling.returned_to == ReturnTo::Site && !ruling.readers.empty())
      return core::bad_field("readers", "none when the site is asked");
  }
  if (const auto use = code_use_of(ruling.verb)) {
    if (!contract::code_fits(ruling.code, *use)) return core::bad_field("code", "a code that fits");
    if (ruling.code == RejectCode::Other && ruling.rationale.empty())
      return core::bad_field("rationale", "what the reason is");
  }
  return {};
}

Status rule(const core::Context& context, store::Tx& tx, const contract::Policy& policy, const Ruling& ruling,
            CaseView& view) {
  const std::string case_id = view.row.case_id;
  ASSIGN_OR_RETURN(std::vector<std::string> basis, basis_of(tx, case_id));
  const CaseState from = view.row.state;
  bool amended = false;
  if (ruling.verb == Verb::Reopen && from == CaseState::Returned) {
    ASSIGN_OR_RETURN(amended, amended_since_return(tx, case_id, basis));
  }
  store::DecisionRow decision;
  RETURN_IF_ERROR(apply(context, tx, policy, ruling, view.row, decision));

  decision.decision_id = core::new_id();
  decision.case_id = case_id;
  decision.kind = ruling.kind;
  decision.decider = context.caller.user_id;
  decision.term = view.row.decided_term;
  decision.code = ruling.code;
  decision.rationale = ruling.rationale;
  decision.returned_to = ruling.returned_to;
  decision.sample = ruling.sample;
  decision.basis = std::move(basis);
  decision.policy_version = policy.version;
  decision.vocabulary_version = context.services.vocabulary.version();
  decision.created_us = context.services.clock.now_us();
  const nlohmann::json detail = {{"from", contract::state_text(from)},
                                 {"to", contract::state_text(view.row.state)},
                                 {"term", view.row.decided_term},
                                 {"code", reject_code_text(ruling.code)}};
  ASSIGN_OR_RETURN(decision.seq, record(context, tx, ruling.event,
                                        contract::decision_name(view.row.case_id, decision.decision_id),
                                        case_id, detail.dump()));
  RETURN_IF_ERROR(store::policies::keep(tx, policy, context.caller.user_id, context.services.clock.now_us()));
  RETURN_IF_ERROR(store::decisions::insert(tx, decision));
  if (amended) RETURN_IF_ERROR(settle_anew(context, tx, view.row));
  RETURN_IF_ERROR(reveal(context, tx, view));
  return {};
}

}  // namespace hada::handlers
