// The connection goes and comes; the clock ticks.

#include <algorithm>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

constexpr int64_t kVocabularyRetryUs = 5'000'000, kProfilesRetryUs = 2'000'000;
constexpr int64_t kSessionPeriodUs = 600'000'000;

void ask_vocabulary(Turn& turn) {
  Model& model = turn.model;
  const bool asked = std::any_of(model.pending.begin(), model.pending.end(),
                                 [](const auto& entry) { return entry.second.kind == PendingKind::Terms; });
  if (model.vocabulary || asked) return;
  turn.ask(effect::ListTerms{}, {PendingKind::Terms, {}});
  model.vocabulary_asked_us = model.now_us;
}

}  // namespace

void refetch(Turn& turn) {
  Model& model = turn.model;
  ask_vocabulary(turn);
  model.thumbnails.forget_unfinished();
  refresh_visible(turn);
  refresh_sample(turn);
  pump_thumbnails(turn);
  refresh_ahead(turn);
  if (!model.open_case) return;
  fetch_open_case(turn);
  ReadTask& reading = model.open_case->reading;
  const bool claim_was_cut =
      reading.phase == ReadPhase::Claiming ||
      (reading.phase == ReadPhase::ClaimFailed && reading.error && reading.error->unavailable());
  if (claim_was_cut) begin_claim(turn);
  // The lease may have run out meanwhile: ask at once.
  if (reading.lease) reading.renew_at_us = model.now_us;
}

void apply_connection(Turn& turn, const reply::Connection& reply) {
  Model& model = turn.model;
  ConnectionState& state = model.connection;
  state.waiting_changes = reply.waiting_changes;
  const Link link = reply.connected ? Link::Connected : Link::Lost;
  if (link == state.link) return;
  const bool was_lost = state.link == Link::Lost;
  state.link = link;
  state.since_us = model.now_us;
  if (link == Link::Lost || !was_lost || model.session.phase != SessionPhase::LoggedIn) return;
  turn.toast({.kind = ToastKind::Reconnected, .level = ToastLevel::Success});
  ask_session(turn);
  refetch(turn);
}

void apply(Turn& turn, const intent::Tick& tick) {
  Model& model = turn.model;
  const int64_t elapsed = model.now_us == 0 ? 0 : std::max<int64_t>(0, tick.now_us - model.now_us);
  model.now_us = tick.now_us;
  model.toasts.expire(model.now_us);
  if (model.session.phase != SessionPhase::LoggedIn) return;
  tick_read(turn, elapsed);
  tick_ahead(turn);
  if (model.connection.link != Link::Connected) return;
  tick_presence(turn);
  pump_live(turn);
  // What a slow answer or a busy server left undone.
  if (model.now_us - model.vocabulary_asked_us >= kVocabularyRetryUs) ask_vocabulary(turn);
  // A standing is judged anew with each day.
  if (model.now_us - model.session.asked_us >= kSessionPeriodUs) ask_session(turn);
  pump_thumbnails(turn);
  // An image whose profile did not come would be held back for ever.
  if (model.open_case && model.open_case->value &&
      model.now_us - model.profiles_asked_us >= kProfilesRetryUs) {
    model.profiles_asked_us = model.now_us;
    fetch_profiles(turn);
  }
  if (model.open_case) return;
  if (model.now_us - model.worklist.refreshed_us >= Worklist::kRefreshPeriodUs) refresh_visible(turn);
}

}  // namespace hada::model::detail
