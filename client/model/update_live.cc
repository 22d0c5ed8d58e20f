// What others do while this workstation is open. The server's hints say only that something changed; it is
// asked for again, one reload at a time however many hints there are. Scroll, selection and what is being
// typed stay.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

constexpr int64_t kGatherUs = 250'000;
constexpr int64_t kPresencePeriodUs = 15'000'000;

bool waits_for(const Model& model, std::initializer_list<PendingKind> kinds, const std::string& subject) {
  return std::any_of(model.pending.begin(), model.pending.end(), [&](const auto& entry) {
    return std::find(kinds.begin(), kinds.end(), entry.second.kind) != kinds.end() &&
           (subject.empty() || entry.second.subject == subject);
  });
}

bool shows_row(const Worklist& worklist, const std::string& name) {
  const auto range = worklist.pages_of(worklist.first_visible, worklist.last_visible);
  for (size_t p = range.begin; p < range.end; ++p)
    for (const CaseRow& row : worklist.pages[p].rows)
      if (row.name == name) return true;
  return false;
}

// Opening a case ends its blindness for good, so one that is read blind is asked for again only when it is
// about the caller: a read sent from another workstation, or a return.
bool concerns_open_case(const OpenCase& open, const reply::Changed& hint) {
  const bool shown_in_full = open.value && !open.value->etag.empty();
  return shown_in_full || hint.arrived_in || (hint.by_caller && hint.kind == reply::ChangeKind::Read);
}

bool shows_sampled(const Model& model, const std::string& name) {
  return model.sample && std::any_of(model.sample->cases.begin(), model.sample->cases.end(),
                                     [&](const SampledCase& c) { return c.value.name == name; });
}

void note_arrival(Turn& turn, const std::string& name, WorklistView view) {
  Model& model = turn.model;
  if (open_as(model, name) || (!model.open_case && model.worklist.filter.view == view)) return;
  auto& arrived = model.live.arrived[view];
  arrived.insert(name);
  Toast toast{.kind = ToastKind::CaseArrived, .level = ToastLevel::Info, .case_name = name, .view = view};
  toast.text = std::to_string(arrived.size());
  if (arrived.size() == 1 && !model.open_case) toast.action = ToastAction::OpenCase;
  turn.toast(std::move(toast));
}

bool may_say_present(const Model& model) {
  return model.open_case && model.open_case->value && !model.open_case->value->etag.empty() &&
         decision_barrier(model.session, *model.open_case) == DecisionBarrier::None;
}

}  // namespace

void apply_changed(Turn& turn, const reply::Changed& hint) {
  Model& model = turn.model;
  if (model.session.phase != SessionPhase::LoggedIn) return;
  OpenCase* open = open_as(model, hint.case_name);
  switch (hint.kind) {
    case reply::ChangeKind::Everything:
      model.live.worklist_due = true;
      model.live.sample_due = model.sample && model.sample->value;
      model.live.case_due =
          model.open_case && model.open_case->value && !model.open_case->value->etag.empty();
      break;
    case reply::ChangeKind::Presence:
      if (open) open->presence_at_us = model.now_us;
      tick_presence(turn);
      break;
    case reply::ChangeKind::Case:
    case reply::ChangeKind::Read:
      if (hint.arrived_in) note_arrival(turn, hint.case_name, *hint.arrived_in);
      if (hint.arrived_in == model.worklist.filter.view || shows_row(model.worklist, hint.case_name) ||
          model.worklist.filter.view == WorklistView::All)
        model.live.worklist_due = true;
      if (shows_sampled(model, hint.case_name)) model.live.sample_due = true;
      if (open && concerns_open_case(*open, hint)) model.live.case_due = true;
      break;
  }
}

void pump_live(Turn& turn) {
  Model& model = turn.model;
  LiveState& live = model.live;
  if (model.session.phase != SessionPhase::LoggedIn || model.connection.link != Link::Connected) return;
  if (!model.open_case) live.case_due = false;
  if (!model.sample) live.sample_due = false;
  if (!live.case_due && !live.worklist_due && !live.sample_due) return;
  if (model.now_us - live.reloaded_us < kGatherUs) return;
  if (live.case_due &&
      !waits_for(model,
                 {PendingKind::Case, PendingKind::Reads, PendingKind::Decisions, PendingKind::Decide,
                  PendingKind::ImageInclusion, PendingKind::Submit, PendingKind::Amend},
                 model.open_case->name)) {
    live.reloaded_us = model.now_us;
    fetch_open_case(turn);
  }
  // A list that is not on the screen is asked for when it is shown again.
  if (live.worklist_due && !model.open_case &&
      !waits_for(model, {PendingKind::Page, PendingKind::NextPage}, {})) {
    live.reloaded_us = model.now_us;
    refresh_visible(turn);
  }
  if (live.sample_due && !model.open_case &&
      !waits_for(
          model,
          {PendingKind::Sample, PendingKind::SampledCases, PendingKind::Decide, PendingKind::ApproveRest},
          {})) {
    live.reloaded_us = model.now_us;
    refresh_sample(turn);
  }
}

void look_at_list(Turn& turn) { turn.model.live.arrived.erase(turn.model.worklist.filter.view); }

void tick_presence(Turn& turn) {
  Model& model = turn.model;
  if (!may_say_present(model) || model.now_us < model.open_case->presence_at_us) return;
  model.open_case->presence_at_us = model.now_us + kPresencePeriodUs;
  turn.ask(effect::NotePresence{0, model.open_case->name, false},
           {PendingKind::Presence, model.open_case->name});
}

void leave_presence(Turn& turn) {
  Model& model = turn.model;
  if (!may_say_present(model) || model.open_case->presence_at_us == 0) return;
  turn.ask(effect::NotePresence{0, model.open_case->name, true},
           {PendingKind::Presence, model.open_case->name});
}

void apply(Turn& turn, const reply::Presence& reply, const Pending& asked) {
  // Nobody's work depends on it: a failure is not told.
  if (OpenCase* open = open_as(turn.model, asked.subject); open && !reply.error) open->present = reply.others;
}

}  // namespace hada::model::detail
