#pragma once

// Who may see what of a case: the one place where blindness is decided.
//
// A dermatologist is blind to a case until they have submitted a read of it and its votes are in; while it is
// returned, who has not been shown anything stays so. So is a QA
// reviewer or a coordinator who is also a dermatologist for the site, while votes are being collected: they
// might still read it. Whoever is shown more is written down (reveal), never votes on the case afterwards,
// and their later revisions do not vote.

#include <string>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/store/cases.h"
#include "server/store/reads.h"

namespace hada::handlers {

enum class Sight {
  None,      // the case does not exist for this caller
  Blind,     // images and clinical facts only
  Unopened,  // may be shown all; opening the case does it, and is recorded
  Full,
};

// What a person is to a case, from their roles, what they had to do with it, and where it stands. Pure.
struct Standing {
  Sight sight = Sight::None;
  bool staff = false;  // QA reviewer or coordinator for its site
};
Standing standing_of(const core::Caller& caller, const store::cases::Place& place,
                     const store::Involvement& involved);

struct CaseView {
  store::CaseRow row;
  store::Involvement caller;
  Sight sight = Sight::None;
  bool staff = false;  // QA reviewer or coordinator for its site

  // What a list shows, where nothing is opened: staff see the outcome's state, a reader's own case stays as
  // it was.
  CaseState listed_state() const;
  // Whether the caller is told that the case is returned, and why: staff also of one they are blind to that
  // waits for the site, which is theirs to answer.
  bool told_of_return() const;
  bool lists_site() const { return sight == Sight::Full || (staff && sight == Sight::Unopened); }
};

Result<CaseView> view_case(const core::Context& context, store::Tx& tx, store::CaseRow row);

// NOT_FOUND / NO_SUCH_RESOURCE also for a case the caller may not know of.
Result<CaseView> find_case(const core::Context& context, store::Tx& tx, const std::string& case_id);

// Who sees and makes comments: QA reviewers for the case's site who are not blind to it and have not read it.
// PERMISSION_DENIED / ROLE_REQUIRED or OWN_READ, FAILED_PRECONDITION / WRONG_STATE for who is still blind.
Status require_discussant(const core::Context& context, const CaseView& view);

// Records that the caller is shown everything from here on; needs a write transaction. Nothing happens to a
// blind view.
Status reveal(const core::Context& context, store::Tx& tx, CaseView& view);

// Whether a QA reviewer may be told statistics that the votes of such a case are part of: at their sites, and
// where they also read, not before the votes are in.
bool may_count_votes(const core::Context& context, const std::string& site_id, CaseState state);

// The caller and the time, for the store.
store::Act act_of(const core::Context& context);

// Appends the event of a change by the caller. `detail_json` holds codes and resource names only.
Result<int64_t> record(const core::Context& context, store::Tx& tx, const std::string& verb,
                       const std::string& subject, const std::string& case_id,
                       const std::string& detail_json = {});

}  // namespace hada::handlers
