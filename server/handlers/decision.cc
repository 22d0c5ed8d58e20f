#include "server/handlers/decision.h"

#include <charconv>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/handlers/panel.h"
#include "server/handlers/ruling.h"
#include "server/store/decisions.h"
#include "server/store/panels.h"
#include "server/store/policies.h"

namespace hada::handlers {
namespace {

using contract::Verb;

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
        RETURN_IF_ERROR(rule(context, tx, policy, ruling, view));
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
  return decide(context, request,
                {.verb = to == ReturnTo::Site ? Verb::ReturnToSite : Verb::ReturnToReader,
                 .kind = DecisionKind::Return,
                 .event = to == ReturnTo::Site ? "return_to_site" : "return_to_reader",
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
      if (!row.panel_id.empty()) {
        ASSIGN_OR_RETURN(const auto panel, store::panels::find(tx, row.panel_id));
        if (panel) *out->mutable_panel() = panel_message(context, *panel);
      }
      if (!row.sample.empty()) out->set_sample(contract::sample_name(row.sample));
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
