#pragma once

// SQL over read_slots, case_readers, drafts, reads and read_revisions. Functions run inside the caller's
// transaction.
//
// Only the handlers look into what a reader says.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

// Why a read was asked for. Gold and repeat reads never vote; a reader cannot tell them apart.
enum class ReadPurpose : int32_t { Vote = 1, Gold = 2, Repeat = 3 };

struct SlotRow {
  int32_t slot = 0;
  ReadPurpose purpose = ReadPurpose::Vote;
  std::string holder;          // user with the lease, or who submitted; empty: nobody
  int64_t lease_until_us = 0;  // a lease whose time is over may be taken by anyone
  std::string read_id;         // set once submitted

  bool submitted() const { return !read_id.empty(); }
  bool free_at(int64_t now_us) const { return !submitted() && (holder.empty() || lease_until_us <= now_us); }
};

// What a person has had to do with a case.
struct Involvement {
  bool claimed = false;   // held a lease at some time
  bool revealed = false;  // has seen other reads, the site's opinion or the outcome
  bool has_read = false;  // has submitted a read
  bool leased = false;    // holds a lease now
  bool returned = false;  // is asked to look at their read again
};

struct ReadRow {
  std::string read_id;
  std::string case_id;
  int64_t case_seq = 0;
  std::string user_id;
  std::string user_display_name;  // read only
  ReadPurpose purpose = ReadPurpose::Vote;
  bool late = false;     // has no slot: kept and shown, does not vote
  int64_t revision = 1;  // the last one's number
  int64_t created_us = 0;
  bool returned = false;  // its reader is asked to look again
};

// What a reader says.
struct StoredContent {
  std::string json;         // of v1::ReadContent, without the annotations
  std::string annotations;  // v1::ReadContent with the annotations only, serialized
};

struct ReadRevisionRow {
  int64_t revision = 1;
  StoredContent content;
  std::string reason;  // why it was amended
  bool after_reveal = false;
  std::string telemetry = "{}";  // JSON of v1::ReadTelemetry
  int64_t created_us = 0;
};

// The revision of a read that counts: the last one before any reveal.
struct VoteRow {
  std::string read_id;
  int64_t revision = 0;
  std::string json;  // StoredContent::json
};

namespace reads {

// By slot number.
Result<std::vector<SlotRow>> slots(Tx& tx, const std::string& case_id);
// Gives the slot to `user_id` until `until_us`, and notes the reader's first claim.
Status lease_slot(Tx& tx, const std::string& case_id, int32_t slot, const std::string& user_id,
                  int64_t now_us, int64_t until_us);
Status free_slot(Tx& tx, const std::string& case_id, int32_t slot);
Status fill_slot(Tx& tx, const std::string& case_id, int32_t slot, const std::string& user_id,
                 const std::string& read_id);

// Slots that are leased to `user_id` at `now_us`, in all cases.
Result<int64_t> leases_held(Tx& tx, const std::string& user_id, int64_t now_us);

// The cases of those slots: by tier, the higher first, then by age.
Result<std::vector<std::string>> held(Tx& tx, const std::string& user_id, int64_t now_us);

Result<Involvement> involvement(Tx& tx, const std::string& case_id, const std::string& user_id,
                                int64_t now_us);
// The same of everybody who has had to do with the case, by user id; leases are left out.
Result<std::map<std::string, Involvement>> involvements(Tx& tx, const std::string& case_id);
// Ends the blindness of `user_id` at this case; repeating it changes nothing. `state` is the case's.
Status mark_revealed(Tx& tx, const std::string& case_id, const std::string& user_id, CaseState state,
                     int64_t now_us);

Result<std::optional<ReadRow>> find(Tx& tx, const std::string& read_id);
// Oldest first, those after `after_read_id`, at most `limit`; of one reader where `user_id` is not empty.
Result<std::vector<ReadRow>> of_case(Tx& tx, const std::string& case_id, const std::string& user_id,
                                     const std::string& after_read_id, int32_t limit);
// Oldest first.
Result<std::vector<ReadRevisionRow>> revisions(Tx& tx, const std::string& read_id);
// The read and its first revision. `shown_state` is what its reader may know of the case.
// ALREADY_EXISTS / CONSTRAINT when this reader has such a read.
Status insert(Tx& tx, const ReadRow& read, const ReadRevisionRow& first, CaseState shown_state);
// `revision.revision` must be the read's last plus one.
Status add_revision(Tx& tx, const std::string& read_id, const ReadRevisionRow& revision);
// All votes of the case, oldest first: neither late nor gold nor repeat reads.
Result<std::vector<VoteRow>> votes(Tx& tx, const std::string& case_id);

// Asks the author of a vote to look again; a reader who is still blind is shown RETURNED. False: no such
// vote.
Result<bool> ask_again(Tx& tx, const std::string& case_id, const std::string& user_id);
// The same of all votes, which lose their slots: they vote again once they have been looked at.
Status ask_all_again(Tx& tx, const std::string& case_id);
// The reader has looked again. `late`: the read has no slot (any more).
Status answered(Tx& tx, const std::string& read_id, bool late);
// Nobody is asked any longer.
Status stop_asking(Tx& tx, const std::string& case_id);
// How many are asked and have not answered.
Result<int64_t> asked(Tx& tx, const std::string& case_id);

Status save_draft(Tx& tx, const std::string& case_id, const std::string& user_id,
                  const StoredContent& content, int64_t now_us);
Result<std::optional<StoredContent>> draft(Tx& tx, const std::string& case_id, const std::string& user_id);
Status delete_draft(Tx& tx, const std::string& case_id, const std::string& user_id);

}  // namespace reads
}  // namespace hada::store
