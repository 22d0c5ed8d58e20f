// The reader's own work that waits: a new revision from its beginning to the sending (the answer:
// update_read.cc), and what the server has refused.

#include <algorithm>
#include <utility>

#include "client/model/update_internal.h"
#include "contract/review_rules.h"

namespace hada::model::detail {
namespace {
constexpr int kFailedPrecondition = 9;
}

void start_amending(ReadTask& reading, ReadContent content, int from) {
  reading.amend_from = from;
  reading.phase = ReadPhase::Amending;
  reading.content = std::move(content);
  reading.history.clear();
  reading.amend_reason.clear();
  reading.error.reset();
  reading.unsaved = false;
}

void keep_on_disk(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  open.reading.amended_us = 0;
  if (open.reading.phase != ReadPhase::Amending) return;
  turn.effects.push_back(effect::KeepAmendment{
      open.name, KeptAmendment{open.reading.content, open.reading.amend_reason, open.reading.amend_from}});
}

void keep_amendment(Turn& turn) {
  const OpenCase& open = *turn.model.open_case;
  if (open.reading.phase != ReadPhase::Amending) return;
  const Read* own = open.own_read(turn.model.session);
  const bool as_it_was =
      own && !own->revisions.empty() && own->revisions.back().content == open.reading.content;
  if (as_it_was && open.reading.amend_reason.empty()) return;
  turn.model.kept_amendments[open.name] = {open.reading.content, open.reading.amend_reason,
                                           open.reading.amend_from};
  keep_on_disk(turn);
}

bool settle_amendment(Turn& turn, bool keep_mine) {
  Model& model = turn.model;
  if (!model.open_case) return false;
  OpenCase& open = *model.open_case;
  const ReadRevision* theirs = amended_elsewhere(model.session, open);
  if (!theirs) return false;
  open.changed_elsewhere = false;
  if (!keep_mine) {
    apply(turn, intent::CancelAmend{});
    return true;
  }
  open.reading.amend_from = theirs->revision;
  keep_on_disk(turn);
  return true;
}

// --- intents ---

void apply(Turn& turn, const intent::StartAmend&) {
  if (!turn.model.open_case) return;
  OpenCase& open = *turn.model.open_case;
  const Read* own = open.own_read(turn.model.session);
  if (open.reading.phase != ReadPhase::Submitted || !own || own->revisions.empty()) return;
  start_amending(open.reading, own->revisions.back().content, own->revisions.back().revision);
  adopt_adjustments(open);
}

void apply(Turn& turn, const intent::CancelAmend&) {
  if (!turn.model.open_case || turn.model.open_case->reading.phase != ReadPhase::Amending) return;
  if (const Read* own = turn.model.open_case->own_read(turn.model.session))
    show_submitted(turn.model.open_case->reading, *own);
  turn.model.kept_amendments.erase(turn.model.open_case->name);
  turn.effects.push_back(effect::KeepAmendment{turn.model.open_case->name, std::nullopt});
}

void apply(Turn& turn, const intent::SetAmendReason& wish) {
  if (!turn.model.open_case || turn.model.open_case->reading.phase != ReadPhase::Amending) return;
  turn.model.open_case->reading.amend_reason = wish.reason;
  turn.model.open_case->reading.amended_us = turn.model.now_us;
}

void apply(Turn& turn, const intent::RestoreRevision& wish) {
  if (!turn.model.open_case) return;
  const Read* own = turn.model.open_case->own_read(turn.model.session);
  if (!own) return;
  for (const ReadRevision& revision : own->revisions) {
    if (revision.revision != wish.revision) continue;
    if (turn.model.open_case->reading.phase == ReadPhase::Submitted) apply(turn, intent::StartAmend{});
    edit_read(turn,
              {turn.model.open_case->reading.content, revision.content, EditKind::Single, turn.model.now_us});
  }
}

void apply(Turn& turn, const intent::SubmitAmend&) {
  Model& model = turn.model;
  if (!model.open_case || model.open_case->reading.phase != ReadPhase::Amending || submit_problem(model))
    return;
  OpenCase& open = *model.open_case;
  const Read* own = open.own_read(model.session);
  if (!own) return;
  open.changed_elsewhere = false;
  open.reading.phase = ReadPhase::SendingAmend;
  open.reading.error.reset();
  turn.ask(effect::AmendRead{0, own->name, to_submit(open.reading.content), open.reading.amend_reason,
                             own->etag, model.request_ids.next()},
           {PendingKind::Amend, open.name});
}

void apply(Turn& turn, const intent::TakeUpUnsettled& wish) {
  Model& model = turn.model;
  const auto it = std::find_if(model.unsettled.begin(), model.unsettled.end(),
                               [&](const Unsettled& one) { return one.id == wish.id; });
  if (it == model.unsettled.end() || model.session.phase != SessionPhase::LoggedIn) return;
  const Unsettled unsettled = *it;
  if (OpenCase* open = open_as(model, unsettled.case_name)) {
    // What is being written here gives way, and can be had back by an undo.
    if (open->reading.can_edit())
      return edit_read(turn, {open->reading.content, unsettled.work.content, EditKind::Single, model.now_us});
    close_case(turn);
  }
  model.kept_amendments[unsettled.case_name] = unsettled.work;
  open_case(turn, unsettled.case_name, std::nullopt);
}

void apply(Turn& turn, const intent::DiscardUnsettled& wish) {
  if (turn.model.session.phase != SessionPhase::LoggedIn) return;
  if (std::erase_if(turn.model.unsettled, [&](const Unsettled& one) { return one.id == wish.id; }) > 0)
    turn.effects.push_back(effect::Settle{wish.id});
}

// --- what the backend tells after a login ---

void apply_unsettled(Turn& turn, const reply::UnsettledWork& reply) { turn.model.unsettled = reply.list; }

void apply_kept(Turn& turn, const reply::KeptAmendments& reply) {
  // What is open is newer than the disk.
  for (const auto& [case_name, work] : reply.by_case)
    if (!open_as(turn.model, case_name)) turn.model.kept_amendments.try_emplace(case_name, work);
}

// --- undo after the submit ---

namespace {

enum class Step { Back, Forward };

// A new revision that begins where the step leads. Sending it is the reader's: a revision is for good.
void step_versions(Turn& turn, Step step, const std::string& reason) {
  OpenCase& open = *turn.model.open_case;
  ReadTask& reading = open.reading;
  const Read* own = open.own_read(turn.model.session);
  if (reading.phase != ReadPhase::Submitted || !own || own->revisions.empty()) return;
  const VersionLine line = line_of(own->revisions);
  if (step == Step::Forward && line.at + 1 == line.versions.size()) return;
  const bool allowed = own->late || !open.value ||
                       contract::allows(open.value->state, contract::Verb::Amend, Role::Dermatologist);
  if (!allowed) return turn.toast_error({kFailedPrecondition, "DECISION_RESTS_ON_READ", {}, {}}, open.name);
  start_amending(reading, line.versions[line.at], own->revisions.back().revision);
  reading.history = ReadHistory(line);
  auto content = step == Step::Back ? reading.history.undo() : reading.history.redo();
  if (!content) return;  // nothing before: what was submitted is open again
  reading.content = std::move(*content);
  reading.amend_reason = reason;
  reading.amended_us = turn.model.now_us;
}

}  // namespace

void undo_when_here(Turn& turn) {
  OpenCase& open = *turn.model.open_case;
  if (!open.undo_wanted || open.reading.phase != ReadPhase::Submitted) return;
  const std::string reason = *std::exchange(open.undo_wanted, std::nullopt);
  step_versions(turn, Step::Back, reason);
}

void apply(Turn& turn, const intent::UndoSubmit& wish) {
  Model& model = turn.model;
  if (model.open_case) return step_versions(turn, Step::Back, wish.reason);
  if (model.last_submitted.empty() || model.session.phase != SessionPhase::LoggedIn) return;
  open_case(turn, model.last_submitted, std::nullopt);
  model.open_case->undo_wanted = wish.reason;
}

void apply(Turn& turn, const intent::RedoSubmit& wish) {
  if (turn.model.open_case) step_versions(turn, Step::Forward, wish.reason);
}

}  // namespace hada::model::detail
