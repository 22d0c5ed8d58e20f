// The open case: what it holds, opening and closing it.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

bool same_images(const std::vector<Image>& a, const std::vector<Image>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Image& x, const Image& y) {
    return x.name == y.name && x.exclusion == y.exclusion;
  });
}

bool same_reads(const std::vector<Read>& a, const std::vector<Read>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Read& x, const Read& y) {
    return x.name == y.name && x.late == y.late && x.revisions.size() == y.revisions.size();
  });
}

// Who is about to decide must look at what has changed first: the etag that the reload brings would let a
// decision through that rests on what was on the screen before.
void look_again(Turn& turn, OpenCase& open) {
  const auto may = [&](DecisionKind kind) { return may_decide(turn.model.session, open, kind); };
  if (!open.conflict && (may(DecisionKind::Adjudicate) || may(DecisionKind::Approve)))
    open.conflict = DecisionConflict{open.decisions.size(), std::nullopt};
}

}  // namespace

// Profiles are only needed for what is on the screen.
void fetch_profiles(Turn& turn) {
  const OpenCase& open = *turn.model.open_case;
  const auto fetch = [&](const std::string& name) {
    const Image* image = open.find_image(name);
    if (!image || !image->has_icc_profile || !image->icc_profile.empty()) return;
    const bool asked =
        std::any_of(turn.model.pending.begin(), turn.model.pending.end(), [&](const auto& entry) {
          return entry.second.kind == PendingKind::Image && entry.second.subject == name;
        });
    if (!asked) turn.ask(effect::GetImage{0, name}, {PendingKind::Image, name});
  };
  for (const Pane& pane : open.panes.panes) fetch(pane.image);
  if (open.panes.comparison) fetch(open.panes.comparison->over);
}

OpenCase* open_with_images(Turn& turn) {
  return turn.model.open_case && turn.model.open_case->value ? &*turn.model.open_case : nullptr;
}

OpenCase* open_as(Model& model, const std::string& name) {
  return model.open_case && model.open_case->name == name ? &*model.open_case : nullptr;
}

void fetch_open_case(Turn& turn) {
  if (!turn.model.open_case) return;
  const std::string name = turn.model.open_case->name;
  turn.model.live.case_due = false;
  turn.ask(effect::GetCase{0, name}, {PendingKind::Case, name});
  fetch_opinions(turn);
}

void fetch_opinions(Turn& turn) {
  const OpenCase& open = *turn.model.open_case;
  const bool read_by_caller = open.value && open.value->read_by_caller;
  if (!turn.model.session.has(Role::QaReviewer) && !read_by_caller) return;
  turn.ask(effect::ListReads{0, open.name}, {PendingKind::Reads, open.name});
  turn.ask(effect::ListDecisions{0, open.name}, {PendingKind::Decisions, open.name});
  if (turn.model.session.has(Role::QaReviewer))
    turn.ask(effect::GetPanel{0, open.name}, {PendingKind::Panel, open.name});
  fetch_comments(turn);
}

void open_case(Turn& turn, const std::string& name, const std::optional<Lease>& lease) {
  Model& model = turn.model;
  close_case(turn);
  model.open_case.emplace();
  model.open_case->name = name;
  model.open_case->opened_from = model.worklist.filter.view;
  fetch_open_case(turn);
  if (const auto sent = model.submitted.find(name); sent != model.submitted.end()) {
    model.open_case->reading.phase = ReadPhase::Submitting;
    model.open_case->reading.content = sent->second;
    return;
  }
  // One that was held for later is the open one now.
  std::optional<Lease> held = lease;
  if (const HeldCase* ahead = model.ahead.find(name); ahead && !held) {
    held = ahead->lease;
    model.open_case->held_ready = ahead->ready;
    std::erase_if(model.ahead.cases, [&](const HeldCase& h) { return h.lease.case_name == name; });
  }
  if (held) {
    model.open_case->reading.phase = ReadPhase::Claiming;
    ask_draft(turn);
    take_lease(turn, *held);
  } else if (model.worklist.filter.view == WorklistView::ToRead && model.session.has(Role::Dermatologist)) {
    begin_claim(turn);
  }
}

void close_case(Turn& turn) {
  if (!turn.model.open_case) return;
  save_draft(turn);
  give_lease_back(turn);
  keep_amendment(turn);
  leave_presence(turn);
  turn.model.open_case.reset();
}

