// The half of ReadService that takes and shows reads; lease.cc has the other.

#include "server/handlers/read.h"

#include <algorithm>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/read_content.h"
#include "server/handlers/settle.h"
#include "server/store/decisions.h"

namespace hada::handlers {
namespace {

constexpr size_t kMaxReason = 1000;
// A read with all its revisions is one message, and the server sends at most 16 MiB (server/rpc/server.cc).
constexpr size_t kMaxReadBytes = 15 << 20;
// A page ends before it is larger, so that it suits a client with gRPC's usual limit of 4 MiB; its first read
// it always holds.
constexpr size_t kPageBytes = 3 << 20;

// A read of a case of `site_id`. What was recorded without asking is for its reader and for QA of that site.
Result<v1::Read> read_message(const core::Context& context, store::Tx& tx, const std::string& site_id,
                              const store::ReadRow& row) {
  const bool shows_telemetry =
      row.user_id == context.caller.user_id || context.caller.has(Role::QaReviewer, site_id);
  v1::Read out;
  out.set_name(contract::read_name(row.case_id, row.read_id));
  out.set_reader(contract::user_name(row.user_id));
  out.set_reader_display_name(row.user_display_name);
  out.set_late(row.late);
  out.set_returned(row.returned);
  out.set_etag(core::make_etag(row.revision));
  ASSIGN_OR_RETURN(const auto revisions, store::reads::revisions(tx, row.read_id));
  for (const store::ReadRevisionRow& r : revisions) {
    v1::ReadRevision* added = out.add_revisions();
    added->set_revision(static_cast<int32_t>(r.revision));
    ASSIGN_OR_RETURN(*added->mutable_content(), from_stored(r.content));
    set_time(added->mutable_create_time(), r.created_us);
    added->set_reason(r.reason);
    added->set_after_reveal(r.after_reveal);
    if (shows_telemetry && r.revision == 1) *added->mutable_telemetry() = telemetry_from_json(r.telemetry);
  }
  return out;
}

Result<v1::Read> written_read(const core::Context& context, store::Tx& tx, const std::string& site_id,
                              const std::string& read_id) {
  ASSIGN_OR_RETURN(const auto row, store::reads::find(tx, read_id));
  if (!row) return core::internal("a read that was just written is missing");
  return read_message(context, tx, site_id, *row);
}

Result<CaseView> find_case_to_read(core::Context& context, store::Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
  RETURN_IF_ERROR(core::require_role(context, Role::Dermatologist, view.row.site_id));
  return view;
}

// The slot a submit fills: the caller's own, also after its lease is over, or else one that nobody has. Null:
// too late.
const store::SlotRow* slot_to_fill(const core::Context& context, const CaseView& view,
                                   const std::vector<store::SlotRow>& slots) {
  if (view.caller.revealed || !contract::collects_votes(view.row.state)) return nullptr;
  const store::SlotRow* free = nullptr;
  for (const store::SlotRow& slot : slots) {
    if (!slot.submitted() && slot.holder == context.caller.user_id) return &slot;
    if (!free && slot.free_at(context.services.clock.now_us())) free = &slot;
  }
  return free;
}

// Puts the vote into its slot, and settles the case if it was the last.
Status count_vote(core::Context& context, store::Tx& tx, store::CaseRow& row, int32_t slot,
                  const std::string& read_id) {
  RETURN_IF_ERROR(store::reads::fill_slot(tx, row.case_id, slot, context.caller.user_id, read_id));
  ASSIGN_OR_RETURN(row.state, contract::next_state(row.state, contract::Verb::Claim, Role::Dermatologist));
  ++row.votes;
  RETURN_IF_ERROR(store::cases::save(tx, row, act_of(context)));
  return settle(context, tx, row);
}

// A revision of a read whose reader was asked to look again: it votes again where it had lost its slot, and a
// case that waits for its readers goes on once no vote is waited for.
Status answer_return(core::Context& context, store::Tx& tx, CaseView& view, const store::ReadRow& read) {
  store::CaseRow& row = view.row;
  const store::SlotRow* slot = nullptr;
  std::vector<store::SlotRow> slots;
  if (read.late) {
    ASSIGN_OR_RETURN(slots, store::reads::slots(tx, row.case_id));
    slot = slot_to_fill(context, view, slots);
  }
  RETURN_IF_ERROR(store::reads::answered(tx, read.read_id, read.late && !slot));
  if (slot) return count_vote(context, tx, row, slot->slot, read.read_id);
  ASSIGN_OR_RETURN(const int64_t asked, store::reads::asked(tx, row.case_id));
  if (row.state == CaseState::Returned && row.returned_to == ReturnTo::Reader && asked == 0) {
    ASSIGN_OR_RETURN(row.state,
                     contract::next_state(row.state, contract::Verb::ResumeReading, Role::Dermatologist));
    row.returned_to = ReturnTo::Unspecified;
    row.decision_code = RejectCode::Unspecified;
    row.decided_state = CaseState::Unspecified;
    RETURN_IF_ERROR(record(context, tx, "resume_reading", contract::case_name(row.case_id), row.case_id));
  }
  RETURN_IF_ERROR(store::cases::save(tx, row, act_of(context)));
  return settle(context, tx, row);
}

Result<bool> decision_rests_on(store::Tx& tx, const std::string& case_id, const std::string& read_id) {
  ASSIGN_OR_RETURN(const auto standing, store::decisions::standing(tx, case_id));
  for (const store::DecisionRow& decision : standing)
    for (const std::string& name : decision.basis)
      if (const auto basis = contract::parse_read_revision_name(name); basis && basis->read_id == read_id)
        return true;
  return false;
}

}  // namespace

Result<v1::SaveDraftResponse> save_draft(core::Context& context, const v1::SaveDraftRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.case_()));
  return core::mutate<v1::SaveDraftResponse>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::SaveDraftResponse> {
        ASSIGN_OR_RETURN(const CaseView view, find_case_to_read(context, tx, case_id));
        if (view.caller.has_read)
          return core::failed_precondition("ALREADY_READ", "the caller has read this case");
        RETURN_IF_ERROR(check_content(context, tx, case_id, request.content(), Completeness::Draft));
        RETURN_IF_ERROR(store::reads::save_draft(tx, case_id, context.caller.user_id,
                                                 to_stored(request.content()),
                                                 context.services.clock.now_us()));
        RETURN_IF_ERROR(record(context, tx, "save_draft", request.case_(), case_id));
        return v1::SaveDraftResponse();
      });
}

