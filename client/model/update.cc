#include "client/model/update.h"

#include <type_traits>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model {
namespace detail {

void Turn::toast_error(const ApiError& error, std::string case_name) {
  if (error.reason == kSessionGone) return;  // said once, by session_expired
  Toast toast;
  toast.kind = ToastKind::Failed;
  toast.level = ToastLevel::Error;
  toast.error = error;
  toast.case_name = std::move(case_name);
  this->toast(std::move(toast));
}

}  // namespace detail

namespace {

using detail::Turn;

// Wishes that a person's hand made; the others come from time and layout.
template <typename I>
constexpr bool kIsInput =
    !std::is_same_v<I, intent::Tick> && !std::is_same_v<I, intent::ResizePane> &&
    !std::is_same_v<I, intent::ShowRows> && !std::is_same_v<I, intent::WantThumbnails> &&
    !std::is_same_v<I, intent::ViewExported> && !std::is_same_v<I, intent::ThumbnailsLost> &&
    !std::is_same_v<I, intent::AdjustmentsNotShown>;

constexpr int kUnauthenticated = 16, kUnavailable = 14;

// The backend keeps these through an expired session and sends them after the next login, under the same
// ticket.
bool survives_logout(PendingKind kind) {
  return kind == PendingKind::SaveDraft || kind == PendingKind::Submit || kind == PendingKind::Amend ||
         kind == PendingKind::Decide || kind == PendingKind::ImageInclusion ||
         kind == PendingKind::ChangePanel || kind == PendingKind::ChangeComment;
}

template <typename R>
void take_in(Turn& turn, const R& reply) {
  const auto it = turn.model.pending.find(reply.ticket);
  const bool logged_out = reply.error && reply.error->code == kUnauthenticated;
  if (it == turn.model.pending.end()) {
    // A draft that a newer one has replaced still tells that the session is over.
    if (logged_out && turn.model.session.phase == SessionPhase::LoggedIn &&
        reply.ticket > turn.model.session.login_ticket)
      detail::session_expired(turn);
    if constexpr (std::is_same_v<R, reply::ReadReply>)
      if (reply.ticket == 0 && !logged_out) detail::earlier_read_answered(turn, reply);
    return;
  }
  if (logged_out && it->second.kind != PendingKind::Login) {
    detail::session_expired(turn);
    if (survives_logout(it->second.kind)) return;
    // To everything else it is like an outage: asked again after the next login.
    const Pending asked = std::move(it->second);
    turn.model.pending.erase(it);
    R cut = reply;
    cut.error->code = kUnavailable;
    cut.error->reason = detail::kSessionGone;
    detail::apply(turn, cut, asked);
    return;
  }
  const Pending asked = std::move(it->second);
  turn.model.pending.erase(it);
  detail::apply(turn, reply, asked);
}

}  // namespace

Effects update(Model& model, const Intent& intent) {
  Turn turn{model};
  std::visit(
      [&](const auto& wish) {
        if (kIsInput<std::decay_t<decltype(wish)>>) {
          model.last_input_us = model.now_us;
        }
        detail::apply(turn, wish);
      },
      intent);
  return std::move(turn.effects);
}

Effects update(Model& model, const Reply& reply) {
  Turn turn{model};
  std::visit(
      [&](const auto& answer) {
        using R = std::decay_t<decltype(answer)>;
        if constexpr (std::is_same_v<R, reply::Connection>)
          detail::apply_connection(turn, answer);
        else if constexpr (std::is_same_v<R, reply::UnsettledWork>)
          detail::apply_unsettled(turn, answer);
        else if constexpr (std::is_same_v<R, reply::KeptAmendments>)
          detail::apply_kept(turn, answer);
        else if constexpr (std::is_same_v<R, reply::Changed>)
          detail::apply_changed(turn, answer);
        else if constexpr (!std::is_same_v<R, reply::Tile>)
          take_in(turn, answer);
      },
      reply);
  if (!std::holds_alternative<reply::Tile>(reply)) detail::pump_live(turn);
  return std::move(turn.effects);
}

}  // namespace hada::model
