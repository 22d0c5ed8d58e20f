// The list of cases, page by page, and the thumbnails in view.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

void ask_page(Turn& turn, size_t index) {
  Worklist& worklist = turn.model.worklist;
  WorklistPage& page = worklist.pages[index];
  if (page.ticket != 0) return;
  Pending pending{PendingKind::Page, {}};
  pending.page = index;
  page.ticket =
      turn.ask(effect::ListCases{0, worklist.filter, Worklist::kPageSize, page.token}, std::move(pending));
}

void ask_next_page(Turn& turn) {
  Worklist& worklist = turn.model.worklist;
  if (worklist.next_ticket != 0 || worklist.complete()) return;
  worklist.first_page_loading = worklist.pages.empty();
  worklist.next_ticket =
      turn.ask(effect::ListCases{0, worklist.filter, Worklist::kPageSize, worklist.next_token},
               {PendingKind::NextPage, {}});
}

// Drops what was asked for the old list.
void forget_page_requests(Model& model) {
  std::erase_if(model.pending, [](const auto& entry) {
    return entry.second.kind == PendingKind::Page || entry.second.kind == PendingKind::NextPage;
  });
}

void fill_view(Turn& turn) {
  Worklist& worklist = turn.model.worklist;
  const auto range = worklist.pages_of(worklist.first_visible, worklist.last_visible);
  for (size_t i = range.begin; i < range.end; ++i)
    if (worklist.pages[i].stale) ask_page(turn, i);
  if (worklist.last_visible + Worklist::kNearEnd >= worklist.row_count()) ask_next_page(turn);
}

}  // namespace

void reset_worklist(Turn& turn, const WorklistFilter& filter) {
  forget_page_requests(turn.model);
  turn.model.worklist = {};
  turn.model.worklist.filter = filter;
  turn.model.worklist.refreshed_us = turn.model.now_us;
  look_at_list(turn);
  ask_next_page(turn);
}

void refresh_visible(Turn& turn) {
  Worklist& worklist = turn.model.worklist;
  worklist.refreshed_us = turn.model.now_us;
  turn.model.live.worklist_due = false;
  if (worklist.pages.empty()) return ask_next_page(turn);
  auto range = worklist.pages_of(worklist.first_visible, worklist.last_visible);
  range.end = std::max(range.end, range.begin + 1);  // an empty list still has its first page
  for (size_t i = range.begin; i < range.end; ++i) ask_page(turn, i);
  fill_view(turn);  // also what failed before
}

void pump_thumbnails(Turn& turn) {
  for (std::string image = turn.model.thumbnails.take_next(); !image.empty();
       image = turn.model.thumbnails.take_next())
    turn.ask(effect::GetThumbnail{0, image}, {PendingKind::Thumbnail, image});
}

void apply(Turn& turn, const intent::SetFilter& wish) {
  if (turn.model.session.phase != SessionPhase::LoggedIn) return;
  if (turn.model.worklist.filter == wish.filter && !turn.model.worklist.pages.empty()) return;
  reset_worklist(turn, wish.filter);
}

void apply(Turn& turn, const intent::ShowRows& wish) {
  turn.model.worklist.first_visible = wish.first;
  turn.model.worklist.last_visible = wish.last;
  if (turn.model.session.phase == SessionPhase::LoggedIn) fill_view(turn);
}

void apply(Turn& turn, const intent::SelectRow& wish) {
  Worklist& worklist = turn.model.worklist;
  if (wish.row >= worklist.row_count()) return;
  worklist.selected = wish.row;
  worklist.selected_name = worklist.row(wish.row).name;
}

void apply(Turn& turn, const intent::RefreshWorklist&) {
  if (turn.model.session.phase != SessionPhase::LoggedIn) return;
  turn.model.queue_empty = false;
  ask_session(turn);
  turn.model.thumbnails.forget_unfinished();
  refresh_visible(turn);
  pump_thumbnails(turn);
}

void apply(Turn& turn, const intent::WantThumbnails& wish) {
  turn.model.thumbnails.want(wish.images);
  if (turn.model.session.phase == SessionPhase::LoggedIn) pump_thumbnails(turn);
}

void apply(Turn& turn, const intent::ThumbnailsLost&) {
  turn.model.thumbnails.forget_ready();
  if (turn.model.session.phase == SessionPhase::LoggedIn) pump_thumbnails(turn);
}

void apply(Turn& turn, const reply::Cases& reply, const Pending& asked) {
  Worklist& worklist = turn.model.worklist;
  const bool next = asked.kind == PendingKind::NextPage;
  const size_t index = next ? worklist.pages.size() : asked.page;
  if (next) {
    if (worklist.next_ticket != reply.ticket) return;
    worklist.next_ticket = 0;
    worklist.first_page_loading = false;
  } else {
    if (index >= worklist.pages.size() || worklist.pages[index].ticket != reply.ticket) return;
    worklist.pages[index].ticket = 0;
  }
  worklist.error = reply.error;
  if (reply.error) return;  // asked again at the next refresh or scroll
  std::vector<CaseRow> rows;
  rows.reserve(reply.cases.size());
  for (const Case& value : reply.cases) rows.push_back(row_of(value));
  std::string token = next ? worklist.next_token : worklist.pages[index].token;
  if (next && index > 0 && rows.empty() && reply.next_page_token.empty()) {
    worklist.next_token.clear();  // the last page was full, and nothing follows
    return;
  }
  worklist.put_page(index, std::move(token), std::move(rows), reply.next_page_token);
  fill_view(turn);
}

void apply(Turn& turn, const reply::Thumbnail& reply, const Pending& asked) {
  if (reply.error)
    turn.model.thumbnails.failed(asked.subject, reply.error->unavailable());
  else
    turn.model.thumbnails.arrived(asked.subject);
  // While the server is away asking again at once would only spin.
  if (!reply.error || !reply.error->unavailable()) pump_thumbnails(turn);
}

}  // namespace hada::model::detail
