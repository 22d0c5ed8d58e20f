// The half of ReadService that hands out read slots.

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/mutation.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/mix_in.h"
#include "server/handlers/read.h"
#include "server/handlers/reading_standing.h"
#include "server/store/policies.h"
#include "server/store/worklist.h"

namespace hada::handlers {
namespace {

constexpr size_t kMostHolding = 100;

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

// Only what the queue gives is limited: a case that somebody chose to read comes on top of what is held
// ahead.
enum class Claim { Chosen, Next };

Result<v1::ReadLease> claim(core::Context& context, store::Tx& tx, CaseView view, Claim how) {
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
  const bool already_held = slot->holder == user && slot->lease_until_us > now;
  // What is held may be finished.
  if (!already_held) RETURN_IF_ERROR(require_not_paused(context, tx, policy));
  if (!already_held && how == Claim::Next) {
    ASSIGN_OR_RETURN(const int64_t held, store::reads::leases_held(tx, user, now));
    if (held >= policy.leases_per_reader)
      return core::failed_precondition("TOO_MANY_LEASES",
                                       "submit or give back one of the cases that are held already");
  }

  const int64_t until = lease_end(policy, now);
  RETURN_IF_ERROR(store::reads::lease_slot(tx, row.case_id, slot->slot, user, now, until));
  if (next != row.state) {
    row.state = next;
    RETURN_IF_ERROR(store::cases::save(tx, row, act_of(context)));
  }
  v1::ReadLease lease = lease_message(row.case_id, slot->slot, until);
  RETURN_IF_ERROR(record(context, tx, "claim_case", lease.name(), row.case_id));
  if (!already_held && row.planted_for.empty()) RETURN_IF_ERROR(mix_in(context, tx, policy, row));
  return lease;
}

// The first case the caller holds that is not to be passed over, by tier and then by age.
Result<std::optional<store::CaseRow>> first_held(const core::Context& context, store::Tx& tx,
                                                 const std::set<std::string>& passed_over) {
  ASSIGN_OR_RETURN(const auto held,
                   store::reads::held(tx, context.caller.user_id, context.services.clock.now_us()));
  for (const std::string& case_id : held) {
    if (passed_over.contains(case_id)) continue;
    ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, case_id));
    if (contract::collects_votes(row.state) && context.caller.has(Role::Dermatologist, row.site_id))
      return std::optional(std::move(row));
  }
  return std::optional<store::CaseRow>();
}

// The first case on offer that is not to be passed over.
Result<std::optional<store::CaseRow>> first_offer(store::Tx& tx, store::Worklist& worklist,
                                                  const std::set<std::string>& passed_over) {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<store::Place> place, worklist.next());
    if (!place) return std::optional<store::CaseRow>();
    ASSIGN_OR_RETURN(auto row, store::cases::find_by_seq(tx, place->seq));
    if (row && !passed_over.contains(row->case_id)) return row;
  }
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
  RETURN_IF_ERROR(judge_reading(context));
  return core::mutate<v1::ReadLease>(context, request, request.request_id(),
                                     [&](store::Tx& tx) -> Result<v1::ReadLease> {
                                       ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
                                       return claim(context, tx, std::move(view), Claim::Chosen);
                                     });
}

Result<v1::ReadLease> claim_next(core::Context& context, const v1::ClaimNextRequest& request) {
  const auto sites = core::sites_of(context.caller, {Role::Dermatologist});
  if (!sites) return core::role_required();
  std::set<std::string> passed_over;
  for (const std::string& name : request.holding()) {
    ASSIGN_OR_RETURN(std::string case_id, contract::parse_case_name(name));
    passed_over.insert(std::move(case_id));
  }
  if (passed_over.size() > kMostHolding) return core::bad_field("holding", "at most 100 cases");
  RETURN_IF_ERROR(judge_reading(context));

  return core::mutate<v1::ReadLease>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::ReadLease> {
        // A client that was restarted asks for what it held, whatever else has come by then.
        ASSIGN_OR_RETURN(auto held, first_held(context, tx, passed_over));
        if (held) {
          ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(*held)));
          return claim(context, tx, std::move(view), Claim::Next);
        }
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        store::WorklistSource offers{.of = store::WorklistSource::Of::Offers,
                                     .sites = *sites,
                                     .user = context.caller.user_id,
                                     .now_us = context.services.clock.now_us(),
                                     .not_of_site = policy.own_site_reading ? "" : context.caller.home_site};
        // By tier, then by age. The last pass meets standard cases only: the others have been looked through.
        for (const CaseTier tier : {CaseTier::Gold, CaseTier::Test, CaseTier::Unspecified}) {
          offers.tier = tier;
          store::Worklist worklist(tx, {offers}, 0, static_cast<int32_t>(passed_over.size()) + 1);
          ASSIGN_OR_RETURN(auto row, first_offer(tx, worklist, passed_over));
          if (!row) continue;
          ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(*row)));
          return claim(context, tx, std::move(view), Claim::Next);
        }
        return core::queue_empty();
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
