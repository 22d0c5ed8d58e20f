// Who is using the workstation, and its settings.

#include <algorithm>
#include <utility>

#include "client/model/chord.h"
#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

// Back to the login panel with nothing of the last user left; settings, connection and vocabulary stay.
void forget_user(Model& model) {
  model.session = {};
  model.worklist = {};
  model.sample.reset();
  model.thumbnails = {};
  model.statistics.reset();
  model.open_case.reset();
  model.kept_amendments.clear();
  model.submitted.clear();
  model.last_submitted.clear();
  model.unsettled.clear();
  model.ahead = {};
  model.earlier_sent = 0;
  model.claiming_next = false;
  model.queue_empty = false;
  // Answers that are still to come are not for the next user.
  model.pending.clear();
}

void logged_in(Turn& turn, const User& user, const std::string& user_id) {
  Model& model = turn.model;
  SessionState& session = model.session;
  const bool same = session.expired && session.user && session.user->name == user.name;
  if (!same) {
    // The login's own answer is taken in already; anything else belonged to somebody else.
    forget_user(model);
    turn.effects.push_back(effect::Forget{});
  }
  session.phase = SessionPhase::LoggedIn;
  session.user = user;
  session.expired = false;
  session.error.reset();
  if (model.settings.last_user != user_id) {
    model.settings.last_user = user_id;
    save_settings(turn);
  }
  const Toasts& toasts = model.toasts;
  for (size_t i = toasts.list().size(); i-- > 0;)
    if (toasts.list()[i].kind == ToastKind::SessionExpired) model.toasts.dismiss(toasts.list()[i].id);
  ask_session(turn);
  if (!same) {
    WorklistFilter filter;
    filter.view = views_for(user).front();
    reset_worklist(turn, filter);
  }
  refetch(turn);
}

}  // namespace

void ask_session(Turn& turn) {
  turn.model.session.asked_us = turn.model.now_us;
  turn.ask(effect::GetSession{}, {PendingKind::Session, {}});
}

void claim_answered(Turn& turn, const std::optional<ApiError>& error) {
  const bool refused = error && error->reason == "READING_PAUSED";
  const bool granted = !error;
  const bool paused = turn.model.session.paused();
  if ((refused && !paused) || (granted && paused)) ask_session(turn);
}

void save_settings(Turn& turn) { turn.effects.push_back(effect::SaveSettings{}); }

void session_expired(Turn& turn) {
  SessionState& session = turn.model.session;
  if (session.phase != SessionPhase::LoggedIn) return;
  session.phase = SessionPhase::LoggedOut;
  session.expired = true;
  turn.toast({.kind = ToastKind::SessionExpired, .level = ToastLevel::Warning});
}

void apply(Turn& turn, const intent::Login& wish) {
  SessionState& session = turn.model.session;
  if (session.phase != SessionPhase::LoggedOut || wish.user_id.empty() || wish.password.empty()) return;
  session.phase = SessionPhase::LoggingIn;
  session.error.reset();
  turn.ask(effect::Login{0, wish.user_id, wish.password}, {PendingKind::Login, wish.user_id});
}

void apply(Turn& turn, const intent::Logout&) {
  if (turn.model.session.phase != SessionPhase::LoggedIn) return;
  close_case(turn);
  release_ahead(turn);
  const Ticket ticket = turn.model.next_ticket();
  turn.effects.push_back(effect::Logout{ticket});
  forget_user(turn.model);
}

void apply(Turn& turn, const intent::Quit&) {
  close_case(turn);
  release_ahead(turn);
}

void apply(Turn& turn, const intent::SetLanguage& wish) {
  if (turn.model.settings.language == wish.language) return;
  turn.model.settings.language = wish.language;
  save_settings(turn);
}

void apply(Turn& turn, const intent::SetTheme& wish) {
  if (turn.model.settings.theme == wish.theme) return;
  turn.model.settings.theme = wish.theme;
  save_settings(turn);
}

void apply(Turn& turn, const intent::SetUiScale& wish) {
  const double scale = std::clamp(wish.scale, kMinUiScale, kMaxUiScale);
  if (turn.model.settings.ui_scale == scale) return;
  turn.model.settings.ui_scale = scale;
  save_settings(turn);
}

void apply(Turn& turn, const intent::SetReducedMotion& wish) {
  if (turn.model.settings.reduced_motion == wish.on) return;
  turn.model.settings.reduced_motion = wish.on;
  save_settings(turn);
}

void apply(Turn& turn, const intent::SetKey& wish) {
  auto keys = turn.model.settings.keys;
  if (wish.chord.empty())
    keys.erase(wish.command);
  else if (parse_chord(wish.chord))
    keys[wish.command] = wish.chord;
  if (keys == turn.model.settings.keys) return;
  turn.model.settings.keys = std::move(keys);
  save_settings(turn);
}

void apply(Turn& turn, const intent::ResetKeys&) {
  if (turn.model.settings.keys.empty()) return;
  turn.model.settings.keys.clear();
  save_settings(turn);
}

void apply(Turn& turn, const intent::DismissToast& wish) { turn.model.toasts.dismiss(wish.id); }

void apply(Turn& turn, const intent::TakeToastAction& wish) {
  const Toast* found = turn.model.toasts.find(wish.id);
  if (!found) return;
  const Toast toast = *found;
  turn.model.toasts.dismiss(wish.id);
  switch (toast.action) {
    case ToastAction::None:
      return;
    case ToastAction::NextCase:
      return apply(turn, intent::ClaimNext{});
    case ToastAction::OpenCase:
      return apply(turn, intent::OpenCase{toast.case_name});
    case ToastAction::UndoDecision:
      // The etag of the decided case is needed, so it must be open; otherwise opening it is the first step.
      if (open_as(turn.model, toast.case_name))
        return apply(turn, intent::Decide{DecisionKind::Reopen, {}, RejectCode::Unspecified, {}});
      return apply(turn, intent::OpenCase{toast.case_name});
  }
}

void apply(Turn& turn, const intent::CopyText& wish) {
  turn.effects.push_back(effect::CopyText{wish.text});
  turn.toast({.kind = ToastKind::Copied, .level = ToastLevel::Info});
}

void apply(Turn& turn, const reply::LoggedIn& reply, const Pending& asked) {
  SessionState& session = turn.model.session;
  if (session.phase != SessionPhase::LoggingIn) return;
  if (reply.error) {
    session.phase = SessionPhase::LoggedOut;
    session.error = reply.error;
    return;
  }
  logged_in(turn, reply.user, asked.subject);
  session.login_ticket = reply.ticket;
}

void apply(Turn&, const reply::LoggedOut&, const Pending&) {}

void apply(Turn& turn, const reply::Session& reply, const Pending&) {
  SessionState& session = turn.model.session;
  if (reply.error || session.phase != SessionPhase::LoggedIn) return;
  session.user = reply.user;
  session.server_version = reply.server_version;
  session.standing = reply.standing;
}

void apply(Turn& turn, const reply::Terms& reply, const Pending&) {
  if (!reply.error) {
    turn.model.vocabulary = reply.vocabulary;
  } else if (!reply.error->unavailable()) {
    turn.toast_error(*reply.error);
  }
}

}  // namespace hada::model::detail
