// Comments of reviewers on the open case.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model {

bool may_discuss(const SessionState& session, const OpenCase& open) {
  return open.value && session.has(Role::QaReviewer) && !open.value->read_by_caller &&
         open.value->state != CaseState::Withdrawn;
}

namespace detail {
namespace {

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// The open case while a comment of it may be sent: one after the other. Else null.
OpenCase* open_for_comment(Turn& turn) {
  OpenCase* open = open_with_images(turn);
  return open && !open->comments.sending && may_discuss(turn.model.session, *open) ? open : nullptr;
}

const Comment* find_comment(const OpenCase& open, const std::string& name) {
  const auto& list = open.comments.list;
  const auto it =
      std::find_if(list.begin(), list.end(), [&](const Comment& each) { return each.name == name; });
  return it == list.end() ? nullptr : &*it;
}

template <typename E>
void send(Turn& turn, OpenCase& open, E effect) {
  open.comments.sending = true;
  open.comments.refused = false;
  turn.ask(std::move(effect), {PendingKind::ChangeComment, open.name});
}

}  // namespace

void apply(Turn& turn, const intent::AddComment& wish) {
  OpenCase* open = open_for_comment(turn);
  if (!open || blank(wish.text) || (!wish.image.empty() && !open->find_image(wish.image))) return;
  send(turn, *open,
       effect::CreateComment{0, open->name, wish.image, wish.at, wish.reply_to, wish.text,
                             turn.model.request_ids.next()});
}

void apply(Turn& turn, const intent::EditComment& wish) {
  OpenCase* open = open_for_comment(turn);
  const Comment* comment = open ? find_comment(*open, wish.name) : nullptr;
  const bool own = comment && comment->author == turn.model.session.user->name;
  if (!own || blank(wish.text) || comment->text() == wish.text) return;
  send(
      turn, *open,
      effect::EditComment{0, open->name, wish.name, wish.text, comment->etag, turn.model.request_ids.next()});
}

void apply(Turn& turn, const intent::SettleComment& wish) {
  OpenCase* open = open_for_comment(turn);
  const Comment* comment = open ? find_comment(*open, wish.name) : nullptr;
  if (!comment || !comment->reply_to.empty() || comment->resolved == wish.resolved) return;
  send(turn, *open,
       effect::SettleComment{0, open->name, wish.name, wish.resolved, comment->etag,
                             turn.model.request_ids.next()});
}

// The pane that shows the image looks at the place; the active one shows it where none does.
void apply(Turn& turn, const intent::GoToComment& wish) {
  OpenCase* open = open_with_images(turn);
  const Comment* comment = open ? find_comment(*open, wish.name) : nullptr;
  if (!comment || !open->find_image(comment->image)) return;
  const auto& panes = open->panes.panes;
  size_t pane = open->panes.active;
  for (size_t i = panes.size(); i-- > 0;)
    if (panes[i].image == comment->image && panes[pane].image != comment->image) pane = i;
  apply(turn, intent::FocusPane{pane});
  if (panes[pane].image != comment->image) apply(turn, intent::ShowImage{pane, comment->image});
  apply(turn, intent::CentreOn{pane, comment->at});
}

void apply(Turn& turn, const reply::Comments& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (!open || reply.error) return;  // it is asked for again with the case
  open->comments.list = reply.comments;
  open->comments.known = true;
}

void apply(Turn& turn, const reply::CommentReply& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (open) open->comments.sending = false;
  if (reply.error) {
    if (open) open->comments.refused = true;
    turn.toast_error(*reply.error, asked.subject);
    if (open) fetch_comments(turn);
    return;
  }
  if (!open) return;
  auto& list = open->comments.list;
  const auto it = std::find_if(list.begin(), list.end(),
                               [&](const Comment& each) { return each.name == reply.value.name; });
  if (it == list.end())
    list.push_back(reply.value);
  else
    *it = reply.value;
}

void fetch_comments(Turn& turn) {
  const OpenCase& open = *turn.model.open_case;
  if (turn.model.session.has(Role::QaReviewer))
    turn.ask(effect::ListComments{0, open.name}, {PendingKind::Comments, open.name});
}

}  // namespace detail
}  // namespace hada::model