void put_case(Turn& turn, Case value) {
  OpenCase& open = *turn.model.open_case;
  // A list or a decision carries no geometry or profile; keep what is known of the same image.
  for (Image& image : value.images)
    if (const Image* known = open.find_image(image.name)) {
      if (image.levels.empty()) image.levels = known->levels;
      if (image.icc_profile.empty()) image.icc_profile = known->icc_profile;
    }
  const bool read_before = open.value && open.value->read_by_caller;
  open.value = std::move(value);
  open.loading = false;
  open.error.reset();
  set_images(open.panes, open.value->images);
  fetch_profiles(turn);

  const bool qa = turn.model.session.has(Role::QaReviewer);
  if (open.value->read_by_caller && !read_before && !qa) fetch_opinions(turn);
  // A slot the caller holds from before (a restart, another window): go on where it was.
  if (open.value->leased_by_caller && open.reading.phase == ReadPhase::None &&
      may_read(turn.model.session, *open.value))
    begin_claim(turn);
}

void apply(Turn& turn, const intent::OpenCase& wish) {
  Model& model = turn.model;
  if (model.session.phase != SessionPhase::LoggedIn || wish.name.empty() || open_as(model, wish.name)) return;
  Worklist& worklist = model.worklist;
  if (worklist.selected_name != wish.name) {
    const auto range = worklist.pages_of(worklist.first_visible, worklist.last_visible);
    for (size_t p = range.begin; p < range.end; ++p)
      for (size_t i = 0; i < worklist.pages[p].rows.size(); ++i)
        if (worklist.pages[p].rows[i].name == wish.name) {
          worklist.selected = worklist.pages[p].first_row + i;
          worklist.selected_name = wish.name;
        }
  }
  open_case(turn, wish.name, std::nullopt);
}

void apply(Turn& turn, const intent::CloseCase&) {
  if (!turn.model.open_case) return;
  close_case(turn);
  look_at_list(turn);
  refresh_visible(turn);
  refresh_sample(turn);
}

void apply(Turn& turn, const intent::ReloadCase&) {
  if (!turn.model.open_case) return;
  OpenCase& open = *turn.model.open_case;
  open.changed_elsewhere = false;
  open.loading = !open.value;
  open.error.reset();
  fetch_open_case(turn);
}

void apply(Turn& turn, const intent::OpenNeighbour& wish) {
  Model& model = turn.model;
  const size_t count = model.worklist.row_count();
  if (!model.open_case || count == 0 || wish.step == 0) return;
  auto target = static_cast<int64_t>(model.worklist.selected) + wish.step;
  const bool gone = model.worklist.row(model.worklist.selected).name != model.open_case->name;
  if (gone && wish.step > 0) --target;
  if (target < 0 || target >= static_cast<int64_t>(count)) return;
  const auto row = static_cast<size_t>(target);
  model.worklist.selected = row;
  model.worklist.selected_name = model.worklist.row(row).name;
  open_case(turn, model.worklist.selected_name, std::nullopt);
}

void apply(Turn& turn, const reply::CaseReply& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (!open) return;
  if (!reply.error) {
    if (open->value && !same_images(open->value->images, reply.value.images)) look_again(turn, *open);
    return put_case(turn, reply.value);
  }
  if (open->value && reply.error->unavailable()) return;  // the banner says it; what is shown stays
  open->loading = false;
  if (open->value)
    turn.toast_error(*reply.error, asked.subject);
  else
    open->error = reply.error;
}

void apply(Turn& turn, const reply::ImageReply& reply, const Pending& asked) {
  // It is asked for again.
  if (reply.error && reply.error->unavailable()) return;
  if (!turn.model.open_case || !turn.model.open_case->value) return;
  for (Image& image : turn.model.open_case->value->images)
    if (image.name == asked.subject) {
      image.icc_profile = reply.value.icc_profile;
      // A profile that does not come is treated as none: the image must be seen.
      image.has_icc_profile = !image.icc_profile.empty();
    }
}

void apply(Turn& turn, const reply::Reads& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (!open) return;
  if (reply.error) {
    if (!reply.error->unavailable()) turn.toast_error(*reply.error, asked.subject);
    return;
  }
  if (open->reads_known && !same_reads(open->reads, reply.reads)) look_again(turn, *open);
  open->reads = reply.reads;
  open->reads_known = true;
  reads_arrived(turn);
}

void apply(Turn& turn, const reply::Decisions& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  // A reader may not see them yet; that is no error to report.
  if (!open || reply.error) return;
  const size_t known = open->decisions.size();
  open->decisions = reply.decisions;
  const bool first = !std::exchange(open->decisions_known, true);
  if (first || open->conflict || open->decisions.size() <= known) return;
  open->conflict = DecisionConflict{known, std::nullopt};
  // What this reviewer did is no news.
  if (decided_by_others(turn.model.session, *open).empty()) open->conflict.reset();
}

}  // namespace hada::model::detail
