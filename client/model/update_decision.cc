// QA settles, approves, rejects, returns, takes back.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {
constexpr int kAborted = 10;

// Another reviewer was faster: show the case as it is now and let this one look again.
void show_again(Turn& turn, OpenCase* open, const std::string& case_name) {
  Toast toast{.kind = ToastKind::CaseChanged, .level = ToastLevel::Warning, .case_name = case_name};
  if (open) {
    open->changed_elsewhere = true;
    fetch_open_case(turn);
    if (open->conflict) return;  // a card says more
  } else {
    toast.action = ToastAction::OpenCase;
  }
  turn.toast(std::move(toast));
}

bool is_conflict(const ApiError& error) { return error.code == kAborted || error.reason == "WRONG_STATE"; }

void image_included(Turn& turn, const reply::Decided& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (open) std::erase(open->decision.images, asked.image);
  if (reply.error) {
    if (is_conflict(*reply.error)) return show_again(turn, open, asked.subject);
    return turn.toast_error(*reply.error, asked.subject);
  }
  if (!open) return;
  const bool voided = open->value && open->value->state != reply.value.state;
  put_case(turn, reply.value);
  if (voided) fetch_opinions(turn);
}
}  // namespace

void apply(Turn& turn, const intent::Decide& wish) {
  Model& model = turn.model;
  if (!model.open_case || model.open_case->decision.sending || problem_of(wish)) return;
  OpenCase& open = *model.open_case;
  if (!may_decide(model.session, open, wish.kind) || !decision_ready(open)) return;
  open.changed_elsewhere = false;
  open.decision = {true, wish.kind, std::nullopt, {}};
  open.decision_sent = wish;
  Pending pending{PendingKind::Decide, open.name};
  pending.decision = wish.kind;
  turn.ask(effect::Decide{0, wish.kind, open.name, wish.term, wish.code, wish.rationale, open.value->etag,
                          model.request_ids.next(), wish.returned_to, wish.readers},
           std::move(pending));
}

void apply(Turn& turn, const intent::SetImageInclusion& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open || !may_review_images(turn.model.session, *open)) return;
  const Image* image = open->find_image(wish.image);
  std::vector<std::string>& sending = open->decision.images;
  if (!image || image->exclusion == wish.exclusion || open->decision.sending ||
      std::find(sending.begin(), sending.end(), wish.image) != sending.end())
    return;
  sending.push_back(wish.image);
  open->changed_elsewhere = false;
  Pending pending{PendingKind::ImageInclusion, open->name};
  pending.image = wish.image;
  turn.ask(effect::SetImageInclusion{0, open->name, wish.image, wish.exclusion, image->etag,
                                     turn.model.request_ids.next()},
           std::move(pending));
}

void apply(Turn& turn, const intent::SettleConflict& wish) {
  if (settle_amendment(turn, wish.keep_mine) || !turn.model.open_case) return;
  OpenCase& open = *turn.model.open_case;
  if (!open.conflict) return;
  const std::optional<intent::Decide> mine = open.conflict->mine;
  if (wish.keep_mine && (!mine || !may_decide(turn.model.session, open, mine->kind))) return;
  open.conflict.reset();
  open.changed_elsewhere = false;
  if (wish.keep_mine) apply(turn, *mine);
}

void apply(Turn& turn, const reply::Decided& reply, const Pending& asked) {
  if (asked.kind == PendingKind::ImageInclusion) return image_included(turn, reply, asked);
  OpenCase* open = open_as(turn.model, asked.subject);
  std::optional<intent::Decide> sent;
  if (open) {
    open->decision.sending = false;
    sent = std::exchange(open->decision_sent, std::nullopt);
  }
  if (turn.model.sample) {
    turn.model.sample->approving.erase(asked.subject);
    refresh_sample(turn);
  }
  if (reply.error) {
    if (open) open->decision.error = reply.error;
    if (!is_conflict(*reply.error)) return turn.toast_error(*reply.error, asked.subject);
    if (open) {
      if (!open->conflict) open->conflict = DecisionConflict{open->decisions.size(), std::nullopt};
      open->conflict->mine = std::move(sent);
    }
    return show_again(turn, open, asked.subject);
  }
  const bool can_undo = asked.decision == DecisionKind::Approve || asked.decision == DecisionKind::Reject ||
                        asked.decision == DecisionKind::Return;
  Toast toast{.kind = ToastKind::Decided,
              .level = ToastLevel::Success,
              .action = can_undo ? ToastAction::UndoDecision : ToastAction::None,
              .case_name = asked.subject,
              .decision = asked.decision};
  turn.toast(std::move(toast));
  if (open) {
    open->decision.error.reset();
    open->conflict.reset();
    put_case(turn, reply.value);
    fetch_open_case(turn);
  }
  refresh_visible(turn);
}

}  // namespace hada::model::detail
