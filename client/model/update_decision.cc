// QA settles, approves, rejects, takes back.

#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {
constexpr int kAborted = 10;
}

void apply(Turn& turn, const intent::Decide& wish) {
  Model& model = turn.model;
  if (!model.open_case || model.open_case->decision.sending || problem_of(wish)) return;
  OpenCase& open = *model.open_case;
  if (!may_decide(model.session, open, wish.kind)) return;
  open.changed_elsewhere = false;
  open.decision = {true, wish.kind, std::nullopt};
  Pending pending{PendingKind::Decide, open.name};
  pending.decision = wish.kind;
  turn.ask(effect::Decide{0, wish.kind, open.name, wish.term, wish.code, wish.rationale, open.value->etag,
                          model.request_ids.next()},
           std::move(pending));
}

void apply(Turn& turn, const reply::Decided& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (open) open->decision.sending = false;
  if (reply.error) {
    if (open) open->decision.error = reply.error;
    if (reply.error->code != kAborted && reply.error->reason != "WRONG_STATE")
      return turn.toast_error(*reply.error, asked.subject);
    // Another reviewer was faster: show the case as it is now and let this one look again.
    Toast toast{.kind = ToastKind::CaseChanged, .level = ToastLevel::Warning, .case_name = asked.subject};
    if (open) {
      open->changed_elsewhere = true;
      fetch_open_case(turn);
    } else {
      toast.action = ToastAction::OpenCase;
    }
    return turn.toast(std::move(toast));
  }
  const bool can_undo = asked.decision == DecisionKind::Approve || asked.decision == DecisionKind::Reject;
  Toast toast{.kind = ToastKind::Decided,
              .level = ToastLevel::Success,
              .action = can_undo ? ToastAction::UndoDecision : ToastAction::None,
              .case_name = asked.subject,
              .decision = asked.decision};
  turn.toast(std::move(toast));
  if (open) {
    open->decision.error.reset();
    put_case(turn, reply.value);
    fetch_open_case(turn);
  }
  refresh_visible(turn);
}

}  // namespace hada::model::detail
