// QA reviewers settle a case together.

#include <utility>

#include "client/model/update_internal.h"
#include "contract/panel_rules.h"

namespace hada::model::detail {
namespace {

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// The open case while its panel may be changed by this user, else null.
OpenCase* open_for_panel(Turn& turn) {
  OpenCase* open = open_with_images(turn);
  const bool free = open && !open->panel.sending && !open->decision.sending;
  return free && may_decide(turn.model.session, *open, DecisionKind::Adjudicate) ? open : nullptr;
}

template <typename E>
void send(Turn& turn, OpenCase& open, E effect) {
  open.panel.sending = true;
  open.changed_elsewhere = false;
  turn.ask(std::move(effect), {PendingKind::ChangePanel, open.name});
}

}  // namespace

void apply(Turn& turn, const intent::ConvenePanel& wish) {
  OpenCase* open = open_for_panel(turn);
  const auto members = static_cast<int>(wish.members.size()) + 1;
  if (!open || open->panel.state.panel || members < contract::kMinPanel || members > contract::kMaxPanel)
    return;
  send(turn, *open,
       effect::ConvenePanel{0, open->name, wish.mode, wish.members, wish.rationale, open->value->etag,
                            turn.model.request_ids.next()});
}

void apply(Turn& turn, const intent::AnswerPanel& wish) {
  OpenCase* open = open_for_panel(turn);
  if (!open || !may_answer_panel(turn.model.session, *open) || wish.term.empty() || blank(wish.rationale))
    return;
  send(turn, *open,
       effect::AnswerPanel{0, open->name, open->panel.state.panel->name, wish.term, wish.rationale,
                           turn.model.request_ids.next()});
}

void apply(Turn& turn, const intent::WithdrawPanelAnswer&) {
  OpenCase* open = open_for_panel(turn);
  if (!open || !may_answer_panel(turn.model.session, *open)) return;
  const Panel& panel = *open->panel.state.panel;
  if (!panel.find_member(turn.model.session.user->name)->answered) return;
  send(turn, *open, effect::WithdrawPanelAnswer{0, open->name, panel.name, turn.model.request_ids.next()});
}

void apply(Turn& turn, const intent::DissolvePanel&) {
  OpenCase* open = open_for_panel(turn);
  if (!open || !open->panel.state.panel) return;
  send(turn, *open,
       effect::DissolvePanel{0, open->name, open->panel.state.panel->name, open->value->etag,
                             turn.model.request_ids.next()});
}

void apply(Turn& turn, const reply::PanelReply& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  const bool changed = asked.kind == PendingKind::ChangePanel;
  if (open && changed) open->panel.sending = false;
  if (reply.error) {
    if (changed) turn.toast_error(*reply.error, asked.subject);
    // Something has moved on: the user decides again, seeing it as it is now.
    if (changed && open && !reply.error->unavailable()) {
      open->changed_elsewhere = true;
      fetch_open_case(turn);
    }
    return;
  }
  if (!open) return;
  open->panel.state = reply.value;
  open->panel.known = true;
  // The case's revision has changed with it.
  if (changed) turn.ask(effect::GetCase{0, open->name}, {PendingKind::Case, open->name});
}

}  // namespace hada::model::detail
