// The caller's own read: slot, edits, draft, submit. Its amendment: update_amend.cc.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDraftDelayUs = 2 * kSecond;
constexpr int64_t kRenewPeriodUs = 5 * 60 * kSecond;
constexpr int64_t kRenewRetryUs = 20 * kSecond;
constexpr int64_t kActiveAfterInputUs = 60 * kSecond;
constexpr size_t kMaxRecentTerms = 20;
constexpr int kAborted = 10;

ReadTask* editable(Model& model) {
  return model.open_case && model.open_case->reading.can_edit() ? &model.open_case->reading : nullptr;
}

void changed(Turn& turn, ReadTask& reading, ReadContent after) {
  if (reading.content == after) return;
  reading.content = std::move(after);
  reading.edited_us = turn.model.now_us;
  reading.unsaved = reading.phase == ReadPhase::Editing;
  if (reading.phase == ReadPhase::Amending) reading.amended_us = turn.model.now_us;
}

// One edit of the read; `change` maps the content to the changed one.
template <typename F>
void edit(Turn& turn, EditKind kind, F change) {
  const ReadTask* reading = editable(turn.model);
  if (reading) edit_read(turn, {reading->content, change(reading->content), kind, turn.model.now_us});
}

// Writing over a draft that has not arrived would lose it.
void start_when_ready(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  ReadTask& reading = open.reading;
  if (reading.phase != ReadPhase::Claiming || !reading.lease || reading.draft_ticket != 0) return;
  reading.phase = ReadPhase::Editing;
  auto& kept = turn.model.kept_amendments;
  if (const auto work = kept.find(open.name); work != kept.end()) {
    // A refused read that its author takes up again.
    reading.content = std::move(work->second.content);
    reading.unsaved = true;
    reading.edited_us = turn.model.now_us;
    kept.erase(work);
  }
  adopt_adjustments(open);
}

void put_read(std::vector<Read>& reads, const Read& read) {
  const auto it =
      std::find_if(reads.begin(), reads.end(), [&](const Read& r) { return r.name == read.name; });
  if (it == reads.end())
    reads.push_back(read);
  else
    *it = read;
}

void submit_failed(Turn& turn, const ApiError& error, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (!open) {
    Toast toast{.kind = ToastKind::Failed,
                .level = ToastLevel::Error,
                .action = ToastAction::OpenCase,
                .case_name = asked.subject,
                .error = error};
    return turn.toast(std::move(toast));
  }
  const bool amendment = asked.kind == PendingKind::Amend;
  open->reading.phase = amendment ? ReadPhase::Amending : ReadPhase::Editing;
  open->reading.error = error;
  const bool conflict = error.code == kAborted || error.reason == "ALREADY_READ";
  if (!conflict) return turn.toast_error(error, asked.subject);
  // Someone (or this person elsewhere) was faster: load the truth again, keep what was typed.
  open->changed_elsewhere = true;
  open->reads_known = false;
  Toast toast{.kind = ToastKind::CaseChanged, .level = ToastLevel::Warning, .case_name = asked.subject};
  turn.toast(std::move(toast));
  if (error.reason == "ALREADY_READ" && open->value) open->value->read_by_caller = true;
  fetch_open_case(turn);
}

}  // namespace

void show_submitted(ReadTask& reading, const Read& own) {
  reading.phase = ReadPhase::Submitted;
  if (!own.revisions.empty()) reading.content = own.revisions.back().content;
  reading.history.clear();
  reading.lease.reset();
  reading.lease_lost = false;
  reading.unsaved = false;
  reading.error.reset();
}

void edit_read(Turn& turn, ReadEdit edit) {
  ReadTask* reading = editable(turn.model);
  if (!reading) return;
  turn.model.open_case->changed_elsewhere = false;
  ReadContent after = edit.after;
  reading->history.push(std::move(edit));
  changed(turn, *reading, std::move(after));
}

void begin_claim(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  open.reading.phase = ReadPhase::Claiming;
  open.reading.error.reset();
  turn.ask(effect::ClaimCase{0, open.name, turn.model.request_ids.next()}, {PendingKind::Claim, open.name});
  ask_draft(turn);
}

void ask_draft(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  open.reading.draft_ticket = turn.ask(effect::GetDraft{0, open.name}, {PendingKind::Draft, open.name});
}

void take_lease(Turn& turn, const Lease& lease) {
  ReadTask& reading = turn.model.open_case->reading;
  reading.lease = lease;
  reading.lease_lost = false;
  reading.renew_at_us = turn.model.now_us + kRenewPeriodUs;
  if (reading.telemetry.open_time_us == 0) reading.telemetry.open_time_us = turn.model.now_us;
  start_when_ready(turn);
}

