#pragma once

// SQL over panels, panel_members and panel_answers. Functions run inside the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct PanelMemberRow {
  std::string user_id;
  std::string display_name;  // read only
  std::string term;          // term id; empty: has not answered
  std::string rationale;
};

struct PanelRow {
  std::string panel_id;
  std::string case_id;
  PanelMode mode = PanelMode::Unspecified;
  std::string convener;
  std::string rationale;
  int64_t created_us = 0;
  bool closed = false;
  std::vector<PanelMemberRow> members;  // the convener first

  bool holds(const std::string& user_id) const;
  // Every member has answered.
  bool complete() const;
  // Waits for this member: for an answer, or, once all have answered, for its convener to decide.
  bool awaits(const PanelMemberRow& member) const;
  // contract::panel_term of the answers.
  std::string term() const;
};

namespace panels {

// ALREADY_EXISTS / CONSTRAINT while the case has an open one.
Status insert(Tx& tx, const PanelRow& panel, int64_t case_seq);
Result<std::optional<PanelRow>> find(Tx& tx, const std::string& panel_id);
// The open panel of the case.
Result<std::optional<PanelRow>> open_of_case(Tx& tx, const std::string& case_id);

// What a member says from now on; an empty term takes the answer back. `seq` is the event's. Works out whom
// the panel waits for.
Status answer(Tx& tx, PanelRow& panel, const PanelMemberRow& said, int64_t seq, int64_t now_us);
// Ends the case's open panel, if there is one.
Status close(Tx& tx, const std::string& case_id, int64_t now_us);

// QA reviewers for the site who may decide about the case: neither of its site nor its readers, not disabled.
// Id and display name only, by name, at most `limit`; `user_id` not empty: that one, if it may.
Result<std::vector<PanelMemberRow>> candidates(Tx& tx, const std::string& case_id, const std::string& site_id,
                                               const std::string& user_id, int32_t limit);

}  // namespace panels
}  // namespace hada::store
