#pragma once

// Hidden gold and repeat reads: the one place that decides when a reader gets one, and of which case.

#include "contract/policy.h"
#include "contract/result.h"
#include "server/core/context.h"
#include "server/store/cases.h"
#include "server/store/store.h"

namespace hada::handlers {

// Called when a reader has been given the slot of a case that votes. By chance, at the policy's rates, a copy
// of a gold case or of one the caller voted on some weeks ago is put beside it, next in the caller's queue;
// to them a case like any other (docs/decisions/0007). Often it does nothing.
Status mix_in(const core::Context& context, store::Tx& tx, const contract::Policy& policy,
              const store::CaseRow& given);

}  // namespace hada::handlers
