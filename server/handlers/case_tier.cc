// CaseService.SetCaseTier: what a case is for, and how many votes it takes with it.

#include <algorithm>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/access.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/handlers/case.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/store/policies.h"

namespace hada::handlers {
namespace {

// While votes are collected the case takes at least as many as its tier asks for. It never takes fewer than
// before: a slot may be in somebody's hands.
Status ask_for_votes(store::Tx& tx, const contract::Policy& policy, store::CaseRow& row) {
  if (!contract::collects_votes(row.state)) return {};
  const int32_t wanted = policy.votes_of(row.tier);
  // A third read that was asked for stays one: its rule is another.
  if (row.state != CaseState::NeedsRead) row.first_votes = std::max(row.first_votes, wanted);
  for (; row.read_limit < wanted; ++row.read_limit) RETURN_IF_ERROR(store::cases::add_slot(tx, row.case_id));
  return {};
}

}  // namespace

Result<v1::Case> set_case_tier(core::Context& context, const v1::SetCaseTierRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  return core::mutate<v1::Case>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Case> {
        ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
        RETURN_IF_ERROR(core::require_role(context, Role::QaReviewer, view.row.site_id));
        if (!view.lists_site())
          return core::wrong_state("the caller may still read this case, and must not know its tier");
        if (request.tier() == v1::CASE_TIER_UNSPECIFIED || !v1::CaseTier_IsValid(request.tier()))
          return core::bad_field("tier", "standard, test or gold");
        RETURN_IF_ERROR(core::check_etag(request.etag(), view.row.revision));
        if (view.row.state == CaseState::Withdrawn) return core::wrong_state("the case has been withdrawn");
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        view.row.tier = static_cast<CaseTier>(request.tier());
        RETURN_IF_ERROR(ask_for_votes(tx, policy, view.row));
        RETURN_IF_ERROR(store::cases::save(tx, view.row, act_of(context)));
        RETURN_IF_ERROR(record(context, tx, "set_case_tier", request.name(), case_id));
        return listed_case(tx, view);
      });
}

}  // namespace hada::handlers
