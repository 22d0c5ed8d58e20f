// The half of ReadService that hands out read slots.

#include <algorithm>
#include <charconv>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/mutation.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/read.h"
#include "server/store/policies.h"
#include "server/store/worklist.h"

namespace hada::handlers {
namespace {

v1::ReadLease lease_message(const std::string& case_id, int32_t slot, int64_t until_us) {
  v1::ReadLease lease;
  lease.set_name(contract::slot_name(case_id, std::to_string(slot)));
  lease.set_case_(contract::case_name(case_id));
  set_time(lease.mutable_expire_time(), until_us);
  return lease;
}

int64_t lease_end(const contract::Policy& policy, int64_t now_us) {
  return now_us + policy.lease_minutes * core::kMinuteUs;
}

Result<v1::ReadLease> claim(core::Context& context, store::Tx& tx, CaseView view) {
  store::CaseRow& row = view.row;
  const std::string& user = context.caller.user_id;
  const int64_t now = context.services.clock.now_us();
  RETURN_IF_ERROR(core::require_role(context, Role::Dermatologist, row.site_id));
  ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
  if (!policy.own_site_reading && context.caller.home_site == row.site_id)
    return core::denied("OWN_SITE", "cases of one's own site are not read");
  if (view.caller.has_read) return core::failed_precondition("ALREADY_READ", "the caller has read this case");
  if (view.caller.revealed)
    return core::failed_precondition("NOT_BLIND", "the caller has seen what others say about this case");
  ASSIGN_OR_RETURN(const CaseState next,
                   contract::next_state(row.state, contract::Verb::Claim, Role::Dermatologist));

  ASSIGN_OR_RETURN(const auto slots, store::reads::slots(tx, row.case_id));
  auto slot = std::find_if(slots.begin(), slots.end(),
                           [&](const store::SlotRow& s) { return !s.submitted() && s.holder == user; });
  if (slot == slots.end()) {
    if (row.pending_images > 0 || row.ready_images == 0)
      return core::wrong_state("the images of this case have not all been checked");
    slot = std::find_if(slots.begin(), slots.end(), [&](const store::SlotRow& s) { return s.free_at(now); });
  }
  if (slot == slots.end()) return core::failed_precondition("NO_FREE_SLOT", "every read slot is taken");

  const int64_t until = lease_end(policy, now);
  RETURN_IF_ERROR(store::reads::lease_slot(tx, row.case_id, slot->slot, user, now, until));
  if (next != row.state) {
    row.state = next;
    RETURN_IF_ERROR(store::cases::save(tx, row, act_of(context)));
  }
  v1::ReadLease lease = lease_message(row.case_id, slot->slot, until);
  RETURN_IF_ERROR(record(context, tx, "claim_case", lease.name(), row.case_id));
  return lease;
}

struct Slot {
  std::string case_id;
  int32_t number = 0;
};
Result<Slot> parse_slot(const std::string& name) {
  ASSIGN_OR_RETURN(const contract::SlotName parsed, contract::parse_slot_name(name));
  Slot slot{parsed.case_id, 0};
  const char* end = parsed.slot_id.data() + parsed.slot_id.size();
  const auto [stop, error] = std::from_chars(parsed.slot_id.data(), end, slot.number);
  if (error != std::errc() || stop != end) return core::not_found(name);
  return slot;
}

// True when the caller's lease on this slot is still theirs: perhaps over, but taken by nobody and not
// submitted.
Result<bool> is_holder(const core::Context& context, store::Tx& tx, const Slot& slot) {
  ASSIGN_OR_RETURN(const auto slots, store::reads::slots(tx, slot.case_id));
  return std::any_of(slots.begin(), slots.end(), [&](const store::SlotRow& s) {
    return s.slot == slot.number && !s.submitted() && s.holder == context.caller.user_id;
  });
}

}  // namespace

Result<v1::ReadLease> claim_case(core::Context& context, const v1::ClaimCaseRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.case_()));
  return core::mutate<v1::ReadLease>(context, request, request.request_id(),
                                     [&](store::Tx& tx) -> Result<v1::ReadLease> {
                                       ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
                                       return claim(context, tx, std::move(view));
                                     });
}

Result<v1::ReadLease> claim_next(core::Context& context, const v1::ClaimNextRequest& request) {
  store::WorklistSource offers{.of = store::WorklistSource::Of::Offers,
                               .user = context.caller.user_id,
                               .now_us = context.services.clock.now_us()};
  bool everywhere = false;
  for (const core::Grant& grant : context.caller.grants) {
    if (grant.role != Role::Dermatologist) continue;
    everywhere = everywhere || grant.site_id.empty();
    offers.sites.push_back(grant.site_id);
  }
  if (offers.sites.empty()) return core::role_required();
  if (everywhere) offers.sites.clear();

  return core::mutate<v1::ReadLease>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::ReadLease> {
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        if (!policy.own_site_reading) offers.not_of_site = context.caller.home_site;
        store::Worklist worklist(tx, {offers}, 0, 1);
        ASSIGN_OR_RETURN(const auto seq, worklist.next());
        if (!seq) return core::queue_empty();
        ASSIGN_OR_RETURN(auto row, store::cases::find_by_seq(tx, *seq));
        if (!row) return core::queue_empty();
        ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(*row)));
        return claim(context, tx, std::move(view));
      });
}

Result<v1::ReadLease> renew_lease(core::Context& context, const v1::RenewLeaseRequest& request) {
  ASSIGN_OR_RETURN(const Slot slot, parse_slot(request.name()));
  v1::ReadLease lease;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, slot.case_id));
    RETURN_IF_ERROR(core::require_role(context, Role::Dermatologist, view.row.site_id));
    ASSIGN_OR_RETURN(const bool holds, is_holder(context, tx, slot));
    if (!holds) return core::failed_precondition("LEASE_LOST", "the read slot is no longer the caller's");
    ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
    const int64_t now = context.services.clock.now_us();
    const int64_t until = lease_end(policy, now);
    RETURN_IF_ERROR(
        store::reads::lease_slot(tx, slot.case_id, slot.number, context.caller.user_id, now, until));
    lease = lease_message(slot.case_id, slot.number, until);
    return {};
  }));
  return lease;
}

Result<v1::ReleaseLeaseResponse> release_lease(core::Context& context,
                                               const v1::ReleaseLeaseRequest& request) {
  ASSIGN_OR_RETURN(const Slot slot, parse_slot(request.name()));
  return core::mutate<v1::ReleaseLeaseResponse>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::ReleaseLeaseResponse> {
        ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, slot.case_id));
        RETURN_IF_ERROR(core::require_role(context, Role::Dermatologist, view.row.site_id));
        // A lease that is gone is what the caller asked for.
        ASSIGN_OR_RETURN(const bool holds, is_holder(context, tx, slot));
        if (!holds) return v1::ReleaseLeaseResponse();
        RETURN_IF_ERROR(store::reads::free_slot(tx, slot.case_id, slot.number));
        RETURN_IF_ERROR(record(context, tx, "release_lease", request.name(), slot.case_id));
        return v1::ReleaseLeaseResponse();
      });
}

}  // namespace hada::handlers