Result<v1::GetDraftResponse> get_draft(core::Context& context, const v1::GetDraftRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.case_()));
  v1::GetDraftResponse response;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(find_case_to_read(context, tx, case_id));
    ASSIGN_OR_RETURN(const auto draft, store::reads::draft(tx, case_id, context.caller.user_id));
    if (!draft) return {};
    ASSIGN_OR_RETURN(*response.mutable_content(), from_stored(*draft));
    return {};
  }));
  return response;
}

Result<v1::Read> submit_read(core::Context& context, const v1::SubmitReadRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.case_()));
  return core::mutate<v1::Read>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Read> {
        ASSIGN_OR_RETURN(CaseView view, find_case_to_read(context, tx, case_id));
        if (view.caller.has_read)
          return core::failed_precondition("ALREADY_READ", "the caller has read this case");
        if (!view.caller.claimed)
          return core::failed_precondition("NO_LEASE", "claim the case before submitting a read of it");
        RETURN_IF_ERROR(check_content(context, tx, case_id, request.content(), Completeness::Submit));
        RETURN_IF_ERROR(check_telemetry(tx, case_id, request.telemetry()));
        RETURN_IF_ERROR(contract::next_state(view.row.state, contract::Verb::Submit, Role::Dermatologist));

        ASSIGN_OR_RETURN(const auto slots, store::reads::slots(tx, case_id));
        const store::SlotRow* slot = slot_to_fill(context, view, slots);
        store::ReadRow read;
        read.read_id = core::new_id();
        read.case_id = case_id;
        read.case_seq = view.row.seq;
        read.user_id = context.caller.user_id;
        if (slot) read.purpose = slot->purpose;
        read.late = slot == nullptr;
        read.created_us = context.services.clock.now_us();
        store::ReadRevisionRow first;
        first.content = to_stored(request.content());
        first.telemetry = message_to_json(request.telemetry());
        first.after_reveal = view.caller.revealed;
        first.created_us = read.created_us;
        RETURN_IF_ERROR(store::reads::insert(tx, read, first,
                                             view.caller.revealed ? view.row.state : CaseState::Reading));
        RETURN_IF_ERROR(store::reads::delete_draft(tx, case_id, context.caller.user_id));
        RETURN_IF_ERROR(record(context, tx, read.late ? "submit_late_read" : "submit_read",
                               contract::read_name(case_id, read.read_id), case_id));
        if (slot) {
          RETURN_IF_ERROR(count_vote(context, tx, view.row, slot->slot, read.read_id));
        } else {
          RETURN_IF_ERROR(store::cases::save(tx, view.row, act_of(context)));
        }
        return written_read(context, tx, view.row.site_id, read.read_id);
      });
}

