#pragma once

// Who learns of a change, and what: the one place where it is decided. docs/decisions/0008 has the reasons.
//
// A person is told of a change of a case when they made it themselves (at another workstation), when they are
// shown the case's true state anyway, or when it hands the case back to them: a reader who is asked to look
// again, a coordinator whose site is asked for more. Nobody else is, so a reader learns nothing from what
// comes, from when it comes, or from what does not.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "contract/result.h"
#include "hada/v1/event.pb.h"
#include "server/core/context.h"
#include "server/store/cases.h"
#include "server/store/events.h"
#include "server/store/reads.h"
#include "server/store/store.h"

namespace hada::handlers {

// The case an event is about, as it is now.
struct EventCase {
  store::cases::Place place;
  std::map<std::string, store::Involvement> people;  // by user id; who is missing had nothing to do with it
  std::set<std::string> panel_awaits;                // user ids whom its open panel waits for
};

// False for changes that change nothing anybody is shown: drafts, logins, the note that a case was opened.
bool is_followed(const store::EventRow& event);

// Index look-ups only. Nothing when there is no such case.
Result<std::optional<EventCase>> event_case(store::Tx& tx, const std::string& case_id);

// The hint this person is given of the event, without its resume token; nothing where they must not learn of
// it. Pure.
std::optional<v1::Hint> hint_for(const store::EventRow& event, const EventCase& about,
                                 const core::Caller& caller);

}  // namespace hada::handlers
