#include "server/handlers/presence.h"

#include "contract/names.h"
#include "server/core/presence.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/store/store.h"

namespace hada::handlers {

Result<v1::NotePresenceResponse> note_presence(core::Context& context,
                                               const v1::NotePresenceRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  bool opened = false;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(require_independent_qa(context, view));
    opened = view.sight == Sight::Full;
    return {};
  }));
  v1::NotePresenceResponse response;
  response.mutable_lifetime()->set_seconds(core::Presence::kLifetimeUs / 1'000'000);
  // That somebody decides a case is not for those who might still read it.
  if (!opened) return response;
  const core::Caller& caller = context.caller;
  bool changed = false;
  if (request.leaving()) {
    changed = context.services.presence.leave(case_id, caller.user_id);
  } else {
    const core::Presence::Noted noted =
        context.services.presence.note(case_id, caller.user_id, caller.display_name);
    changed = noted.changed;
    for (const std::string& name : noted.others) response.add_others(name);
  }
  if (changed) context.services.store.commits().notify();
  return response;
}

}  // namespace hada::handlers