Result<v1::Read> amend_read(core::Context& context, const v1::AmendReadRequest& request) {
  ASSIGN_OR_RETURN(const contract::ReadName name, contract::parse_read_name(request.name()));
  return core::mutate<v1::Read>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Read> {
        ASSIGN_OR_RETURN(const auto read, store::reads::find(tx, name.read_id));
        // Another reader's read does not exist for this caller.
        if (!read || read->case_id != name.case_id || read->user_id != context.caller.user_id)
          return core::not_found(request.name());
        ASSIGN_OR_RETURN(CaseView view, find_case_to_read(context, tx, name.case_id));
        if (request.reason().empty()) return core::bad_field("reason", "why the read is amended");
        RETURN_IF_ERROR(check_text("reason", request.reason(), kMaxReason));
        RETURN_IF_ERROR(check_content(context, tx, name.case_id, request.content(), Completeness::Submit));
        RETURN_IF_ERROR(core::check_etag(request.etag(), read->revision));
        const auto allowed = contract::next_state(view.row.state, contract::Verb::Amend, Role::Dermatologist);
        // Nothing rests on a late read.
        if (!allowed && !(read->late && allowed.error().reason == "DECISION_RESTS_ON_READ"))
          return Unexpected(allowed.error());
        ASSIGN_OR_RETURN(const bool rests, decision_rests_on(tx, name.case_id, name.read_id));
        if (rests)
          return core::failed_precondition("DECISION_RESTS_ON_READ", "a decision rests on this read");

        store::ReadRevisionRow revision;
        revision.revision = read->revision + 1;
        revision.content = to_stored(request.content());
        revision.reason = request.reason();
        revision.after_reveal = view.caller.revealed;
        revision.created_us = context.services.clock.now_us();
        RETURN_IF_ERROR(store::reads::add_revision(tx, name.read_id, revision));
        RETURN_IF_ERROR(record(context, tx, "amend_read", request.name(), name.case_id));
        if (read->returned) {
          RETURN_IF_ERROR(answer_return(context, tx, view, *read));
        } else {
          // Whoever is about to decide must see it first: the case's etag moves on.
          RETURN_IF_ERROR(store::cases::save(tx, view.row, act_of(context)));
          RETURN_IF_ERROR(settle(context, tx, view.row));
        }
        ASSIGN_OR_RETURN(v1::Read amended, written_read(context, tx, view.row.site_id, name.read_id));
        if (amended.ByteSizeLong() > kMaxReadBytes)
          return core::failed_precondition("READ_TOO_LARGE", "the read's revisions are too large together");
        return amended;
      });
}

Result<v1::ListReadsResponse> list_reads(core::Context& context, const v1::ListReadsRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.parent()));
  const std::string fingerprint = "reads " + case_id;
  ASSIGN_OR_RETURN(const int32_t page_size, core::page_size(request.page_size(), 50, 100));
  ASSIGN_OR_RETURN(const std::string after, core::decode_page_token(request.page_token(), fingerprint));

  v1::ListReadsResponse response;
  const auto list = [&](store::Tx& tx, const CaseView& view, bool all) -> Status {
    response.Clear();
    ASSIGN_OR_RETURN(const auto rows,
                     store::reads::of_case(tx, view.row.case_id, all ? std::string() : context.caller.user_id,
                                           after, page_size + 1));
    size_t bytes = 0;
    for (const store::ReadRow& row : rows) {
      ASSIGN_OR_RETURN(v1::Read read, read_message(context, tx, view.row.site_id, row));
      bytes += read.ByteSizeLong();
      const int32_t listed = response.reads_size();
      if (listed == page_size || (listed > 0 && bytes > kPageBytes)) {
        const std::string& last = rows[static_cast<size_t>(listed) - 1].read_id;
        response.set_next_page_token(core::encode_page_token(last, fingerprint));
        break;
      }
      *response.add_reads() = std::move(read);
    }
    return {};
  };

  bool must_reveal = false;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, case_id));
    const bool qa = context.caller.has(Role::QaReviewer, view.row.site_id);
    if (!qa && !view.caller.has_read)
      RETURN_IF_ERROR(core::require_role(context, Role::Dermatologist, view.row.site_id));
    const bool may_see_all = qa || (view.caller.has_read && !contract::collects_votes(view.row.state));
    must_reveal = may_see_all && view.sight == Sight::Unopened;
    if (must_reveal) return {};
    return list(tx, view, may_see_all && view.sight == Sight::Full);
  }));
  if (!must_reveal) return response;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(reveal(context, tx, view));
    return list(tx, view, view.sight == Sight::Full);
  }));
  return response;
}

}  // namespace hada::handlers
