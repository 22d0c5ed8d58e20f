#pragma once

// Who may decide about a case.

#include "contract/result.h"
#include "server/core/context.h"
#include "server/handlers/case_sight.h"

namespace hada::handlers {

// A QA reviewer for the case's site who has not read it and does not work there. PERMISSION_DENIED /
// ROLE_REQUIRED, OWN_SITE or OWN_READ.
Status require_independent_qa(const core::Context& context, const CaseView& view);

}  // namespace hada::handlers
