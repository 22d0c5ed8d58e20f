#include "server/handlers/decision.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "contract/names.h"
#include "contract/reason_codes.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/handlers/read_content.h"
#include "server/handlers/settle.h"
#include "server/store/decisions.h"
#include "server/store/images.h"
#include "server/store/policies.h"
#include "server/store/reads.h"

namespace hada::handlers {
namespace {

using contract::Verb;

constexpr size_t kMaxRationale = 4000;

// What QA wants, checked as far as it can be without the case.
struct Ruling {
  Verb verb = Verb::Approve;
  DecisionKind kind = DecisionKind::Unspecified;
  std::string event = {};
  std::string term = {};  // `terms/{term}`, Adjudicate
  RejectCode code = RejectCode::Unspecified;
  std::string rationale = {};
  ReturnTo returned_to = ReturnTo::Unspecified;
  std::vector<std::string> readers = {};  // `users/{user}`, of a return; empty: all who vote
};

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

Status check_ruling(const core::Context& context, const Ruling& ruling) {
  RETURN_IF_ERROR(check_text("rationale", ruling.rationale, kMaxRationale));
  if (ruling.verb == Verb::Adjudicate) {
    const auto term = contract::parse_term_name(ruling.term);
    if (!term || !context.services.vocabulary.find(*term))
      return core::bad_field("term", "a term of the vocabulary");
    if (ruling.rationale.empty()) return core::bad_field("rationale", "why it is decided so");
  }
  if (const auto use = code_use_of(ruling.verb)) {
    if (!contract::code_fits(ruling.code, *use)) return core::bad_field("code", "a code that fits");
    if (ruling.code == RejectCode::Other && ruling.rationale.empty())
      return core::bad_field("rationale", "what the reason is");
  }
  return {};
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

// Changes the case as the ruling says; what it may not do in this state it refuses.
Status apply(const core::Context& context, store::Tx& tx, const contract::Policy& policy,
             const Ruling& ruling, store::CaseRow& row, store::DecisionRow& decision) {
  ASSIGN_OR_RETURN(const CaseState next, contract::next_state(row.state, ruling.verb, Role::QaReviewer,
                                                              {.before = row.decided_state}));
  switch (ruling.verb) {
    case Verb::Adjudicate: {
      ASSIGN_OR_RETURN(row.decided_term, contract::parse_term_name(ruling.term));
      break;
    }
    case Verb::DeclareNoConsensus:
      row.decided_term.clear();
      break;
    case Verb::RequestRead:
      if (row.read_limit >= policy.max_votes)
        return core::failed_precondition("READ_LIMIT", "the policy allows no further vote on this case");
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

template <class Request>
Result<v1::Case> decide(core::Context& context, const Request& request, const Ruling& ruling) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  return core::mutate<v1::Case>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Case> {
        ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
        RETURN_IF_ERROR(require_independent_qa(context, view));
        RETURN_IF_ERROR(check_ruling(context, ruling));
        RETURN_IF_ERROR(core::check_etag(request.etag(), view.row.revision));
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        ASSIGN_OR_RETURN(std::vector<std::string> basis, basis_of(tx, case_id));
        const CaseState from = view.row.state;
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
        decision.basis = std::move(basis);
        decision.policy_version = policy.version;
        decision.vocabulary_version = context.services.vocabulary.version();
        decision.created_us = context.services.clock.now_us();
        const nlohmann::json detail = {{"from", contract::state_text(from)},
                                       {"to", contract::state_text(view.row.state)},
                                       {"term", view.row.decided_term},
                                       {"code", reject_code_text(ruling.code)}};
        ASSIGN_OR_RETURN(decision.seq, record(context, tx, ruling.event,
                                              contract::decision_name(case_id, decision.decision_id), case_id,
                                              detail.dump()));
        RETURN_IF_ERROR(
            store::policies::keep(tx, policy, context.caller.user_id, context.services.clock.now_us()));
        RETURN_IF_ERROR(store::decisions::insert(tx, decision));
        RETURN_IF_ERROR(reveal(context, tx, view));
        return opened_case(context, tx, view);
      });
}

}  // namespace

Result<v1::Case> adjudicate_case(core::Context& context, const v1::AdjudicateCaseRequest& request) {
  return decide(context, request,
                {.verb = Verb::Adjudicate,
                 .kind = DecisionKind::Adjudicate,
                 .event = "adjudicate_case",
                 .term = request.term(),
                 .rationale = request.rationale()});
}

Result<v1::Case> request_read(core::Context& context, const v1::RequestReadRequest& request) {
  return decide(context, request,
                {.verb = Verb::RequestRead,
                 .kind = DecisionKind::MoreReads,
                 .event = "request_read",
                 .rationale = request.rationale()});
}

Result<v1::Case> declare_no_consensus(core::Context& context, const v1::DeclareNoConsensusRequest& request) {
  return decide(context, request,
                {.verb = Verb::DeclareNoConsensus,
                 .kind = DecisionKind::NoConsensus,
                 .event = "declare_no_consensus",
                 .rationale = request.rationale()});
}

Result<v1::Case> approve_case(core::Context& context, const v1::ApproveCaseRequest& request) {
  return decide(context, request,
                {.verb = Verb::Approve, .kind = DecisionKind::Approve, .event = "approve_case"});
}

Result<v1::Case> reject_case(core::Context& context, const v1::RejectCaseRequest& request) {
  return decide(context, request,
                {.verb = Verb::Reject,
                 .kind = DecisionKind::Reject,
                 .event = "reject_case",
                 .code = static_cast<RejectCode>(request.code()),
                 .rationale = request.rationale()});
}

Result<v1::Case> return_case(core::Context& context, const v1::ReturnCaseRequest& request) {
  const auto to = static_cast<ReturnTo>(request.to());
  if (to != ReturnTo::Reader && to != ReturnTo::Site) return core::bad_field("to", "a reader or the site");
  if (to == ReturnTo::Site && request.readers_size() > 0)
    return core::bad_field("readers", "none when the site is asked");
  return decide(context, request,
                {.verb = to == ReturnTo::Reader ? Verb::ReturnToReader : Verb::ReturnToSite,
                 .kind = DecisionKind::Return,
                 .event = to == ReturnTo::Reader ? "return_to_reader" : "return_to_site",
                 .code = static_cast<RejectCode>(request.code()),
                 .rationale = request.rationale(),
                 .returned_to = to,
                 .readers = {request.readers().begin(), request.readers().end()}});
}

Result<v1::Case> reopen_case(core::Context& context, const v1::ReopenCaseRequest& request) {
  return decide(context, request,
                {.verb = Verb::Reopen,
                 .kind = DecisionKind::Reopen,
                 .event = "reopen_case",
                 .rationale = request.rationale()});
}

Result<v1::ListDecisionsResponse> list_decisions(core::Context& context,
                                                 const v1::ListDecisionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.parent()));
  const std::string fingerprint = "decisions " + case_id;
  ASSIGN_OR_RETURN(const int32_t page_size, core::page_size(request.page_size(), 50, 100));
  ASSIGN_OR_RETURN(const std::string cursor, core::decode_page_token(request.page_token(), fingerprint));
  int64_t after = 0;
  if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), after).ptr !=
      cursor.data() + cursor.size())
    return core::bad_page_token();

  v1::ListDecisionsResponse response;
  const auto list = [&](store::Tx& tx) -> Status {
    response.Clear();
    ASSIGN_OR_RETURN(auto rows, store::decisions::of_case(tx, case_id, after, page_size + 1));
    if (static_cast<int32_t>(rows.size()) > page_size) {
      rows.resize(static_cast<size_t>(page_size));
      response.set_next_page_token(core::encode_page_token(std::to_string(rows.back().seq), fingerprint));
    }
    for (const store::DecisionRow& row : rows) {
      v1::Decision* out = response.add_decisions();
      out->set_name(contract::decision_name(case_id, row.decision_id));
      out->set_kind(static_cast<v1::DecisionKind>(row.kind));
      out->set_decider(contract::user_name(row.decider));
      out->set_decider_display_name(row.decider_display_name);
      if (!row.term.empty()) out->set_term(contract::term_name(row.term));
      out->set_code(static_cast<v1::RejectCode>(row.code));
      out->set_rationale(row.rationale);
      for (const std::string& name : row.basis) out->add_basis(name);
      out->set_policy_version(row.policy_version);
      out->set_vocabulary_version(row.vocabulary_version);
      set_time(out->mutable_create_time(), row.created_us);
      for (const std::string& name : row.images) out->add_images(name);
      out->set_returned_to(static_cast<v1::ReturnTo>(row.returned_to));
      for (const std::string& name : row.readers) out->add_returned_readers(name);
    }
    return {};
  };

  bool must_reveal = false;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, case_id));
    must_reveal = view.sight == Sight::Unopened;
    // To a blind reader nothing has been decided.
    return view.sight == Sight::Full ? list(tx) : Status();
  }));
  if (!must_reveal) return response;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(reveal(context, tx, view));
    return view.sight == Sight::Full ? list(tx) : Status();
  }));
  return response;
}

}  // namespace hada::handlers
