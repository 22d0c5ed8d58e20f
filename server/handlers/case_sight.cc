#include "server/handlers/case_sight.h"

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/store/events.h"

namespace hada::handlers {

CaseState CaseView::listed_state() const {
  if (sight == Sight::Full || (sight == Sight::Unopened && staff)) return row.state;
  if (caller.returned || told_of_return()) return CaseState::Returned;
  // That a third read is wanted says that the first two disagree; any later state says still more.
  return row.state == CaseState::Open && !caller.has_read ? CaseState::Open : CaseState::Reading;
}

bool CaseView::told_of_return() const {
  if (row.state != CaseState::Returned) return false;
  return lists_site() || caller.returned || (staff && row.returned_to == ReturnTo::Site);
}

Standing standing_of(const core::Caller& caller, const store::cases::Place& place,
                     const store::Involvement& involved) {
  const bool reader = involved.has_read || caller.has(Role::Dermatologist, place.site_id);
  const bool staff =
      caller.has(Role::QaReviewer, place.site_id) || caller.has(Role::SiteCoordinator, place.site_id);
  // A copy exists for the one reader it was made for, and stays a case that is being read.
  const bool hidden = !place.planted_for.empty() && place.planted_for != caller.user_id;
  if (hidden || (!reader && !staff)) return {Sight::None, staff};
  if (involved.revealed) return {Sight::Full, staff};
  // A returned case will be read again, and who is not blind then does not vote.
  if (reader && (contract::collects_votes(place.state) || place.state == CaseState::Returned))
    return {Sight::Blind, staff};
  return {staff || involved.has_read ? Sight::Unopened : Sight::Blind, staff};
}

Result<CaseView> view_case(const core::Context& context, store::Tx& tx, store::CaseRow row) {
  CaseView view;
  ASSIGN_OR_RETURN(view.caller, store::reads::involvement(tx, row.case_id, context.caller.user_id,
                                                          context.services.clock.now_us()));
  const Standing standing =
      standing_of(context.caller, {row.site_id, row.state, row.planted_for}, view.caller);
  view.sight = standing.sight;
  view.staff = standing.staff;
  view.row = std::move(row);
  return view;
}

Result<CaseView> find_case(const core::Context& context, store::Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, case_id));
  ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(row)));
  if (view.sight == Sight::None) return core::not_found(contract::case_name(case_id));
  return view;
}

Status require_discussant(const core::Context& context, const CaseView& view) {
  RETURN_IF_ERROR(core::require_role(context, Role::QaReviewer, view.row.site_id));
  if (view.caller.has_read)
    return core::denied("OWN_READ", "a case is discussed by those who have not read it");
  if (view.sight == Sight::Blind) return core::wrong_state("the caller may still read this case");
  return {};
}

Status reveal(const core::Context& context, store::Tx& tx, CaseView& view) {
  if (view.sight != Sight::Unopened) return {};
  RETURN_IF_ERROR(store::reads::mark_revealed(tx, view.row.case_id, context.caller.user_id, view.row.state,
                                              context.services.clock.now_us()));
  RETURN_IF_ERROR(
      record(context, tx, "reveal_case", contract::case_name(view.row.case_id), view.row.case_id));
  view.sight = Sight::Full;
  view.caller.revealed = true;
  return {};
}

bool may_count_votes(const core::Context& context, const std::string& site_id, CaseState state) {
  return context.caller.has(Role::QaReviewer, site_id) &&
         !(context.caller.has(Role::Dermatologist, site_id) && contract::collects_votes(state));
}

store::Act act_of(const core::Context& context) {
  return {context.caller.user_id, context.services.clock.now_us()};
}

Result<int64_t> record(const core::Context& context, store::Tx& tx, const std::string& verb,
                       const std::string& subject, const std::string& case_id,
                       const std::string& detail_json) {
  return store::record_event(
      tx, {context.caller.user_id, verb, subject, case_id, detail_json, context.services.clock.now_us()});
}

}  // namespace hada::handlers
