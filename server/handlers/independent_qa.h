#pragma once

// Who may decide about a case.

#include <string>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/handlers/case_sight.h"

namespace hada::handlers {

// A QA reviewer for the case's site who has not read it and does not work there. PERMISSION_DENIED /
// ROLE_REQUIRED, OWN_SITE or OWN_READ. Pure.
Status independent_qa(const core::Caller& caller, const std::string& site_id, bool has_read);
// The same of the caller and a case.
Status require_independent_qa(const core::Context& context, const CaseView& view);

}  // namespace hada::handlers