void reads_arrived(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  const Read* own = open.own_read(turn.model.session);
  if (!own) return;
  ReadTask& reading = open.reading;
  auto& kept = turn.model.kept_amendments;
  const bool not_writing = reading.phase == ReadPhase::None || reading.phase == ReadPhase::Claiming ||
                           reading.phase == ReadPhase::ClaimFailed;
  if (const auto it = kept.find(open.name); it != kept.end() && not_writing) {
    start_amending(reading, std::move(it->second.content), it->second.from);
    reading.amend_reason = std::move(it->second.reason);
    kept.erase(it);
    return;
  }
  switch (reading.phase) {
    case ReadPhase::Editing:
      // Submitted elsewhere. What was typed here becomes the draft of an amendment.
      if (reading.history.can_undo()) {
        ReadContent typed = reading.content;
        start_amending(reading, std::move(typed), 0);
        reading.lease.reset();
        break;
      }
      show_submitted(reading, *own);
      break;
    case ReadPhase::None:
    case ReadPhase::Claiming:
    case ReadPhase::ClaimFailed:
    case ReadPhase::Submitted:
      show_submitted(reading, *own);
      undo_when_here(turn);
      break;
    case ReadPhase::Submitting:
    case ReadPhase::Amending:
    case ReadPhase::SendingAmend:
      break;
  }
}

void save_draft(Turn& turn) {
  if (!turn.model.open_case) return;
  OpenCase& open = *turn.model.open_case;
  ReadTask& reading = open.reading;
  if (reading.phase != ReadPhase::Editing || !reading.unsaved) return;
  // The backend lets a newer draft replace a waiting one, which then gets no answer.
  std::erase_if(turn.model.pending, [&](const auto& entry) {
    return entry.second.kind == PendingKind::SaveDraft && entry.second.subject == open.name;
  });
  reading.save_ticket =
      turn.ask(effect::SaveDraft{0, open.name, reading.content, turn.model.request_ids.next()},
               {PendingKind::SaveDraft, open.name});
  reading.unsaved = false;
}

void give_lease_back(Turn& turn) {
  ReadTask& reading = turn.model.open_case->reading;
  if (!reading.lease || reading.lease_lost || reading.phase != ReadPhase::Editing) return;
  if (turn.model.connection.link == Link::Lost && turn.model.ahead.on) {
    // It could not be had back before the network is: it waits with the others.
    HeldCase held;
    held.lease = *reading.lease;
    held.ready = turn.model.open_case->held_ready;
    turn.model.ahead.cases.push_back(std::move(held));
    reading.lease.reset();
    return;
  }
  turn.effects.push_back(effect::Forget{turn.model.open_case->name});
  turn.ask(effect::ReleaseLease{0, reading.lease->name, turn.model.request_ids.next()},
           {PendingKind::Release, turn.model.open_case->name});
  reading.lease.reset();
}

void tick_read(Turn& turn, int64_t elapsed_us) {
  Model& model = turn.model;
  if (!model.open_case) return;
  ReadTask& reading = model.open_case->reading;
  if (reading.amended_us != 0 && model.now_us - reading.amended_us >= kDraftDelayUs) keep_on_disk(turn);
  if (reading.phase != ReadPhase::Editing) return;
  // A gap longer than the tick means the machine slept.
  if (model.now_us - model.last_input_us <= kActiveAfterInputUs && elapsed_us <= 5 * kSecond)
    reading.telemetry.active_seconds += static_cast<double>(elapsed_us) / kSecond;
  if (reading.unsaved && model.now_us - reading.edited_us >= kDraftDelayUs) save_draft(turn);
  if (reading.lease && !reading.lease_lost && reading.renew_ticket == 0 &&
      model.now_us >= reading.renew_at_us)
    reading.renew_ticket =
        turn.ask(effect::RenewLease{0, reading.lease->name}, {PendingKind::Renew, model.open_case->name});
}

// --- intents ---

void apply(Turn& turn, const intent::StartReading&) {
  Model& model = turn.model;
  if (!model.open_case || !model.open_case->value || !may_read(model.session, *model.open_case->value))
    return;
  const ReadPhase phase = model.open_case->reading.phase;
  if (phase == ReadPhase::None || phase == ReadPhase::ClaimFailed) begin_claim(turn);
}

