#pragma once

// One decision of QA about one case: checked, carried out, kept with what it rests on.

#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/policy.h"
#include "contract/result.h"
#include "contract/review_rules.h"
#include "server/core/context.h"
#include "server/handlers/case_sight.h"
#include "server/store/store.h"

namespace hada::handlers {

// What QA wants, checked as far as it can be without the case.
struct Ruling {
  contract::Verb verb = contract::Verb::Approve;
  DecisionKind kind = DecisionKind::Unspecified;
  std::string event = {};
  std::string term = {};  // `terms/{term}`, Adjudicate
  RejectCode code = RejectCode::Unspecified;
  std::string rationale = {};
  ReturnTo returned_to = ReturnTo::Unspecified;
  std::vector<std::string> readers = {};  // `users/{user}`, of a return; empty: all who vote
  std::string sample = {};                // id, of an approval with the rest of a sample
};

// BAD_FIELD for what is wrong whatever the case.
Status check_ruling(const core::Context& context, const Ruling& ruling);

// Changes the case as the ruling says, with its event and its decision row; WRONG_STATE, IMAGES_PENDING,
// NO_IMAGES_INCLUDED, READ_LIMIT, NOT_ON_PANEL, PANEL_OPEN or PANEL_SPLIT for what may not be done now. The
// caller has checked who decides, the ruling and the etag; the case is revealed to them.
Status rule(const core::Context& context, store::Tx& tx, const contract::Policy& policy, const Ruling& ruling,
            CaseView& view);

}  // namespace hada::handlers
