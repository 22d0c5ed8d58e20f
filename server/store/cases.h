#pragma once

// SQL over patients, lesions, cases, case_kinds and the slots of a case. Functions run inside the caller's
// transaction.
//
// Every change of a `cases` row goes through save(), which keeps three copies equal in the same transaction:
// `readable`, the rows of case_kinds, and reads.shown_state.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

// Who changes something, and when (server clock).
struct Act {
  std::string actor;  // user id, or "system"
  int64_t now_us = 0;
};

// Between the places of two cases that arrived one after the other there is room for copies (plants.h).
inline constexpr int64_t kPlacesPerCase = 16;

struct CaseRow {
  std::string case_id;
  int64_t seq = 0;  // place in every list: order of arrival
  std::string site_id;
  std::string patient_key;
  std::string lesion_key;
  CaseState state = CaseState::Open;
  std::map<std::string, std::string> fields;  // the case's and the lesion's columns of the unified format
  std::map<std::string, std::string> patient_fields;  // the patient's; read only
  CaseTier tier = CaseTier::Standard;                 // never shown to readers
  int32_t first_votes = 0;                            // votes wanted before any were asked for on top
  int32_t read_limit = 0;                             // votes wanted
  int32_t votes = 0;                                  // votes in; of a copy: 1 once it was read
  std::string planted_for = {};  // the reader a copy was made for (store/plants.h); empty: a case of its own
  bool readable = false;         // output only; save() works it out
  int32_t ready_images = 0;
  int32_t pending_images = 0;
  int32_t refused_images = 0;
  std::string decided_term;  // term id
  CaseState decided_state =
      CaseState::Unspecified;                    // the state an approval, rejection or return was given in
  ReturnTo returned_to = ReturnTo::Unspecified;  // while RETURNED
  RejectCode decision_code = RejectCode::Unspecified;
  int64_t revision = 1;
  int64_t created_us = 0;
  int64_t updated_us = 0;
};

namespace cases {

// One row of the unified format on its way into a case. Keys are the HMACs made at the hospital.
struct Arrival {
  std::string new_case_id;  // core::new_id(); used only when the case is new
  std::string site_id;
  std::string patient_key;
  std::string case_key;
  std::string lesion_key;  // may be empty
  // Columns by name, normalised; empty values may be left out. Lesion columns (anatom_site ...) count as the
  // case's.
  std::map<std::string, std::string> patient_fields;
  std::map<std::string, std::string> case_fields;
};

struct Placed {
  std::string case_id;
  bool created = false;
  // A fact was added to a case that existed. The caller then runs handlers::reconsider_case
  // (handlers/settle.h), because a pathology diagnosis settles a case whose votes are in.
  bool changed = false;
};

// The case this arrival belongs to, made with its patient, lesion and read slots where they are new. Facts
// that were missing are filled in; a fact that contradicts what is stored is INVALID_ARGUMENT / BAD_FIELD
// naming the column, and so are a lesion or a case of another patient (metadata field "lesion_id",
// "patient_id"). A filled-in fact voids an approval. FAILED_PRECONDITION / WRONG_STATE for a withdrawn case.
Result<Placed> create_or_get(Tx& tx, const Arrival& arrival, const Act& act);

// One more image of this case waits for its check: call once for each inserted `images` row. The case is not
// offered to readers until image_finished was called for it.
Status image_added(Tx& tx, const std::string& case_id, const Act& act);

// The check of an image that was added is over; `final_state` is Ready, Quarantined or Corrupt. Call exactly
// once for each image_added (find out with finish_image). A READY image voids an approval and reopens a case
// returned to its site.
Status image_finished(Tx& tx, const std::string& case_id, ImageKind kind, ImageState final_state,
                      const Act& act);

// NOT_FOUND / NO_SUCH_RESOURCE.
Result<CaseRow> get(Tx& tx, const std::string& case_id);
// By arrival number.
Result<std::optional<CaseRow>> find_by_seq(Tx& tx, int64_t seq);

// Where a case stands, without the rest of its row.
struct Place {
  std::string site_id;
  CaseState state = CaseState::Unspecified;
  std::string planted_for;                       // as in CaseRow
  ReturnTo returned_to = ReturnTo::Unspecified;  // while RETURNED
};
Result<std::optional<Place>> place(Tx& tx, const std::string& case_id);

// Writes the columns that change in a case's life (state to updated_us) and the copies of them; raises
// `revision`, which must still be the stored one (ABORTED / ETAG_MISMATCH). `row` is as stored afterwards.
Status save(Tx& tx, CaseRow& row, const Act& act);

// The case is `next` again, because what its approval rests on has changed: event and decision of the
// system's. The caller saves the row.
Status void_approval(Tx& tx, CaseRow& row, CaseState next, const Act& act);
// The last standing decision no longer holds: an event `verb` and a decision of the system's take it back.
Status void_last_decision(Tx& tx, const CaseRow& row, const std::string& verb, const Act& act);

// Adds a vote slot. The caller raises read_limit with it.
Status add_slot(Tx& tx, const std::string& case_id);

}  // namespace cases
}  // namespace hada::store