void apply(Turn& turn, const intent::ClaimNext&) {
  Model& model = turn.model;
  if (model.session.phase != SessionPhase::LoggedIn || !model.session.has(Role::Dermatologist)) return;
  if (model.claiming_next) return;
  model.ahead.on = true;
  if (open_held(turn)) return;
  if (model.connection.link == Link::Lost)
    return turn.toast({.kind = ToastKind::NoneHeld, .level = ToastLevel::Warning});
  model.claiming_next = true;
  model.queue_empty = false;
  turn.ask(effect::ClaimNext{0, model.request_ids.next()}, {PendingKind::ClaimNext, {}});
}

void apply(Turn& turn, const intent::SetGradable& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_gradable(c, wish.gradable); });
}
void apply(Turn& turn, const intent::SetUngradableReason& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_reason(c, wish.reason); });
}
void apply(Turn& turn, const intent::AddDiagnosis& wish) {
  if (!editable(turn.model)) return;
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_diagnosis(c, wish.term); });
  auto& recent = turn.model.settings.recent_terms;
  const std::string id = id_of(wish.term);
  std::erase(recent, id);
  recent.insert(recent.begin(), id);
  if (recent.size() > kMaxRecentTerms) recent.resize(kMaxRecentTerms);
  save_settings(turn);
}
void apply(Turn& turn, const intent::RemoveDiagnosis& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return without_diagnosis(c, wish.index); });
}
void apply(Turn& turn, const intent::MoveDiagnosis& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_moved(c, wish.from, wish.to); });
}
void apply(Turn& turn, const intent::TieDiagnosis& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_tied_to(c, wish.index, wish.with); });
}
void apply(Turn& turn, const intent::SetTied& wish) {
  edit(turn, EditKind::Single, [&](const ReadContent& c) { return with_tied(c, wish.index, wish.tied); });
}
void apply(Turn& turn, const intent::SetConfidence& wish) {
  edit(turn, EditKind::Single,
       [&](const ReadContent& c) { return with_confidence(c, wish.index, wish.confidence); });
}
void apply(Turn& turn, const intent::SetImageFlag& wish) {
  edit(turn, EditKind::Single,
       [&](const ReadContent& c) { return with_flag(c, wish.image, wish.flag, wish.on); });
}
void apply(Turn& turn, const intent::SetFinding& wish) {
  edit(turn, EditKind::Single,
       [&](const ReadContent& c) { return with_finding(c, wish.feature, wish.finding); });
}
void apply(Turn& turn, const intent::SetNote& wish) {
  edit(turn, EditKind::Note, [&](const ReadContent& c) { return with_note(c, wish.note); });
}

void apply(Turn& turn, const intent::Undo&) {
  ReadTask* reading = editable(turn.model);
  if (!reading) return;
  if (std::optional<ReadContent> content = reading->history.undo())
    changed(turn, *reading, std::move(*content));
}

void apply(Turn& turn, const intent::Redo&) {
  ReadTask* reading = editable(turn.model);
  if (!reading) return;
  if (std::optional<ReadContent> content = reading->history.redo())
    changed(turn, *reading, std::move(*content));
}

void apply(Turn& turn, const intent::SubmitRead&) {
  Model& model = turn.model;
  if (!model.open_case || model.open_case->reading.phase != ReadPhase::Editing || submit_problem(model))
    return;
  OpenCase& open = *model.open_case;
  // A draft on its way is older than this and must not come after it.
  open.reading.unsaved = false;
  model.submitted[open.name] = open.reading.content;
  open.reading.phase = ReadPhase::Submitting;
  open.reading.error.reset();
  turn.ask(effect::SubmitRead{0, open.name, to_submit(open.reading.content), open.reading.telemetry,
                              model.request_ids.next()},
           {PendingKind::Submit, open.name});
}

// --- replies ---

void apply(Turn& turn, const reply::LeaseReply& reply, const Pending& asked) {
  Model& model = turn.model;
  if (asked.kind != PendingKind::Renew && asked.kind != PendingKind::RenewAhead)
    claim_answered(turn, reply.error);
  if (asked.kind == PendingKind::ClaimNext) {
    model.claiming_next = false;
    if (!reply.error) {
      open_case(turn, reply.value.case_name, reply.value);
      return tick_ahead(turn);
    }
    model.queue_empty = reply.error->reason == "QUEUE_EMPTY";
    if (model.queue_empty)
      turn.toast({.kind = ToastKind::QueueEmpty, .level = ToastLevel::Info});
    else
      turn.toast_error(*reply.error);
    return;
  }
  if (asked.kind == PendingKind::ClaimAhead) return claimed_ahead(turn, reply);
  if (asked.kind == PendingKind::RenewAhead) return renewed_ahead(turn, reply, asked);
  OpenCase* open = open_as(model, asked.subject);
  if (!open) {
    // Closed before the answer came: nobody reads it, so the slot goes back.
    if (!reply.error && asked.kind == PendingKind::Claim)
      turn.ask(effect::ReleaseLease{0, reply.value.name, model.request_ids.next()},
               {PendingKind::Release, asked.subject});
    return;
  }
  ReadTask& reading = open->reading;
  if (asked.kind == PendingKind::Renew) {
    reading.renew_ticket = 0;
    if (!reply.error) return take_lease(turn, reply.value);
    reading.renew_at_us = model.now_us + kRenewRetryUs;
    if (reply.error->reason != "LEASE_LOST" || reading.lease_lost) return;
    reading.lease_lost = true;
    turn.toast({.kind = ToastKind::LeaseLost, .level = ToastLevel::Warning, .case_name = open->name});
    return;
  }
  if (reading.phase != ReadPhase::Claiming) return;
  if (!reply.error) return take_lease(turn, reply.value);
  reading.phase = ReadPhase::ClaimFailed;
  reading.error = reply.error;
}

