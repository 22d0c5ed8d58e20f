// Cases held ahead: claimed, renewed, fetched, given back.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kRenewPeriodUs = 5 * 60 * kSecond;
constexpr int64_t kRetryUs = 20 * kSecond;
constexpr int64_t kQueueEmptyUs = 60 * kSecond;

bool connected(const Model& model) { return model.connection.link == Link::Connected; }

void fetch(Turn& turn, HeldCase& held) {
  held.fetch_ticket =
      turn.ask(effect::Prefetch{0, held.lease.case_name}, {PendingKind::Prefetch, held.lease.case_name});
}

void drop(Turn& turn, const std::string& case_name) {
  std::erase_if(turn.model.ahead.cases,
                [&](const HeldCase& held) { return held.lease.case_name == case_name; });
  turn.effects.push_back(effect::Forget{case_name});
}

// One claim at a time, so that several readers who begin together share the queue.
void claim_further(Turn& turn) {
  Model& model = turn.model;
  Ahead& ahead = model.ahead;
  if (!ahead.on || ahead.claiming || ahead.cases.size() >= Ahead::kWanted || model.now_us < ahead.claim_at_us)
    return;
  ahead.claiming = true;
  effect::ClaimNext claim{0, model.request_ids.next()};
  if (model.open_case) claim.holding.push_back(model.open_case->name);
  for (const HeldCase& held : ahead.cases) claim.holding.push_back(held.lease.case_name);
  turn.ask(std::move(claim), {PendingKind::ClaimAhead, {}});
}

}  // namespace

bool open_held(Turn& turn) {
  Model& model = turn.model;
  std::vector<HeldCase>& cases = model.ahead.cases;
  // Without a network only what is here can be opened.
  const auto ready =
      std::find_if(cases.begin(), cases.end(), [](const HeldCase& held) { return held.ready; });
  const auto next = ready != cases.end() || !connected(model) ? ready : cases.begin();
  if (next == cases.end()) return false;
  open_case(turn, std::string(next->lease.case_name), std::nullopt);  // takes it out of what is held
  tick_ahead(turn);
  return true;
}

void tick_ahead(Turn& turn) {
  Model& model = turn.model;
  if (!connected(model) || model.session.phase != SessionPhase::LoggedIn) return;
  claim_further(turn);
  for (HeldCase& held : model.ahead.cases) {
    if (held.renew_ticket == 0 && model.now_us >= held.renew_at_us)
      held.renew_ticket =
          turn.ask(effect::RenewLease{0, held.lease.name}, {PendingKind::RenewAhead, held.lease.case_name});
  }
  // One at a time: the case that is read next is ready first, and what the reader looks at now is not crowded
  // out.
  const auto fetching = [](const HeldCase& held) { return held.fetch_ticket != 0; };
  if (std::any_of(model.ahead.cases.begin(), model.ahead.cases.end(), fetching)) return;
  const auto next =
      std::find_if(model.ahead.cases.begin(), model.ahead.cases.end(),
                   [&](const HeldCase& held) { return !held.ready && model.now_us >= held.fetch_at_us; });
  if (next != model.ahead.cases.end()) fetch(turn, *next);
}

void release_ahead(Turn& turn) {
  Model& model = turn.model;
  for (const HeldCase& held : model.ahead.cases)
    turn.ask(effect::ReleaseLease{0, held.lease.name, model.request_ids.next()},
             {PendingKind::Release, held.lease.case_name});
  model.ahead = {};
  turn.effects.push_back(effect::Forget{});
}

void claimed_ahead(Turn& turn, const reply::LeaseReply& reply) {
  Model& model = turn.model;
  Ahead& ahead = model.ahead;
  ahead.claiming = false;
  if (reply.error) {
    const bool later = reply.error->reason == "QUEUE_EMPTY" || !reply.error->unavailable();
    ahead.claim_at_us = model.now_us + (later ? kQueueEmptyUs : kRetryUs);
    return;
  }
  const bool open = model.open_case && model.open_case->name == reply.value.case_name;
  // Opened from the list while the answer was on its way.
  if (open || ahead.find(reply.value.case_name)) return;
  HeldCase held;
  held.lease = reply.value;
  held.renew_at_us = model.now_us + kRenewPeriodUs;
  ahead.cases.push_back(std::move(held));
  tick_ahead(turn);
}

void renewed_ahead(Turn& turn, const reply::LeaseReply& reply, const Pending& asked) {
  HeldCase* held = turn.model.ahead.find(asked.subject);
  if (!held) return;
  held->renew_ticket = 0;
  held->renew_at_us = turn.model.now_us + (reply.error ? kRetryUs : kRenewPeriodUs);
  if (!reply.error)
    held->lease = reply.value;
  else if (!reply.error->unavailable())
    drop(turn, asked.subject);  // another reader has it: it is none of this one's work yet
}

void refresh_ahead(Turn& turn) {
  // Leases may have run out meanwhile, and fetches were cut.
  for (HeldCase& held : turn.model.ahead.cases) held.renew_at_us = held.fetch_at_us = turn.model.now_us;
  turn.model.ahead.claim_at_us = turn.model.now_us;
  tick_ahead(turn);
}

void apply(Turn& turn, const reply::Prefetched& reply, const Pending& asked) {
  if (OpenCase* open = open_as(turn.model, asked.subject); open && !reply.error) open->held_ready = true;
  HeldCase* held = turn.model.ahead.find(asked.subject);
  if (!held) return tick_ahead(turn);
  held->fetch_ticket = 0;
  held->ready = held->ready || !reply.error;
  held->fetch_at_us = turn.model.now_us + kRetryUs;
  tick_ahead(turn);
}

}  // namespace hada::model::detail
