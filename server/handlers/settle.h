#pragma once

// Votes into an outcome: the one place where the agreement rules meet the store.

#include <string>
#include <vector>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/store/cases.h"
#include "server/store/store.h"

namespace hada::handlers {

// Id of the term a text of the site names ("terms/x", or a name or synonym in either language); empty where
// it names none, or more than one. A text is never mapped by a guess.
std::string term_of_text(const contract::Vocabulary& vocabulary, const std::string& text);

// Evaluates a case whose votes are all in and that no person has decided; otherwise changes nothing. Writes
// the case when its state or term changes.
Status settle(const core::Context& context, store::Tx& tx, store::CaseRow& row);

// The same after a fact of the case was added (see cases::Placed::changed).
Status reconsider_case(const core::Context& context, store::Tx& tx, const std::string& case_id);

// The revisions that vote, as a decision names them: cases/{case}/reads/{read}@{revision}.
Result<std::vector<std::string>> basis_of(store::Tx& tx, const std::string& case_id);

}  // namespace hada::handlers