void apply(Turn&, const reply::LeaseReleased&, const Pending&) {}  // on failure it simply expires

void apply(Turn& turn, const reply::DraftSaved& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (reply.error) {
    turn.toast_error(*reply.error, asked.subject);
    if (open && open->reading.save_ticket == reply.ticket) {
      open->reading.save_ticket = 0;
      // Tried again, but not in every second.
      open->reading.unsaved = open->reading.phase == ReadPhase::Editing;
      open->reading.edited_us = turn.model.now_us + kRenewRetryUs;
    }
    return;
  }
  if (!open || open->reading.save_ticket != reply.ticket) return;
  open->reading.save_ticket = 0;
  open->reading.saved_us = turn.model.now_us;
}

void apply(Turn& turn, const reply::Draft& reply, const Pending& asked) {
  OpenCase* open = open_as(turn.model, asked.subject);
  if (!open || open->reading.draft_ticket != reply.ticket) return;
  ReadTask& reading = open->reading;
  reading.draft_ticket = 0;
  if (reading.phase != ReadPhase::Claiming) return;
  if (reply.error) {
    reading.phase = ReadPhase::ClaimFailed;
    reading.error = reply.error;
    return;
  }
  const bool untouched = !reading.history.can_undo() && !reading.history.can_redo();
  if (reply.content && untouched) reading.content = *reply.content;
  start_when_ready(turn);
}

void earlier_read_answered(Turn& turn, const reply::ReadReply& reply) {
  if (reply.error) return;  // it is among what has to be settled
  Model& model = turn.model;
  const std::string name = case_of(reply.value.name);
  model.kept_amendments.erase(name);
  if (reply.value.late) {
    turn.toast({.kind = ToastKind::ReadLate,
                .level = ToastLevel::Warning,
                .action = ToastAction::OpenCase,
                .case_name = name});
  } else {
    // One message that counts up.
    const auto& list = model.toasts.list();
    const auto told = std::find_if(list.begin(), list.end(),
                                   [](const Toast& toast) { return toast.kind == ToastKind::EarlierSent; });
    if (told != list.end()) model.toasts.dismiss(told->id);
    turn.toast({.kind = ToastKind::EarlierSent,
                .level = ToastLevel::Success,
                .text = std::to_string(++model.earlier_sent)});
  }
  refresh_visible(turn);
}

void apply(Turn& turn, const reply::ReadReply& reply, const Pending& asked) {
  turn.model.submitted.erase(asked.subject);
  turn.model.ahead.claim_at_us = turn.model.now_us;  // one slot fewer is held
  turn.effects.push_back(effect::Forget{asked.subject});
  if (reply.error) return submit_failed(turn, *reply.error, asked);
  turn.model.kept_amendments.erase(case_of(reply.value.name));
  const bool amendment = asked.kind == PendingKind::Amend;
  Toast toast;
  toast.kind = amendment          ? ToastKind::ReadAmended
               : reply.value.late ? ToastKind::ReadLate
                                  : ToastKind::ReadSubmitted;
  toast.level = reply.value.late && !amendment ? ToastLevel::Warning : ToastLevel::Success;
  toast.case_name = asked.subject;
  turn.model.last_submitted = asked.subject;
  OpenCase* open = open_as(turn.model, asked.subject);
  if (open) {
    put_read(open->reads, reply.value);
    open->reads_known = true;
    show_submitted(open->reading, reply.value);
    // What was hidden before the submit is now to be seen.
    if (open->value) open->value->read_by_caller = true;
    fetch_open_case(turn);
  }
  turn.toast(std::move(toast));
  refresh_visible(turn);
}

}  // namespace hada::model::detail
